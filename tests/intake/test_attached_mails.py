"""Mails that come as files: .eml however it is wrapped, .msg and winmail.dat of Outlook, one within another."""

import base64
import builtins
from email.message import EmailMessage

import pytest

from daemon.intake import tnef
from daemon.intake.mapi import NotOutlook
from daemon.intake.message import parse
from daemon.intake.read import read
from daemon.intake.reading import Closed
from daemon.intake.rtf import unpacked
from daemon.understanding import explained
from tests.intake import files, outlook

SALES = "林佳怡 <lin.jiayi@hongyuan.example>"
LI = "李娜 <li.na@beifang-motor.example>"
TEXT = (
    "您好，贵司前端盖 BF-2207 批次 20261020-02 有 30 件内径偏大，装配后松动，请提供8D报告。\n\n"
    "李娜\n北方电机制造有限公司"
)
PHOTO = b"\xff\xd8\xff\xe0 a photo"
VALUES = {
    outlook.SUBJECT: "投诉：前端盖内径偏大", outlook.BODY: TEXT, outlook.SENDER_NAME: "李娜",
    outlook.SENDER_EMAIL: "li.na@beifang-motor.example", outlook.CODEPAGE: 936,
}  # fmt: skip
CAME = {outlook.HEADERS: f"From: {LI}\r\nSubject: 投诉\r\n\r\n", outlook.BODY: TEXT}
PASSED_ON = {outlook.BODY: "请看", outlook.SENDER_EMAIL: "zheng.haitao@hongyuan.example"}
PHOTO_FILE = {outlook.LONG_NAME: "松动照片.jpg", outlook.DATA: PHOTO, outlook.TAG: "image/jpeg"}
RTF = (
    rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset134 SimSun;}}\f0 "
    rb"\'c7\'b0\'b6\'cb\'b8\'c7 BF-2207 30\'bc\'fe\u24320?\u35010?\par}"
)
HTML_RTF = rb"{\rtf1\ansi\fromhtml1{\*\htmltag <p>}\u24320?\u35010?\htmlrtf{\b\htmlrtf0 {\*\htmltag </p>}}"


def complaint():
    mail = files.letter("投诉：前端盖内径偏大", TEXT, ("松动照片.jpg", PHOTO), sender=LI)
    mail["Message-ID"] = "<1@beifang-motor.example>"
    return mail


def forward(*attached):
    return files.letter("转发：客户投诉", "请处理附件里的客户投诉。", *attached, sender=SALES)


def encoded(kind, encoding="base64"):
    """A forward whose mail is encoded, as RFC 2046 forbids and some webmails do."""
    mail = forward(("x.eml", b"x"))
    raw = base64.encodebytes(complaint().as_bytes()).decode()
    part = mail.get_payload()[1]
    for name in ("Content-Type", "Content-Transfer-Encoding"):
        del part[name]
    part["Content-Type"], part["Content-Transfer-Encoding"] = kind, encoding
    part.set_payload(raw)
    return mail


def nested():
    middle = files.letter("转发：投诉", "请看附件", complaint(), sender="郑海涛 <zheng.haitao@hongyuan.example>")
    return forward(("转发.eml", middle.as_bytes()))


WAYS = {
    "message/rfc822": lambda: forward(complaint()),
    "a file named .eml": lambda: forward(("投诉.eml", complaint().as_bytes())),
    "message/rfc822 in base64": lambda: encoded("message/rfc822"),
    "an .eml in base64 called text/plain": lambda: encoded("text/plain"),
    "an .eml in an .eml": nested,
    ".msg": lambda: forward(("投诉.msg", outlook.msg(VALUES, PHOTO_FILE))),
    ".msg with the heads it came with": lambda: forward(("投诉.msg", outlook.msg(CAME, PHOTO_FILE))),
    ".msg in a .msg": lambda: forward(("转发.msg", outlook.msg(PASSED_ON, (VALUES, [PHOTO_FILE])))),
    "a mail in winmail.dat": lambda: forward(("winmail.dat", outlook.tnef({}, outlook.tnef(VALUES, PHOTO_FILE)))),
    "an .eml in winmail.dat": lambda: forward(
        ("winmail.dat", outlook.tnef({}, {outlook.LONG_NAME: "投诉.eml", outlook.DATA: complaint().as_bytes()}))
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_mail_that_a_colleague_attaches_is_the_complaint(directory, known, way):
    found = read(WAYS[way]().as_bytes(), directory, known)
    assert found.forwarded
    assert (found.contact.name, found.contact.email) == ("李娜", "li.na@beifang-motor.example")
    assert (found.facts["part_no"], found.facts["quantity_defective"]) == ("BF-2207", 30)
    assert found.facts["customer"] == "北方电机制造有限公司"
    assert "松动照片.jpg" in [one.name for one in found.evidence]
    assert next(one.data for one in found.evidence if one.name == "松动照片.jpg") == PHOTO


def test_a_saved_mail_is_kept_whole_beside_what_is_in_it(directory, known):
    raw = outlook.msg(VALUES, PHOTO_FILE)
    found = read(forward(("投诉.msg", raw)).as_bytes(), directory, known)
    assert {one.name: one.data for one in found.evidence} == {"投诉.msg": raw, "松动照片.jpg": PHOTO}


def winmail(values, *attached, text="", sender=LI):
    mail = files.letter("投诉", text, sender=sender)
    data = outlook.tnef(values, *attached)
    mail.add_attachment(data, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    return mail.as_bytes(), data


def test_the_files_of_a_winmail_dat_are_the_evidence_and_it_is_kept(directory, known):
    raw, data = winmail(
        {outlook.BODY: "别的"}, PHOTO_FILE, {outlook.LONG_NAME: "测量.txt", outlook.DATA: b"1"}, text=TEXT
    )
    found = read(raw, directory, known)
    assert [one.name for one in found.evidence] == ["松动照片.jpg", "测量.txt"]
    assert next(one.data for one in found.attachments if one.name == "winmail.dat") == data
    assert "松动" in found.facts["phenomenon"]
    assert "别的" not in found.text


@pytest.mark.parametrize(
    "values",
    [{outlook.BODY: TEXT}, {outlook.HTML: f"<p>{TEXT}</p>".encode("gbk")}, {outlook.RTF: outlook.stored_rtf(RTF)},
     {outlook.RTF: outlook.stored_rtf(RTF.replace(b"\\fcharset134 ", b""))}],
)  # fmt: skip
def test_a_mail_without_a_text_has_that_of_its_winmail_dat(directory, known, values):
    found = read(winmail(values)[0], directory, known)
    assert found.facts["part_no"] == "BF-2207"
    assert found.facts["product_name"] == "前端盖"


def test_html_that_outlook_hid_in_rtf_is_read():
    assert parse(winmail({outlook.RTF: outlook.stored_rtf(HTML_RTF)})[0]).text == "开裂"


def test_a_form_in_a_winmail_dat_is_read(directory, known):
    form = files.sheet(["产品名称", "前端盖"], ["产品型号", "BF-2207"], ["问题描述", "内径偏大"])
    raw, _ = winmail({}, {outlook.LONG_NAME: "客诉单.xlsx", outlook.DATA: form}, text="见附件")
    assert read(raw, directory, known).facts["part_no"] == "BF-2207"


@pytest.mark.parametrize("name", ["投诉.msg", "winmail.dat"])
@pytest.mark.parametrize("cut", [0, 5, 100, 400, -30])
def test_a_damaged_file_is_kept_and_told(directory, known, name, cut):
    whole = outlook.msg(VALUES, PHOTO_FILE) if name.endswith("msg") else outlook.tnef(VALUES, PHOTO_FILE)
    found = read(forward((name, whole[:cut])).as_bytes(), directory, known)
    kept = next(one for one in found.attachments if one.name == name)
    assert (kept.data, kept.closed, kept.evidence) == (whole[:cut], Closed.DAMAGED, True)


def test_a_saved_mail_that_holds_nothing_is_told(directory, known):
    data = outlook.msg(VALUES)[:512] + bytes(9000)
    found = read(forward(("投诉.msg", data)).as_bytes(), directory, known)
    assert [(one.data, one.closed) for one in found.evidence] == [(data, Closed.DAMAGED)]


def test_a_winmail_dat_of_more_parts_than_exchange_wraps_is_not_followed():
    with pytest.raises(NotOutlook, match="more than"):
        tnef.mail_of(outlook.tnef({})[:6] + bytes(11 * 6000))


def test_without_the_extra_a_saved_mail_is_kept_and_the_extra_is_named(directory, known, monkeypatch):
    imported = builtins.__import__

    def without(name, *rest, **more):
        if name == "olefile":
            raise ImportError(name)
        return imported(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    raw = outlook.msg(VALUES, PHOTO_FILE)
    found = read(forward(("投诉.msg", raw)).as_bytes(), directory, known)
    assert [(one.data, one.closed) for one in found.evidence] == [(raw, Closed.NO_READER)]
    assert any("投诉.msg" in line and "kesu[outlook]" in line for line in explained(found, "zh-CN"))


def test_saved_mails_within_saved_mails_end():
    values, inner = {outlook.BODY: "x"}, ()
    for _ in range(30):
        inner = ((values, inner),)
    mail = EmailMessage()
    mail.add_attachment(outlook.msg(values, *inner), maintype="application", subtype="octet-stream", filename="x.msg")
    assert parse(mail.as_bytes()).files[0].closed is Closed.DAMAGED
    deep = b""
    for _ in range(30):
        deep = outlook.tnef({}, *([deep] if deep else []))
    with pytest.raises(NotOutlook):
        tnef.mail_of(deep)


@pytest.mark.parametrize(
    ("packed", "rtf"),
    [  # the examples of MS-OXRTFCP, section 3
        (
            "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0",
            rb"{\rtf1\ansi\ansicpg1252\pard hello world}" + b"\r\n",
        ),
        ("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0", rb"{\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
    ],
)
def test_compressed_rtf_is_unpacked(packed, rtf):
    assert unpacked(bytes.fromhex(packed)) == rtf
