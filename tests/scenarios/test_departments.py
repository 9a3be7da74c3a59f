"""部門配合投訴管理辦法, from first mail to closing through every loop and branch, told as tables at the seams."""
# ruff: noqa: E501  the rows of the tables stand on one line

from dataclasses import dataclass, field

import pytest

from daemon.config import load_config
from tests.desk import SHANGHAI, office

CUSTOMER = "huang@taichung.example"
SERVICE = "lin.meihui@hongyuan.example"  # 客服部
HEAD = "tsai.yating@hongyuan.example"  # 客服部經理
SALES = "sales@hongyuan.example"
ENGINEERING = "engineering@hongyuan.example"
CHANG = "chang.chihming@hongyuan.example"  # 技術部, leads the special team
PRODUCT = "product@hongyuan.example"
AFTER = "aftersales@hongyuan.example"
DIRECTOR = "wu.chienhung@hongyuan.example"
GM = "gm@hongyuan.example"
SUPERVISION = "supervision@hongyuan.example"
CASE = "TS202611001"

CONFIG = """\
[company]
name = "宏遠精密股份有限公司"
domain = "hongyuan.example"
complaint_mailbox = "complaints@hongyuan.example"
language = "zh-TW"
[service]
process = "departments-zh-TW"
[mail_in]
kind = "embedded"
listen = "127.0.0.1"
listen_port = 2525
[mail_out]
kind = "folder"
[calendar]
zone = "Asia/Taipei"
country = "TW"
hours = ["08:00-12:00", "13:00-17:00"]
workdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
[summary]
weekday = "Thursday"
at = "16:00"
to = ["quality_manager"]
[roles]
quality_engineer = ["林美惠"]
quality_manager = ["蔡雅婷"]
sales_office = ["銷售部"]
engineering = ["技術部"]
product_office = ["產品部"]
after_sales = ["售後部"]
supervision = ["督導小組"]
[escalation]
quality_director = { name = "吳建宏", email = "wu.chienhung@hongyuan.example" }
general_manager = { name = "周宏遠", email = "gm@hongyuan.example" }
[[departments]]
name = "客服部"
email = "service@hongyuan.example"
manager = { name = "蔡雅婷", email = "tsai.yating@hongyuan.example" }
members = [{ name = "林美惠", email = "lin.meihui@hongyuan.example" }]
[[departments]]
name = "銷售部"
email = "sales@hongyuan.example"
manager = { name = "鄭海濤", email = "cheng.haitao@hongyuan.example" }
[[departments]]
name = "技術部"
email = "engineering@hongyuan.example"
manager = { name = "沈明哲", email = "shen.mingche@hongyuan.example" }
members = [{ name = "張志明", email = "chang.chihming@hongyuan.example" }]
[[departments]]
name = "產品部"
email = "product@hongyuan.example"
manager = { name = "何淑芬", email = "ho.shufen@hongyuan.example" }
[[departments]]
name = "售後部"
email = "aftersales@hongyuan.example"
manager = { name = "宋長河", email = "sung.changho@hongyuan.example" }
[[departments]]
name = "督導小組"
email = "supervision@hongyuan.example"
manager = { name = "高雅琴", email = "kao.yachin@hongyuan.example" }
[[routing]]
department = "技術部"
when = ["默认"]
"""

FORM = """您好：

貴公司產品有問題，請盡快處理。

客戶名稱：台中機械股份有限公司
產品名稱：變頻器
產品型號：VFD-22
批號：20261020-02
不良數量：{bad}
問題描述：{symptom}
聯絡電話：04-2359 1234

黃淑芬
台中機械股份有限公司 品保課
"""
SLIGHT = "外殼有輕微刮痕，請改善包裝。"
UNSTABLE = "運轉時轉速不穩定，已多次故障，影響我們出貨。"
HURT = "機器起火，一名作業員受傷，已有媒體記者來電詢問。"


@dataclass(frozen=True)
class Row:
    """At a time somebody does something; then the case stands so, its next due time is this, these are told."""

    at: str
    who: str
    what: tuple[str, ...]
    status: str
    steps: str
    due: str = ""
    told: dict[str, str] = field(default_factory=dict)
    untold: tuple[str, ...] = ()


def run(desk, *rows):
    for row in rows:
        desk.at(row.at)
        before = len(desk.sent)
        ACTIONS[row.what[0]](desk, row.who, *row.what[1:])
        ledger, fresh = desk.row(CASE), desk.sent[before:]
        here = f"{row.at} {row.what}"
        told = [(mail.to, mail.subject) for mail in fresh]
        assert ledger["status"] == row.status, (here, ledger["next_step"], told)
        assert ledger["next_step"] == row.steps, (here, told)
        if row.due:
            assert ledger["due_at"].astimezone(SHANGHAI).strftime("%m-%d %H:%M") == row.due, here
        for address, words in row.told.items():
            assert any(mail.to == address and words in mail.subject + mail.text for mail in fresh), (
                here,
                address,
                told,
            )
        assert not {mail.to for mail in fresh} & set(row.untold), (here, told)


def complain(desk, who, symptom, bad="3"):
    desk.mail(f"黃淑芬 <{who}>", "產品問題", FORM.format(bad=bad, symptom=symptom))


def press(desk, who, about, word, reason=""):
    desk.press(who, desk.last(who, about), word, reason=reason)


def reply(desk, who, about, text, *files):
    desk.reply(who, desk.last(who, about), text, *files)


ACTIONS = {"complains": complain, "presses": press, "replies": reply, "waits": lambda _desk, _who: None}


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    with office(tmp_path, config=load_config(tmp_path / "config.toml")) as opened:
        yield opened
        assert not [one for one in opened.happened if one.event.endswith((".failed", ".unwritten"))]
        found = {char: mail.subject for mail in opened.sent for char in simplified_in(mail)}
        assert not found, "a mail to Taiwan has no simplified character"


def simplified_in(mail):
    """The characters of a mail that stand in GB 2312 and not in Big5: those that only simplified writing has."""
    return {char for char in f"{mail.subject}{mail.text}{mail.html}" if "㐀" <= char <= "鿿" and is_simplified(char)}


def is_simplified(char):
    return can_write(char, "gb2312") and not can_write(char, "big5")


def can_write(char, charset):
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


PROPOSAL = "處理方式：換貨\n處理方案：更換外殼三件，改用氣泡袋包裝，負責人張志明，11月9日完成。"
ACCEPTED = Row("11-02 09:10", SERVICE, ("presses", "受理核實", "成立"), "处理中", "原因分析")


def test_a_general_complaint_goes_straight_on_and_the_department_decides(desk):
    run(
        desk,
        Row("11-02 09:00", CUSTOMER, ("complains", SLIGHT), "待核实", "受理核實", "11-03 09:00",
            {CUSTOMER: "投訴已受理", SERVICE: "受理核實"}, (GM, SALES, PRODUCT, SUPERVISION)),
        Row("11-02 09:10", SERVICE, ("replies", "受理核實", "成立\n責任部門：技術部"), "处理中", "原因分析", "11-05 09:10",
            {ENGINEERING: "原因分析"}, (GM, SALES, PRODUCT)),
        Row("11-02 15:00", ENGINEERING, ("replies", "原因分析", "原因分析：包裝材料太薄，運送途中摩擦。"), "处理中", "擬定處理方案",
            "11-04 15:00", {ENGINEERING: "擬定處理方案"}),
        Row("11-03 10:00", ENGINEERING, ("replies", "擬定處理方案", "處理方式：換貨"), "处理中", "擬定處理方案", "11-04 15:00",
            {ENGINEERING: "還缺：處理方案"}),
        Row("11-03 11:00", ENGINEERING, ("replies", "擬定處理方案", PROPOSAL), "待客户确认", "客戶同意方案", "11-10 11:00",
            {CUSTOMER: "在您同意之前，我們不會執行"}, (GM, DIRECTOR)),
        Row("11-04 10:00", CUSTOMER, ("presses", "客戶同意方案", "同意"), "处理中", "執行方案", "11-09 17:00",
            {ENGINEERING: "執行方案"}),
        Row("11-09 15:00", ENGINEERING, ("replies", "執行方案", "執行結果：已更換三件並寄出，附照片。", "換貨照片.jpg"), "待客户确认", "回訪",
            "11-12 15:00", {SERVICE: "回訪"}),
        Row("11-10 10:00", SERVICE, ("presses", "回訪", "滿意"), "待客户确认", "回訪", "11-12 15:00",
            {SERVICE: "選擇「滿意」之前還缺：滿意度"}),
        Row("11-10 10:30", SERVICE, ("replies", "回訪", "滿意\n滿意度：5"), "效果跟踪", "核查與結案報告", "11-13 10:30",
            {SERVICE: "核查與結案報告"}),
        Row("11-11 10:00", SERVICE, ("replies", "核查與結案報告", "處理過程：三天內換貨。\n處理效果：客戶確認外觀完好。"), "效果跟踪",
            "核查與結案報告", "11-13 10:30", {SERVICE: "還缺：結案報告"}),
        Row("11-11 11:00", SERVICE, ("replies", "已記錄", "報告如附件。", "結案報告-變頻器.docx"), "效果跟踪", "結案", "11-16 11:00",
            {HEAD: "結案"}, (GM, DIRECTOR)),
        Row("11-12 09:00", HEAD, ("presses", "結案", "同意結案"), "已结案", "", "", {CUSTOMER: "已結案"}),
    )  # fmt: skip
    assert desk.row(CASE)["category"] == "產品品質"
    assert desk.row(CASE)["disposal"] == "換貨"


TEAM = "專案小組組長：張志明\n專案小組成員與分工：銷售部鄭海濤查出貨；技術部張志明分析故障；產品部何淑芬評估設計；售後部宋長河維修。"
TO_PROPOSAL = (
    Row("11-02 09:00", CUSTOMER, ("complains", UNSTABLE), "待核实", "受理核實", "11-02 14:00", {SERVICE: "受理核實"}, (GM,)),
    Row("11-02 09:20", SERVICE, ("replies", "受理核實", "成立\n責任部門：技術部"), "处理中",
        "緊急程序、成立專案小組、事實與銷售紀錄、故障分析、設計評估", "11-02 17:20",
        {ENGINEERING: "緊急程序", HEAD: "成立專案小組", SALES: "事實與銷售紀錄", PRODUCT: "設計評估", AFTER: "請參加或配合"}, (GM, DIRECTOR)),
    Row("11-02 10:00", ENGINEERING, ("replies", "緊急程序", "緊急處理：已寄出備用機一台，負責人張志明，今天下午送達。"), "处理中",
        "成立專案小組、事實與銷售紀錄、故障分析、設計評估"),
    Row("11-02 11:00", HEAD, ("replies", "成立專案小組", TEAM), "处理中", "事實與銷售紀錄、故障分析、設計評估"),
    Row("11-02 13:00", SALES, ("replies", "事實與銷售紀錄", "10月20日出貨三台，合約約定保固兩年，之前沒有投訴。"), "处理中", "故障分析、設計評估"),
    Row("11-02 14:00", ENGINEERING, ("replies", "故障分析", "檢測結果：電容批次不良，容量下降百分之四十。"), "处理中", "設計評估"),
    Row("11-02 15:00", PRODUCT, ("replies", "設計評估", "與設計無關，同批電容另有兩個型號使用。"), "处理中", "原因分析", "11-04 15:00",
        {ENGINEERING: "原因分析"}),
    Row("11-03 09:00", ENGINEERING, ("replies", "原因分析", "原因分析：電容來料批次不良，進料檢驗未測容量。"), "处理中", "擬定處理方案",
        "11-04 09:00"),
    Row("11-03 10:00", ENGINEERING, ("replies", "擬定處理方案", PROPOSAL), "待审批", "專案小組評審", "11-04 10:00",
        {CHANG: "專案小組評審"}, (CUSTOMER,)),
)  # fmt: skip


def test_an_important_complaint_is_worked_on_by_the_departments_and_reviewed_by_the_team(desk):
    run(
        desk,
        *TO_PROPOSAL,
        Row("11-03 11:00", CHANG, ("presses", "專案小組評審", "駁回", "沒有處理同批的兩個型號"), "处理中", "擬定處理方案", "11-04 11:00",
            {ENGINEERING: "沒有處理同批的兩個型號"}),
        Row("11-03 13:00", ENGINEERING, ("replies", "沒有處理同批", f"{PROPOSAL}同批兩個型號一併更換電容。"), "待审批", "專案小組評審"),
        Row("11-03 14:00", CHANG, ("presses", "專案小組評審", "批准"), "待客户确认", "客戶同意方案", "11-06 14:00",
            {CUSTOMER: "處理方案徵詢"}, (GM,)),
        Row("11-03 15:00", CUSTOMER, ("presses", "客戶同意方案", "不同意", "不要換貨，要求退貨"), "处理中", "擬定處理方案", "11-04 15:00",
            {ENGINEERING: "不要換貨，要求退貨"}),
        Row("11-04 09:00", ENGINEERING, ("replies", "要求退貨", "處理方式：退貨\n處理方案：三台全數退貨退款，負責人張志明，11月6日完成。"),
            "待审批", "專案小組評審"),
        Row("11-04 10:00", CHANG, ("presses", "專案小組評審", "批准"), "待客户确认", "客戶同意方案", "", {CUSTOMER: "退貨退款"}),
        Row("11-04 11:00", CUSTOMER, ("replies", "客戶同意方案", "同意"), "处理中", "執行方案", "11-06 17:00"),
        Row("11-06 15:00", ENGINEERING, ("replies", "執行方案", "執行結果：三台已收回，款項已退。"), "待客户确认", "回訪"),
        Row("11-09 09:00", SERVICE, ("replies", "回訪", "滿意度：2\n不滿意，原因：退款少了運費"), "处理中", "擬定處理方案", "",
            {ENGINEERING: "退款少了運費"}),
        Row("11-09 10:00", ENGINEERING, ("replies", "退款少了運費", "處理方式：賠償\n處理方案：補退運費，負責人張志明，11月10日完成。"), "待审批",
            "專案小組評審"),
        Row("11-09 11:00", CHANG, ("presses", "專案小組評審", "批准"), "待客户确认", "客戶同意方案"),
        Row("11-09 14:00", CUSTOMER, ("presses", "客戶同意方案", "同意"), "处理中", "執行方案"),
        Row("11-10 09:00", ENGINEERING, ("replies", "執行方案", "執行結果：運費已補退。"), "待客户确认", "回訪"),
        Row("11-10 10:00", SERVICE, ("replies", "回訪", "滿意\n滿意度：4"), "效果跟踪", "核查與結案報告", "11-12 10:00"),
        Row("11-10 14:00", SERVICE, ("replies", "核查與結案報告", "處理過程：退貨並補運費。\n處理效果：客戶滿意。", "結案報告.docx"), "效果跟踪",
            "結案", "11-13 14:00", {GM: "結案報告", DIRECTOR: "結案報告", HEAD: "結案"}),
        Row("11-11 09:00", HEAD, ("presses", "結案", "退回補正", "沒有寫同批型號的處理"), "效果跟踪", "核查與結案報告", "",
            {SERVICE: "沒有寫同批型號的處理"}),
        Row("11-11 10:00", SERVICE, ("replies", "沒有寫同批型號", "處理過程：退貨、補運費；同批兩個型號已更換電容。"), "效果跟踪", "結案"),
        Row("11-11 11:00", HEAD, ("presses", "結案", "同意結案"), "已结案", "", "", {CUSTOMER: "已結案"}),
    )  # fmt: skip
    assert desk.row(CASE)["round"] == 5


def test_a_critical_complaint_needs_the_leaders_and_is_followed_for_long(desk):
    run(
        desk,
        Row("11-02 09:00", CUSTOMER, ("complains", HURT), "待核实", "受理核實", "11-02 10:00",
            {GM: "重大", DIRECTOR: "重大", SUPERVISION: "重大", HEAD: "重大", CUSTOMER: "投訴已受理"}),
        Row("11-02 09:10", SERVICE, ("replies", "受理核實", "成立\n責任部門：技術部"), "处理中",
            "緊急程序、到場或啟動處理、輿情監控、成立專案小組、事實與銷售紀錄、故障分析、設計評估", "11-02 13:10",
            {ENGINEERING: "緊急程序", AFTER: "到場或啟動處理", SALES: "事實與銷售紀錄", PRODUCT: "設計評估", HEAD: "成立專案小組"}),
        Row("11-02 09:40", ENGINEERING, ("replies", "緊急程序", "緊急處理：已請客戶停機斷電，並通知其他使用同批的客戶。"), "处理中",
            "到場或啟動處理、輿情監控、成立專案小組、事實與銷售紀錄、故障分析、設計評估", "",
            {CUSTOMER: "已請客戶停機斷電", GM: "投訴處理進展通報", DIRECTOR: "投訴處理進展通報"}),
        Row("11-02 10:30", AFTER, ("replies", "到場或啟動處理", "十點二十分到場，機器已封存，傷者輕微燙傷已送醫。"), "处理中",
            "輿情監控、成立專案小組、事實與銷售紀錄、故障分析、設計評估"),
        Row("11-02 10:40", SERVICE, ("replies", "輿情監控", "輿情狀況：一家地方媒體詢問，尚未報導。"), "处理中",
            "成立專案小組、事實與銷售紀錄、故障分析、設計評估"),
        Row("11-02 11:00", HEAD, ("replies", "成立專案小組", TEAM), "处理中", "事實與銷售紀錄、故障分析、設計評估"),
        Row("11-02 11:10", SALES, ("replies", "事實與銷售紀錄", "10月20日出貨三台，合約約定保固兩年。"), "处理中", "故障分析、設計評估"),
        Row("11-02 11:20", ENGINEERING, ("replies", "故障分析", "初步檢測：電容過熱起火，正在複驗同批。"), "处理中", "設計評估"),
        Row("11-02 11:30", PRODUCT, ("replies", "設計評估", "散熱設計裕度不足，將修改。"), "处理中", "原因分析", "11-03 11:30"),
        Row("11-02 15:00", ENGINEERING, ("replies", "原因分析", "原因分析：電容過熱，散熱裕度不足。"), "处理中", "擬定處理方案", "11-02 23:00"),
        Row("11-02 16:00", ENGINEERING, ("replies", "擬定處理方案", PROPOSAL), "待审批", "專案小組評審", "11-02 20:00"),
        Row("11-02 16:10", CHANG, ("presses", "專案小組評審", "批准"), "待审批", "主管核准", "11-02 20:10", {GM: "主管核准"},
            (CUSTOMER,)),
        Row("11-02 16:20", GM, ("presses", "主管核准", "駁回", "須負擔醫療費"), "处理中", "擬定處理方案", "", {ENGINEERING: "須負擔醫療費"}),
        Row("11-02 16:40", ENGINEERING, ("replies", "須負擔醫療費", f"{PROPOSAL}\n並負擔全部醫療費。"), "待审批", "專案小組評審"),
        Row("11-02 16:50", CHANG, ("presses", "專案小組評審", "批准"), "待审批", "主管核准"),
        Row("11-02 17:00", GM, ("presses", "主管核准", "批准"), "待客户确认", "客戶同意方案", "", {CUSTOMER: "處理方案徵詢"}),
        Row("11-03 09:00", CUSTOMER, ("presses", "客戶同意方案", "同意"), "处理中", "執行方案", "11-09 17:00"),
        Row("11-04 15:00", ENGINEERING, ("replies", "執行方案", "執行結果：已換新機，醫療費已付。"), "待客户确认", "回訪", "11-05 15:00"),
        Row("11-05 09:00", SERVICE, ("replies", "回訪", "滿意\n滿意度：4"), "效果跟踪", "持續追蹤", "12-05 09:00"),
        Row("11-20 10:00", SERVICE, ("replies", "持續追蹤", "無效，原因：同批另一台也過熱\n持續追蹤：另一家客戶反映過熱。"), "处理中", "原因分析", "",
            {ENGINEERING: "同批另一台也過熱"}),
        Row("11-20 11:00", ENGINEERING, ("replies", "同批另一台也過熱", "原因分析：風扇批次不良。"), "处理中", "擬定處理方案"),
        Row("11-20 12:00", ENGINEERING, ("replies", "擬定處理方案", f"{PROPOSAL}\n同批風扇全數更換。"), "待审批", "專案小組評審"),
        Row("11-20 13:00", CHANG, ("presses", "專案小組評審", "批准"), "待审批", "主管核准"),
        Row("11-20 13:10", GM, ("presses", "主管核准", "批准"), "待客户确认", "客戶同意方案"),
        Row("11-20 14:00", CUSTOMER, ("presses", "客戶同意方案", "同意"), "处理中", "執行方案"),
        Row("11-23 10:00", ENGINEERING, ("replies", "執行方案", "執行結果：風扇已全數更換。"), "待客户确认", "回訪"),
        Row("11-23 11:00", SERVICE, ("replies", "回訪", "滿意\n滿意度：5"), "效果跟踪", "持續追蹤", "12-23 11:00"),
        Row("12-20 10:00", SERVICE, ("replies", "持續追蹤", "有效\n持續追蹤：一個月沒有再發生，媒體沒有報導。"), "效果跟踪", "核查與結案報告"),
        Row("12-21 10:00", SERVICE, ("replies", "核查與結案報告", "處理過程：換機、賠償、改散熱。\n處理效果：沒有再發生。", "結案報告.pdf"), "效果跟踪",
            "結案", "", {GM: "結案報告"}),
        Row("12-21 11:00", HEAD, ("presses", "結案", "同意結案"), "已结案", ""),
    )  # fmt: skip


def test_unfounded_is_explained_and_missing_facts_are_asked_of_the_customer(desk):
    run(
        desk,
        Row("11-02 09:00", CUSTOMER, ("complains", SLIGHT), "待核实", "受理核實"),
        Row("11-02 10:00", SERVICE, ("presses", "受理核實", "資料不足", "缺訂單編號"), "待核实", "受理核實", "", {CUSTOMER: "請補充以下資料"}),
        Row("11-02 11:00", CUSTOMER, ("replies", "請補充以下資料", "訂單編號：PO-7781"), "待核实", "受理核實", "",
            {SERVICE: "客戶補充了所問的資料"}),
        Row("11-02 13:00", SERVICE, ("presses", "受理核實", "不成立", "刮痕是客戶自行搬運造成"), "已结案", "", "",
            {CUSTOMER: "刮痕是客戶自行搬運造成"}),
    )  # fmt: skip
    assert desk.row(CASE)["order_no"] == "PO-7781"


def test_a_grade_that_is_raised_brings_the_urgent_procedure_and_the_review(desk):
    run(
        desk,
        Row("11-02 09:00", CUSTOMER, ("complains", SLIGHT), "待核实", "受理核實"),
        Row("11-02 09:30", SERVICE, ("replies", "受理核實", "成立\n責任部門：技術部"), "处理中", "原因分析"),
        Row("11-02 10:00", SERVICE, ("replies", "受理核實", "投訴等級：重要"), "处理中",
            "緊急程序、成立專案小組、事實與銷售紀錄、故障分析、設計評估", "", {ENGINEERING: "緊急程序", SALES: "事實與銷售紀錄", HEAD: "成立專案小組"}),
    )  # fmt: skip


def test_only_the_owner_decides_and_is_told_so_in_traditional_words(desk):
    run(
        desk,
        *TO_PROPOSAL,
        Row("11-03 11:00", SALES, ("replies", "事實與銷售紀錄", "處理方式：退貨"), "待审批", "專案小組評審"),
        Row("11-03 11:10", CHANG, ("presses", "專案小組評審", "駁回"), "待审批", "專案小組評審", "", {CHANG: "請寫明原因"}),
        Row("11-03 11:20", ENGINEERING, ("replies", "擬定處理方案", "處理方式：丟棄"), "待审批", "專案小組評審", "",
            {ENGINEERING: "「處理方式」不能填「丟棄」，可填：退貨、換貨"}),
        Row("11-03 11:30", SERVICE, ("replies", "TS202611001", "暫停"), "待审批", "專案小組評審", "", {SERVICE: "請寫明原因"}),
        Row("11-03 11:40", SERVICE, ("replies", "TS202611001", "暫停：等客戶寄回樣品"), "暂停", "專案小組評審", "",
            {ENGINEERING: "已暫停", CHANG: "已暫停"}),
        Row("11-04 09:00", SERVICE, ("replies", "已暫停", "恢復：樣品已到"), "待审批", "專案小組評審", "", {CHANG: "恢復處理"}),
        Row("11-04 09:30", "boss@mail.example", ("complains", "x"), "待审批", "專案小組評審"),
    )  # fmt: skip
    desk.mail("王總 <boss@mail.example>", f"回覆: [客訴 {CASE}] 請處理", "核准，請結案。")
    assert "驗證碼" in desk.last(SERVICE, "身分").text


def test_who_is_late_is_reminded_and_the_supervision_group_hastens(desk):
    run(
        desk,
        Row("11-02 09:00", CUSTOMER, ("complains", SLIGHT), "待核实", "受理核實", "11-03 09:00"),
        Row("11-02 09:30", SERVICE, ("replies", "受理核實", "成立\n責任部門：技術部"), "处理中", "原因分析", "11-05 09:30"),
        Row("11-05 09:30", "", ("waits",), "处理中", "原因分析"),
        Row("11-10 10:00", "", ("waits",), "处理中", "原因分析"),
    )  # fmt: skip
    assert "提醒" in desk.last(ENGINEERING, "提醒").subject
    assert "逾期升級" in desk.last(SUPERVISION, "逾期升級").subject
    assert desk.to(DIRECTOR, "逾期升級")
    assert not desk.to(GM, "逾期升級")
    assert desk.to(SUPERVISION, "督導小組查核"), "open cases go to the supervision group each Friday"
    desk.jump("12-08 09:00")
    report = desk.last(HEAD, "投訴定期報告")
    assert "部門排名" in report.text
    assert "及時率" in report.text
    assert desk.to(HEAD, "週報"), "the weekly summary is traditional too"


def test_a_silent_customer_is_asked_again_and_never_taken_to_agree(desk):
    run(
        desk,
        Row("11-02 09:00", CUSTOMER, ("complains", SLIGHT), "待核实", "受理核實"),
        Row("11-02 09:10", SERVICE, ("replies", "受理核實", "成立\n責任部門：技術部"), "处理中", "原因分析"),
        Row("11-02 10:00", ENGINEERING, ("replies", "原因分析", "原因分析：包裝材料太薄，運送途中摩擦。"), "处理中", "擬定處理方案"),
        Row("11-02 11:00", ENGINEERING, ("replies", "擬定處理方案", PROPOSAL), "待客户确认", "客戶同意方案", "11-09 11:00"),
        Row("11-09 12:00", "", ("waits",), "待客户确认", "客戶同意方案"),
        Row("11-17 12:00", "", ("waits",), "待客户确认", "客戶同意方案"),
    )  # fmt: skip
    assert desk.to(CUSTOMER, "想再聽聽您")
    assert desk.to(SERVICE, "客戶尚未答覆")


def test_a_second_silent_case_comes_with_the_first_as_a_digest_in_traditional_words(desk):
    for number in ("TS202611001", "TS202611002"):
        complain(desk, CUSTOMER, f"{SLIGHT}{number}")
        desk.reply(SERVICE, desk.last(SERVICE, number), "成立\n責任部門：技術部")
    desk.jump("11-09 09:00")
    late = [mail for mail in desk.to(ENGINEERING) if "客訴待辦" in mail.subject]
    assert len(late) == 1
    assert all(number in late[0].text for number in ("TS202611001", "TS202611002"))
    desk.reply(ENGINEERING, late[0], "收到")
    assert desk.last(ENGINEERING, "請逐件確認")


def test_a_department_gets_a_case_of_its_own_by_a_word_of_the_service_department(desk):
    complain(desk, CUSTOMER, UNSTABLE)
    desk.reply(SERVICE, desk.last(SERVICE, CASE), "子案：產品部\n請評估設計是否需要變更。")
    own = "TS202611002"
    assert desk.rows[own]["department"] == "產品部"
    desk.reply(SERVICE, desk.last(SERVICE, own), "成立")
    assert desk.to(PRODUCT, own)
    assert not desk.to(CUSTOMER, own), "the customer knows the one case only"
