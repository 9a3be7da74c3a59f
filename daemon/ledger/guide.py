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
    (Tone.PLAIN, "这张表", "由客诉系统根据投诉邮箱和处理邮件生成，一行一件客诉。"),
    (Tone.DAEMON, "系统列", "由系统填写：编号、时间、当前步骤、截止时间、逾期、轮次、链接、系统提示。请勿修改。"),
    (
        Tone.PEOPLE,
        "人工列",
        "由人判断的内容：客户与产品信息、类别、等级、责任部门、审批、备注等。系统先按邮件内容填好。",
    ),
    (Tone.BOTH, "共同列", "系统和人都会写：状态、临时措施、原因、永久措施、预防。"),
    (
        Tone.WARNING,
        "请注意",
        (
            "当前版本中，系统更新时会重写整张表，还不会读取您在表里输入的内容。要更正或推进一件客诉，请回复该客诉的邮件。\n"
            "如果有人改过并保存了本文件，改动不会丢失：改过的文件原样改名为“客诉台账-人工修改-日期-时间.xlsx”，"
            "放在同一文件夹，并通知质量部；然后系统写入新的台账。"
        ),
    ),
    (Tone.PLAIN, "打开着时", "有人打开本文件时系统不写入，关闭后自动补写，不会漏。只是查看时请用“只读”方式打开。"),
    (Tone.PLAIN, "颜色", "红：重大客诉，或已逾期。琥珀：重要客诉，以及系统提示。灰：已结案或已取消。"),
    (Tone.PLAIN, "系统提示", "缺什么、哪项是系统推断需要核对、哪封邮件没有送达，都写在这一列。"),
    (Tone.PLAIN, "下拉列表", "选项来自“字典”页。部门和类别要长期增加，请管理员写入 config.toml。"),
    (Tone.PLAIN, "链接", "“8D报告”“附件”指向台账旁边的文件夹；移动时请整个文件夹一起移动。"),
    (Tone.TITLE, "How to use this ledger", ""),
    (Tone.PLAIN, "This sheet", "Made by the complaint system from the complaint mailbox; one row per complaint."),
    (
        Tone.DAEMON,
        "System",
        "Filled by the system: number, times, current step, due, overdue, round, links, hint. Leave them alone.",
    ),
    (
        Tone.PEOPLE,
        "People",
        (
            "For people to judge: customer and product, category, grade, department, review, remarks. The system fills "
            "them from the mail first."
        ),
    ),
    (Tone.BOTH, "Both", "Written by both: status, containment, causes, corrective action, prevention."),
    (
        Tone.WARNING,
        "Please note",
        (
            "In this version the system rewrites the whole workbook and does not yet read what you type in it. To "
            "correct a complaint or move it on, reply to its mail.\n"
            "Nothing that was typed is lost: a changed file is kept as it is, beside this one, under the name "
            "客诉台账-人工修改-DATE-TIME.xlsx, and quality is told; then the new ledger is written."
        ),
    ),
    (
        Tone.PLAIN,
        "While it is open",
        (
            "The system does not write while somebody has the file open; it does so once it is closed. To look only, "
            "open it read-only."
        ),
    ),
    (
        Tone.PLAIN,
        "Colours",
        "Red: critical (重大), or overdue. Amber: important (重要), and hints. Grey: closed, cancelled.",
    ),
    (
        Tone.PLAIN,
        "Lists",
        "The lists are on the sheet 字典. To add a department or category for good, ask the administrator.",
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
