"""The ledger opens in LibreOffice as it is, with filters, lists and colours, after people and daemon worked in it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from daemon.ledger.columns import MAIN_SHEET
from tests.cast import LI
from tests.desk import office
from tests.ledger.hands import typed
from tests.scenarios.letters import FORM, SLIGHT
from tests.servers.libreoffice import needs_libreoffice

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
    needs_libreoffice,
]

DECORATED = Path(__file__).with_name("decorated.xlsx").read_bytes()


def saved_by_libreoffice(folder, data):
    """Return the workbook as LibreOffice saves it after it has opened it."""
    (folder / "in.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    kind = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out")]
    done = subprocess.run(
        ["soffice", profile, "--headless", "--norestore", *kind, str(folder / "in.xlsx")],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert (folder / "out" / "in.xlsx").exists(), done.stdout + done.stderr
    return load_workbook(folder / "out" / "in.xlsx")


def worked_in(desk, row):
    """Let mails come in and a person type, and return what the ledger is then."""
    for _ in range(2):
        desk.mail(f"李娜 <{LI}>", "投诉：前端盖划痕", FORM.format(bad=30, symptom=SLIGHT))
    desk.ledger.save(typed(desk.ledger.content, {row: {"不良批次": "HY-改"}}))
    desk.tick()
    return desk.ledger.content


def shown_in(sheet):
    """Return the numbers in the first column, the lists, how many rules colour, and what is filtered."""
    numbers = [cell.value for cell in sheet["A"] if cell.value]
    lists = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    return (
        numbers,
        lists,
        len(sheet.conditional_formatting),
        sheet.auto_filter.ref or [t.ref for t in sheet.tables.values()],
    )


@pytest.mark.parametrize(("ledger", "row", "cases"), [(None, 2, 2), (DECORATED, 3, 262)], ids=["ours", "decorated"])
def test_it_opens_in_libreoffice_with_its_filters_lists_and_colours(tmp_path, ledger, row, cases):
    with office(tmp_path) as desk:
        desk.ledger.save(ledger)
        desk.tick()
        data = worked_in(desk, row)
    (tmp_path / "before.xlsx").write_bytes(data)
    ours = load_workbook(tmp_path / "before.xlsx")
    book = saved_by_libreoffice(tmp_path, data)
    assert book.sheetnames == ours.sheetnames
    numbers, lists, colours, filtered = shown_in(book[MAIN_SHEET])
    assert [one for one in numbers if str(one).isdigit()][:cases][-2:] == ["2611001", "2611002"]
    assert lists
    assert colours
    assert filtered
    assert {one[1].value: one[4].value for one in book["变更记录"].iter_rows(min_row=2)}[numbers[row - 1]] == "HY-改"
    assert book[MAIN_SHEET]["B3"].is_date
