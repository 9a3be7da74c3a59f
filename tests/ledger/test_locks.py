from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.ledger.locks import EXCEL, KINDS, LIBREOFFICE, WPS, LockSeen, Owner, is_stale, owner_of

NOW = datetime(2026, 11, 23, 1, 11, tzinfo=UTC)
LIMIT = timedelta(days=3)


def excel(name: str) -> bytes:
    narrow, wide = name.encode("gb18030"), name.encode("utf-16-le")
    return bytes([len(narrow)]) + narrow.ljust(53, b" ") + len(name).to_bytes(2, "little") + wide.ljust(109, b" ")


def test_the_names_of_lock_files():
    assert [kind.name_for("客诉台账.xlsx") for kind in KINDS] == [
        "~$客诉台账.xlsx",
        ".~客诉台账.xlsx",
        ".~lock.客诉台账.xlsx#",
    ]


@pytest.mark.parametrize(
    ("kind", "data", "owner"),
    [
        (EXCEL, excel("李敏"), Owner("李敏")),
        (WPS, excel("Li Min"), Owner("Li Min")),
        (EXCEL, excel("李敏")[:54], Owner("李敏")),  # by the code page only
        (LIBREOFFICE, "李敏,li,PC-07,23.11.2026 09:01,file:///home/li;".encode(), Owner("李敏", "PC-07", "li")),
        (LIBREOFFICE, b",li,PC-07,23.11.2026 09:01,file:///home/li;", Owner("li@PC-07", "PC-07", "li")),
        (LIBREOFFICE, b",,,;", Owner()),
        (EXCEL, excel("Li\r\nBcc: x"), Owner("LiBcc: x")),  # it goes into mails and the log
        (LIBREOFFICE, "李\u202e敏,li".encode(), Owner("李敏", "", "li")),
    ],
)
def test_who_a_lock_file_names(kind, data, owner):
    assert owner_of(kind, data) == owner


@given(st.sampled_from(KINDS), st.binary(max_size=3000))
def test_whatever_stands_in_a_lock_file_is_read(kind, data):
    owner = owner_of(kind, data)
    assert all(one.isprintable() for one in owner.who)
    assert len(owner.who) <= 1024


@pytest.mark.parametrize(
    ("in_use", "age", "stale"),
    [
        (None, timedelta(hours=1), False),
        (None, LIMIT, False),
        (None, LIMIT + timedelta(seconds=1), True),
        (True, timedelta(days=30), False),
        (False, timedelta(0), True),
        (None, -timedelta(days=1), False),  # a clock that goes ahead
    ],
)
def test_when_a_lock_was_left_behind(in_use, age, stale):
    assert is_stale(LockSeen(EXCEL, Owner(), NOW - age, in_use), NOW, LIMIT) == stale
