"""Facts of complaints in words of their own, apart from the corpus."""
# ruff: noqa: E501, ISC004  mails stand here as they are written

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from daemon.core.numbers import whole

CASES = {
    "a form": (
        "客户：厦门海纬照明科技有限公司\n使用工厂：翔安工厂\n产品名称/型号：散热铝基板 / AL-2835-B\n批次：26W44-02\n"
        "采购订单：4501239987\n到货数量：1.5万\n不良数：320PCS\n不良描述：阻焊起泡\n要求：48小时内提交临时措施",
        {"customer": "厦门海纬照明科技有限公司", "site": "翔安工厂", "product_name": "散热铝基板", "part_no": "AL-2835-B",
         "batch_no": "26W44-02", "order_no": "4501239987", "quantity_delivered": 15000, "quantity_defective": 320},
    ),
    "prose": (
        "我司11月8日收到贵司发来的尼龙扎带10000条，使用中发现有260条扎带齿部缺胶。批次H2611-05，料号NT-4.8-300。\n"
        "请于本周五前补发合格品300条。\n\n王磊\n采购部 | 合肥庐阳线束有限公司",
        {"customer": "合肥庐阳线束有限公司", "product_name": "尼龙扎带", "part_no": "NT-4.8-300", "batch_no": "H2611-05",
         "quantity_delivered": 10000, "quantity_defective": 260, "demand": "请于本周五前补发合格品300条。"},
    ),
    "numbers in words": (
        "我厂购进贵公司含油轴套五千只，装配时发现有一百二十只内径偏小，约占百分之二点四。型号：SF-1-2015。",
        {"product_name": "含油轴套", "quantity_delivered": 5000, "quantity_defective": 120, "defect_rate": 0.024},
    ),
    "a sample": (
        "18 of 80 checked pieces of the spacer sleeve (your part no. DS-410) are out of tolerance.",
        {"part_no": "DS-410", "quantity_defective": 18, "defect_rate": 0.225},
    ),
    "boxes are no pieces": ("3 of 14 pallets were crushed and 18 cartons are wet.", {"quantity_defective": None}),
    "seven or eight is no number": ("已经换了七八台，都开裂了。", {"quantity_defective": None}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "facts"), CASES.values(), ids=CASES.keys())
def test_facts(reading, text, facts):
    found = reading("质量反馈", text).facts
    assert {key: found.get(key) for key in facts} == facts


@pytest.mark.parametrize(
    ("demand", "due"),
    [
        ("请在24小时内回复", (11, 10, 0)),
        ("请于本周五前回复", (13, 23, 59)),
        ("请于11月15日前回复", (15, 23, 59)),
        ("Please reply by 20 November.", (20, 23, 59)),
        ("Please reply until Friday.", (13, 23, 59)),
        ("请于三天内回复", (13, 23, 59)),
        ("请五个工作日内回复", None),
        ("请尽快回复", None),
    ],
)
def test_when_the_customer_wants_an_answer(reading, demand, due):
    found = reading("投诉", f"端盖开裂。{demand}").facts.get("customer_due")
    day, hour, minute = due or (0, 0, 0)
    assert found == (datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai")) if due else None)


TRIAGE = [
    ("外壳毛刺", "产品质量", "一般", "质量部"),
    ("发票单价与合同不符", "价格", "一般", "销售部"),
    ("少发一箱", "交付物流", "一般", "物流部"),
    ("托盘压坏，纸箱淋湿", "交付物流", "一般", "物流部"),
    ("图纸版本不一致", "产品质量", "一般", "技术部"),
    ("端子虚焊", "产品质量", "一般", "生产部"),
    ("制动失效，产线停线", "产品质量", "重大", "质量部"),
    ("又出现毛刺", "产品质量", "重要", "质量部"),
    ("装车测试时起火", "安全事故", "重大", "质量部"),
]


@pytest.mark.parametrize(("text", "category", "severity", "department"), TRIAGE)
def test_triage(reading, text, category, severity, department):
    found = reading("反馈", f"{text}。").facts
    assert (found["category"], found["severity"], found["department"]) == (category, severity, department)


def test_several_products_are_told_apart(reading):
    text = "1. 按键帽 KC-301（批号 26B11）：印字模糊，抽检200个有12个；\n2. 导光柱 DG-15，少发500个。"
    found = reading("来料问题", text).items
    assert [(item.product_name, item.part_no, item.department) for item in found] == [
        ("按键帽", "KC-301", "质量部"),
        ("导光柱", "DG-15", "物流部"),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,200", 1200), ("1.2千", 1200), ("二千四百", 2400), ("两百", 200), ("七八", None), ("3万", 30000)],
)
def test_numbers(text, value):
    assert whole(text) == value


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("外壳毛刺请处理", "zh-CN"),
        ("塑膠護套縮水，請處理", "zh-TW"),
        ("broken parts", "en"),
        ("タップ不良が発生しました", "ja"),
    ],
)
def test_languages(reading, text, language):
    assert reading("x", text).language == language
