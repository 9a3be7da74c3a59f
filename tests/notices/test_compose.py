from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.notices.compose import Address, AttachedFile, Outgoing, UnsafeHeader, compose
from daemon.notices.render import Rendered
from daemon.notices.sample import CODES
from daemon.notices.threading import message_id

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PLAIN = Rendered("[客诉 2611003] 请处理：电机端盖 内径偏大", "<p>您好</p>\n", "您好\n第二行\n")
MAIL = Outgoing(
    sender=Address("complaints@hongyuan.example", "宏远客诉管理"),
    recipient=Address("sun.dapeng@hongyuan.example", "孙大鹏"),
    message_id=message_id("2611003", "notice", CODES[0], "hongyuan.example"),
    date=datetime(2026, 11, 23, 1, 15, tzinfo=UTC),
    reply_to=Address("complaints@hongyuan.example"),
    in_reply_to="<2611003.case@hongyuan.example>",
    references=("<2611003.case@hongyuan.example>",),
)
HEADERS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
]  # fmt: skip


def parsed(raw):
    return message_from_bytes(raw, policy=policy.default)


def test_a_mail_holds_text_and_html_and_exactly_these_headers():
    mail = parsed(compose(PLAIN, MAIL))
    assert mail.keys() == HEADERS
    assert mail["Subject"] == PLAIN.subject
    assert str(mail["To"]) == "孙大鹏 <sun.dapeng@hongyuan.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == PLAIN.text
    assert mail.get_body(("html",)).get_content().replace("\r\n", "\n") == PLAIN.html
    assert not [part.defects for part in mail.walk() if part.defects]


@pytest.mark.parametrize(
    "address", ["li..na@docomo.example", '"li..na"@docomo.example', ".li@d.example", "li.@d.example"]
)
def test_dots_in_a_row_are_written_in_quotes(address):
    raw = compose(PLAIN, replace(MAIL, recipient=Address(address, "李娜")))
    local, _, domain = address.rpartition("@")
    assert f'<"{local.strip(chr(34))}"@{domain}>'.encode() in raw


def test_an_answer_to_a_mail_says_so():
    assert parsed(compose(PLAIN, replace(MAIL, answers=True)))["Auto-Submitted"] == "auto-replied"


def test_the_same_values_give_the_same_bytes():
    full = replace(MAIL, attachments=(AttachedFile("8D 报告.docx", WORD, b"x" * 5000),))
    assert compose(PLAIN, full) == compose(PLAIN, full)


def test_the_bytes_are_seven_bit_with_crlf_and_short_lines():
    raw = compose(
        PLAIN, replace(MAIL, attachments=(AttachedFile("报告" * 90 + ".docx", WORD, bytes(range(256)) * 99),))
    )
    assert raw.isascii()
    assert raw.replace(b"\r\n", b"").find(b"\n") == -1
    assert raw.replace(b"\r\n", b"").find(b"\r") == -1
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("name", ["8D-2611003-苏州凌科电机.docx", "photo 1.jpg", '图"片\\;=.jpg', "何䶮🔧.xlsx"])
def test_an_attachment_keeps_its_name_and_its_bytes(name):
    data = bytes(range(256)) * 20
    raw = compose(PLAIN, replace(MAIL, attachments=(AttachedFile(name, WORD, data),)))
    mail = parsed(raw)
    assert mail.get_content_type() == "multipart/mixed"
    (part,) = mail.iter_attachments()
    shown = name.replace('"', "_").replace("\\", "_")
    assert part.get_filename() == shown
    assert part.get_content() == data
    assert part.get_content_type() == WORD


def test_a_chinese_name_is_written_in_every_form_that_clients_read():
    raw = compose(PLAIN, replace(MAIL, attachments=(AttachedFile("8D报告.docx", WORD, b"x"),)))
    encoded = b'"=?utf-8?B?OETmiqXlkYouZG9jeA==?="'
    assert b"\r\n name=" + encoded in raw
    assert b"\r\n filename=" + encoded in raw
    assert b"filename*=UTF-8''8D%E6%8A%A5%E5%91%8A.docx" in raw


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\x\\y.docx", "C_x_y.docx"),
        ("a\r\nContent-Type: text/html\r\n\r\n.docx", "a Content-Type_ text_html .docx"),
        ("\u202excod.exe", "xcod.exe"),
        ("\x00", "attachment"),
    ],
)
def test_a_hostile_attachment_name_is_made_harmless(name, shown):
    raw = compose(PLAIN, replace(MAIL, attachments=(AttachedFile(name, WORD, b"x"),)))
    (part,) = parsed(raw).iter_attachments()
    assert part.get_filename() == shown
    assert part.get_content_type() == WORD


@pytest.mark.parametrize("media_type", ["text/html\r\nX: y", "nonsense", "", "message/rfc822", "multipart/mixed"])
def test_a_media_type_that_is_none_becomes_plain_bytes(media_type):
    raw = compose(PLAIN, replace(MAIL, attachments=(AttachedFile("a.bin", media_type, b"x"),)))
    (part,) = parsed(raw).iter_attachments()
    assert part.get_content_type() == "application/octet-stream"


@pytest.mark.parametrize(
    "subject",
    [
        "x\r\nBcc: evil@evil.example",
        "=?utf-8?q?x=0ABcc=3A_evil=40evil.example?=",
        "=?utf-8?q?x=0D=0ABcc=3A_evil=40evil.example?=" * 20,
        "客诉 =?utf-8?b?eApCY2M6IGV2aWxAZXZpbC5leGFtcGxl?=",
        "x\x00\x0b\x0c\x85\u2028\u2029Bcc: evil@evil.example",
        "\u202etxt.exe" * 99,
    ],
)
def test_a_hostile_subject_adds_no_header(subject):
    raw = compose(replace(PLAIN, subject=subject), MAIL)
    mail = parsed(raw)
    assert mail.keys() == HEADERS
    assert "\n" not in mail["Subject"]
    # The program that copies our subject into a mail of its own and decodes it once more (CVE-2024-6923).
    again = parsed(f"Subject: {mail['Subject']}\r\n\r\n".encode())
    assert "Bcc" not in parsed(again.as_bytes())
    assert "Bcc" not in again


@pytest.mark.parametrize(
    "name",
    ['"x" <evil@evil.example>', "a@evil.example,", "x\r\nBcc: evil@evil.example", "(comment", "a;b:c,",
     "=?utf-8?q?=0A?=", "尾" * 300, "back\\slash\\"],
)  # fmt: skip
def test_a_hostile_name_names_nobody_else(name):
    mail = parsed(compose(PLAIN, replace(MAIL, recipient=Address("sun.dapeng@hongyuan.example", name))))
    assert mail.keys() == HEADERS
    assert [one.addr_spec for one in mail["To"].addresses] == ["sun.dapeng@hongyuan.example"]


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b@c", "a@b\r\nBcc: x@y.example", "a b@c.example", "dept@corp.example <x@evil.example>",
     "a@-b.example", "a,b@c.example", "ä@c.example", "a@b..c", "x" * 300 + "@c.example", '"a b"@c.example',
     "a@[127.0.0.1]"],
)  # fmt: skip
def test_an_address_that_is_none_stops_the_mail(address):
    with pytest.raises(UnsafeHeader, match="its header To has no usable address"):
        compose(PLAIN, replace(MAIL, recipient=Address(address)))


@pytest.mark.parametrize("own", ["", "x", "<a@b>\r\nBcc: x@y.example", "<a b@c.example>"])
def test_a_message_id_of_ours_must_be_well_formed(own):
    with pytest.raises(UnsafeHeader, match="Message-ID"):
        compose(PLAIN, replace(MAIL, message_id=own))


def test_foreign_message_ids_that_are_not_well_formed_are_left_out():
    hostile = ("<a@b.example>\r\nBcc: x@y.example", "<good@x.example>", "<>")
    mail = parsed(compose(PLAIN, replace(MAIL, in_reply_to=hostile[0], references=hostile)))
    assert "In-Reply-To" not in mail
    assert mail["References"] == "<good@x.example>"


def test_extra_headers_are_cleaned_and_none_comes_twice():
    mail = parsed(compose(PLAIN, replace(MAIL, extra=(("X-Kesu-Case", "2611003\r\nBcc: x@y.example"),))))
    assert mail["X-Kesu-Case"] == "2611003 Bcc: x@y.example"
    assert "Bcc" not in mail
    with pytest.raises(UnsafeHeader, match="holds"):
        compose(PLAIN, replace(MAIL, extra=(("subject", "twice"),)))
    with pytest.raises(UnsafeHeader, match="no name"):
        compose(PLAIN, replace(MAIL, extra=(("X: y\r\nBcc", "z"),)))


def test_lone_surrogates_in_a_body_do_not_stop_the_mail():
    assert b"multipart" in compose(Rendered("s", "<p>\ud800</p>", "\ud800"), MAIL)


@given(subject=st.text(), name=st.text(), file=st.text(), body=st.text())
def test_whatever_the_text_the_mail_reads_back(subject, name, file, body):
    outgoing = replace(
        MAIL,
        recipient=Address("a@b.example", name),
        attachments=(AttachedFile(file, "text/plain", body.encode("utf-8", "replace")),),
    )
    mail = parsed(compose(Rendered(subject, body, body), outgoing))
    assert mail.keys() == HEADERS
    assert [one.addr_spec for one in mail["To"].addresses] == ["a@b.example"]
    assert len(list(mail.iter_attachments())) == 1
