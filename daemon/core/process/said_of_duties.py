"""The words in which calendar duties are described.  A table."""

from __future__ import annotations

from collections.abc import Mapping

OF_DUTIES: Mapping[str, tuple[str, str]] = {
    # key            中文                                     English
    "duties": ("例行事项", "Calendar duties"),
    "duty_heads": ("事项 | 何时 | 发给谁 | 哪些客诉 | 内容", "Duty | When | To whom | Which cases | What it says"),
    "duty_before": ("，休息日提前", ", before a day off"),
    "duty_after": ("，休息日顺延", ", after a day off"),
    "duty_ahead": ("，提前 {days} 个工作日发出", ", sent {days} working days ahead"),
    "duty_off": ("停用", "off"),
    "duty_open": ("未结", "open"),
    "duty_registered": ("登记的", "registered"),
    "duty_closed": ("结案的", "closed"),
    "this period": ("本期", "in this period"),
    "last period": ("上期", "in the last period"),
    "since last time": ("上次以后", "since the last time"),
    "skips_empty": ("没有案件时不发", "no mail without cases"),
    "duty_columns": ("列出 {names}", "lists {names}"),
    "duty_count": ("按{fact}计件", "counted by {fact}"),
    "duty_count_all": ("计件", "counted"),
    "duty_sum": ("{names} 合计", "sum of {names}"),
    "duty_rate": ("{part} ÷ {whole}", "{part} ÷ {whole}"),
    "duty_limit": ("上限 {limits}", "limits {limits}"),
    "on_time": ("及时率", "share on time"),
    "satisfied": ("满意度", "share satisfied"),
    "solved": ("一次解决率", "share solved at once"),
    "default_limit": ("其他", "others"),
    "target": ("{figure} ≥ {share}", "{figure} ≥ {share}"),
    "attach_internal": ("附 8D（内部版）", "with the internal 8D"),
    "attach_external": ("附 8D（客户版）", "with the customer's 8D"),
    "attach_evidence": ("附客诉附件", "with the evidence"),
}
