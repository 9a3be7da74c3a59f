"""Who complained is hidden from the accused: nothing that they or the shared folder can see tells it."""

import io
import re
import zipfile
from email import message_from_bytes, policy

import pytest

from daemon.config import load_config
from daemon.demo.people import Writer
from tests.cast import CHEN, COMPLAINTS, CONFIG, PRODUCTION, SUN, WANG, ZHAO
from tests.desk import SHANGHAI, office
from tests.scenarios.letters import CONTAINMENT
from tests.scenarios.test_default_profile import CASE

OWN = """
id = "hidden"
title = "隐去投诉人"
extends = "8d"
[hides]
department = "reporter"
department_manager = "reporter"
leader = "reporter"
ledger = "reporter"
"""
HAN = "han.meiling88@mail.example"
SECRETS = ("韩美玲", "han.meiling88", "韩女士", "138-0013-8000", "13800138000", "138 0013 8000")
TEXT = """您好：

我是韩美玲，生产部的焊接不良太多，焊点脱落，请处理。有事请找韩女士，手机 138 0013 8000。

客户名称：某单位
产品编号：BF-2207
不良数量：30
问题描述：焊点脱落，韩美玲亲眼所见，可打 138-0013-8000。
联系人：韩美玲
电话：13800138000

韩美玲
"""
PICTURE = b"\xff\xd8\xff\xe0" + b"\x11" * 20_000
SIGNED = b"\xff\xd8\xff\xe0" + b"\x22" * 20_000 + "韩美玲".encode()
ORIGINAL = b"From: han.meiling88@mail.example\r\nSubject: x\r\n\r\n" + "韩美玲".encode()


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    text = CONFIG.read_text(encoding="utf-8").replace('process = "8d"', 'process = "own.toml"')
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with office(tmp_path, config=load_config(tmp_path / "config.toml")) as opened:
        yield opened


def report(desk):
    files = [("韩美玲拍的焊点.jpg", PICTURE), ("签名.jpg", SIGNED), ("原邮件.eml", ORIGINAL), ("投诉信.txt", ORIGINAL)]
    writer = Writer("韩美玲", HAN, COMPLAINTS, desk.clock.now().astimezone(SHANGHAI), 77)
    desk.put(writer.write("韩美玲投诉生产部焊接不良", TEXT, files))
    assert desk.row()["department"] == "生产部"


def play(desk):
    report(desk)
    notice = desk.last(PRODUCTION)
    desk.press(SUN, notice, "收到")
    asked = desk.last(WANG, "核实")
    desk.reply(WANG, asked, "暂停：韩美玲（13800138000）补充材料")
    desk.reply(WANG, desk.last(WANG, "已暂停"), "恢复：韩女士已补充")
    desk.press(WANG, asked, "无需应急", reason="韩美玲说不急")
    desk.press(WANG, asked, "成立")
    desk.reply(SUN, notice, CONTAINMENT)
    desk.reply(
        WANG, desk.last(WANG, "评审会议"), "11月2日会议纪要：韩美玲的照片已看，韩女士电话 138 0013 8000 可联系。"
    )
    desk.at("11-13 18:00")
    desk.reply(
        SUN,
        notice,
        "D4 发生原因：焊机电流漂移。\nD4 流出原因：没有拉力检查。\nD5 永久措施：每班点检，孙大鹏，11月20日完成。",
    )
    desk.at("11-16 09:00")
    desk.press(WANG, desk.last(WANG, "审核"), "质疑", reason="韩美玲说还有漏焊")
    desk.at("11-17 10:00")


def texts_of(name, data):
    """Yield all that a file can be read to hold: itself, and each part of it when it is a zip (docx, xlsx)."""
    yield name
    yield data.decode("utf-8", errors="ignore")
    yield data.decode("gb18030", errors="ignore")
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            for one in parts.namelist():
                raw = parts.read(one).decode("utf-8", errors="ignore")
                yield one
                yield raw
                yield re.sub(r"<[^>]+>", "", raw)


def seen_in(mail):
    parsed = message_from_bytes(mail.raw, policy=policy.default)
    yield from (f"{key}: {value}" for key, value in parsed.items())
    for part in parsed.walk():
        if not part.is_multipart():
            yield from texts_of(part.get_filename() or "", part.get_payload(decode=True) or b"")


def leaks(texts):
    return sorted({f"{secret} in {text[:200]!r}" for text in texts for secret in SECRETS if secret in text})


def test_no_mail_to_the_accused_tells_who_complained(desk):
    play(desk)
    theirs = [mail for mail in desk.sent if mail.to in (PRODUCTION, SUN, ZHAO)]
    assert len(theirs) > 6, "notice, records, hold, reminders, the verdict that sent it back"
    assert any(name.endswith(".docx") for mail in theirs for name in mail.attachments)
    assert any("（已隐去）" in mail.text for mail in theirs)
    assert not leaks(text for mail in theirs for text in seen_in(mail))


def test_nothing_in_the_shared_folder_tells_who_complained(desk):
    play(desk)
    (folder,) = {path.parent for path in (desk.desk.shelf / "附件").rglob("*.jpg")}
    assert [path.name for path in folder.iterdir()] == ["（已隐去）拍的焊点.jpg"], "a picture, and no letter of hers"
    paths = [path for path in desk.desk.shelf.rglob("*") if path.is_file()]
    assert len([path for path in paths if path.suffix == ".docx"]) > 1
    assert not leaks(text for path in paths for text in texts_of(str(path), path.read_bytes()))


def test_the_ledger_does_not_tell_it_and_keeps_the_rest(desk):
    play(desk)
    row = desk.row(CASE)
    assert not leaks(map(str, row.values()))
    assert (row["contact_name"] or "", row["contact_phone"] or "", row["contact_email"] or "") == ("", "", "")
    assert "焊点脱落" in str(row["phenomenon"])
    assert not leaks(texts_of("客诉台账.xlsx", desk.ledger.content))
    assert not leaks(texts_of("客诉台账.xlsx", desk.copies.live))


def test_quality_knows_and_the_one_who_complained_is_answered(desk):
    play(desk)
    asked = desk.last(WANG, "核实")
    assert "韩美玲" in asked.text
    assert "13800138000" in asked.text
    assert "韩美玲" in desk.last(HAN, CASE).text
    assert "韩美玲" in desk.last(CHEN, "升级").text + desk.last(CHEN, "升级").subject + asked.text


def test_without_the_words_of_the_profile_nothing_is_hidden(tmp_path):
    with office(tmp_path) as desk:
        report(desk)
        assert "韩美玲" in desk.last(PRODUCTION).text
        assert desk.row(CASE)["contact_name"] == "韩美玲"
