"""The rows of 措施跟踪 and what people say by changing them: measures to cells, cells to wishes.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from daemon.core.case import Case, Status
from daemon.core.commands import SetMeasure
from daemon.core.measures import Measure
from daemon.core.process import Process
from daemon.ledger.columns import Column, Layout
from daemon.ledger.further import columns_for
from daemon.ledger.heights import row_height
from daemon.ledger.measure_columns import (
    DONE,
    DONE_LATE,
    DROPPED,
    KINDS,
    LATE,
    MEASURE_HEADINGS,
    NO_DATE,
    OPEN,
    STATES,
)
from daemon.ledger.merge import EMPTY, Edit, Row, same, standing
from daemon.ledger.sheet import NewRow, Put, Seen, SeenRow
from daemon.ledger.typed import read_cell, shown
from daemon.seams import CellValue

WHOSE = {one.key: one.who for one in MEASURE_HEADINGS}
USUAL_SECTION = "d5.actions"
SAID = ("what", "who", "due", "done", "evidence")
DAYS = ("due", "done")


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure as the sheet shows it: its id in the hidden column, its case, and values by key; days at midnight."""

    id: str
    case: UUID
    values: Mapping[str, CellValue]
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What a row of the sheet asks for: a wish for the case of this number or id, and what to say in 系统提示.

    Without a wish nothing is to be done yet, and the hint says what is missing.  `kept` are cells that were not
    understood, as they stand there.
    """

    number: str = ""
    command: SetMeasure | None = None
    hint: str = ""
    kept: Row | None = None


def measure_rows(case: Case, layout: Layout, today: date) -> tuple[MeasureRow, ...]:
    """Return the rows of a case in the order of its measures; `today` is the company's day."""
    rows = ((one, _values(case, one, layout, today)) for one in case.measures)
    return tuple(MeasureRow(key_of(case, one), case.id, values, one.dropped) for one, values in rows)


def key_of(case: Case, measure: Measure) -> str:
    """Return the id of a measure in the hidden column: it tells the case too."""
    return f"{case.id.hex}.{measure.id}"


def case_and_id(key: str) -> tuple[UUID, str] | None:
    """Return the case and the measure's id of a hidden cell, None for what we did not write."""
    case, _, measure = key.strip().partition(".")
    try:
        return (UUID(hex=case), measure) if measure else None
    except ValueError:
        return None


def new_measure_row(row: MeasureRow, layout: Layout) -> NewRow:
    """Return a row to be put below the last one."""
    cells = {key: Put(value) for key, value in row.values.items() if value not in (None, "")}
    return NewRow(cells, row_height(row.values, columns_for(MEASURE_HEADINGS, layout)))


def _values(case: Case, one: Measure, layout: Layout, today: date) -> dict[str, CellValue]:
    return {
        "case_no": case.number,
        "customer": case.text("customer"),
        "measure_kind": layout.say(*KINDS[one.section]),
        "what": one.what,
        "who": one.who,
        "due": _day(one.due),
        "done": _day(one.done),
        "evidence": one.evidence,
        "measure_state": layout.say(*STATES[state_of(case, one, today)]),
        "hint": "",
        "id": key_of(case, one),
    }


def state_of(case: Case, one: Measure, today: date) -> int:
    """Return where a measure stands, as its place in `STATES`."""
    if one.done:
        return DONE_LATE if one.due and one.done > one.due else DONE
    if one.dropped or case.status is Status.CANCELLED:
        return DROPPED
    if not one.due:
        return NO_DATE
    return LATE if one.due < today.isoformat() else OPEN


def _day(text: str) -> datetime | None:
    return datetime.combine(date.fromisoformat(text), time.min) if text else None


# ── which row is which measure ───────────────────────────────────────────────────────────────────────────────────────


def measure_of_row(rows: Iterable[SeenRow], base: Mapping[str, Row]) -> Mapping[int, str]:
    """Return the id of each row that shows a measure, by the row's number.

    `base` are the rows as they were written last, by id.  Of several with one id, as copying a row makes them, that
    one is the measure which is most like it was; the others, and rows with an id that is none of ours, are typed.
    """
    found: dict[str, list[SeenRow]] = {}
    for row in rows:
        found.setdefault(str(row.cells.get("id", EMPTY).value or "").strip(), []).append(row)
    known = {key: some for key, some in found.items() if key in base}
    return {max(some, key=lambda row: (_alike(row, base[key]), -row.number)).number: key for key, some in known.items()}


def _alike(row: SeenRow, base: Row) -> int:
    return sum(same(base.get(key), standing(row.cells.get(key, EMPTY))) for key in WHOSE)


# ── what people say ──────────────────────────────────────────────────────────────────────────────────────────────────


def wish_of_edits(row: MeasureRow, edits: Iterable[Edit], layout: Layout, today: date) -> Wish:
    """Return what the edited cells of a measure's row ask for; `row` is the measure as it is now."""
    columns = _columns(layout)
    changed = {edit.key: edit.seen for edit in edits}
    said, kept, hints = _said(changed, columns, today)
    if "what" in changed and not said.get("what"):
        said.pop("what", None)
        hints.append("措施内容不能空着，已恢复；措施不做了，请在证据/备注里写明原因")
    if "measure_kind" in changed:
        hints.append("措施类型改不了，已恢复；要换类型，请另起一行")
    if "measure_state" in changed and "done" not in changed:
        said |= _done_by_state(
            changed["measure_state"], columns["measure_state"], layout, today, row.values.get("done")
        )
    where = case_and_id(row.id)
    command = SetMeasure(where[1], **said) if said and where else None
    return Wish(str(where[0]) if where else "", command, "\n".join(hints), kept)


def wish_of_typed(
    cells: Mapping[str, Seen], layout: Layout, today: date, process_of: Callable[[str], tuple[Case, Process] | None]
) -> Wish:
    """Return what a row asks for that a person typed: the number of a case and what is done are enough.

    `process_of` looks a case up by its number.  Of what kind the measure is, where that is not said, the open steps
    of the case tell.
    """
    columns = _columns(layout)
    number = shown(standing(cells.get("case_no", EMPTY))).strip()
    said, kept, hints = _said({key: seen for key, seen in cells.items() if key in SAID}, columns, today)
    said = {key: text for key, text in said.items() if text}
    missing = [columns[key].title for key, there in (("case_no", number), ("what", said.get("what"))) if not there]
    if missing:
        return Wish(number, None, f"还缺：{'、'.join(missing)}", kept)
    found = process_of(number)
    if found is None:
        return Wish(number, None, f"没有编号为“{number[:30]}”的客诉，请核对客诉编号", kept)
    section = _section(cells.get("measure_kind", EMPTY), columns["measure_kind"], *found)
    if section is None:
        return Wish(number, None, f"措施类型请从列表中选：{'、'.join(columns['measure_kind'].values)}", kept)
    if "measure_state" in cells and "done" not in said:
        said |= {
            k: v
            for k, v in _done_by_state(cells["measure_state"], columns["measure_state"], layout, today).items()
            if v
        }
    return Wish(number, SetMeasure("", section, **said), "\n".join(hints), kept)


def is_blank(cells: Mapping[str, Seen]) -> bool:
    """Tell whether nothing was typed into a row but perhaps the number of a case."""
    return all(seen.is_empty for key, seen in cells.items() if key not in ("case_no", "id", "hint"))


def _columns(layout: Layout) -> dict[str, Column]:
    return {column.key: column for column in columns_for(MEASURE_HEADINGS, layout)}


def _said(
    cells: Mapping[str, Seen], columns: Mapping[str, Column], today: date
) -> tuple[dict[str, str], dict[str, CellValue], list[str]]:
    """Return what cells say of a measure, those that were not understood as they stand there, and why."""
    said: dict[str, str] = {}
    kept: dict[str, CellValue] = {}
    hints: list[str] = []
    for key in SAID:
        if key not in cells:
            continue
        read = read_cell(cells[key], columns[key], today)
        if not read.understood:
            kept[key] = read.value
            hints.append(f"{columns[key].title}：“{shown(read.value)[:30]}”没有看懂{_how(key)}")
        else:
            said[key] = _text(read.value)
    return said, kept, hints


def _text(value: CellValue) -> str:
    return value.date().isoformat() if isinstance(value, datetime) else shown(value).strip()


def _how(key: str) -> str:
    return "，请写成 2026-12-01 这样" if key in DAYS else ""


def _done_by_state(seen: Seen, column: Column, layout: Layout, today: date, done: CellValue = None) -> dict[str, str]:
    """Return what choosing a state says: 已完成 that it was done today, 进行中 that it is not done."""
    value, titles = read_cell(seen, column, today).value, [layout.say(*pair) for pair in STATES]
    if value in (titles[DONE], titles[DONE_LATE]) and not done:
        return {"done": today.isoformat()}
    return {"done": ""} if value == titles[OPEN] and done else {}


def _section(seen: Seen, column: Column, case: Case, process: Process) -> str | None:
    """Return the section that a kind names, None when it names none."""
    read = read_cell(seen, column, date.min)
    if read.value is None:
        return next(_asked(case, process), USUAL_SECTION)
    sections: Sequence[str] = tuple(KINDS)
    return sections[column.values.index(str(read.value))] if read.value in column.values else None


def _asked(case: Case, process: Process) -> Iterator[str]:
    return (key for step in process.tasks(case.open_steps) for key in step.gives if key in KINDS)
