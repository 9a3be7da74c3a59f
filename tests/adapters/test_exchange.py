"""Two files change names in one step, by the C library and by the number of the call."""

from __future__ import annotations

import ctypes
import errno
import sys

import pytest

from daemon.adapters import exchange as module
from daemon.adapters.exchange import CANNOT, exchange, rename_new

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a call of Linux")


@pytest.fixture(params=["by name", "by number"])
def two(request, tmp_path, monkeypatch):
    if request.param == "by number":
        by_number = module._by_number(ctypes.CDLL(None, use_errno=True))
        monkeypatch.setattr(module, "_renameat2", lambda: by_number)
    one, other = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    one.write_bytes(b"one")
    other.write_bytes(b"other")
    return one, other


def test_two_files_change_names(two):
    one, other = two
    exchange(one, other)
    assert (one.read_bytes(), other.read_bytes()) == (b"other", b"one")


def test_there_must_be_two(two):
    one, other = two
    other.unlink()
    with pytest.raises(FileNotFoundError):
        exchange(one, other)
    assert one.read_bytes() == b"one"


def test_a_file_is_never_renamed_over_another(two):
    one, other = two
    with pytest.raises(FileExistsError):
        rename_new(one, other)
    other.unlink()
    rename_new(one, other)
    assert other.read_bytes() == b"one"


def test_a_machine_whose_number_is_not_known_says_that_it_cannot(two, monkeypatch):
    monkeypatch.setattr(module.platform, "machine", lambda: "pdp11")
    unknown = module._by_number(None)
    monkeypatch.setattr(module, "_renameat2", lambda: unknown)
    with pytest.raises(OSError, match="not implemented") as caught:
        exchange(*two)
    assert caught.value.errno == errno.ENOSYS
    assert caught.value.errno in CANNOT
