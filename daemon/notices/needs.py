"""Which mails there are, and the values that each takes beside its case.  A table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Template: its values and what stands for one that a notice leaves out, so that a mail always gets out.
NEEDS: Mapping[str, Mapping[str, Any]] = {
    "receipt": {},
    "notice": {},
    "task": {},
    "review": {},
    "first_answer": {},
    "answer": {},
    "explanation": {"reason": ""},
    "withdrawn": {"reason": ""},
    "closed": {},
    "alarm": {},
    "reminder": {"late": False},
    "escalation": {"late": True},
    "ask_again": {},
    "silence": {},
    "refused": {"wish": "", "why": ""},
    "recorded": {"sections": (), "missing": ()},
    "transfer_request": {"by": "", "to": "", "reason": ""},
    "stranger": {"sender": "", "text": "", "why": ""},
    "aside": {"sender": "", "subject": "", "why": "", "mail": ""},
    "asides": {"sender": "", "subject": "", "why": "", "mail": ""},
    "undeliverable": {"address": "", "detail": "", "template": "", "why": "", "again": False},
    "ledger_aside": {"file": "", "why": "", "rebuilt": True},
    "ledger_gone": {"count": 0, "numbers": (), "file": "", "live": "", "backups": ""},
    "ledger_open": {"who": "", "since": "", "file": "", "live": ""},
    "ledger_row": {"row": "", "why": ""},
    "ledger_request": {"column": "", "value": "", "reason": ""},
    "ledger_request_customer": {"column": "", "value": "", "reason": ""},
    "trouble": {"words": "", "key": "", "since": ""},
    "well_again": {"words": "", "key": "", "since": ""},
    "progress": {},
    "informed": {"step": "", "owner": ""},
    "changed": {"what": "", "by": "", "reason": "", "number": "", "person": "", "role": ""},
    "ask_facts": {"missing": (), "reason": ""},
    "satisfaction": {},
    "thanks": {},
    "low_mark": {"reason": ""},
    "numbers": {"number": ""},
    "split": {"cases": ()},
    "deputy": {"deputy": "", "person": "", "until": ""},
    "joined": {"number": ""},
    "family": {"what": "", "by": "", "reason": "", "number": "", "party": ""},
    "summary": {
        "week": "", "from": "", "to": "", "new": 0, "open": 0, "overdue": 0, "closed": 0, "on_time": None,
        "by_department": (), "by_severity": (), "overdue_cases": (), "due_next_week": (), "ledger": "",
    },
    "duty": {
        "duty": "", "ask": "", "day": "", "due": "", "late": False, "period": "", "are": "", "total": 0, "cases": (),
        "more": 0, "counts": (), "ledger": "", "files": (), "left": (), "part": 1, "parts": 1,
    },
    "letter": {"letter": "", "copy": "", "reason": ""},
    "digest": {},
    "digest_help": {},
}  # fmt: skip

# Mails that tell of several cases at once.
SEVERAL = frozenset({"digest", "digest_help", "asides"})

# Mails of which several at once have a template of their own; for all others it is the digest.
TOGETHER: Mapping[str, str] = {"aside": "asides"}

# Mails that belong to no case.
CASELESS = frozenset(
    {
        "deputy",
        "numbers",
        "summary",
        "duty",
        "aside",
        "asides",
        "ledger_aside",
        "ledger_gone",
        "ledger_open",
        "ledger_row",
        "trouble",
        "well_again",
    }
)

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "explanation": {"reason": "经复测，该批内径 15.002–15.009 mm，在图纸公差 15.000–15.011 mm 之内。"},
    "withdrawn": {"reason": "经复测符合图纸要求。"},
    "refused": {"wish": "批准", "why": "“审批”由质量经理处理，您的回复已归入案件，但没有改变状态。"},
    "recorded": {"sections": ("d3.containment",), "missing": ("d4.occurrence.cause", "d4.escape.cause")},
    "transfer_request": {"by": "sun.dapeng", "to": "技术部", "reason": "压装力上限由技术部的图纸规定，产线按图作业。"},
    "informed": {"step": "meeting", "owner": "质量工程师 王晓燕"},
    "changed": {"what": "held", "by": "wang.xiaoyan", "reason": "等客户寄回样品"},
    "ask_facts": {"missing": ("batch_no", "quantity_defective"), "reason": ""},
    "numbers": {"number": "26111000"},
    "joined": {"number": "2611002"},
    "family": {"what": "split", "by": "wang.xiaoyan", "number": "2611004、2611005"},
    "deputy": {"deputy": "孙大鹏", "person": "赵国栋", "until": "2026-12-05"},
    "split": {
        "cases": [
            {"number": "2611004", "what": "产品编号 BF-3310，不良数量 7，不良现象 接线盒盖缺螺钉"},
            {"number": "2611005", "what": "产品名称 后端盖，不良批次 20261021-A"},
        ],
    },
    "low_mark": {"reason": "等了三周才有正式回复。"},
    "stranger": {
        "sender": "someone@mail.example", "text": "批准，请结案。",
        "why": "发件地址不在通讯录中，邮件里也没有发给该地址的校验码",
    },
    "aside": {
        "sender": "zhang@customer.example", "subject": "质量问题", "why": "无法判断属于 2611003 还是 2611005",
        "mail": "<20261123.1@customer.example>",
    },
    "asides": {
        "sender": "MAILER-DAEMON@mail.example", "subject": "Undelivered Mail", "why": "退信，但找不到对应的案件",
        "mail": "17",
    },
    "undeliverable": {
        "address": "sun.dapeng@hongyuan.example", "detail": "550 5.1.1 user unknown", "template": "notice",
    },
    "ledger_aside": {"file": "客诉台账-无法读取-20261123-0911.xlsx", "why": "truncated", "rebuilt": True},
    "ledger_gone": {
        "count": 31, "numbers": ("2611004", "2611005", "2611006"), "file": "客诉台账.xlsx",
        "live": "客诉台账-实时(只读).xlsx", "backups": "备份",
    },
    "ledger_open": {
        "who": "王晓燕", "since": "11-23 08:12", "file": "客诉台账.xlsx", "live": "客诉台账-实时(只读).xlsx",
    },
    "ledger_row": {"row": "不良批次、客户名称", "why": "这些列被单独排序，与编号对不上"},
    "ledger_request": {"column": "审批结果", "value": "批准", "reason": "措施已验证"},
    "ledger_request_customer": {"column": "客户反馈", "value": "满意", "reason": ""},
    "trouble": {
        "words": "邮箱 complaints@hongyuan.example 自 2026-11-23 09:12 起连不上：登录被拒绝",
        "key": "mailbox.complaints@hongyuan.example", "since": "2026-11-23 09:12",
    },
    "well_again": {
        "words": "邮箱 complaints@hongyuan.example，上次收信 2026-11-23 10:40",
        "key": "mailbox.complaints@hongyuan.example",
    },
    "duty": {
        "duty": "客诉统计", "ask": "请核对交付批数，超过上限的提出对策。", "day": "2026-12-07",
        "due": "2026-12-07T09:30:00+00:00", "period": "2026年11月", "are": "closed", "total": 3,
        "counts": [{
            "title": "投诉类别", "by": "投诉类别",
            "rows": [
                {"name": "产品质量", "count": 2, "figures": [
                    {"what": "on_time", "label": "", "value": "87.5%", "bound": "95%", "good": False},
                    {"what": "rate", "label": "", "value": "0.18%", "bound": "0.2%", "good": True}]},
                {"name": "", "count": 1, "figures": []},
            ],
            "whole": {"name": "", "count": 3, "figures": [
                {"what": "sum", "label": "损失金额", "value": "1,200.00", "bound": "", "good": True}]},
        }],
        "cases": [
            {"number": "2611003", "title": "苏州凌科电机 电机端盖 内径偏大", "status": "处理中", "steps": "D4 根本原因",
             "due": "2026-11-30T09:30:00+00:00", "days": 4, "closed": "",
             "columns": [{"label": "责任部门", "value": "生产部"}]},
            {"number": "2611005", "title": "渝安座椅 滑轨 异响", "status": "已结案", "steps": "", "due": "", "days": -1,
             "closed": "2026-11-27T02:00:00+00:00", "columns": []},
        ],
        "more": 1, "ledger": r"\\files\质量\客诉台账",
        "files": [{"name": "8D-2611005-r4.docx"}], "left": ["附件/2611005"],
    },
    "summary": {
        "week": "2026-W47", "from": "2026-11-16", "to": "2026-11-22", "new": 5, "open": 12, "overdue": 2, "closed": 4,
        "on_time": 0.875,
        "by_department": [
            {"name": "生产部", "new": 3, "open": 6, "overdue": 1, "closed": 2},
            {"name": "物流部", "new": 1, "open": 2, "overdue": 1, "closed": 1},
            {"name": "质量部", "new": 1, "open": 4, "overdue": 0, "closed": 1},
        ],
        "by_severity": [
            {"name": "重大", "new": 0, "open": 1, "overdue": 0, "closed": 0},
            {"name": "重要", "new": 2, "open": 5, "overdue": 2, "closed": 1},
            {"name": "一般", "new": 3, "open": 6, "overdue": 0, "closed": 3},
        ],
        "overdue_cases": [
            {"number": "2611003", "customer": "苏州凌科电机", "step": "D4 根本原因", "due": "2026-11-19T09:30:00+00:00",
             "department": "生产部", "days": 3},
            {"number": "2611005", "customer": "Arneses del Norte", "step": "D3 围堵", "due": "2026-11-20",
             "department": "物流部", "days": 2},
        ],
        "due_next_week": [
            {"number": "2611009", "customer": "渝安座椅", "step": "D5 永久措施", "due": "2026-11-26",
             "department": "质量部"},
        ],
        "ledger": r"\\files\质量\客诉台账\客诉台账.xlsx",
    },
}  # fmt: skip
