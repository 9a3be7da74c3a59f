"""HTML of mails to plain text, with what the text alone would lose: table cells and hidden addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from itertools import islice

from daemon.intake.charsets import clean

MAX_HTML = 1_000_000  # characters of which the invisible ones are taken out
MAX_SHOWN, MAX_TAGS = 600_000, 15_000  # characters and tags that are laid out
# What has a beginning and an end is found in two steps, or a beginning without an end would be looked at to the end of
# the text each time.  Nothing else here reaches across a tag, or further than tags are long.
HIDDEN = re.compile(r"(?i)<(?:(!--)|(script|style|head|xml)\b|o:p>\s{0,200}</o:p>)")
HIDDEN_ENDS = {"!--": re.compile("-->")} | {
    name: re.compile(rf"(?i)</{name}\s{{0,200}}>") for name in ("script", "style", "head", "xml")
}
TAG = re.compile(r"<[^<>]*>")
BREAK = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]*>")
ROW, ROW_END = re.compile(r"(?i)<tr\b"), re.compile(r"(?i)</tr\s{0,200}>")
CELL = re.compile(r"(?i)<t[dh]\b")
MAILTO = re.compile(
    r"""(?is)<a\b[^<>]{0,500}?href\s{0,20}=\s{0,20}["']?mailto:([^"'?<>\s]{1,400})[^<>]{0,500}>(.{0,200}?)</a>"""
)


def text_of(html: str) -> str:
    """Return the text as a reader sees it; cells of one row stand on one line, separated by tabs."""
    rendered = _renderer()
    html = _beginning(_shown(html[:MAX_HTML].replace("\x00", "")))
    try:
        text = rendered(_with_addresses(html))
    except Exception:  # noqa: BLE001  lxml and inscriptis fail in many ways on hostile markup; the words still count
        text = unescape(TAG.sub("", BREAK.sub("\n", html)))
    return "\n".join(_line(line) for line in clean(text).splitlines()).strip("\n")


@cache
def _renderer() -> Callable[[str], str]:
    # Loaded with the first mail whose HTML is read: with lxml it is 5 MB that a daemon at rest can spare.
    from inscriptis import get_text  # noqa: PLC0415
    from inscriptis.css_profiles import CSS_PROFILES  # noqa: PLC0415
    from inscriptis.model.config import ParserConfig  # noqa: PLC0415

    config = ParserConfig(css=CSS_PROFILES["relaxed"].copy(), table_cell_separator="\t")
    return lambda html: get_text(html, config)


def _line(line: str) -> str:
    cells = [cell.strip() for cell in line.split("\t")]
    return "\t".join(cells).rstrip() if any(cells) else ""


def _with_addresses(html: str) -> str:
    """Write the address beside a name that only links to it, as Foxmail does in the heads of forwards."""
    return MAILTO.sub(_named_address, html)


def _named_address(match: re.Match[str]) -> str:
    address, shown = match.groups()
    name = unescape(TAG.sub("", shown)).strip()
    return match[0] if "@" in name or not name or "@" not in address else f"{match[0]} &lt;{address}&gt;"


def has_table(html: str) -> bool:
    """Tell whether at least two rows have two or more cells."""
    return sum(len(CELL.findall(row)) > 1 for row in _rows(html[:MAX_HTML])) > 1


def _shown(html: str) -> str:
    """Return the HTML without what no reader sees."""
    kept, at, endless = [], 0, set[str]()
    for start in HIDDEN.finditer(html):
        if start.start() < at:
            continue
        kind = (start[1] or start[2] or "").lower()
        end = start if not kind else None if kind in endless else HIDDEN_ENDS[kind].search(html, start.end())
        if end:
            kept.append(html[at : start.start()])
            at = end.end()
        else:
            endless.add(kind)
    return "".join([*kept, html[at:]])


def _beginning(html: str) -> str:
    """Return as much of the HTML as can be laid out quickly."""
    last = next(islice(re.finditer("<", html), MAX_TAGS, None), None)
    return html[: min(last.start() if last else MAX_SHOWN, MAX_SHOWN)]


def _rows(html: str) -> Iterator[str]:
    """Yield the rows of tables, each up to the next end of one."""
    at = 0
    while (start := ROW.search(html, at)) and (end := ROW_END.search(html, start.end())):
        yield html[start.start() : end.start()]
        at = end.end()
