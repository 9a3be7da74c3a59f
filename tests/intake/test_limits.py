"""Hostile mails: refused with a reason, quickly, or read without harm."""

import base64
import io
import os
import sys
import zipfile

import pytest

from daemon.intake import html as markup
from daemon.intake import quotes
from daemon.intake.html import has_table, text_of
from daemon.intake.limits import MAX_LINE, MAX_READ, UnreadableMail
from daemon.intake.message import parse
from daemon.intake.names import safe_name
from daemon.intake.package import MOST_ELEMENTS
from daemon.intake.read import read
from daemon.intake.reading import MailKind
from daemon.intake.word import lines_of

HEAD = b"From: Bob <bob@cust.example>\r\nSubject: broken parts\r\n"
MIXED = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'


def nested(depth):
    raw = HEAD
    for n in range(depth):
        raw += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
    return raw + b"Content-Type: text/plain\r\n\r\nx\r\n"


HOSTILE = {
    "deeply nested multiparts": nested(1000),
    "many parts": HEAD
    + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    + b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 1000,
    "a very long subject": HEAD + b"X-Long: " + b"=?utf-8?B?5L2g?= " * 60_000 + b"\r\n\r\nx",
    "a very long folded header": HEAD + b"X-Long: a" + b"\r\n b" * 500_000 + b"\r\n\r\nx",
    "very many headers": HEAD + b"X-A: b\r\n" * 5000 + b"\r\nx",
    "very many parameters": HEAD + b"Content-Type: text/plain" + b"; a=b" * 50_000 + b"\r\n\r\nx",
    "parameters of a part": HEAD
    + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain'
    + b"; a=b" * 50_000
    + b"\r\n\r\nx\r\n--b--\r\n",
    "a mail that is too large": HEAD + b"\r\n" + b"x" * (50 * 1024 * 1024),
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_would_cost_too_much_is_refused(raw, directory, known):
    with pytest.raises(UnreadableMail) as refused:
        read(raw, directory, known)
    assert refused.value.reason


DAMAGED = [
    b"",
    b"\x00\xff\xfe",
    b"From: x\r\n\r\n",
    HEAD + b"Message-ID: <>\r\n\r\nx",
    HEAD + b"Message-ID: <a@[b\r\nIn-Reply-To: <a@[b\r\n\r\nx",
    HEAD + b"Date: Thu, 99 Foo 2026 99:99\r\n\r\nx",
    HEAD + b"Content-Type: text/plain; charset=no-such-charset\r\n\r\n\xd6\xd0\xce\xc4",
    HEAD + b"Content-Type: text/plain; charset=zip\r\n\r\nx",
    HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n!!!",
    HEAD + b"Content-Type: multipart/mixed\r\n\r\nx",
    HEAD + b"Content-Type: message/rfc822\r\n\r\n",
    HEAD + b'Content-Type: application/x; name="\xff\xfe"\r\n\r\n',
    b"Subject: =?utf-8?B?////?= =?x?Q?=FF?=\r\n\r\nx",
    HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 5000 + b"x",
]


@pytest.mark.parametrize("raw", DAMAGED)
def test_damaged_mails_are_read_or_refused_and_nothing_else(raw, directory, known):
    try:
        assert read(raw, directory, known).kind in MailKind
    except UnreadableMail as refused:
        assert refused.reason  # noqa: PT017  both ends are right


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\evil.exe", "evil.exe"),
        ("a\x00b\r\nc.pdf", "ab c.pdf"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("con.txt", "_con.txt"),
        ("COM1", "_COM1"),
        ("...", ""),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("报告 .docx. ", "报告 .docx"),
    ],
)
def test_attachment_names_can_do_no_harm(given, safe):
    assert safe_name(given) == safe


def test_long_names_keep_their_ending_and_fit_a_file_system():
    name = safe_name("缺" * 200 + ".jpg")
    assert name.endswith("缺.jpg")
    assert len(name.encode()) <= 255


def test_an_encoded_word_brings_no_header_line(reading):
    subject = "=?utf-8?B?eA0KQmNjOiBldmlsQGV2aWwuZXhhbXBsZQ==?="
    assert "\n" not in reading(subject, "x").subject


def test_a_raw_subject_with_line_ends_becomes_one_line(directory, known):
    raw = b"From: bob@cust.example\r\nSubject: =?utf-8?B?eA0KQmNjOiBldmlsQGV2aWwuZXhhbXBsZQ==?=\r\n\r\nx"
    assert read(raw, directory, known).subject == "x Bcc: evil@evil.example"


COSTLY = [
    "1", "a@", " ", "0512-5550 ", "发件人:", "客户：甲\n", "请处理，", "Ab cd ", "抽检50件不良6件 ", "> ", "-----\n",
    "【料号】A-1\n", "1. 料号：A-1\n", "在 2026年11月21日，甲 <a@b.example> 写道：\n> a\n", "<", "&", "ab",
]  # fmt: skip
FEW = ["请处理，", "> ", "在 2026年11月21日，甲 <a@b.example> 写道：\n> a\n"]
LONG, LONGER = 200_000, 800_000  # characters


def mail_of(piece, length, kind="plain"):
    text = (piece * (length // len(piece))).encode()
    return HEAD + b"Content-Type: text/%b; charset=utf-8\r\n\r\n" % kind.encode() + text


def steps_of(work):
    """Count how often work enters a function of the daemon's."""
    counted = 0

    def note(frame, event, _):
        nonlocal counted
        counted += event == "call" and f"{os.sep}daemon{os.sep}" in frame.f_code.co_filename

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("piece", FEW, ids=range(len(FEW)))
def test_a_longer_text_gives_the_rules_no_more_to_do(piece, directory, known):
    long, longer = (mail_of(piece, length) for length in (LONG, LONGER))
    read(long, directory, known)  # what is kept from the first time on
    steps = steps_of(lambda: read(long, directory, known))
    assert steps_of(lambda: read(longer, directory, known)) <= 1.05 * steps + 50


@pytest.mark.parametrize("kind", ["plain", "html"])
@pytest.mark.parametrize("piece", COSTLY, ids=range(len(COSTLY)))
def test_rules_see_no_more_of_a_text_than_people_read(piece, kind):
    seen = parse(mail_of(piece, LONGER, kind)).text
    assert len(seen) <= MAX_READ
    assert max(map(len, seen.split("\n"))) <= MAX_LINE


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "big5"])
def test_a_text_that_is_cut_inside_a_character_is_read(charset):
    raw = HEAD + b"Content-Type: text/plain; charset=%b\r\n\r\n" % charset.encode()
    for before in (b"", b"a", b"ab"):
        assert parse(raw + before + ("中" * 700_000).encode(charset)).text.endswith("中")


# Beginnings without an end, which patterns that look for both would look for to the end of the text, each time.
ENDLESS = [
    "<!--",
    "<script>",
    "<style ",
    "<head><xml>",
    "<tr><td>a<td>b",
    "<br ",
    "<a href=mailto:a@b.example>x",
    "<a ",
]


class Counted:
    """A pattern that notes how many characters it is let loose on."""

    def __init__(self, pattern):
        self.pattern, self.looked_at = pattern, 0

    def search(self, text, at=0):
        found = self.pattern.search(text, at)
        self.looked_at += (found.end() if found else len(text)) - at
        return found


@pytest.mark.parametrize("piece", ENDLESS)
def test_markup_without_an_end_is_looked_at_once(piece, monkeypatch):
    ends = {kind: Counted(pattern) for kind, pattern in markup.HIDDEN_ENDS.items()}
    row, row_end = Counted(markup.ROW), Counted(markup.ROW_END)
    monkeypatch.setattr(markup, "HIDDEN_ENDS", ends)
    monkeypatch.setattr(markup, "ROW", row)
    monkeypatch.setattr(markup, "ROW_END", row_end)
    html = piece * 20_000
    text_of(html)
    has_table(html)
    assert all(one.looked_at <= len(html) for one in (*ends.values(), row, row_end))


def test_the_words_around_hidden_markup_stay():
    html = "a<!-- x -->b<STYLE>p{}</style >c<script>x</script>d<o:p> </o:p>e<!-- never ends f"
    assert text_of(html).startswith("abcde")


def test_a_row_of_a_table_ends_where_the_next_end_of_one_is():
    assert has_table("<tr><td>a<td>b</tr><TR ><th>c<th>d</tr >")
    assert not has_table("<tr><td>a<td>b<tr><td>c<td>d")
    assert not has_table("</tr><tr><td>a<td>b</tr><tr><td>c</tr>")


# ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_lines_within_many_parts_count_with_each_of_them(directory, known):
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=d%d\r\n\r\n--d%d\r\n" % (n, n) for n in range(19))
    with pytest.raises(UnreadableMail, match="lines"):
        read(HEAD + opened + b"\r\n" + b"\n" * 300_000, directory, known)


def test_boundaries_that_are_declared_and_closed_without_end_are_refused(directory, known):
    with pytest.raises(UnreadableMail, match="boundaries"):
        read(HEAD + b"\r\n" + b"boundary=a\r\n--a--\r\n" * 2000, directory, known)


def test_lines_like_boundaries_are_text_where_none_is_declared(directory, known):
    text = b"--\r\n-----\r\n--x\r\nX-A: b\r\n" * 1000
    assert read(HEAD + b"\r\n" + text, directory, known).kind is MailKind.COMPLAINT


def test_the_head_of_an_attached_mail_is_bounded_as_that_of_a_mail(directory, known):
    for head in (b"Subject: " + b"=?utf-8?B?5L2g?=\r\n " * 3000, b"X: y\r\n" * 2000, b"X: " + b"y" * 20_000 + b"\r\n"):
        attached = MIXED + b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + head + b"\r\n\r\nx\r\n--b--\r\n"
        with pytest.raises(UnreadableMail, match="are allowed"):
            read(HEAD + attached, directory, known)


def test_of_very_many_attached_mails_some_are_read(directory, known):
    attached = b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + HEAD + b"\r\n" + b"words\r\n" * 50
    few, many = (HEAD + MIXED + attached * count + b"--b--\r\n" for count in (30, 240))
    read(few, directory, known)
    split = quotes.split.__code__
    assert calls_of(split, lambda: read(many, directory, known)) == calls_of(split, lambda: read(few, directory, known))


def test_mails_encoded_in_mails_are_opened_some_deep_and_then_kept_as_files(directory, known):
    raw = HEAD + b"\r\ninnermost"
    for number in range(5):
        head = b'Content-Type: a/b; name="%d.eml"\r\nContent-Transfer-Encoding: base64\r\n\r\n' % number
        raw = HEAD + head + base64.encodebytes(raw)
    assert [file.name for file in read(raw, directory, known).attachments] == ["1.eml"]


def calls_of(code, work):
    """Count the calls of one function."""
    counted = 0

    def note(frame, event, _):
        nonlocal counted
        counted += event == "call" and frame.f_code is code

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


# ── Word files ───────────────────────────────────────────────────────────────────────────────────────────────────────

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f'<w:document xmlns:w="{SPACE}"><w:body>{body}</w:body></w:document>')
    return out.getvalue()


LINE = "<w:p><w:r><w:t>D3 x</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    "body",
    [LINE + "<w:tbl><w:tr><w:tc>" * 4 + "</w:tc></w:tr></w:tbl>" * 4, LINE + "<x>" * 100 + "</x>" * 100],
    ids=["tables", "depth"],
)
def test_a_word_file_that_nobody_wrote_is_not_read(body):
    assert lines_of(docx(LINE)) == ["D3 x"]
    assert lines_of(docx(body)) == []


def test_of_a_very_long_word_file_the_beginning_is_read():
    lines = lines_of(docx(LINE + "<w:p/>" * 100_000))
    assert lines[:2] == ["D3 x", ""]
    assert len(lines) < MOST_ELEMENTS
