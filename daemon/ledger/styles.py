"""The ledger's colours, fonts and cell styles.  Values only, and handing them to a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.differential import DifferentialStyle

from daemon.core.fields import Who
from daemon.ledger.columns import Look

FONT = "微软雅黑"  # where it is missing, `charset` and `family` make the program choose another Chinese sans-serif
CHINESE = 134
SANS = 2

INK, GREY_INK, LINK_INK, WHITE = "22303C", "8A949E", "1F5FA8", "FFFFFF"
LINE, DAEMON_FILL = "DDE3E9", "F3F5F8"
HEADER_FILLS = {Who.DAEMON: "44546A", Who.PEOPLE: "2F6690", Who.BOTH: "3A7D7C"}
RED_INK, RED_FILL = "A61B1B", "FBE3E1"
AMBER_INK, AMBER_FILL = "8A5A00", "FDF0D0"
CLOSED_FILL = "F8F9FA"

TEXT_FORMAT, GENERAL_FORMAT, MOMENT_FORMAT = "@", "General", "yyyy-mm-dd hh:mm"
DAY_FORMAT = "yyyy-mm-dd"

_FORMATS = {
    Look.CODE: TEXT_FORMAT,
    Look.MOMENT: MOMENT_FORMAT,
    Look.DAY: DAY_FORMAT,
    Look.COUNT: "#,##0",
    Look.RATE: "0.00%",
    Look.MONEY: "#,##0.00",
}
_ALIGNED: dict[Look, Literal["center", "right"]] = {
    Look.CHOICE: "center",
    Look.MOMENT: "center",
    Look.DAY: "center",
    Look.LINK: "center",
    Look.COUNT: "right",
    Look.RATE: "right",
    Look.MONEY: "right",
}


def font(size: float = 10, *, color: str = INK, bold: bool = False, link: bool = False) -> Font:
    """Return the house font."""
    return Font(
        name=FONT, charset=CHINESE, family=SANS, size=size, color=color, bold=bold, underline="single" if link else None
    )


def fill(color: str) -> PatternFill:
    """Return a plain fill."""
    return PatternFill("solid", start_color=color, end_color=color)


def style_name(look: Look, who: Who) -> str:
    """Return the name under which a cell's style stands in the workbook."""
    return f"台账-{look}-系统" if who is Who.DAEMON else f"台账-{look}"


def header_name(who: Who) -> str:
    """Return the name of a header's style."""
    return {Who.DAEMON: "台账-表头-系统", Who.PEOPLE: "台账-表头-人工", Who.BOTH: "台账-表头-共同"}[who]


def add_styles(workbook: Workbook) -> Mapping[str, StyleArray]:
    """Give the workbook every style of the ledger; return them by name, ready for new cells."""
    bodies = (_body(look, who) for look in Look for who in (Who.PEOPLE, Who.DAEMON))
    styles = (*map(_header, Who), *bodies)
    for style in styles:
        workbook.add_named_style(style)
    return {style.name: style.as_tuple() for style in styles}


def emphasis(formula: str, ink: str, ground: str = "", *, bold: bool = False, last: bool = False) -> Rule:
    """Return a conditional format; `last` keeps those after it from applying too."""
    ground_fill = PatternFill(bgColor=ground) if ground else None
    look = DifferentialStyle(font=Font(color=ink, bold=bold or None), fill=ground_fill)
    return Rule(type="expression", dxf=look, formula=[formula], stopIfTrue=last)


def _header(who: Who) -> NamedStyle:
    side = Side("thin", color=WHITE)
    return NamedStyle(
        header_name(who),
        font=font(color=WHITE, bold=True),
        fill=fill(HEADER_FILLS[who]),
        border=Border(left=side, right=side),
        alignment=Alignment("center", "center", wrap_text=True),
    )


def _alignment(look: Look) -> Alignment:
    across, wraps = _ALIGNED.get(look, "left"), look in (Look.LONG, Look.FULL)
    down = "top" if look is Look.FULL else "center"
    return Alignment(across, down, wrap_text=wraps, indent=0 if across == "center" else 1)


def _body(look: Look, who: Who) -> NamedStyle:
    side = Side("thin", color=LINE)
    link = look is Look.LINK
    return NamedStyle(
        style_name(look, who),
        font=font(color=LINK_INK if link else INK, link=link),
        fill=fill(DAEMON_FILL) if who is Who.DAEMON else PatternFill(),
        border=Border(left=side, right=side, top=side, bottom=side),
        alignment=_alignment(look),
        number_format=_FORMATS.get(look, GENERAL_FORMAT),
    )
