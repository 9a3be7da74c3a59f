"""The dictionary of a case's facts: one key for mail, ledger, Word and journal.  A table, no rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from daemon.core.case import Severity, Status

CellValue = str | int | float | datetime | None  # what a cell of the ledger holds: text, number, instant, nothing


class Who(StrEnum):
    """Whose a column of the ledger is."""

    DAEMON = "d"  # a person's change is put back and explained
    PEOPLE = "p"  # filled first from the mail, then theirs
    BOTH = "b"  # merged cell by cell


class Kind(StrEnum):
    """What a fact looks like."""

    TEXT = "text"
    MOMENT = "date-time"
    COUNT = "whole number"
    RATE = "percent"
    MONEY = "money"
    LIST = "list"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Field:
    """One fact: its key and its names in the languages of the ledger."""

    key: str
    header: str
    header_en: str
    who: Who
    kind: Kind
    synonyms: tuple[str, ...] = ()
    header_tw: str = ""
    values: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        """Return what people call this fact."""
        if not language.startswith("zh"):  # English for everybody else, as in all of our mails
            return self.header_en
        return self.header_tw or self.header if language == "zh-TW" else self.header


CHANNELS = ("邮件", "电话", "微信", "传真", "现场", "平台", "驻线", "营销部", "其他")
GRADES = tuple(Severity)
VALIDITIES = ("待核实", "成立", "不成立")
STATES = tuple(Status)
REVIEWS = ("批准", "驳回")
ANSWERS = ("满意", "不满意")
EFFECTS = ("有效", "无效")
SCORES = ("1", "2", "3", "4", "5")
YES_NO = ("是", "否")
CATEGORIES = ("产品质量", "服务质量", "售后维修", "价格", "合同纠纷", "交付物流", "安全事故", "其他")

FIELDS: tuple[Field, ...] = (
    Field(
        "case_no",
        "客诉编号",
        "Case no.",
        Who.DAEMON,
        Kind.TEXT,
        synonyms=("编号", "投诉编号", "NO"),
        header_tw="客訴編號",
    ),
    Field(
        "received_at",
        "接收时间",
        "Received",
        Who.DAEMON,
        Kind.MOMENT,
        synonyms=("投诉时间", "接收日期", "日期"),
        header_tw="接收時間",
    ),
    Field(
        "channel",
        "投诉渠道",
        "Channel",
        Who.PEOPLE,
        Kind.LIST,
        synonyms=("渠道", "来源"),
        header_tw="投訴渠道",
        values=CHANNELS,
    ),
    Field(
        "customer", "客户名称", "Customer", Who.PEOPLE, Kind.TEXT, synonyms=("客户", "客户单位"), header_tw="客戶名稱"
    ),
    Field("site", "客户基地", "Site", Who.PEOPLE, Kind.TEXT, synonyms=("基地", "工厂"), header_tw="客戶基地"),
    Field("contact_name", "联系人", "Contact", Who.PEOPLE, Kind.TEXT, synonyms=("客户联系人",), header_tw="聯絡人"),
    Field("contact_phone", "联系电话", "Phone", Who.PEOPLE, Kind.TEXT, synonyms=("电话",), header_tw="聯絡電話"),
    Field("contact_email", "联系邮箱", "E-mail", Who.PEOPLE, Kind.TEXT, synonyms=("邮箱",), header_tw="聯絡郵箱"),
    Field(
        "forwarded_by", "转发人", "Forwarded by", Who.DAEMON, Kind.TEXT, synonyms=("业务员", "跟单"), header_tw="轉發人"
    ),
    Field(
        "product_name", "产品名称", "Product", Who.PEOPLE, Kind.TEXT, synonyms=("品名", "名称"), header_tw="產品名稱"
    ),
    Field(
        "part_no",
        "产品编号",
        "Part no.",
        Who.PEOPLE,
        Kind.TEXT,
        synonyms=("料号", "型号", "图号", "零件号"),
        header_tw="產品編號",
    ),
    Field("order_no", "订单编号", "Order no.", Who.PEOPLE, Kind.TEXT, synonyms=("订单号",), header_tw="訂單編號"),
    Field(
        "batch_no",
        "不良批次",
        "Batch no.",
        Who.PEOPLE,
        Kind.TEXT,
        synonyms=("批次", "批号", "批次号", "生产批号"),
        header_tw="不良批次",
    ),
    Field(
        "quantity_delivered",
        "交货数量",
        "Qty delivered",
        Who.PEOPLE,
        Kind.COUNT,
        synonyms=("发货数量", "来料数量"),
        header_tw="交貨數量",
    ),
    Field(
        "quantity_defective",
        "不良数量",
        "Qty defective",
        Who.PEOPLE,
        Kind.COUNT,
        synonyms=("不良数",),
        header_tw="不良數量",
    ),
    Field("defect_rate", "不良率", "Defect rate", Who.PEOPLE, Kind.RATE),
    Field(
        "phenomenon",
        "不良现象",
        "Symptom",
        Who.PEOPLE,
        Kind.TEXT,
        synonyms=("问题描述", "投诉内容", "故障现象"),
        header_tw="不良現象",
    ),
    Field("demand", "客户要求", "Customer's request", Who.PEOPLE, Kind.TEXT, synonyms=("诉求",), header_tw="客戶要求"),
    Field(
        "customer_due",
        "客户要求回复时间",
        "Answer requested by",
        Who.PEOPLE,
        Kind.MOMENT,
        synonyms=("要求回复时间", "要求完成时间"),
        header_tw="客戶要求回覆時間",
    ),
    Field(
        "category",
        "投诉类别",
        "Category",
        Who.PEOPLE,
        Kind.LIST,
        synonyms=("类别",),
        header_tw="投訴類別",
        values=CATEGORIES,
    ),
    Field(
        "severity",
        "投诉等级",
        "Grade",
        Who.PEOPLE,
        Kind.LIST,
        synonyms=("等级", "级别"),
        header_tw="投訴等級",
        values=GRADES,
    ),
    Field("validity", "是否成立", "Founded", Who.PEOPLE, Kind.LIST, values=VALIDITIES),
    Field(
        "department",
        "责任部门",
        "Responsible department",
        Who.PEOPLE,
        Kind.LIST,
        synonyms=("部门",),
        header_tw="責任部門",
    ),
    Field(
        "owner", "责任人", "Person in charge", Who.PEOPLE, Kind.TEXT, synonyms=("负责人", "担当"), header_tw="責任人"
    ),
    Field(
        "quality_engineer",
        "质量工程师",
        "Quality engineer",
        Who.PEOPLE,
        Kind.TEXT,
        synonyms=("经办人", "品质担当"),
        header_tw="品質工程師",
    ),
    Field("status", "状态", "Status", Who.BOTH, Kind.LIST, synonyms=("进度",), values=STATES, header_tw="狀態"),
    Field("next_step", "当前步骤", "Current step", Who.DAEMON, Kind.TEXT, synonyms=("下一步",), header_tw="目前步驟"),
    Field("due_at", "截止时间", "Due", Who.DAEMON, Kind.MOMENT, header_tw="期限"),
    Field("overdue", "逾期", "Overdue", Who.DAEMON, Kind.TEXT, synonyms=("超期",)),
    Field(
        "containment", "临时措施", "Containment", Who.BOTH, Kind.TEXT, synonyms=("围堵措施", "D3"), header_tw="臨時措施"
    ),
    Field(
        "cause_occurrence",
        "发生原因",
        "Occurrence cause",
        Who.BOTH,
        Kind.TEXT,
        synonyms=("原因分析", "D4"),
        header_tw="發生原因",
    ),
    Field("cause_escape", "流出原因", "Escape cause", Who.BOTH, Kind.TEXT),
    Field(
        "corrective_action",
        "永久措施",
        "Corrective action",
        Who.BOTH,
        Kind.TEXT,
        synonyms=("纠正措施", "长期对策", "D5"),
    ),
    Field(
        "prevention",
        "预防与水平展开",
        "Prevention",
        Who.BOTH,
        Kind.TEXT,
        synonyms=("预防措施", "D7"),
        header_tw="預防與水平展開",
    ),
    Field("review", "审批结果", "Review", Who.PEOPLE, Kind.LIST, values=REVIEWS, header_tw="核准結果"),
    Field("review_comment", "审批意见", "Review comment", Who.PEOPLE, Kind.TEXT, header_tw="核准意見"),
    Field(
        "customer_answer",
        "客户反馈",
        "Customer's answer",
        Who.PEOPLE,
        Kind.LIST,
        synonyms=("客户确认",),
        values=ANSWERS,
        header_tw="客戶回饋",
    ),
    Field(
        "effect",
        "效果验证",
        "Effectiveness",
        Who.PEOPLE,
        Kind.LIST,
        synonyms=("效果确认",),
        values=EFFECTS,
        header_tw="效果驗證",
    ),
    Field("cost", "损失金额", "Cost", Who.PEOPLE, Kind.MONEY, synonyms=("费用",), header_tw="損失金額"),
    Field("satisfaction", "满意度", "Satisfaction", Who.PEOPLE, Kind.LIST, values=SCORES, header_tw="滿意度"),
    Field("repeat_of", "重复投诉", "Repeat of", Who.DAEMON, Kind.TEXT, header_tw="重複投訴"),
    Field("related", "关联案件", "Related cases", Who.DAEMON, Kind.TEXT, header_tw="關聯案件"),
    Field("round", "轮次", "Round", Who.DAEMON, Kind.COUNT, header_tw="輪次"),
    Field("closed_at", "结案时间", "Closed", Who.DAEMON, Kind.MOMENT, synonyms=("关闭时间",), header_tw="結案時間"),
    Field("report_file", "8D报告", "8D report", Who.DAEMON, Kind.LINK, header_tw="8D報告"),
    Field("evidence_folder", "附件", "Attachments", Who.DAEMON, Kind.LINK),
    Field("meeting", "例会汇报", "Meeting report", Who.PEOPLE, Kind.LIST, values=YES_NO, header_tw="例會報告"),
    Field("hint", "系统提示", "System hint", Who.DAEMON, Kind.TEXT, header_tw="系統提示"),
    Field("remarks", "备注", "Remarks", Who.PEOPLE, Kind.TEXT, synonyms=("说明",), header_tw="備註"),
)

BY_KEY = {field.key: field for field in FIELDS}

# The facts that a step may ask of its owner: those that people fill in.
GIVABLE = frozenset(field.key for field in FIELDS if field.who is Who.PEOPLE)
# Lists of the ledger to which people may add values.
OPEN_LISTS = frozenset({"channel", "category", "department"})
# Facts that no column shows, for conditions: how often the complaint was repeated, the customer's class in config.
REPEATS, CUSTOMER_CLASS = "repeats", "customer_class"
UNSHOWN = {REPEATS: ("重复次数", "times repeated"), CUSTOMER_CLASS: ("客户等级", "customer's class")}

# The facts that tell what the complaint is about, in the order in which people read them.
COMPLAINT_KEYS = (
    "customer", "site", "contact_name", "contact_phone", "contact_email", "product_name", "part_no", "order_no",
    "batch_no", "quantity_delivered", "quantity_defective", "defect_rate", "phenomenon", "demand", "customer_due",
    "category", "severity", "department",
)  # fmt: skip

# The sections that the ledger shows in a column of its own.
SECTION_COLUMNS = {
    "containment": "d3.containment",
    "cause_occurrence": "d4.occurrence.cause",
    "cause_escape": "d4.escape.cause",
    "corrective_action": "d5.actions",
    "prevention": "d7.prevention",
}
