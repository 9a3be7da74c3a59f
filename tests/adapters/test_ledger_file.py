from __future__ import annotations

import errno
import io
import os
import zipfile
from contextlib import contextmanager
from hashlib import sha256

import pytest

from daemon.adapters import ledger_file
from daemon.adapters.ledger_faults import LedgerOpenElsewhere, LedgerUnreachable
from daemon.adapters.ledger_file import WorkbookFile
from daemon.seams import LeaseLost, LedgerFile, LedgerNotWritable
from tests.fakes.ledger import FakeLedger
from tests.ledger.cast import LAYOUT, NOW, row

NAME = "客诉台账.xlsx"


@pytest.fixture
def ledger(tmp_path) -> WorkbookFile:
    return WorkbookFile(tmp_path / NAME, LAYOUT)


def names(ledger):
    return sorted(path.name for path in ledger.path.parent.iterdir())


def excel_lock(name: str) -> bytes:
    narrow, wide = name.encode("gb18030"), name.encode("utf-16-le")
    first = bytes([len(narrow)]) + narrow.ljust(53, b" ")
    return first + len(name).to_bytes(2, "little") + wide.ljust(109, b" ")


def test_it_is_a_ledger(ledger):
    one: LedgerFile = ledger
    assert one.sha256() is None


def test_the_first_ledger(ledger):
    written = ledger.write([row()], None, NOW)
    assert written.sha256 == ledger.sha256() == sha256(ledger.path.read_bytes()).hexdigest()
    assert written.set_aside is None
    assert names(ledger) == [NAME]


def test_the_same_rows_are_not_written_again(ledger):
    first = ledger.write([row()], None, NOW)
    os.utime(ledger.path, (1, 1))
    assert ledger.write([row()], first.sha256, NOW) == first
    assert ledger.write([row()], None, NOW) == first  # the store was lost; the file is right all the same
    assert ledger.path.stat().st_mtime == 1


def test_our_own_file_is_replaced(ledger):
    first = ledger.write([row()], None, NOW)
    ledger.path.chmod(0o640)
    second = ledger.write([row(customer="华岳")], first.sha256, NOW)
    assert second.set_aside is None
    assert names(ledger) == [NAME]
    assert ledger.sha256() == second.sha256 != first.sha256
    assert ledger.path.stat().st_mode & 0o777 == 0o640


def test_a_file_that_people_changed_is_set_aside_untouched(ledger):
    first = ledger.write([row()], None, NOW)
    for content in (b"theirs", b"theirs again"):
        ledger.path.write_bytes(content)
        written = ledger.write([row(customer="华岳")], first.sha256, NOW)
        assert written.set_aside
        assert written.set_aside.read_bytes() == content
        assert ledger.sha256() == written.sha256
    assert names(ledger) == ["客诉台账-人工修改-20261123-0911-2.xlsx", "客诉台账-人工修改-20261123-0911.xlsx", NAME]


def test_a_file_that_was_there_before_us_is_set_aside(ledger):
    ledger.path.write_bytes(b"theirs")
    assert ledger.write([row()], None, NOW).set_aside


def test_an_edit_saved_at_the_last_moment_is_not_lost(ledger, monkeypatch):
    first = ledger.write([row()], None, NOW)
    take_away = ledger._take_away
    monkeypatch.setattr(ledger, "_take_away", lambda now: (ledger.path.write_bytes(b"late"), take_away(now))[1])
    written = ledger.write([row(customer="华岳")], first.sha256, NOW)
    assert written.set_aside
    assert written.set_aside.read_bytes() == b"late"


def test_a_file_saved_between_taking_away_and_putting_stays(ledger, monkeypatch):
    first = ledger.write([row()], None, NOW)
    put = ledger_file._put_in_place
    monkeypatch.setattr(ledger_file, "_put_in_place", lambda new, path: (path.write_bytes(b"late"), put(new, path)))
    with pytest.raises(LedgerNotWritable):
        ledger.write([row(customer="华岳")], first.sha256, NOW)
    assert ledger.path.read_bytes() == b"late"


@pytest.mark.parametrize(
    ("lock", "content"),
    [
        (f"~${NAME}", excel_lock("李敏")),
        (f".~{NAME}", excel_lock("李敏")),
        (f".~lock.{NAME}#", "李敏,li,PC-07,23.11.2026 09:01,file:///home/li;".encode()),
    ],
)
def test_a_workbook_that_is_open_is_left_alone(ledger, lock, content):
    first = ledger.write([row()], None, NOW)
    (ledger.path.parent / lock).write_bytes(content)
    before = ledger.path.read_bytes()
    with pytest.raises(LedgerOpenElsewhere, match="李敏") as caught:
        ledger.write([row(customer="华岳")], first.sha256, NOW)
    assert caught.value.who == "李敏"
    assert "nothing is lost" in str(caught.value)
    assert ledger.path.read_bytes() == before
    assert names(ledger) == sorted([NAME, lock])
    (ledger.path.parent / lock).unlink()
    assert ledger.write([row(customer="华岳")], first.sha256, NOW).set_aside is None


@pytest.mark.parametrize("content", [b"", b"\x05ab", b"\xff" * 60, b",li,PC-07"])
def test_a_broken_lock_file_still_locks(ledger, content):
    for lock in (f"~${NAME}", f".~lock.{NAME}#"):
        path = ledger.path.parent / lock
        path.write_bytes(content)
        with pytest.raises(LedgerOpenElsewhere):
            ledger.write([row()], None, NOW)
        path.unlink()


def test_an_open_workbook_that_is_right_already_is_no_fault(ledger):
    first = ledger.write([row()], None, NOW)
    (ledger.path.parent / f"~${NAME}").write_bytes(excel_lock("李敏"))
    assert ledger.write([row()], first.sha256, NOW) == first


@pytest.mark.parametrize("step", ["write_atomically", "rename_free", "_put_in_place"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_when_the_system_refuses_the_old_ledger_stays(ledger, monkeypatch, step, code):
    first = ledger.write([row()], None, NOW)
    refusals = iter([OSError(code, os.strerror(code))])
    real = getattr(ledger_file, step)

    def refuse_once(*args):
        for refusal in refusals:
            raise refusal
        return real(*args)

    monkeypatch.setattr(ledger_file, step, refuse_once)
    with pytest.raises(LedgerUnreachable, match=os.strerror(code)):
        ledger.write([row(customer="华岳")], first.sha256, NOW)
    assert names(ledger) == [NAME]
    assert ledger.sha256() == first.sha256
    assert ledger.write([row(customer="华岳")], first.sha256, NOW).set_aside is None


def test_our_own_last_file_that_cannot_be_removed_is_no_persons_and_goes_at_the_next_try(ledger, monkeypatch):
    first = ledger.write([row()], None, NOW)
    remove = type(ledger.path).unlink

    def stuck(path, **options):
        if "人工修改" in path.name:
            raise OSError(errno.EIO, "input/output error")
        remove(path, **options)

    with monkeypatch.context() as patched:
        patched.setattr(type(ledger.path), "unlink", stuck)
        with pytest.raises(LedgerUnreachable):
            ledger.write([row(), row()], first.sha256, NOW)
    assert ledger.write([row(), row()], first.sha256, NOW).set_aside is None
    assert names(ledger) == [NAME]


def test_a_share_without_hard_links(ledger, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOTSUP, "not supported")

    monkeypatch.setattr(os, "link", refuse)
    first = ledger.write([row()], None, NOW)
    second = ledger.write([row(customer="华岳")], first.sha256, NOW)
    assert ledger.sha256() == second.sha256
    assert names(ledger) == [NAME]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    ledger = WorkbookFile(tmp_path / "share" / NAME, LAYOUT)
    with pytest.raises(LedgerUnreachable, match="mounted"):
        ledger.write([row()], None, NOW)


def test_something_else_by_that_name_cannot_be_read(ledger):
    ledger.path.mkdir()
    with pytest.raises(LedgerNotWritable):
        ledger.sha256()


def test_the_fake_behaves_like_the_file(ledger):
    for one in (ledger, FakeLedger()):
        first = one.write([row()], None, NOW)
        assert one.write([row()], first.sha256, NOW) == first
        second = one.write([row(customer="华岳")], first.sha256, NOW)
        assert (second.set_aside, one.sha256()) == (None, second.sha256)
        assert one.write([row()], "another", NOW).set_aside


def test_the_fake_can_be_unwritable():
    fake = FakeLedger(unwritable="open by 李敏")
    with pytest.raises(LedgerNotWritable, match="李敏"):
        fake.write([row()], None, NOW)
    fake.unwritable = ""
    fake.write([row()], None, NOW)
    fake.people_change_it()
    assert fake.write([row(customer="华岳")], fake.sha256(), NOW).set_aside is None
    assert (len(fake.writes), fake.attempts, fake.rows[0].values["customer"]) == (2, 3, "华岳")


def test_a_daemon_that_lost_the_lease_leaves_the_workbook_as_it_is(tmp_path):
    """Be it known before, or only when the new file is ready: the one in place is not touched."""

    @contextmanager
    def known_before():
        raise LeaseLost("other")
        yield

    @contextmanager
    def known_later():
        def still():
            raise LeaseLost("other")

        yield still

    path = tmp_path / "客诉台账.xlsx"
    for hold in (known_before, known_later):
        path.write_bytes(b"the other daemon's")
        with pytest.raises(LeaseLost):
            WorkbookFile(path, LAYOUT, hold).write([], None, NOW)
        assert [one.name for one in tmp_path.iterdir()] == [path.name]
        assert path.read_bytes() == b"the other daemon's"


def test_a_workbook_that_was_cut_short_is_never_written(ledger, monkeypatch):
    first = ledger.write([row()], None, NOW)
    cut = io.BytesIO()
    with zipfile.ZipFile(cut, "w") as parts:
        parts.writestr("xl/worksheets/sheet1.xml", "<worksheet><sheetData>")
    monkeypatch.setattr("daemon.ledger.build.build_workbook", lambda *_: cut.getvalue())
    with pytest.raises(LedgerNotWritable, match="cut short"):
        ledger.write([row(customer="华岳")], first.sha256, NOW)
    assert ledger.sha256() == first.sha256


def test_what_a_killed_daemon_left_amid_replacing_is_tidied_away_and_a_persons_copy_stays(ledger):
    first = ledger.write([row()], None, NOW)
    ours, reserved, theirs = (
        ledger.path.with_name(f"{ledger.path.stem}-人工修改-20261102-170{n}.xlsx") for n in range(3)
    )
    ours.write_bytes(ledger.path.read_bytes())
    reserved.write_bytes(b"")
    theirs.write_bytes(b"a person's")
    ledger.write([row(customer="华岳")], first.sha256, NOW)
    assert names(ledger) == sorted([ledger.path.name, theirs.name])
