"""How people name where a complaint stands, in a ledger that they kept by themselves.  A table."""

from __future__ import annotations

import re

from daemon.core.case import Status
from daemon.ledger.typed import folded

# The first that is found tells; 未结案 is open, and 效果已确认 is asked for before 确认.
STATES: tuple[tuple[str, Status], ...] = (
    (r"未处理|未开始|待处理|新建|^new$", Status.VERIFYING),
    (r"未(?:结案|关闭|完成|解决)|没有?(?:结案|关闭|完成)|^notclosed$|^open$", Status.WORKING),
    (r"(?:待|可|申请|准备)(?:结案|关闭)", Status.EFFECT),
    (r"取消|作废|撤销|撤诉|cancel|void|withdraw", Status.CANCELLED),
    (r"结案|結案|关闭|關閉|完结|办结|已完成|^完成$|^ok$|clos|done|finish|complete", Status.CLOSED),
    (r"暂停|暫停|挂起|搁置|hold|suspend|pause", Status.ON_HOLD),
    (r"效果|跟踪|跟蹤|track|effect|monitor", Status.EFFECT),
    (r"客户.*确认|客戶.*確認|待确认|customer", Status.CUSTOMER),
    (r"审批|审核|批准|簽核|會簽|会签|approv|review", Status.REVIEW),
    (r"核实|核對|核对|verif", Status.VERIFYING),
    (r"处理|處理|进行|進行|整改|分析|跟进|跟進|对策|改善|progress|ongoing|working", Status.WORKING),
)


def state_of(text: str, *, ended: bool = False) -> Status:
    """Return where a complaint stands by what people wrote, at the beginning when nothing is known.

    `ended` tells that the row has a time of closing, which counts where nothing else is said.
    """
    said = folded(text)
    named = next((status for status in Status if folded(status.value) == said), None)
    found = named or next((status for pattern, status in STATES if re.search(pattern, said)), None)
    return found or (Status.CLOSED if ended else Status.VERIFYING)
