"""What every SharedFile keeps, the fake one included: the same tests against memory and a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from daemon.adapters import shared_file
from daemon.adapters.half_saved import Reader
from daemon.adapters.shared_file import SharedWorkbook
from daemon.seams import LedgerNotWritable, SharedFile
from tests.fakes.ledger import FakeSharedFile, Opened

NAME = "客诉台账.xlsx"
NOW = datetime(2026, 11, 23, 1, 11, tzinfo=UTC)


def hash_of(data: bytes) -> str:
    return sha256(data).hexdigest()


@dataclass
class World:
    """A shared file with what people do to it; `at_the_swap` saves in the moment between the look and the swap."""

    file: SharedFile
    save: Callable[[bytes | None], None]
    content: Callable[[], bytes | None]
    open_it: Callable[[], None]
    close_it: Callable[[], None]
    at_the_swap: Callable[[bytes], None]
    write_into_old: Callable[[bytes], None]
    cut_off: Callable[[], None]


@pytest.fixture(params=["memory", "exchange", "two steps"])
def world(request, tmp_path, monkeypatch) -> World:
    if request.param == "memory":
        return memory_world()
    if request.param == "two steps":
        monkeypatch.setattr(shared_file, "exchange", cannot_exchange)
    return folder_world(tmp_path, monkeypatch)


def cannot_exchange(one: Path, other: Path) -> None:
    other.stat()
    raise OSError(22, "Invalid argument")


def memory_world() -> World:
    file = FakeSharedFile()

    def opened(who: Opened | None) -> Callable[[], None]:
        return lambda: setattr(file, "opened", who)

    return World(
        file,
        file.save,
        lambda: file.content,
        opened(Opened("李敏", "LibreOffice", NOW, f".~lock.{NAME}#")),
        opened(None),
        file.saved_at_the_last_moment.append,
        file.write_into_old,
        lambda: setattr(file, "unreachable", "the share is gone"),
    )


def folder_world(folder: Path, monkeypatch) -> World:
    path, lock = folder / NAME, folder / f".~lock.{NAME}#"
    file = SharedWorkbook(path, Reader(bool, pauses=(0.0,), settled=0.0, doubt=0.0), rest=timedelta(0))
    swap, late = SharedWorkbook._swap, []

    def save(data: bytes | None) -> None:
        path.unlink(missing_ok=True)
        if data is not None:
            path.write_bytes(data)

    def swap_after_a_save(self, *args):
        while late:
            save(late.pop(0))
        return swap(self, *args)

    monkeypatch.setattr(SharedWorkbook, "_swap", swap_after_a_save)

    def write_into_old(data: bytes) -> None:
        max(folder.glob(f".{NAME}.*")).write_bytes(data)

    def content() -> bytes | None:
        return path.read_bytes() if path.exists() else None

    return World(
        file,
        save,
        content,
        lambda: lock.write_text("李敏,li,PC-07,23.11.2026 09:01,file:///home/li;", encoding="utf-8") and None,
        lock.unlink,
        late.append,
        write_into_old,
        lambda: monkeypatch.setattr(file, "path", folder / "gone" / NAME),
    )


def test_a_ledger_that_is_not_there(world):
    assert world.file.stamp() is None
    assert world.file.read() is None
    assert world.file.opened_by(NOW) is None
    assert world.file.left_over(()) is None


def test_the_first_ledger(world):
    swapped = world.file.replace(b"first", None, NOW)
    assert swapped.theirs is None
    assert swapped.sha256 == hash_of(b"first")
    assert world.content() == b"first"
    assert world.file.stamp() == swapped.stamp


def test_what_people_save_shows_in_the_stamp_and_is_read(world):
    ours = world.file.replace(b"ours", None, NOW)
    world.save(b"their")
    assert world.file.stamp() != ours.stamp
    taken = world.file.read()
    assert (taken.data, taken.sha256, taken.whole) == (b"their", hash_of(b"their"), True)
    assert world.file.stamp() == taken.stamp


def test_what_was_expected_is_replaced_and_nothing_is_left_over(world):
    first = world.file.replace(b"first", None, NOW)
    second = world.file.replace(b"second", first.sha256, NOW)
    assert second.theirs is None
    assert world.content() == b"second"
    assert world.file.left_over({first.sha256, second.sha256}) is None


def test_what_was_saved_at_the_last_moment_is_given_back(world):
    first = world.file.replace(b"first", None, NOW)
    world.at_the_swap(b"theirs")
    second = world.file.replace(b"second", first.sha256, NOW)
    assert second.theirs.data == b"theirs"
    assert world.content() == b"second"


def test_it_is_left_over_until_it_is_settled(world):
    first = world.file.replace(b"first", None, NOW)
    world.at_the_swap(b"theirs")
    second = world.file.replace(b"second", first.sha256, NOW)
    known = {first.sha256, second.sha256}
    for _ in range(2):
        assert world.file.left_over(known).data == b"theirs"
    world.file.settle({second.theirs.sha256}, NOW)
    assert world.file.left_over(known) is None


def test_what_is_written_into_the_old_file_afterwards_is_left_over(world):
    first = world.file.replace(b"first", None, NOW)
    second = world.file.replace(b"second", first.sha256, NOW)
    known = {first.sha256, second.sha256}
    world.write_into_old(b"late")
    assert world.file.left_over(known).data == b"late"
    world.file.settle({hash_of(b"late")}, NOW)
    assert world.file.left_over(known) is None


def test_a_ledger_that_people_deleted_is_written_again(world):
    first = world.file.replace(b"first", None, NOW)
    world.save(None)
    assert world.file.replace(b"second", first.sha256, NOW).theirs is None
    assert world.content() == b"second"


def test_a_workbook_that_is_open_is_read_but_not_written(world):
    world.save(b"theirs")
    world.open_it()
    opened = world.file.opened_by(NOW)
    assert (opened.who, opened.program) == ("李敏", "LibreOffice")
    assert world.file.read().data == b"theirs"
    with pytest.raises(LedgerNotWritable, match="李敏") as caught:
        world.file.replace(b"ours", hash_of(b"theirs"), NOW)
    assert caught.value.locked
    assert world.content() == b"theirs"
    world.close_it()
    assert world.file.replace(b"ours", hash_of(b"theirs"), NOW).theirs is None


def test_a_file_that_stays_cut_short_is_read_as_such(world):
    world.save(b"")
    assert (world.file.read().data, world.file.read().whole) == (b"", False)


def test_a_file_that_cannot_be_used_is_set_aside(world):
    world.save(b"no workbook")
    assert world.file.set_aside(hash_of(b"no workbook"), NOW).name == "客诉台账-无法读取-20261123-0111.xlsx"
    assert world.content() is None


def test_a_file_that_was_saved_since_is_not_set_aside(world):
    world.save(b"a workbook")
    assert world.file.set_aside(hash_of(b"no workbook"), NOW) is None
    assert world.content() == b"a workbook"


def test_a_share_that_is_not_there(world):
    world.save(b"theirs")
    world.cut_off()
    for use in (
        world.file.stamp,
        world.file.read,
        lambda: world.file.replace(b"ours", None, NOW),
        lambda: world.file.left_over(()),
        lambda: world.file.settle((), NOW),
    ):
        with pytest.raises(LedgerNotWritable):
            use()
