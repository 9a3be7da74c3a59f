"""The body that Outlook keeps as compressed RTF: unpacked (MS-OXRTFCP), and as the HTML or text that it was made of."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field, replace
from html import escape

from daemon.intake.charsets import decode

MOST_BYTES = 1_000_000
COMPRESSED, STORED = b"LZFu", b"MELA"
DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([\r\n]+)|([^\\{}\r\n]+)"
)
SPECIAL = {"par": "\n", "line": "\n", "tab": "\t", "cell": "\t", "row": "\n", "emdash": "—", "endash": "–",
           "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•"}  # fmt: skip
NO_TEXT = {"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "generator", "listtable", "filetbl"}
FONT_CODEPAGE = {128: "932", 129: "949", 134: "936", 136: "950"}  # \fcharset of Asian fonts


def unpacked(data: bytes) -> bytes:
    """Return the RTF; raise ValueError for what is no compressed RTF."""
    if len(data) < 16:
        raise ValueError("no compressed RTF")
    _, size, kind = struct.unpack_from("<II4s", data)
    if kind == STORED:
        return data[16 : 16 + min(size, MOST_BYTES)]
    if kind != COMPRESSED:
        raise ValueError("no compressed RTF")
    return _inflated(data[16:], min(size, MOST_BYTES))


def _inflated(packed: bytes, size: int) -> bytes:
    """Follow the references into the last 4096 bytes; each control byte says what the next eight runs are."""
    window = bytearray(DICTIONARY + bytes(4096 - len(DICTIONARY)))
    write, at, out = len(DICTIONARY), 0, bytearray()
    while at < len(packed) and len(out) < size:
        control, at = packed[at], at + 1
        for bit in range(8):
            if control >> bit & 1:
                if at + 2 > len(packed):
                    return bytes(out[:size])
                pointer, at = int.from_bytes(packed[at : at + 2], "big"), at + 2
                start, length = pointer >> 4, (pointer & 15) + 2
                if start == write:
                    return bytes(out[:size])
                run = range(start, start + length)
            else:
                run = range(0)
            for one in run:
                write = _put(window[one % 4096], window, write, out)
            if not run and at < len(packed):
                write, at = _put(packed[at], window, write, out), at + 1
    return bytes(out[:size])


def _put(byte: int, window: bytearray, write: int, out: bytearray) -> int:
    window[write] = byte
    out.append(byte)
    return (write + 1) % 4096


@dataclass(frozen=True, slots=True)
class _Group:
    """What counts within one pair of braces."""

    silent: bool = False
    for_rtf: bool = False  # stands there for readers of RTF only; the HTML says it by itself
    is_tag: bool = False
    skips: int = 1  # letters behind a \\u that say the same in an old code page
    codepage: str = "1252"
    in_fonts: bool = False


@dataclass(slots=True)
class _Reader:
    """Reads RTF token by token (RTF 1.9.1; HTML within it: MS-OXRTFEX)."""

    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    out: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)  # of a letter of several bytes
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    skip: int = 0
    optional: bool = False
    is_html: bool = False

    def token(self, match: re.Match[str]) -> None:
        word, number, code, symbol, brace, _, text = match.groups()
        if code:
            self._byte(int(code, 16))
            return
        self._flush()
        if brace == "{":
            self.groups.append(self.groups[-1])
        elif brace and len(self.groups) > 1:
            self.groups.pop()
        elif word:
            self._word(word, int(number) if number else None)
        elif symbol:
            self._symbol(symbol)
        elif text:
            self._say(text[self.skip :])
            self.skip = max(0, self.skip - len(text))

    def _set(self, **values: object) -> None:
        self.groups[-1] = replace(self.groups[-1], **values)  # type: ignore[arg-type]

    def _word(self, word: str, number: int | None) -> None:
        if self.optional:
            self.optional = False
            tag = word == "htmltag" and self.is_html
            self._set(silent=self.groups[-1].silent or not tag, is_tag=tag)
        if word in NO_TEXT:
            self._set(silent=True, in_fonts=word == "fonttbl")
        elif word in SPECIAL:
            self._say(SPECIAL[word])
        elif word == "u" and number is not None:
            self._say(chr(number % 65536))
            self.skip = self.groups[-1].skips
        elif word == "htmlrtf":
            self._set(for_rtf=number != 0)
        elif word == "uc":
            self._set(skips=min(abs(number or 0), 8))
        else:
            self._charset(word, number or 0)

    def _charset(self, word: str, number: int) -> None:
        if word == "ansicpg":
            self._set(codepage=str(number))
        elif word == "fromhtml":
            self.is_html = True
        elif word == "f" and self.groups[-1].in_fonts:
            self.font = number
        elif word == "fcharset" and number in FONT_CODEPAGE:
            self.fonts[self.font] = FONT_CODEPAGE[number]
        elif word == "f" and number in self.fonts:
            self._set(codepage=self.fonts[number])

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self.optional = True
        elif symbol in "\\{}":
            self._say(symbol)
        elif symbol in "~_":
            self._say(" " if symbol == "~" else "-")

    def _byte(self, value: int) -> None:
        if self.skip:
            self.skip -= 1
        else:
            self.pending.append(value)

    def _flush(self) -> None:
        if self.pending:
            text = decode(bytes(self.pending), f"cp{self.groups[-1].codepage}")
            self.pending.clear()
            self._say(text)

    def _say(self, text: str) -> None:
        group = self.groups[-1]
        if text and not group.silent and not (self.is_html and group.for_rtf):
            self.out.append(escape(text) if self.is_html and not group.is_tag else text)


def body_of(rtf: bytes) -> tuple[str, bool]:
    """Return the text of RTF, and whether it is HTML."""
    reader = _Reader()
    for match in TOKEN.finditer(rtf[:MOST_BYTES].decode("latin-1")):
        reader.token(match)
    return "".join(reader.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace"), reader.is_html
