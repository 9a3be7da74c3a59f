"""The story that `kesu demo` plays: three weeks of November 2026 at a maker of precision parts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from daemon.demo import letters
from daemon.demo.pictures import photo
from daemon.demo.stage import ZONE, Say, Stage, stage
from daemon.ledger.names import LEDGER_NAME

Scene = Callable[[Stage], None]

WANG = ("王晓燕", "wang.xiaoyan@hongyuan.example")
LIU = ("刘志强", "liu.zhiqiang@hongyuan.example")
CHEN = ("陈立新", "chen.lixin@hongyuan.example")
XU = ("许文澜", "xu.wenlan@hongyuan.example")
GM = ("周宏远", "gm@hongyuan.example")
SUN = ("孙大鹏", "sun.dapeng@hongyuan.example")
LIN = ("林佳怡", "lin.jiayi@hongyuan.example")
XIE = ("谢春花", "xie.chunhua@hongyuan.example")
ZHENG = ("郑海涛", "zheng.haitao@hongyuan.example")
LI = ("李娜", "li.na@beifang-motor.example")
QIANG = ("王强", "wangqiang@huarui-auto.example")
MILLER = ("Jane Miller", "j.miller@northwind-auto.example")
CHEN_GONG = ("陈工", "chen@sucheng-meter.example")
PRODUCTION, QUALITY = "production@hongyuan.example", "quality@hongyuan.example"
LOGISTICS, SALES = "logistics@hongyuan.example", "sales@hongyuan.example"

FORM, FORWARD, STOP, ENGLISH, PHONE, PRICE = "2611001", "2611002", "2611003", "2611004", "2611005", "2611006"


Person = tuple[str, str]


def write(who: Person, subject: str, text: str, photos: int = 0, automatic: str = "") -> Scene:
    """Let somebody write a new mail."""
    files = [(f"照片{number}.png", photo(number)) for number in range(1, photos + 1)]
    headers = [("Auto-Submitted", automatic)] if automatic else []
    return lambda on: on.write(*who, subject, text, files, headers)


def reply(who: Person, box: str, contains: tuple[str, ...], text: str) -> Scene:
    """Let somebody answer the newest mail in a mailbox that holds these words."""
    return lambda on: on.reply(*who, on.last(box, *contains), text)


def press(who: Person, box: str, number: str, word: str, reason: str = "") -> Scene:
    """Let somebody press a button of the newest mail in a mailbox that has it for this case."""
    return lambda on: on.press(*who, box, number, word, reason)


def types(who: Person, number: str, **cells: str) -> Scene:
    """Let somebody type into the row of a case in the ledger, or, without a number, into a new row."""
    return lambda on: on.type(who[0], number, cells)


def bounce(box: str, number: str) -> Scene:
    """Let the mail server say that a mailbox is gone."""

    def scene(on: Stage) -> None:
        on.send(letters.undelivered(box, on.last(box, number).raw), "邮件服务器", f"退信：{box}")

    return scene


def at(text: str) -> datetime:
    """Return a local instant of the story."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


# fmt: off
SCENES: tuple[tuple[str, Scene], ...] = (
    # 周一：一份表格投诉，一封转发，一个外出的人，一则广告
    ("11-02 09:10", write(LI, "投诉：端子盖焊点脱落（BF-2207）", letters.FORM, photos=2)),
    ("11-02 09:20", press(WANG, WANG[1], FORM, "无需应急", "客户有安全库存，未停线")),
    ("11-02 09:22", press(WANG, WANG[1], FORM, "成立")),
    ("11-02 09:40", press(SUN, PRODUCTION, FORM, "收到")),
    ("11-02 10:30", write(LIN, "转发：运输途中外箱破损", letters.FORWARD)),
    ("11-02 10:33", write(XIE, f"自动回复: [客诉 {FORWARD}] 请处理", letters.AWAY, automatic="auto-replied")),
    ("11-02 10:45", press(WANG, WANG[1], FORWARD, "无需应急", "已通知补货")),
    ("11-02 10:46", press(WANG, WANG[1], FORWARD, "成立")),
    ("11-02 14:05", write(("培训中心", "news@train.example"), "【公开课】六西格玛早鸟报名", letters.ADVERT)),
    # 周二凌晨：停线，整条链立即知道
    ("11-03 02:40", write(QIANG, "紧急：卡扣断裂，产线停线！", letters.LINE_STOP, photos=1)),
    ("11-03 02:55", reply(WANG, WANG[1], (STOP, "应急"), letters.EMERGENCY_3)),
    ("11-03 02:56", press(WANG, WANG[1], STOP, "成立")),
    ("11-03 03:05", press(LIU, QUALITY, STOP, "收到")),
    ("11-03 05:30", reply(LIU, QUALITY, (STOP, "请处理"), letters.CONTAINMENT_3)),
    ("11-03 06:30", reply(WANG, WANG[1], (STOP, "评审会议"), "11月3日6:00会议：质量部、技术部到会，决定先查树脂含水率。")),
    ("11-03 08:40", reply(SUN, PRODUCTION, (FORM, "请处理"), letters.CONTAINMENT_1)),
    ("11-03 09:00", reply(WANG, WANG[1], (FORM, "评审会议"), "11月3日会议：生产部、质量部到会，决定核对炉温记录。")),
    ("11-03 14:00", reply(LIU, LIU[1], (STOP, "D4"), letters.CAUSE_3)),
    ("11-03 15:00", press(WANG, WANG[1], STOP, "通过")),
    ("11-03 15:40", press(CHEN, CHEN[1], STOP, "驳回", "流出原因没有对应的永久措施")),
    # 周三：改过的8D，总监批准；一封英文投诉
    ("11-04 09:30", reply(LIU, LIU[1], (STOP, "没有对应的永久措施"), letters.ACTION_3)),
    ("11-04 10:00", press(WANG, WANG[1], STOP, "通过")),
    ("11-04 10:30", press(CHEN, CHEN[1], STOP, "批准")),
    ("11-04 11:00", press(XU, XU[1], STOP, "批准")),
    ("11-04 15:20", write(MILLER, "Complaint: cracked connector housing HC-310", letters.ENGLISH, photos=2)),
    ("11-04 15:40", press(WANG, WANG[1], ENGLISH, "无需应急", "客户库存可用")),
    ("11-04 15:41", press(WANG, WANG[1], ENGLISH, "成立")),
    ("11-04 16:10", press(LIU, QUALITY, ENGLISH, "收到")),
    ("11-05 09:10", reply(SUN, SUN[1], (FORM, "D4"), letters.CAUSE_1)),
    # 电话投诉：在台账里另起一行登记，后来也在台账里判定
    ("11-05 09:30", types(WANG, "", 投诉渠道="电话", 客户名称="苏城仪表有限公司", 产品名称="传感器支架", 不良现象="来电称螺纹孔有毛刺，约5件")),
    ("11-05 09:40", types(WANG, PHONE, 不良数量="约5件", 不良批次="26W42", 联系人="陈工")),
    ("11-05 10:00", reply(LIU, QUALITY, (ENGLISH, "请处理"), letters.CONTAINMENT_4)),
    ("11-05 10:30", reply(WANG, WANG[1], (ENGLISH, "评审会议"), "11月5日会议：技术部、质量部到会，决定检查模具第3穴。")),
    ("11-05 11:00", press(QIANG, QIANG[1], STOP, "满意")),
    ("11-05 14:00", press(WANG, WANG[1], FORM, "通过")),
    ("11-05 15:00", types(WANG, PHONE, 是否成立="不成立", 备注="客户复查：毛刺是客户攻丝时产生的")),
    # 周四 16:00 周报自动发出
    ("11-06 09:00", press(CHEN, CHEN[1], FORM, "批准")),
    ("11-06 10:00", reply(LIU, LIU[1], (ENGLISH, "D4"), letters.CAUSE_4)),
    ("11-06 11:00", press(WANG, WANG[1], ENGLISH, "通过")),
    ("11-06 14:00", press(LI, LI[1], FORM, "满意")),
    ("11-06 15:00", press(CHEN, CHEN[1], ENGLISH, "批准")),
    # 第二周：客户不满意，开始第二轮；一封退信，改发给经理
    ("11-09 09:20", press(MILLER, MILLER[1], ENGLISH, "not", "two more cracked parts were found in lot 26W44")),
    ("11-09 10:30", write(CHEN_GONG, "对账单价格与合同不符", letters.PRICE)),
    ("11-09 10:32", bounce(SALES, PRICE)),
    ("11-09 10:50", press(WANG, WANG[1], PRICE, "无需应急", "不涉及产品")),
    ("11-09 10:51", press(WANG, WANG[1], PRICE, "成立")),
    ("11-09 11:00", press(ZHENG, ZHENG[1], PRICE, "收到")),
    ("11-09 14:00", reply(LIU, LIU[1], (STOP, "D6"), letters.RESULTS_3)),
    ("11-09 16:00", reply(LIU, LIU[1], (ENGLISH, "26W44"), letters.CONTAINMENT_4B)),
    ("11-10 09:00", reply(WANG, WANG[1], (ENGLISH, "评审会议"), "11月10日第二次会议：扩大到26W44、26W45批次。")),
    ("11-10 14:00", reply(LIU, LIU[1], (ENGLISH, "D4"), letters.CAUSE_4)),
    ("11-12 15:00", reply(SUN, SUN[1], (FORM, "D6"), letters.RESULTS_1)),
    # 第三周：效果验证，结案
    ("11-16 09:30", press(WANG, WANG[1], STOP, "有效")),
    ("11-16 14:00", press(CHEN, CHEN[1], STOP, "短期结案")),
    ("11-18 10:00", press(WANG, WANG[1], FORM, "有效")),
    ("11-19 10:00", press(CHEN, CHEN[1], FORM, "短期结案")),
)
# fmt: on


def play(folder: Path, say: Say) -> int:
    """Play the story in a folder, telling it as it happens; return an exit code.

    What an earlier demo left there is removed; a folder that holds something else is refused.  Raises OSError.
    """
    if not _clear(folder):
        say(f"{folder} holds something that no demo made; name another --folder")
        return 2
    with stage(folder, at("11-02 08:00"), say) as on:
        for moment, scene in SCENES:
            on.until(at(moment))
            scene(on)
        on.until(at("11-20 18:00"))
        _close(on, folder, say)
        return 1 if any(one.event.endswith(".failed") for one in on.happened) else 0


def _clear(folder: Path) -> bool:
    mark = folder / ".kesu-demo"
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        return False
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    mark.write_text("made by kesu demo; removed by the next one\n", encoding="utf-8")
    return True


def _close(on: Stage, folder: Path, say: Say) -> None:
    shared = folder / "ledger"
    reports = sorted((shared / "8D").glob("*.docx"))
    say(
        f"\n[bold]三周演完 / three weeks played:[/] 收信 {on.written}，发信 {len(on.received)}，8D 文件 {len(reports)}\n"
    )
    for what, path in (
        ("台账 the ledger", shared / LEDGER_NAME),
        ("8D 报告 the 8D files", shared / "8D"),
        ("附件 the evidence", shared / "附件"),
        ("发出的每封邮件 every mail sent", folder / "邮件"),
    ):
        say(f"  {what}: [cyan]{path}[/]")
