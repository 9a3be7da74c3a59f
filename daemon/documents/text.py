"""Make a stranger's text fit for a Word document: no control characters, one kind of line end, bounded.  Pure."""

from __future__ import annotations

import re

LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
UNFIT = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufeff\u202a-\u202e\u2066-\u2069\u200e\u200f]"
)
NON_CHARACTERS = re.compile("[" + "".join(chr(0x10000 * n - 2) + chr(0x10000 * n - 1) for n in range(2, 18)) + "]")
BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")
FACT_LIMIT = 1_000
SECTION_LIMIT = 12_000
LINE_LIMIT = 300
CUT = " …（过长，已截断，全文见原邮件 / cut, see the mail）"


def clean(text: str, limit: int = SECTION_LIMIT) -> str:
    """Return the text without what XML or Word cannot hold or would act on, at most `limit` characters long."""
    if len(text) <= limit and text.isprintable():  # nearly every text; none of what is taken out below is printable
        return text.strip()
    short = text[: 4 * limit]
    plain = NON_CHARACTERS.sub("", UNFIT.sub("", LINE_ENDS.sub("\n", short)))
    plain = BLANK_LINES.sub("\n\n", plain).strip()
    return _bounded(plain, limit) if len(short) == len(text) else _cut(plain, limit)


def clean_line(text: str, limit: int = FACT_LIMIT) -> str:
    """Return the text as one clean line."""
    return " ".join(clean(text, limit).split())


def _bounded(text: str, limit: int) -> str:
    return _cut(text, limit) if len(text) > limit or text.count("\n") >= LINE_LIMIT else text


def _cut(text: str, limit: int) -> str:
    lines = text[:limit].split("\n")[:LINE_LIMIT]
    return "\n".join(lines).rstrip() + CUT
