"""Copies of the workbook: the same tests against memory and a folder, then what only a folder can do."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from daemon.adapters import ledger_copies
from daemon.adapters.ledger_copies import KEPT, WorkbookCopies
from daemon.seams import SharedCopies
from tests.fakes.ledger import FakeCopies

MONDAY = date(2026, 11, 23)


@dataclass
class World:
    """Copies, and a way to break them and to look at them."""

    copies: SharedCopies
    folder: Path | None

    def live(self) -> bytes | None:
        if isinstance(self.copies, FakeCopies):
            return self.copies.live
        return self.copies.live.read_bytes() if self.copies.live.exists() else None

    def daily(self) -> dict[date, bytes]:
        if isinstance(self.copies, FakeCopies):
            return self.copies.daily
        lying = sorted((self.copies.path.parent / "备份").glob("客诉台账-*.xlsx"))
        return {date.fromisoformat(path.stem[-8:]): path.read_bytes() for path in lying}

    def break_them(self, monkeypatch) -> None:
        if isinstance(self.copies, FakeCopies):
            self.copies.broken = "the disk is full"
            return
        for name in ("write_atomically", "write_new"):
            monkeypatch.setattr(ledger_copies, name, full)


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def folder(tmp_path) -> WorkbookCopies:
    (tmp_path / "share").mkdir()
    (tmp_path / "state").mkdir()
    return WorkbookCopies(tmp_path / "share" / "客诉台账.xlsx", tmp_path / "state")


@pytest.fixture(params=["memory", "folder"])
def world(request, folder) -> World:
    return World(FakeCopies() if request.param == "memory" else folder, folder.path.parent)


def test_people_see_the_present_state(world):
    for data in (b"one", b"two", b"two"):
        assert world.copies.publish(data) == ""
        assert world.live() == data


def test_the_last_good_copy(world):
    assert world.copies.last_good() is None
    for data in (b"one", b"two"):
        assert world.copies.keep_good(data) == ""
        assert world.copies.last_good() == data


def test_the_last_versions_are_kept_by_their_hashes(world):
    versions = [str(number).encode() for number in range(KEPT + 3)]
    for data in (*versions, versions[5], versions[5]):
        assert world.copies.keep_good(data) == ""
    hashes = [sha256(data).hexdigest() for data in versions]
    kept = [data for data, one in zip(versions, hashes, strict=True) if world.copies.good(one) == data]
    assert kept == versions[-KEPT:]
    assert (world.copies.last_good(), world.copies.good(""), world.copies.good(hashes[5][-9:])) == (b"5", None, None)


def test_a_version_that_was_never_put_in_place_is_forgotten(world):
    for data in (b"one", b"two"):
        world.copies.keep_good(data)
    world.copies.forget_good(sha256(b"two").hexdigest())
    assert world.copies.last_good() == b"one"


def test_a_version_whose_bytes_are_not_its_own_is_none(folder):
    for data in (b"one", b"two"):
        folder.keep_good(data)
    max(folder.versions.iterdir()).write_bytes(b"tw")
    assert folder.last_good() == b"one"


def test_the_first_state_of_a_day_is_kept(world):
    for data in (b"morning", b"noon"):
        assert world.copies.keep_daily(data, MONDAY, 14) == ""
    assert world.daily() == {MONDAY: b"morning"}


def test_old_days_go_and_days_without_a_change_count_for_none(world):
    days = [MONDAY + timedelta(days=number) for number in (0, 1, 2, 30)]
    for day in days:
        world.copies.keep_daily(b"x", day, 3)
    assert sorted(world.daily()) == days[1:]


def test_no_backups_are_made_when_none_are_wanted(world):
    world.copies.keep_daily(b"x", MONDAY, 1)
    assert world.copies.keep_daily(b"x", MONDAY + timedelta(days=1), 0) == ""
    assert sorted(world.daily()) == [MONDAY]


def test_what_cannot_be_written_is_said_and_harms_nothing(world, monkeypatch):
    world.copies.publish(b"one")
    world.copies.keep_good(b"one")
    world.break_them(monkeypatch)
    assert world.copies.publish(b"two")
    assert world.copies.keep_good(b"two")
    assert world.copies.keep_daily(b"two", MONDAY, 14)
    assert (world.live(), world.copies.last_good(), world.daily()) == (b"one", b"one", {})


def test_it_is_tried_again(folder, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(ledger_copies, "write_new", full)
        assert "tried again: No space left" in folder.publish(b"one")
    assert folder.publish(b"one") == ""
    assert folder.live.read_bytes() == b"one"


def test_the_present_state_is_read_only_and_stands_beside_the_ledger(folder):
    folder.publish(b"one")
    assert [path.name for path in folder.path.parent.iterdir()] == ["客诉台账-实时(只读).xlsx"]
    assert folder.live.stat().st_mode & 0o777 == 0o444


def test_it_is_written_only_when_its_bytes_changed(folder):
    folder.publish(b"one")
    before = folder.live.stat().st_ino
    anew = WorkbookCopies(folder.path, folder.state)
    for copies in (folder, anew):
        copies.publish(b"one")
        assert folder.live.stat().st_ino == before


def test_one_that_people_took_away_comes_back(folder):
    folder.publish(b"one")
    folder.live.unlink()
    folder.publish(b"one")
    assert folder.live.read_bytes() == b"one"


@pytest.mark.parametrize("anew", [True, False])
def test_one_that_somebody_saved_over_comes_back_and_theirs_is_kept(folder, anew):
    folder.publish(b"one")
    for number, name in ((1, "客诉台账-实时(只读)-有人改过.xlsx"), (2, "客诉台账-实时(只读)-有人改过-2.xlsx")):
        folder.live.unlink()
        folder.live.write_bytes(b"hers %d" % number)
        copies = WorkbookCopies(folder.path, folder.state) if anew else folder
        assert name in copies.publish(b"one")
        assert folder.live.read_bytes() == b"one"
        assert folder.path.with_name(name).read_bytes() == b"hers %d" % number
        assert copies.publish(b"one") == ""


def test_a_copy_cut_short_by_a_power_cut_is_in_nobodys_way(folder):
    folder.live.with_name(f".{folder.live.name}.new").write_bytes(b"on")
    folder.publish(b"one")
    assert [path.name for path in folder.path.parent.iterdir()] == [folder.live.name]


def test_backups_of_other_names_stay(folder):
    folder.keep_daily(b"x", MONDAY, 1)
    own = folder.path.parent / "备份" / "客诉台账-20261120 王晓燕.xlsx"
    own.write_bytes(b"hers")
    folder.keep_daily(b"x", MONDAY + timedelta(days=1), 1)
    assert own.exists()


def test_the_last_good_copy_is_for_us_only(folder):
    folder.keep_good(b"one")
    (version,) = folder.versions.iterdir()
    assert version.stat().st_mode & 0o777 == 0o600
