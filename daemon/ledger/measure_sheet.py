"""The sheet 措施跟踪 as people see it: the empty sheet and its colours."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from daemon.ledger.columns import Layout
from daemon.ledger.measure_columns import DONE, DONE_LATE, DROPPED, LATE, MEASURE_HEADINGS, MEASURES_TABLE, STATES
from daemon.ledger.styles import AMBER_INK, CLOSED_FILL, GREY_INK, RED_FILL, RED_INK, emphasis
from daemon.ledger.tables import write_table


def write_measures(sheet: Worksheet, layout: Layout, styles: Mapping[str, StyleArray], last: int) -> None:
    """Make the sheet, empty; its colours reach down to row `last`."""
    write_table(sheet, MEASURE_HEADINGS, layout, styles, MEASURES_TABLE)
    letters = {one.key: get_column_letter(index) for index, one in enumerate(MEASURE_HEADINGS, 1)}
    state, add = f"${letters['measure_state']}2", sheet.conditional_formatting.add
    over = ",".join(f'{state}="{_said(one, layout)}"' for one in (DONE, DONE_LATE, DROPPED))
    add(f"A2:{letters['id']}{last}", emphasis(f"OR({over})", GREY_INK, CLOSED_FILL, last=True))
    for key in ("due", "measure_state"):
        late = f'{state}="{_said(LATE, layout)}"'
        add(f"{letters[key]}2:{letters[key]}{last}", emphasis(late, RED_INK, RED_FILL))
    hint = letters["hint"]
    add(f"{hint}2:{hint}{last}", emphasis(f'${hint}2<>""', AMBER_INK))


def _said(state: int, layout: Layout) -> str:
    return layout.say(*STATES[state])
