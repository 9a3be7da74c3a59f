"""One action on a workbook, in a process of its own: `python -m tests.bench.ledger_work ACTION WORKBOOK ROWS OUT`.

It says the CPU seconds of the action, from the file's bytes on disk to the new file's, and the most memory that the
process held, both as JSON.  What is imported counts in the memory and not in the seconds, ours and openpyxl's alike.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time

from tests.bench.measured import peak_memory

CHANGED = 10  # rows
TITLES = ("产品名称", "客户名称", "不良现象", "不良数量", "发生原因", "临时措施")  # of the cells that are written
KEYS = ("product_name", "customer", "phenomenon", "quantity_defective", "cause_occurrence", "containment")
NEEDED = {
    "ours": ("daemon.ledger.patching", "daemon.ledger.reading", "daemon.core.fields", "isal.isal_zlib"),
    "openpyxl": ("openpyxl",),
}


@dataclass(frozen=True)
class Work:
    """The workbook on disk, how many rows of cases it has, and where the new one goes."""

    workbook: Path
    rows: int
    out: Path

    @property
    def changed(self) -> list[int]:
        """Return the numbers of the rows that are changed: all over the sheet."""
        return [2 + number * (self.rows // CHANGED) for number in range(CHANGED)]


def text(row: int, column: int) -> str:
    """Return what is written to a cell."""
    return f"第{row}行第{column}项：前端盖压装不到位"


# ── ours ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def append(work: Work, count: int = CHANGED) -> int:
    from daemon.ledger.sheet import NewRow, Patch, Put  # noqa: PLC0415 - not needed where openpyxl is measured

    rows = [NewRow({key: Put(text(row, at)) for at, key in enumerate(KEYS)}) for row in range(count)]
    return _patch(work, Patch(rows=rows, after=work.rows + 1))


def append_many(work: Work) -> int:
    return append(work, 1000)


def change(work: Work) -> int:
    from daemon.ledger.sheet import Patch, Put  # noqa: PLC0415 - not needed where openpyxl is measured

    cells = {row: {key: Put(text(row, at)) for at, key in enumerate(KEYS)} for row in work.changed}
    return _patch(work, Patch(cells=cells, after=work.rows + 1))


def _patch(work: Work, patch: object) -> int:
    from daemon.ledger.patching import patched  # noqa: PLC0415 - not needed where openpyxl is measured

    workbook, sheet = _opened(work)
    data = patched(workbook, sheet, patch)
    work.out.write_bytes(data)
    return len(data)


def read(work: Work) -> int:
    workbook, sheet = _opened(work)
    return sum(len(row.cells) for row in workbook.rows(sheet))


def _opened(work: Work):
    from daemon.core.fields import FIELDS  # noqa: PLC0415 - not needed where openpyxl is measured
    from daemon.ledger.reading import open_workbook  # noqa: PLC0415 - likewise
    from daemon.ledger.sheet import Wanted  # noqa: PLC0415 - likewise

    own = ("职务", "部门科室", "客户日用量", "装配方式", "处理方式", "处罚")  # columns that people added
    wanted = [Wanted(one.key, one.header, one.synonyms) for one in FIELDS]
    workbook = open_workbook(work.workbook.read_bytes())
    return workbook, workbook.find([*wanted, *(Wanted(title, title) for title in own)], ("客诉台账",))


# ── openpyxl ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def openpyxl_append(work: Work, count: int = CHANGED) -> int:
    book, sheet = _loaded(work)
    columns = _columns(sheet)
    for row in range(work.rows + 2, work.rows + 2 + count):
        for at, column in enumerate(columns):
            sheet.cell(row, column, text(row, at))
    return _saved(work, book)


def openpyxl_append_many(work: Work) -> int:
    return openpyxl_append(work, 1000)


def openpyxl_change(work: Work) -> int:
    book, sheet = _loaded(work)
    columns = _columns(sheet)
    for row in work.changed:
        for at, column in enumerate(columns):
            sheet.cell(row, column).value = text(row, at)
    return _saved(work, book)


def openpyxl_read(work: Work) -> int:
    from openpyxl import load_workbook  # noqa: PLC0415 - not needed where ours is measured

    book = load_workbook(work.workbook, read_only=True)
    rows = book.worksheets[0].iter_rows(values_only=True)
    return sum(value is not None for row in rows for value in row)


def _loaded(work: Work):
    from openpyxl import load_workbook  # noqa: PLC0415 - not needed where ours is measured

    book = load_workbook(work.workbook)
    return book, book.worksheets[0]


def _columns(sheet) -> list[int]:
    there = {cell.value: cell.column for cell in sheet[1]}
    return [there[title] for title in TITLES]


def _saved(work: Work, book) -> int:
    book.save(work.out)
    return work.out.stat().st_size


ACTIONS: dict[str, Callable[[Work], int]] = {
    "append": append,
    "change": change,
    "append many": append_many,
    "read": read,
    "openpyxl append": openpyxl_append,
    "openpyxl change": openpyxl_change,
    "openpyxl append many": openpyxl_append_many,
    "openpyxl read": openpyxl_read,
}


def main(action: str, workbook: str, rows: str, out: str) -> None:
    """Do it once and say what it took."""
    warnings.simplefilter("ignore")  # openpyxl tells what it drops of the workbook
    for module in NEEDED["openpyxl" if action.startswith("openpyxl") else "ours"]:
        import_module(module)
    work = Work(Path(workbook), int(rows), Path(out))
    wall, cpu = perf_counter(), process_time()
    made = ACTIONS[action](work)
    told = {"cpu": process_time() - cpu, "wall": perf_counter() - wall, "peak": peak_memory(), "made": made}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
