"""docs/ledger.md prints what the code says: the columns with their keys, and the parts in which anything may change."""

from __future__ import annotations

from pathlib import Path

from daemon.core.fields import BY_KEY, Who
from daemon.ledger.may_change import may_change

PAGE = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")
WHOSE = {Who.PEOPLE: "people's", Who.BOTH: "both", Who.DAEMON: "the daemon's"}


def test_the_page_prints_in_which_parts_anything_may_change():
    assert may_change() in PAGE


def test_the_page_names_every_column_by_its_key_and_whose_it_is():
    rows = [f"| `{one.key}` | {one.header} | {one.header_en} | {WHOSE[one.who]} |" for one in BY_KEY.values()]
    assert [row for row in rows if row not in PAGE] == []
