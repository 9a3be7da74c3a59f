"""The sheets beside the complaints: 措施跟踪 as the cases have it, 变更记录 written on, 字典 completed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from daemon.core.case import Case
from daemon.ledger.changes import CHANGE_HEADINGS, CHANGES_SHEET, change_row
from daemon.ledger.choices import added_values, listed, lists_patch, read_lists, wanted_lists
from daemon.ledger.columns import LISTS_SHEET
from daemon.ledger.further import Heading, columns_for, wanted_for
from daemon.ledger.measure_columns import MEASURE_HEADINGS, MEASURES_SHEET
from daemon.ledger.new_sheet import with_new_sheet
from daemon.ledger.patching import patched
from daemon.ledger.reading import Workbook, open_workbook
from daemon.ledger.sheet import BadWorkbook, Patch, Sheet, Wanted
from daemon.passes.book.measures import measured, measures_planned
from daemon.passes.desk import Desk
from daemon.seams import BaseMeasure

CHANGES_TOLD = "ledger.changes_told"  # the number of the last change that stands in the sheet
OFFERED = "ledger.offered"  # the values of the company's lists that were put into 字典
SHEETS = "ledger.sheets"  # the sheets of ours that the workbook has, or had
AT_ONCE = 2000  # changes


@dataclass(frozen=True, slots=True)
class Further:
    """A workbook with its further sheets as they should be, and what to note once it is in place."""

    data: bytes
    marks: Mapping[str, str]
    measures: tuple[BaseMeasure, ...] = ()


def with_further_sheets(desk: Desk, data: bytes, stale: Iterable[Case], now: datetime) -> Further:
    """Return the workbook with its further sheets brought up to date for these cases."""
    marks: dict[str, str] = {}
    if any(measured(case) for case in stale):
        data, put_in = _with_sheet(desk, data, MEASURES_SHEET, MEASURE_HEADINGS, marks)
        stale = desk.store.cases() if put_in else stale
    draft = measures_planned(desk, open_workbook(data), stale, now)
    if draft:
        data = patched(open_workbook(data), draft.page.sheet, draft.patch())
    data = _with_changes(desk, data, marks)
    data = _with_lists(desk, data, marks)
    return Further(data, marks, tuple(draft.rows) if draft else ())


def _with_sheet(
    desk: Desk, data: bytes, title: str, headings: Sequence[Heading], marks: dict[str, str]
) -> tuple[bytes, bool]:
    """Return the workbook with a sheet of ours behind people's, if it has none of this title and never had.

    One that people took out stays away.
    """
    known = set(json.loads(marks.get(SHEETS) or desk.store.recall(SHEETS) or "[]"))
    there = any(one.title.casefold() == title.casefold() for one in open_workbook(data).sheets)
    if title in known:
        return data, False
    marks[SHEETS] = json.dumps(sorted({*known, title}))
    if there:
        return data, False
    columns = columns_for(headings, desk.layout)
    hidden = [number for number, one in enumerate(headings, 1) if one.hidden]
    titles, widths = [one.title for one in columns], [one.width for one in columns]
    return with_new_sheet(data, title, titles, [], widths, hidden=hidden), True


def take_in_lists(desk: Desk, workbook: Workbook, *, added_only: bool = False) -> None:
    """Note the values that people added to the lists of 字典, and unless `added_only` forget those taken out."""
    columns = desk.book.columns.values()
    sheet = _found(workbook, wanted_lists(columns), LISTS_SHEET)
    if sheet:
        lists = read_lists(workbook, sheet)
        found = added_values(lists, columns, lambda name: desk.directory.department(name) is not None)
        before = desk.added_values() if added_only else {}
        both = ((key, (*before.get(key, ()), *found.get(key, ()))) for key in before.keys() | found.keys())
        desk.keep_added_values({key: tuple(dict.fromkeys(values)) for key, values in both})


def forget_sheets_of(desk: Desk, *, but: Workbook) -> None:
    """Forget those sheets of ours that a workbook has not: they come back, for nobody took them out."""
    known = set(json.loads(desk.store.recall(SHEETS) or "[]"))
    there = {one.title.casefold() for one in but.sheets}
    desk.store.remember(SHEETS, json.dumps(sorted(title for title in known if title.casefold() in there)))


def _found(workbook: Workbook, wanted: Collection[Wanted], title: str) -> Sheet | None:
    """Return the sheet with this title, None when people took it out or gave it headers of their own."""
    try:
        sheet = workbook.find(tuple(wanted), (title,))
    except BadWorkbook:
        return None
    return sheet if sheet.title == title else None


def _with_changes(desk: Desk, data: bytes, marks: dict[str, str]) -> bytes:
    changes = desk.store.ledger_changes(int(desk.store.recall(CHANGES_TOLD) or 0), AT_ONCE)
    if not changes:
        return data
    marks[CHANGES_TOLD] = str(changes[-1][0])
    data, _ = _with_sheet(desk, data, CHANGES_SHEET, CHANGE_HEADINGS, marks)
    workbook = open_workbook(data)
    sheet = _found(workbook, wanted_for(CHANGE_HEADINGS, desk.layout), CHANGES_SHEET)
    if sheet is None:
        return data
    last = max((row.number for row in workbook.rows(sheet)), default=sheet.header_row)
    return patched(workbook, sheet, Patch(rows=[change_row(one, desk.layout) for _, one in changes], after=last))


def _with_lists(desk: Desk, data: bytes, marks: dict[str, str]) -> bytes:
    columns = listed(desk.book.columns.values())
    offered = {column.key: list(column.values) for column in columns}
    before = json.loads(desk.store.recall(OFFERED) or "null")
    if offered == before:
        return data
    marks[OFFERED] = json.dumps(offered)
    workbook = open_workbook(data)
    sheet = _found(workbook, wanted_lists(columns), LISTS_SHEET) if before else None
    if sheet is None:
        return data
    return patched(workbook, sheet, lists_patch(workbook.rows(sheet), sheet, columns, before))
