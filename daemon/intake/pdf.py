"""The text of an attached PDF form, as lines; a scanned one has none.  Runs nothing and follows no link."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import groupby, islice
from typing import TYPE_CHECKING

from daemon.intake.grid import Cell, is_label, pairs_of
from daemon.intake.limits import MAX_READ

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_BYTES = 10 * 1024 * 1024
MOST_PAGES = 3
MOST_FIELDS = 200
MOST_ENTRIES = 100_000  # objects of a file
MOST_WORK = 2_000_000  # bytes through the filters of a stream
MOST_OPERATORS = 30_000  # of a page, and what they work on
MOST_UNPACKED = 500_000  # bytes of a stream
GAP = re.compile(r"[ \u3000]{2,}")


def lines_of(data: bytes) -> list[str]:
    """Return the text of the first pages as lines, tables as lines `label：value`, then the fields filled in."""
    if len(data) > MOST_BYTES or b"%PDF-" not in data[:1024]:
        return []
    try:
        return _opened()(data)
    except Exception:  # noqa: BLE001  pypdf fails in many ways on a damaged or hostile file; the mail counts all the same
        return []


@cache
def _opened() -> Callable[[bytes], list[str]]:
    # Loaded with the first PDF that is read: it takes half a second, which a daemon at rest can spare.
    from pypdf import Configuration, PdfReader, apply_configuration  # noqa: PLC0415

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong with a stranger's file is no news
    bounds = Configuration(
        maximum_declared_stream_length=MOST_BYTES,
        array_based_stream_maximum_output_length=MOST_UNPACKED,
        array_maximum_element_count=MOST_ENTRIES,
        dictionary_maximum_element_count=MOST_ENTRIES,
        lzw_maximum_output_length=MOST_UNPACKED,
        run_length_maximum_output_length=MOST_UNPACKED,
        zlib_maximum_output_length=MOST_UNPACKED,
        zlib_maximum_recovery_input_length=MOST_UNPACKED,
        brotli_maximum_output_length=MOST_UNPACKED,
        stream_filters_maximum_length=4,
        stream_decoding_work_maximum_length=MOST_WORK,
        stream_parsing_work_maximum_count=MOST_OPERATORS,
        page_tree_maximum_entries=2_000,
        page_tree_maximum_page_entries=20_000,
        form_fields_maximum_entries=2_000,
        xform_maximum_invocations_per_extraction=100,
        jbig2dec_binary=None,
    )

    def lines(data: bytes) -> list[str]:
        with apply_configuration(bounds):
            reader = PdfReader(
                io.BytesIO(data), root_object_recovery_limit=1_000, xref_stream_maximum_entries=MOST_ENTRIES
            )
            return [*_text(reader), *_filled(reader)]

    return lines


def _text(reader: PdfReader) -> Iterator[str]:
    room = MAX_READ
    for page in islice(reader.pages, MOST_PAGES):
        text = page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False)[:room]
        rows = [line.rstrip() for line in text.split("\n") if line.strip()]
        for is_table, found in groupby(rows, key=lambda row: bool(GAP.search(row.strip()))):
            some = list(found)
            yield from pairs_of(_cells(some)) if is_table else map(_line, some)
        room -= len(text)
        if room <= 0:
            return


def _cells(rows: Iterable[str]) -> Iterator[Cell]:
    """Yield what stands apart in each row as the cells of a table; centred columns begin at any place."""
    for number, row in enumerate(rows):
        for column, text in enumerate(GAP.split(row.strip())):
            yield Cell(text, number, column, number, column)


def _line(row: str) -> str:
    """Return a row of one piece: a label alone waits for its value, what is indented goes on with what is above."""
    return f"{row.strip()}：" if is_label(row) else f"  {row.strip()}" if row[0].isspace() else row


def _filled(reader: PdfReader) -> Iterator[str]:
    """Yield what was typed into the fields of a form that is filled in on the screen (ISO 32000, 12.7)."""
    for field in islice((reader.get_fields() or {}).values(), MOST_FIELDS):
        name, value = str(field.get("/TU") or field.get("/T") or ""), field.get("/V")
        if isinstance(value, str) and value.strip() and not value.startswith("/"):
            yield f"{name}：{value.strip()}"
