"""Hostile mails: refused with a reason, quickly, or read without harm."""

import time

import pytest

from daemon.intake.limits import UnreadableMail
from daemon.intake.names import safe_name
from daemon.intake.read import read
from daemon.intake.reading import MailKind

HEAD = b"From: Bob <bob@cust.example>\r\nSubject: broken parts\r\n"


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


COSTLY = ["1" * 200_000, "a@" * 50_000, " " * 200_000, "0512-5550 " * 20_000, "发件人:" * 50_000, "客户：甲\n" * 20_000,
          "请处理，" * 30_000, "Ab cd " * 40_000, "抽检50件不良6件 " * 10_000, "> " * 100_000]  # fmt: skip


@pytest.mark.parametrize("text", COSTLY, ids=range(len(COSTLY)))
def test_no_text_keeps_the_rules_busy(text, directory, known):
    start = time.perf_counter()
    read(HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode(), directory, known)
    assert time.perf_counter() - start < 5
