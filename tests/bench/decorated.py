"""The ledger that people decorated, tests/ledger/decorated.xlsx, with as many rows as one likes: the same cells again.

What tells cases apart (number, batch, part) is other in each row; everything else of the workbook stays.
"""

from __future__ import annotations

import re
from itertools import count, cycle, islice
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

DECORATED = Path(__file__).parents[1] / "ledger" / "decorated.xlsx"
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
AROUND = ("xl/workbook.xml", "xl/tables/table1.xml")
ROWS = 260  # that it has
_ROW = re.compile(r"<row .*?</row>", re.DOTALL)
_LAST = re.compile(rf"(?<=[A-Z$]){ROWS + 1}(?![0-9])")  # in references to all of its rows
_OWN = re.compile(r'(<c r="[AKM][0-9]+"[^>]*><v>)([0-9]+)')


def write_decorated(path: Path, rows: int) -> None:
    """Write the workbook with so many rows below its header."""
    with ZipFile(DECORATED) as there, ZipFile(path, "w", ZIP_DEFLATED) as out:
        parts = {name: there.read(name) for name in there.namelist()}
        for name, part in (parts | _grown(parts, rows)).items():
            out.writestr(name, part)


def _reaching(xml: str, rows: int) -> str:
    """Let table, filter, lists and colours reach down to the last row."""
    return _LAST.sub(str(rows + 1), xml)


def _grown(parts: dict[str, bytes], rows: int) -> dict[str, bytes]:
    sheet, texts = parts[SHEET].decode(), parts[STRINGS].decode()
    strings = re.findall("<si>.*?</si>", texts, re.DOTALL)
    header, *cases = _ROW.findall(sheet)
    made = [_row(case, number, strings) for number, case in zip(count(2), islice(cycle(cases[:ROWS]), rows))]
    around = {name: _reaching(parts[name].decode(), rows).encode() for name in AROUND}
    head, tail = sheet[: sheet.index(header)], sheet[sheet.index("</sheetData>") :]
    head = re.sub(r'(<dimension ref="A1:[A-Z]+)[0-9]+', rf"\g<1>{rows + 1}", head)
    texts = texts[: texts.index("<si>")] + "".join(strings) + "</sst>"
    whole = (head + header + "".join(made) + _reaching(tail, rows)).encode()
    return {**around, SHEET: whole, STRINGS: texts.encode()}


def _row(row: str, number: int, strings: list[str]) -> str:
    """Return a row under another number, with texts of its own where they tell a case."""
    row = re.sub(r'( r="[A-Z]*)[0-9]+"', rf'\g<1>{number}"', row)
    return _OWN.sub(lambda cell: cell[1] + _own(cell[2], number, strings), row) if number > ROWS + 1 else row


def _own(text: str, number: int, strings: list[str]) -> str:
    strings.append(strings[int(text)].replace("</t>", f"-{number}</t>"))
    return str(len(strings) - 1)
