"""Two processes at one workbook: a person's program saves a thousand edits while the daemon saves again and again."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Semaphore
from pathlib import Path

from openpyxl import load_workbook

from daemon.adapters.ledger_copies import WorkbookCopies
from daemon.core.commands import Correct
from daemon.ledger.columns import MAIN_SHEET
from daemon.passes.ledger import ledger_pass
from daemon.wiring import ledger_of
from tests.desk import office
from tests.ledger.company import Company
from tests.ledger.sharing import registered

CASES, EDITS, SAVES = 25, 1000, 200
AHEAD, EDITS_A_SAVE = 25, 4  # how far the person may be ahead of the daemon, which saves once for every few edits
OURS = (
    "客户基地",
    "联系人",
    "联系电话",
    "产品编号",
    "订单编号",
    "不良批次",
    "客户要求",
    "审批意见",
    "备注",
    "预防与水平展开",
)
LONGEST = 20_000  # passes of the daemon


def edit_of(number: int) -> tuple[int, str, str]:
    """Return the edit of this number: which case, under which header, and what is typed; no cell is typed in twice."""
    column = number // CASES
    title = OURS[column] if column < len(OURS) else f"自加{column}"
    return number % CASES, title, f"第{number}次修改"


def save_over(path: Path, data: bytes) -> None:
    """Save as Excel and LibreOffice do: a new file takes the name."""
    fresh = path.with_name(f"~{path.name}.tmp")
    fresh.write_bytes(data)
    fresh.replace(path)


def save_in_place(path: Path, data: bytes) -> None:
    """Save as simple programs do: into the file that is there."""
    with path.open("r+b") as file:
        file.write(data[:4000])
        file.flush()
        file.write(data[4000:])
        file.truncate()


def type_away(path: Path, edits: int, pace: Semaphore) -> None:
    """Type all edits, each into the file as it is then, and save it, by turns in one way and the other."""
    for number in range(edits):
        pace.acquire()
        case, title, text = edit_of(number)
        book = load_workbook(BytesIO(path.read_bytes()))
        sheet = book[MAIN_SHEET]
        titles = {cell.value: cell.column for cell in sheet[1]}
        if title not in titles:
            titles[title] = len(titles) + 1
            sheet.cell(1, titles[title]).value = title
        row = next(row[0].row for row in sheet.iter_rows(min_row=2) if row[0].value == f"2611{case + 1:03}")
        sheet.cell(row, titles[title]).value = text
        saved = BytesIO()
        book.save(saved)
        (save_in_place if number % 2 else save_over)(path, saved.getvalue())


def test_of_a_thousand_edits_saved_beside_the_daemon_none_is_lost(tmp_path):
    with office(tmp_path, database=f"sqlite:///{tmp_path / 'kesu.db'}") as at_work:
        ledger = ledger_of(at_work.desk.config, at_work.desk.store)
        copies = WorkbookCopies(ledger.path, tmp_path)
        at_work.desk = replace(at_work.desk, ledger=ledger, copies=copies)
        company = Company(at_work)
        at_work.desk.store.take_lease("test", 36_000)
        for number in range(1, CASES + 1):
            registered(company, number)
        list(ledger_pass(at_work.desk, company.now))
        apart = multiprocessing.get_context("spawn")
        pace = apart.Semaphore(AHEAD)
        person = apart.Process(target=type_away, args=(ledger.path, EDITS, pace), daemon=True)
        person.start()
        try:
            written = beside(company, person, pace)
            person.join(60)
        finally:
            person.kill()
        assert person.exitcode == 0
        settle(company)
        check(company, ledger.path, written)


def beside(company: Company, person: BaseProcess, pace: Semaphore) -> int:
    """Let the daemon work as long as the person types: each time a case is corrected; return how often it saved."""
    written = 0
    for turn in range(LONGEST):
        company.office.clock.advance(timedelta(minutes=1))
        company.wish(f"2611{turn % CASES + 1:03}", Correct({"quantity_defective": turn % 97 + 1}))
        saved = sum(one.event == "ledger.written" for one in ledger_pass(company.desk, company.now))
        written += saved
        for _ in range(saved * EDITS_A_SAVE):
            pace.release()
        if not person.is_alive():
            break
    return written


def settle(company: Company) -> None:
    """Let the daemon come to rest."""
    quiet = 0
    for _ in range(200):
        quiet = 0 if list(ledger_pass(company.desk, company.now)) else quiet + 1
        if quiet == 3:
            return
    raise AssertionError("the ledger's pass does not come to rest")


def check(company: Company, path: Path, written: int) -> None:
    """Each edit stands in its cell, those of our columns in the journal too; and each case has one row."""
    sheet = load_workbook(path)[MAIN_SHEET]
    titles = {cell.value: cell.column for cell in sheet[1]}
    rows = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=2) if row[0].value}
    keys = {column.title: key for key, column in company.desk.book.columns.items()}
    lost = []
    for number in range(EDITS):
        case, title, text = edit_of(number)
        its = f"2611{case + 1:03}"
        if title not in titles or sheet.cell(rows[its], titles[title]).value != text:
            lost.append((its, title, text))
        elif title in keys and title != "预防与水平展开":
            assert company.desk.store.case_numbered(its).text(keys[title]) == text
    assert not lost, f"{len(lost)} of {EDITS} edits are lost: {lost[:10]}"
    assert len(rows) == CASES == len(list(company.desk.store.cases()))
    assert written >= SAVES, f"the daemon saved {written} times only"
