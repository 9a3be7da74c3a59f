"""HTML of mails to plain text, with what the text alone would lose: table cells and hidden addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import unescape

from daemon.intake.charsets import clean

MAX_HTML = 1_000_000
INVISIBLE = re.compile(r"(?is)<!--.*?-->|<(script|style|head|xml)\b.*?</\1\s*>|<o:p>\s*</o:p>")
TAG = re.compile(r"(?s)<[^>]*>")
BREAK = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li|/h\d)\b[^>]*>")
ROW = re.compile(r"(?is)<tr\b.*?</tr\s*>")
CELL = re.compile(r"(?i)<t[dh]\b")
MAILTO = re.compile(r"""(?is)<a\b[^>]*href\s*=\s*["']?mailto:([^"'?>\s]+)[^>]*>(.*?)</a>""")
NAMED_MAILTO_SPAN = re.compile(r"[ \t]{2,}")


def text_of(html: str) -> str:
    """Return the text as a reader sees it; cells of one row stand on one line, separated by tabs."""
    rendered = _renderer()
    html = INVISIBLE.sub("", html[:MAX_HTML].replace("\x00", ""))
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
    return sum(len(CELL.findall(row)) > 1 for row in ROW.findall(html[:MAX_HTML])) > 1
