from __future__ import annotations

from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from daemon.ledger.build import build_workbook
from daemon.ledger.wholeness import is_whole
from tests.ledger.cast import LAYOUT, row


@cache
def workbook(customer: str) -> bytes:
    return build_workbook([row(customer=customer)], LAYOUT)


OLD, NEW = "华岳", "一家名字长得多的客户" * 20


def test_a_workbook_is_whole():
    assert is_whole(workbook(OLD))
    assert is_whole(workbook(NEW))


@given(st.floats(0, 1, exclude_max=True))
@example(0.0)
def test_a_beginning_is_not(share):
    data = workbook(NEW)
    assert not is_whole(data[: int(len(data) * share)])


@given(st.integers(1, 10_000))
def test_a_new_file_that_is_written_over_an_old_one_is_not_until_it_is_done(rest):
    new, old = workbook(NEW), workbook(OLD)
    cut = len(new) - 1 - rest % (len(new) - 200)
    mixed = new[:cut] + old[cut:]
    assert not is_whole(mixed) or mixed in (old, new)


@given(st.integers(1, 10_000))
def test_one_whose_beginning_has_not_come_yet_is_not(cut):
    data = workbook(NEW)
    cut = 1 + cut % (len(data) - 1)
    assert not is_whole(bytes(cut) + data[cut:])


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"PK\x05\x06" + bytes(18)])
def test_another_kind_of_file_is_not(data):
    assert not is_whole(data)
