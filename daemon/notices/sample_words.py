"""What the made-up case says, in Chinese and in English.  Values only; every name is invented."""

from __future__ import annotations

from collections.abc import Mapping

from daemon.core.case import Scalar

STRANGER = "zhang.min@lingke-motor.example"

_FACTS_ZH: Mapping[str, Scalar] = {
    "customer": "苏州凌科电机有限公司",
    "site": "苏州工厂 2 号线",
    "contact_name": "张敏",
    "contact_phone": "0512-6000 0000",
    "contact_email": STRANGER,
    "product_name": "电机端盖",
    "part_no": "LK-3307-B",
    "order_no": "PO20261102-17",
    "batch_no": "20261108A",
    "quantity_delivered": 12000,
    "quantity_defective": 326,
    "defect_rate": 0.0272,
    "phenomenon": "轴承室内径偏大，实测 15.018 mm（图纸 15.000–15.011 mm），轴承压入后松动，产线已停线两小时。",
    "demand": "24 小时内派人到厂挑选，三天内补货 12,000 件，提供 8D 报告。",
    "customer_due": "2026-11-26T09:00:00+00:00",
    "category": "产品质量",
    "department": "生产部",
    "contact_section": "品质保证科",
    "daily_use": "4,000 件/天",
}

_TEXTS_ZH = {
    "d0.emergency": "11月23日 10:40 驻线工程师到达客户 2 号线，现场挑选；从中转库调换 2,000 件，11:30 恢复生产。",
    "d1.leader": "sun.dapeng",
    "d3.containment": (
        "客户端：3,200 件，全检，不良 87 件，已隔离。责任人：孙大鹏，11月23日。\n"
        "中转库：4,000 件，全检，不良 112 件，已退回。责任人：李秀梅，11月24日。\n"
        "在途：2,000 件，到货后全检。\n成品、半成品：6,500 件，通止规全检，不良 41 件。\n来料：不适用，本工序自制。"
    ),
    "d4.occurrence.cause": (
        "11月8日夜班更换镗刀后未做首件确认，刀尖补偿值输入为 +0.012（应为 +0.002），内径整体偏大。已复现。"
    ),
    "d4.escape.cause": "终检通止规 11月6日送检期间使用备用塞规，止端磨损 0.006 mm，未能检出。",
    "d5.actions": (
        "1. 换刀后系统锁机，首件三坐标合格方可解锁（对应发生原因）。责任人：孙大鹏，12月5日。\n"
        "2. 备用量规纳入月度校准，过期自动停用（对应流出原因）。责任人：王晓燕，12月3日。"
    ),
}

_FACTS_EN: Mapping[str, Scalar] = {
    **_FACTS_ZH,
    "customer": "Lingke Motor GmbH",
    "site": "Plant 2, line 4",
    "contact_name": "Karl Müller",
    "product_name": "Motor end cap",
    "phenomenon": "Bearing bore too wide, measured 15.018 mm (drawing 15.000–15.011 mm). Bearings sit loose after "
    "pressing; our line has been down for two hours.",
    "demand": "Sorting at our plant within 24 hours, 12,000 replacement parts within three days, 8D report.",
    "contact_section": "Quality assurance",
    "daily_use": "4,000 a day",
}

_TEXTS_EN = {
    "d0.emergency": "23 Nov 10:40: resident engineer on line 4, sorting on site; 2,000 good parts from the hub, line "
    "runs again at 11:30.",
    "d1.leader": "sun.dapeng",
    "d3.containment": (
        "Customer: 3,200 parts, all checked, 87 bad, quarantined.\nHub: 4,000 parts, all checked, 112 bad, sent back.\n"
        "In transit: 2,000 parts, to be checked on arrival.\nFinished and half-finished: 6,500 parts, gauged, 41 bad.\n"
        "Incoming: not applicable, made in house."
    ),
    "d4.occurrence.cause": "No first-piece check after the boring tool was changed on 8 Nov; the tool offset was "
    "entered as +0.012 instead of +0.002. Reproduced.",
    "d4.escape.cause": "A spare plug gauge was in use while the regular one was being calibrated; its no-go end was "
    "worn by 0.006 mm.",
    "d5.actions": (
        "1. The machine locks after a tool change until the first piece passes the measuring machine. 5 Dec.\n"
        "2. Spare gauges join the monthly calibration and are blocked when it is over. 3 Dec."
    ),
}

FACTS = {"zh": _FACTS_ZH, "en": _FACTS_EN}
TEXTS = {"zh": _TEXTS_ZH, "en": _TEXTS_EN}
