"""Split a mail's text into what its sender wrote and what is quoted or forwarded, whatever program wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from daemon.intake.headers import mailboxes, one_line

# What the head of a quoted mail calls its lines, by program and language.
HEAD_LABELS = {
    "from": ("发件人", "寄件人", "寄件者", "发自", "送信者", "差出人", "from", "von", "de", "da"),
    "date": ("发送时间", "发送日期", "寄件日期", "傳送時間", "寄件時間", "傳送日期", "发件时间", "日期", "时间", "時間",
             "送信日時", "日時", "date", "sent", "datum", "gesendet", "fecha", "envoyé"),
    "to": ("收件人", "收件者", "宛先", "to", "an", "para", "à"),
    "cc": ("抄送人", "抄送至", "抄送", "副本", "cc", "kopie", "密送", "密件副本", "bcc"),
    "subject": ("主题", "主題", "主旨", "件名", "subject", "betreff", "asunto", "objet"),
    "other": ("附件", "attachments", "importance", "重要性", "回复", "reply-to", "answer to"),
}  # fmt: skip
LABEL_KEYS = {label: key for key, labels in HEAD_LABELS.items() for label in labels}
HEAD_LINE = re.compile(
    r"(?i)^[ \t]*\|?[ \t*]*("
    + "|".join(sorted((re.escape(label) for label in LABEL_KEYS), key=len, reverse=True))
    + r")[ \t*]*(?:[:：][ \t*]*|[ \t]*[|\t][ \t]*)(.*?)[ \t|]*$"
)
SEPARATOR = re.compile(
    r"(?i)^[ \t]*(?:"
    r"[-—_=*]{2,}[ \t]*(?:原始邮件|原始郵件|邮件原件|郵件原件|转发的邮件|轉寄的郵件|转发邮件信息|转发邮件"
    r"|轉寄郵件|回复的原邮件"
    r"|回复邮件|original(?: message| mail| appointment)?|forwarded (?:message|mail)(?: by [^-]*)?"
    r"|ursprüngliche nachricht|元のメッセージ|转发消息|转寄邮件)[ \t]*[-—_=*]*"
    r"|(?:开始转发的邮件|開始轉寄郵件|开始转发的消息|begin forwarded message|下面是被转发邮件的内容"
    r"|anfang der weitergeleiteten nachricht)[ \t]*[:：]?"
    r")[ \t]*$"
)
WROTE = re.compile(
    r"(?i)^[ \t]*(?:"
    r"(?:在|于|於)?\s*.{0,40}\d{4}.{0,120}?(?:写道|寫道|书写|撰写|寫到|写到)\s*[:：]"
    r"|.{0,60}(?:<[^<>\s]+@[^<>\s]+>|\S{1,64}@\S{1,100}).{0,40}(?:写道|寫道|于.{4,40}写道|wrote|schrieb|a écrit"
    r"|escribió)\s*[:：]"
    r"|(?:on|at|am|el|le) .{6,160}(?:wrote|schrieb.{0,80}|a écrit|escribió)\s*[:：]"
    r"|\d{4}年\d+月\d+日.{0,100}(?:写道|寫道|<[^<>\s]+@[^<>\s]+>)\s*[:：]"
    r")[ \t]*$"
)
WROTE_START = re.compile(r"(?i)^[ \t]*(?:on|at|am|在|于|於)\s?.{5,}")
REPLY_ABOVE = re.compile(r"(?i)请在此线以上回复|請在此線以上回覆|please reply above this line|reply above this line")
QUOTED = re.compile(r"^[ \t]{0,3}(?:>|＞)[ \t]?")
RULE = re.compile(r"^[ \t]*[-_=*—]{5,}[ \t]*$")


@dataclass(frozen=True, slots=True)
class Level:
    """One mail of a thread: its head as far as the quote shows it, and its lines without quote marks."""

    lines: tuple[str, ...]
    head: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the lines as one text without blank edges."""
        return "\n".join(self.lines).strip("\n \t")

    @property
    def email(self) -> str | None:
        """Return the sender's address, when the head shows it."""
        return next(iter(mailboxes(self.head.get("from", ""))), None)

    @property
    def name(self) -> str | None:
        """Return the sender's name as the head shows it."""
        shown = re.sub(
            r"[<\[(（]?\s*(?:mailto:)?[^\s<>\[\]()（）\"“”;,]+@[^\s<>\[\]()（）;,]+", "", self.head.get("from", "")
        )
        return one_line(shown).strip("\"'“”; <>[]|*") or None


@dataclass(frozen=True, slots=True)
class Thread:
    """A mail split up: the sender's own lines, the mails below it, and own lines with the quoted ones between."""

    own: Level
    below: tuple[Level, ...] = ()
    lines: tuple[tuple[bool, str], ...] = ()

    @property
    def has_quotes(self) -> bool:
        """Tell whether the sender wrote between lines that he quotes."""
        return any(quoted for quoted, _ in self.lines)


def split(text: str) -> Thread:
    """Split a decoded text into the sender's own words and the mails quoted below, outermost first."""
    lines = _cut_at_our_line(text.split("\n"))
    starts = _starts(lines)
    first = starts[0][0] if starts else len(lines)
    own, marked = _own_lines(lines[:first])
    ends = [start for start, *_ in starts[1:]] + [len(lines)]
    below = [_level(lines, body, end, head) for (_, body, head), end in zip(starts, ends, strict=False)]
    return Thread(Level(tuple(own)), tuple(below), tuple(marked))


def _cut_at_our_line(lines: list[str]) -> list[str]:
    """Drop our mail from its first line on; where it stands marked as a quote, people may answer between its lines."""
    cut = next((n for n, line in enumerate(lines) if REPLY_ABOVE.search(line)), None)
    return lines if cut is None or QUOTED.match(lines[cut]) else lines[:cut]


def _starts(lines: Sequence[str]) -> list[tuple[int, int, dict[str, str]]]:
    """Return (first line, first line of the body, head) of every quoted mail."""
    found: list[tuple[int, int, dict[str, str]]] = []
    at = 0
    while at < len(lines):
        start = _start_at(lines, at)
        if start:
            found.append((at, *start))
            at = max(start[0], at + 1)
        else:
            at += 1
    return found


def _start_at(lines: Sequence[str], at: int) -> tuple[int, dict[str, str]] | None:
    line = _bare(lines[at])
    if SEPARATOR.match(line):
        after = _next_text(lines, at + 1)
        return _head_at(lines, after) or (at + 1, {})
    if RULE.match(line):
        after = _next_text(lines, at + 1)
        return _head_at(lines, after) if after - at <= 2 else None
    return _head_at(lines, at) or _wrote_at(lines, at)


def _bare(line: str) -> str:
    while QUOTED.match(line):
        line = QUOTED.sub("", line, count=1)
    return line


def _next_text(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not _bare(lines[at]).strip():
        at += 1
    return at


def _head_at(lines: Sequence[str], at: int) -> tuple[int, dict[str, str]] | None:
    """Read a head: a From line with two more labels near it, or From and Subject; blank lines may stand between."""
    head: dict[str, str] = {}
    last, blanks, key = at - 1, 0, ""
    for number in range(at, min(at + 24, len(lines))):
        line = _bare(lines[number]).replace("\u3000", " ")
        match = HEAD_LINE.match(line)
        if match and LABEL_KEYS[match[1].lower()] not in head:
            key, last, blanks = LABEL_KEYS[match[1].lower()], number, 0
            head[key] = match[2].strip()
        elif not line.strip() and blanks < 2 and head and not {"from", "subject"} <= head.keys():
            blanks += 1
        elif key in {"to", "cc"} and _continues(line):
            last = number
        else:
            break
    return (last + 1, head) if "from" in head and len(head.keys() & {"date", "to", "subject"}) >= 2 else None


def _continues(line: str) -> bool:
    return bool(mailboxes(line)) and line[:1] in " \t"


def _wrote_at(lines: Sequence[str], at: int) -> tuple[int, dict[str, str]] | None:
    """Find "On … wrote:", which programs break over up to three lines; what follows must be a quote or the rest."""
    line = _bare(lines[at])
    for length in (1, 2, 3) if WROTE_START.match(line) else (1,):
        joined = " ".join(_bare(one).strip() for one in lines[at : at + length])
        if len(joined) < 300 and WROTE.match(joined):
            follows = _next_text(lines, at + length)
            if follows < len(lines) and QUOTED.match(lines[follows]) and not QUOTED.match(lines[at]):
                return _quote_below(lines, follows, joined)
            return at + length, {"from": _writer(joined)}
    return None


def _quote_below(lines: Sequence[str], at: int, intro: str) -> tuple[int, dict[str, str]] | None:
    """Start a mail at a marked quote, unless the sender goes on between its lines or below it."""
    unmarked = next((n for n in range(at, len(lines)) if lines[n].strip() and not QUOTED.match(lines[n])), None)
    return (at, {"from": _writer(intro)}) if unmarked is None else None


def _writer(intro: str) -> str:
    """Return `name <address>` out of "On …, name <address> wrote:"."""
    named = re.search(r"[,，\s]\s*[\"“]?([^\"”<>,，\d:：]{1,40}?)[\"”]?\s*[<(（]\s*(?:mailto:)?(\S+@[^\s>)）]+)", intro)
    plain = re.search(r"[,，]\s*([^<>,，\d:：]{1,30}?)\s*(?:写道|寫道|wrote)", intro)
    return f"{named[1].strip()} <{named[2]}>" if named else plain[1] if plain else intro


def _own_lines(lines: Sequence[str]) -> tuple[list[str], list[tuple[bool, str]]]:
    own: list[str] = []
    marked: list[tuple[bool, str]] = []
    for line in lines:
        quoted = bool(QUOTED.match(line))
        marked.append((quoted, _bare(line) if quoted else line))
        if not quoted and not (len(line) < 300 and WROTE.match(line)):
            own.append(line)
    return own, marked


def _level(lines: Sequence[str], start: int, end: int, head: dict[str, str]) -> Level:
    return Level(tuple(_bare(line) for line in lines[start:end]), head)
