"""The words of the 8D form in the languages of its readers.  A table, no rules."""

from __future__ import annotations

from collections.abc import Mapping

Words = tuple[str, str]  # 中文, English

WORDS: Mapping[str, Words] = {
    "report": ("8D 报告", "8D Report"),
    "internal": ("内部资料", "Internal"),
    "external": ("客户版", "Customer edition"),
    "revision": ("版本", "Revision"),
    "date": ("日期", "Date"),
    "page": ("页码", "Page"),
    "to_follow": ("后续回复", "To follow"),
    "summary": ("概要", "Summary"),
    "pictures": ("现象照片", "Pictures of the defect"),
    "unshown": ("未显示的图片（见附件）", "Pictures not shown (see the attachments)"),
    "files": ("证据文件", "Evidence files"),
    "action": ("措施", "Action"),
    "place": ("位置", "Place"),
    "person": ("责任人", "Person"),
    "due": ("完成日期", "Due date"),
    "time": ("时间", "Time"),
    "role": ("角色", "Role"),
    "name": ("姓名", "Name"),
    "department": ("部门", "Department"),
    "duty": ("分工", "Duty"),
    "contact": ("联系方式", "Contact"),
    "leader": ("组长", "Leader"),
    "sponsor": ("发起人", "Sponsor"),
    "quality": ("质量工程师", "Quality engineer"),
    "members": ("成员", "Members"),
    "duty_leader": ("8D 主导，发生原因", "Leads the 8D, occurrence cause"),
    "duty_quality": ("流出原因，审核", "Escape cause, check"),
    "what": ("何事", "What"),
    "when": ("何时", "When"),
    "where": ("何地", "Where"),
    "who": ("何人发现", "Who found it"),
    "why_problem": ("为何是问题", "Why a problem"),
    "how_found": ("如何发现", "How found"),
    "how_many": ("多少", "How many"),
    "at_customer": ("客户端", "Customer"),
    "hub": ("中转库", "Hub"),
    "in_transit": ("在途", "In transit"),
    "finished": ("成品", "Finished"),
    "half_finished": ("半成品", "Half-finished"),
    "line": ("产线", "Line"),
    "incoming": ("来料", "Incoming"),
    "quantity": ("数量", "Qty"),
    "checked": ("检查数", "Checked"),
    "bad": ("不良数", "Bad"),
    "method": ("方法", "Method"),
    "result": ("结果", "Result"),
    "proof": ("有效性证明", "Proof that it works"),
    "occurrence": ("发生原因", "Occurrence"),
    "escape": ("流出原因", "Escape"),
    "why": ("为什么", "Why"),
    "cause": ("根本原因", "Root cause"),
    "cause_proof": ("验证", "Proof"),
    "proved": ("□ 已验证（方法：        ）  □ 假设", "□ proved (how:          )  □ assumed"),
    "factor": ("因素", "Factor"),
    "man": ("人", "Man"),
    "machine": ("机", "Machine"),
    "material": ("料", "Material"),
    "methods": ("法", "Method"),
    "environment": ("环", "Environment"),
    "measurement": ("测", "Measurement"),
    "change": ("变化点", "What changed"),
    "related": ("是否相关", "Related"),
    "answers": ("对应原因", "Cause answered"),
    "done": ("完成日期", "Done on"),
    "evidence": ("证据", "Evidence"),
    "before": ("改善前", "Before"),
    "after": ("改善后", "After"),
    "verified_by": ("验证人", "Verified by"),
    "kind": ("类别", "Kind"),
    "content": ("内容 / 文件编号", "Content / document no."),
    "fmea": ("FMEA", "FMEA"),
    "control_plan": ("控制计划", "Control plan"),
    "work_instruction": ("作业指导书", "Work instruction"),
    "drawing": ("图纸 / 检验标准", "Drawing / standard"),
    "error_proofing": ("防呆", "Error-proofing"),
    "training": ("培训", "Training"),
    "deployment": ("水平展开", "Horizontal deployment"),
    "closing": ("结案方式", "Closing"),
    "lessons": ("经验教训", "Lessons learned"),
    "thanks": ("感谢", "Thanks"),
    "thanks_text": ("感谢小组全体成员，感谢客户的反馈与配合。", "Our thanks to the team, and to the customer."),
    "prepared": ("编制", "Prepared"),
    "examined": ("审核", "Checked"),
    "approved": ("批准", "Approved"),
    "sign": ("签名 / 日期", "Signature / date"),
}

# The headings: their own words, and the section of the process whose title goes first.
TITLES: Mapping[str, tuple[Words, str]] = {
    "d0": (("D0 应急措施", "D0 Emergency response"), "d0.emergency"),
    "d1": (("D1 成立小组", "D1 Team"), ""),
    "d2": (("D2 问题描述", "D2 Problem description"), ""),
    "d3": (("D3 临时措施（围堵）", "D3 Containment"), "d3.containment"),
    "d4": (("D4 根本原因", "D4 Root cause"), ""),
    "d5": (("D5 永久措施", "D5 Corrective action"), "d5.actions"),
    "d6": (("D6 实施与效果", "D6 Implementation and results"), "d6.results"),
    "d7": (("D7 预防与水平展开", "D7 Prevention"), "d7.prevention"),
    "d8": (("D8 结案", "D8 Closing"), "d8.closing"),
}

HINTS: Mapping[str, Words] = {
    "d0": (
        "客户产线、中转库、在途、库存、紧急生产；不需要的写“不需要”及原因。",
        "Customer's line, hub, in transit, stock, urgent production; write 'not needed' with the reason.",
    ),
    "d1": ("每行一名成员：姓名，部门，分工。", "One member a line: name, department, duty."),
    "d2": (
        "与客户核对事实；不清楚的写“待确认”。",
        "Check the facts with the customer; write 'to be confirmed' where open.",
    ),
    "d3": (
        "逐处填写；不适用的写“不适用”及原因。",
        "Fill in every place; write 'not applicable' with the reason.",
    ),
    "d4": (
        "发生原因与流出原因分开，连问五次为什么；原因须经再现或数据验证，否则注明“假设”。",
        "Occurrence and escape apart, five whys each; prove by reproduction or data, or say 'assumed'.",
    ),
    "d5": (
        "每条措施写明对应的原因、责任人和完成日期。",
        "For every action: the cause it answers, the person and the date.",
    ),
    "d6": ("写明完成日期、证据和前后对比数据。", "Date done, evidence, and figures before and after."),
    "d7": (
        "固化到文件（写明文件编号）、防呆、同类产品和产线的水平展开；不涉及的写“不涉及”。",
        "Documents changed (with their numbers), error-proofing, sister products and lines; 'n/a' where none.",
    ),
    "d8": ("短期结案，或阶段结案并写明跟踪至何时。", "Close, or close with tracking until a date."),
}

SECTION_KEYS = (
    "d0.emergency", "d1.leader", "d1.sponsor", "d1.members", "d2.what", "d2.when", "d2.where", "d2.who",
    "d2.why_problem", "d2.how_found", "d2.how_many", "d3.containment", "d3.proof", "d4.occurrence.whys",
    "d4.escape.whys", "d4.occurrence.cause", "d4.occurrence.proof", "d4.escape.cause", "d4.escape.proof", "d4.changes",
    "d5.actions", "d6.results", "d6.verified_by", "d7.prevention", "d8.closing", "d8.lessons",
)  # fmt: skip


def name_of(key: str) -> str:
    """Return the name that a key has in tags and bookmarks: `d3.containment` is `d3_containment`."""
    return key.replace(".", "_")
