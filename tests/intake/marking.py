"""Of what is read in the corpora: how much a person is asked to confirm, of what is right and of what is wrong.

`python -m tests.intake.marking` prints the table.  A mark is worth its look where the wrong facts bear one and the
right ones do not.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from daemon.intake.read import as_json, read
from daemon.intake.reading import MailKind
from tests.corpus.score import compare
from tests.intake.conftest import CORPUS, company_of

CORPORA = (CORPUS, CORPUS / "second")
# A fact → the fields of the score that judge it.
FIELDS = {
    **{key: (key,) for key in ("customer", "site", "product_name", "part_no", "batch_no", "order_no")},
    **{key: (key,) for key in ("quantity_delivered", "quantity_defective", "defect_rate")},
    **{f"contact_{key}": (f"contact.{key}",) for key in ("name", "phone", "email")},
    "phenomenon": ("phenomenon short", "phenomenon has", "phenomenon lacks"),
    "demand": ("demand short", "demand has"),
}


@dataclass(frozen=True)
class Mark:
    """One fact that was read: whether it is right, and whether a person is asked to confirm it."""

    mail: str
    fact: str
    right: bool
    marked: bool


def marks() -> Iterator[Mark]:
    """Yield a mark for each fact that is read in a complaint of the corpora."""
    for corpus in CORPORA:
        directory, known = company_of(corpus)
        for path in sorted((corpus / "mails").glob("*.eml")):
            expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
            reading = read(path.read_bytes(), directory, known)
            if expected["kind"] == reading.kind == MailKind.COMPLAINT:
                wrong = {field for _, field, right, *_ in compare(expected, as_json(reading)) if not right}
                for key in FIELDS.keys() & reading.facts.keys():
                    yield Mark(path.stem, key, not wrong & set(FIELDS[key]), key in reading.unsure)


def main() -> int:
    """Print a line for each fact: how often it was read rightly and wrongly, and how many of each are marked."""
    found = list(marks())
    sys.stdout.write(f"{'fact':20}{'right':>7}{'marked':>8}{'wrong':>7}{'marked':>8}\n")
    for key in (*FIELDS, ""):
        some = [one for one in found if key in ("", one.fact)]
        right, wrong = [one for one in some if one.right], [one for one in some if not one.right]
        counts = (len(right), sum(one.marked for one in right), len(wrong), sum(one.marked for one in wrong))
        sys.stdout.write(f"{key or 'all':20}{counts[0]:7}{counts[1]:8}{counts[2]:7}{counts[3]:8}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
