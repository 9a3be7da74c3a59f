"""The sheet 说明: how to use the ledger, in Chinese and in English.  Words only."""

from __future__ import annotations

from enum import Enum

from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from daemon.core.fields import Who
from daemon.ledger.cells import cell_at, put_text
from daemon.ledger.columns import Layout
from daemon.ledger.page import set_page
from daemon.ledger.styles import HEADER_FILLS, INK, LINE, RED_FILL, RED_INK, WHITE, fill, font
from daemon.ledger.text import lines_needed

LABEL_WIDTH, TEXT_WIDTH = 18, 104
LINE_HEIGHT, PADDING = 17.0, 9.0


class Tone(Enum):
    """How a line of the guide looks."""

    TITLE = 1
    PLAIN = 2
    WARNING = 3
    DAEMON = 4
    PEOPLE = 5
    BOTH = 6


_FILLS = {
    Tone.DAEMON: HEADER_FILLS[Who.DAEMON],
    Tone.PEOPLE: HEADER_FILLS[Who.PEOPLE],
    Tone.BOTH: HEADER_FILLS[Who.BOTH],
}

GUIDE: tuple[tuple[Tone, str, str], ...] = (
    (Tone.TITLE, "客诉台账使用说明", ""),
    (
        Tone.PLAIN,
        "这张表",
        (
            "一行一件客诉，由您和客诉系统共同填写。想在哪里写就在哪里写：您的内容不会丢。"
            "您每次保存，系统就读取一次；没有人打开本文件时，系统把新内容写进来。"
        ),
    ),
    (
        Tone.PEOPLE,
        "人工列",
        "客户、产品、数量、类别、等级、部门、备注等。系统先按邮件填好，之后以您写的为准。改等级、部门、责任人会通知有关人员，时限随之重算。",
    ),
    (
        Tone.BOTH,
        "共同列",
        "状态、临时措施、原因、永久措施、预防：双方都写，逐格合并。两边同时改了同一格，以您的为准，另一个值记入“变更记录”。",
    ),
    (
        Tone.DAEMON,
        "系统列",
        "编号、当前步骤、截止时间、逾期、轮次、链接、系统提示由系统填写。改了也没关系：系统会恢复原值，并在“系统提示”里说明。",
    ),
    (
        Tone.PLAIN,
        "登记一件客诉",
        (
            "电话、微信、现场来的投诉：在最后一行下面直接写一行，客户名称、产品名称或编号、不良现象写好就行，其余以后再补。"
            "还缺什么，“系统提示”会告诉您；齐了就得到编号，通知照样发出，时限开始计算。编号由系统给，请不要自己编。"
        ),
    ),
    (
        Tone.WARNING,
        "需要邮件确认",
        (
            "单元格看不出是谁写的，所以“审批结果”“客户反馈”“效果验证”和结案写在表里只是申请：系统发邮件请有权决定的人确认，"
            "确认后才生效。在此之前“系统提示”会写明等谁。"
        ),
    ),
    (
        Tone.PLAIN,
        "整天开着也可以",
        (
            "您保存时系统就读，不用关闭；您关闭以后系统才写。别人正开着时，请看旁边的“客诉台账-实时(只读).xlsx”："
            "它始终是最新的，写在里面的内容不算数。"
        ),
    ),
    (
        Tone.PLAIN,
        "看不懂的内容",
        "日期、数量写成“12月1号”“2026.12.1”“约30”都可以。实在看不懂的保留原样，并在“系统提示”里问您。",
    ),
    (
        Tone.PLAIN,
        "删除行",
        (
            "删掉的行只是不再显示，案件照常进行，记录都在；要真正结束一件，请把状态改为“已取消”并写明原因。"
            "一次少了超过 5% 的行，系统不相信，会先来问。"
        ),
    ),
    (
        Tone.PLAIN,
        "您可以随意",
        (
            ""
            "排序、筛选、隐藏、移动列、插入空行、改颜色、写批注；增加自己的列、工作表、透视表、图表、公式：系统原样保留。"
            "系统自己的列被删掉，会补在最后一次。"
        ),
    ),
    (
        Tone.PLAIN,
        "措施跟踪",
        (
            "一行一条措施，和 8D 里的文字是同一份：在哪边改，两边都变。填“实际完成”，或把“完成状态”选为“已完成”，"
            "就是做完了。新写一行，只要客诉编号和措施内容。"
        ),
    ),
    (Tone.PLAIN, "变更记录", "谁、什么时候、从哪里把什么改成了什么。只增不减，供查阅。"),
    (
        Tone.PLAIN,
        "字典",
        (
            "下拉列表的选项。渠道、类别可以在列的末尾自己加，马上能用，系统不会删；"
            "新部门要先由管理员写入 config.toml，才有人收到通知。"
        ),
    ),
    (Tone.PLAIN, "颜色", "红：重大客诉，或已逾期。琥珀：重要客诉，以及系统提示。灰：已结案或已取消。"),
    (Tone.PLAIN, "链接", "“8D报告”“附件”指向台账旁边的文件夹；移动时请整个文件夹一起移动。"),
    (Tone.TITLE, "How to use this ledger", ""),
    (
        Tone.PLAIN,
        "This sheet",
        (
            "One row per complaint, written by you and by the complaint system. Write wherever you like: nothing "
            "of yours "
            "is lost. Each save of yours is read; the system writes when nobody has the file open."
        ),
    ),
    (
        Tone.PEOPLE,
        "People",
        (
            "Customer, product, quantities, category, grade, department, remarks. Filled from the mail first, "
            "then yours. "
            "A new grade, department or person in charge is told to those concerned, and the due times follow."
        ),
    ),
    (
        Tone.BOTH,
        "Both",
        (
            "Status, containment, causes, corrective action, prevention: merged cell by cell. Where both changed "
            "one cell "
            "yours stays, and the other value goes to the sheet 变更记录."
        ),
    ),
    (
        Tone.DAEMON,
        "System",
        "Number, current step, due, overdue, round, links, hint. A change there is put back, and the hint says so.",
    ),
    (
        Tone.PLAIN,
        "A new complaint",
        (
            "By phone, chat or visit: write a row below the last one. The hint says what is still missing; once it is "
            "there the row gets its number, the notices go out and the times begin. Do not make up a number."
        ),
    ),
    (
        Tone.WARNING,
        "Confirmed by mail",
        (
            "A cell does not tell who wrote it. A review, the customer's answer, an effect and closing typed here are "
            "requests: whoever may decide is asked by mail, and only that answer counts."
        ),
    ),
    (
        Tone.PLAIN,
        "Open all day",
        (
            "Keep it open: each save is read. Writing waits until it is closed; meanwhile 客诉台账-实时(只读).xlsx "
            "beside "
            "it is always up to date. What is typed into that copy does not count."
        ),
    ),
    (
        Tone.PLAIN,
        "Dates and numbers",
        "12月1号, 2026.12.1, 约30 are understood. What is not stays as you typed it, and the hint asks.",
    ),
    (
        Tone.PLAIN,
        "Deleted rows",
        (
            "A deleted row is hidden, its case goes on; to end one, set its status to 已取消 and say why. When more "
            "than "
            "5 % of the rows are gone at once the system asks before it believes it."
        ),
    ),
    (
        Tone.PLAIN,
        "Yours to arrange",
        (
            "Sort, filter, hide, move columns, insert rows, colour, comment; add columns, sheets, pivots, "
            "charts, formulas: "
            "all of it is kept. A column of the system that is gone comes back at the end, once."
        ),
    ),
    (
        Tone.PLAIN,
        "Measures",
        (
            "措施跟踪 has a row per measure, the same text as in the 8D: a change in one changes both. Fill in the "
            "day it "
            "was done, or choose 已完成. For a new row the case number and the measure are enough."
        ),
    ),
    (Tone.PLAIN, "Changes", "变更记录 tells who changed what, when and from where."),
    (
        Tone.PLAIN,
        "Lists",
        (
            "字典 holds the lists. Add channels and categories below; they are never taken out. A new department "
            "has to be "
            "in config.toml first, so that somebody is told."
        ),
    ),
    (
        Tone.PLAIN,
        "Colours",
        "Red: critical (重大), or overdue. Amber: important (重要), and hints. Grey: closed, cancelled.",
    ),
    (
        Tone.PLAIN,
        "Links",
        "Reports and attachments lie beside the ledger; move the whole folder, never the file alone.",
    ),
)


def write_guide(sheet: Worksheet, layout: Layout) -> None:
    """Write the guide, under the company's name."""
    sheet.column_dimensions["A"].width = LABEL_WIDTH
    sheet.column_dimensions["B"].width = TEXT_WIDTH
    for row, (tone, label, text) in enumerate(GUIDE, 1):
        put_text(cell_at(sheet, row, 1), label)
        put_text(cell_at(sheet, row, 2), layout.company if row == 1 else text)
        _dress(sheet, row, tone, text)
        if tone is Tone.TITLE and row > 1:
            sheet.row_breaks.append(Break(row - 1))
    set_page(sheet, layout, layout.say("客诉台账 · 说明", "Complaint ledger: guide"))


def _dress(sheet: Worksheet, row: int, tone: Tone, text: str) -> None:
    label, body = cell_at(sheet, row, 1), cell_at(sheet, row, 2)
    if tone is Tone.TITLE:
        label.font, body.font = font(14, bold=True), font(11)
        label.alignment, body.alignment = Alignment(vertical="center"), Alignment("right", "center")
        sheet.row_dimensions[row].height = 42
        return
    ink, ground = _colours(tone)
    label.font, body.font = font(bold=True, color=ink), font(color=RED_INK if tone is Tone.WARNING else INK)
    label.alignment = Alignment("left", "center", wrap_text=True, indent=1)
    body.alignment = Alignment("left", "center", wrap_text=True, indent=1)
    label.border = body.border = Border(bottom=Side("thin", color=LINE))
    if ground:
        label.fill = fill(ground)
    if tone is Tone.WARNING:
        body.fill = fill(RED_FILL)
    sheet.row_dimensions[row].height = lines_needed(text, TEXT_WIDTH - 4) * LINE_HEIGHT + PADDING


def _colours(tone: Tone) -> tuple[str, str]:
    if tone is Tone.WARNING:
        return RED_INK, RED_FILL
    return (WHITE, _FILLS[tone]) if tone in _FILLS else (INK, "")
