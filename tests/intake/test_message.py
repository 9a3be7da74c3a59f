"""Decoding: charsets, encoded words, names of attachments, pictures, attached mails."""

import struct
from email.message import EmailMessage

import pytest

from daemon.intake.charsets import decode
from daemon.intake.headers import decode_words, strict_mailbox
from daemon.intake.html import text_of
from daemon.intake.message import parse, unflowed
from daemon.intake.names import safe_name


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("䶮源".encode("gb18030"), "gb2312", "䶮源"),
        ("中文".encode("gbk"), "iso-gb2312", "中文"),
        ("中文".encode("gbk"), None, "中文"),
        ("中文".encode(), "no-such", "中文"),
        ("压缩机支脚垫".encode(), "gb2312", "压缩机支脚垫"),
        ("中文".encode("hz"), "hz-gb-2312", "中文"),
        ("縮水".encode("big5"), "big5", "縮水"),
        ("ネジ穴".encode("iso2022_jp"), "ISO-2022-JP", "ネジ穴"),
        ("Weißmüller".encode("latin-1"), "iso-8859-1", "Weißmüller"),
        ("中文".encode(), "us-ascii", "中文"),
    ],
)
def test_bytes_are_read_as_they_were_meant(data, declared, text):
    assert decode(data, declared) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?B?5Lit?=\r\n =?utf-8?B?5paH?=", "中文"),
        (b"=?gb2312?B?1g==?= =?gb2312?B?0M7E?=", "中文"),
        (b"=?utf-8?Q?=E4=B8?= =?utf-8?Q?=AD?= x", "中 x"),
        ("投诉".encode("gbk"), "投诉"),
        (b"=?iso-gb2312?B?1tDOxA?=", "中文"),
    ],
)
def test_headers_are_decoded_also_when_cut_inside_a_character(raw, text):
    assert decode_words(raw) == text


@pytest.mark.parametrize(
    ("raw", "email"),
    [
        (b"bob@cust.example", "bob@cust.example"),
        ("张三 <z@cust.example>".encode(), "z@cust.example"),
        (b'"Zhang, San" <z@cust.example>', "z@cust.example"),
        (b"MAILER-DAEMON@mx.example (Mail System)", "MAILER-DAEMON@mx.example"),
        (b'dept@corp.example <x@evil.example>, "b', None),
        (b"a@corp.example, b@corp.example", None),
        (b"<a@corp.example> <b@corp.example>", None),
        (b"no address", None),
        (b"", None),
    ],
)
def test_from_is_one_mailbox_or_nobody(raw, email):
    found = strict_mailbox(raw)
    assert (found.email if found else None) == email


def test_two_from_headers_are_nobody(directory, known):
    from daemon.intake.read import read  # noqa: PLC0415

    raw = b"From: a@cust.example\r\nFrom: b@cust.example\r\nSubject: x\r\n\r\nbroken"
    assert read(raw, directory, known).from_email is None


def test_flowed_lines_are_joined_by_quote_depth():
    assert unflowed("a \nb\n> c \n> d\n-- \nx") == "a b\n> c d\n-- \nx"


def test_cells_of_one_row_stay_together_and_hidden_addresses_show():
    html = "<table><tr><td>客户</td><td>甲公司</td></tr></table><a href='mailto:a@b.example'>李四</a>"
    assert text_of(html).split("\n")[0] == "客户\t甲公司"
    assert "李四 <a@b.example>" in text_of(html)


def png(width, height):
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height) + b"\x00" * 50


def test_logos_are_no_evidence_and_photos_in_the_text_are():
    mail = EmailMessage()
    mail["Subject"] = "x"
    mail.set_content("见图")
    mail.add_alternative(
        '<p>开裂 <img src="cid:photo"></p><p>谢谢</p><p>Tel: 0512-5550 1234</p><img src="cid:logo">', subtype="html"
    )
    body = mail.get_payload()[1]
    body.add_related(png(640, 480), "image", "png", cid="<photo>", filename="image001.png")
    body.add_related(png(300, 60), "image", "png", cid="<logo>", filename="image002.png")
    found = {file.name: file.evidence for file in parse(mail.as_bytes()).files}
    assert found == {"image001.png": True, "image002.png": False}


def test_files_of_an_attached_mail_are_found():
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "c@cust.example", "端子偏黄"
    inner.set_content("不良")
    inner.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="报告.pdf")
    outer = EmailMessage()
    outer["Subject"] = "见附件"
    outer.set_content("见附件邮件")
    outer.add_attachment(inner)
    message = parse(outer.as_bytes())
    assert [mail.subject for mail in message.mails] == ["端子偏黄"]
    assert [file.name for file in message.files] == ["报告.pdf"]


@pytest.mark.parametrize("kind", [b"application/pd\r\n f", b"application/p\\d..", b"application/\x07:pdf"])
def test_a_file_without_a_name_is_called_by_its_kind_and_safely(kind):
    raw = b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: %s\r\n" % kind
    (file,) = parse(raw + b"Content-Disposition: attachment\r\n\r\nx\r\n--B--\r\n").files
    assert file.name
    assert file.name == safe_name(file.name)
