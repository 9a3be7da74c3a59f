"""The workbook on a share: two processes that save at once, kills and faults at every step, half-saved files, locks."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

import pytest

from daemon.adapters import exchange, half_saved, open_locks, shared_file
from daemon.adapters.half_saved import Reader
from daemon.adapters.ledger_faults import LedgerBeingSaved, LedgerOpenElsewhere, LedgerUnreachable
from daemon.adapters.shared_file import SharedWorkbook
from daemon.seams import UNSURE, LeaseLost, LedgerNotWritable, SharedFile
from tests.adapters import saving
from tests.adapters.saving import is_whole, packed, tokens_of

NAME = "客诉台账.xlsx"
NOW = datetime(2026, 11, 23, 1, 11, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
A_MOMENT = 0.05  # this file system tells times by milliseconds
LONG = 120.0  # seconds in which two processes must be done on a machine that does much else


def hash_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def workbook(folder: Path, **reading: object) -> SharedWorkbook:
    usual = {"pauses": (0.0,), "settled": 0.0, "doubt": 0.0}
    return SharedWorkbook(folder / NAME, Reader(is_whole, **{**usual, **reading}))


@pytest.fixture
def file(tmp_path) -> SharedWorkbook:
    return workbook(tmp_path)


@pytest.fixture(params=["in one step", "in two steps", "in two steps without links"])
def way(request, monkeypatch) -> str:
    """Let the file system be one that can exchange two files, or not, or that has no hard links either."""
    if request.param != "in one step":
        monkeypatch.setattr(shared_file, "exchange", refused(exchange.exchange, errno.EINVAL))
    if request.param == "in two steps without links":
        monkeypatch.setattr(os, "link", refused(os.link, errno.EPERM))
    return request.param


def refused(real: Callable[..., None], code: int) -> Callable[..., None]:
    def refuse(one: Path, other: Path) -> None:
        if real is exchange.exchange:
            other.stat()
        elif other.exists():
            raise FileExistsError(errno.EEXIST, "File exists")
        raise OSError(code, os.strerror(code))

    return refuse


def names(file: SharedWorkbook) -> list[str]:
    return sorted(path.name for path in file.path.parent.iterdir())


def test_it_is_a_shared_file(file):
    one: SharedFile = file
    assert one.stamp() is None


# ── two processes ────────────────────────────────────────────────────────────────────────────────────────────────────


class Daemon:
    """The daemon's side: it reads, merges by uniting the tokens, adds one of its own, and replaces."""

    def __init__(self, file: SharedWorkbook) -> None:
        self.file, self.journal, self.replaced, self.caught = file, set[str](), 0, 0
        self.known = {hash_of(file.path.read_bytes())}
        self.expected = hash_of(file.path.read_bytes())

    def merge(self, data: bytes) -> str:
        self.journal |= tokens_of(data)
        return hash_of(data)

    def tick(self, now: datetime) -> bool:
        """Do as the pass does; return whether the file was replaced."""
        while late := self.file.left_over(self.known):
            self.caught += 1
            self.file.settle({self.merge(late.data)}, now)
        taken = self.file.read()
        if taken:
            assert taken.whole
            self.expected = self.merge(taken.data)
        self.journal.add(f"daemon{self.replaced}")
        data = packed(self.journal)
        self.known = {self.expected, hash_of(data)}
        swapped = self.file.replace(data, self.expected, now)
        self.replaced += 1
        if swapped.theirs:
            self.caught += 1
            self.file.settle({self.merge(swapped.theirs.data)}, now)
        self.file.settle(self.known, now)
        return True


def test_two_processes_save_and_no_edit_is_lost(tmp_path, way):
    """Let a process save 1,000 edits in every way while the daemon replaces the file at least 200 times."""
    file = SharedWorkbook(tmp_path / NAME, Reader(is_whole, doubt=A_MOMENT), rest=timedelta(seconds=2))
    file.path.write_bytes(packed({"first"}))
    daemon, began = Daemon(file), time.monotonic()
    edits = 1000 if way == "in one step" else 300
    command = [sys.executable, saving.__file__, str(file.path), str(edits)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, bufsize=0) as person:
        try:
            while person.poll() is None:
                assert time.monotonic() - began < LONG, f"{daemon.replaced} replaces"
                with suppress(LedgerNotWritable, BrokenPipeError):
                    daemon.tick(NOW + timedelta(seconds=time.monotonic() - began))
                    person.stdin.write(b".")
        finally:
            person.kill()
    assert person.returncode == 0
    assert daemon.replaced >= edits // 5
    assert daemon.caught >= edits // 10  # the saves did fall into a replace
    settle_down(daemon)
    wanted = {f"edit{number}" for number in range(edits)} | {f"daemon{number}" for number in range(daemon.replaced)}
    assert wanted - tokens_of(file.path.read_bytes()) == set()
    assert names(file) == [NAME]


def settle_down(daemon: Daemon) -> None:
    """Let two days pass in which nobody saves."""
    for day in range(3):
        daemon.tick(NOW + timedelta(days=day + 1))
    for day in range(2):
        daemon.file.settle(daemon.known, NOW + timedelta(days=day + 5))


# ── killed, or refused, at every step ────────────────────────────────────────────────────────────────────────────────

FIRST, THEIRS, SECOND = packed({"first"}), packed({"first", "theirs"}), packed({"first", "second"})
KNOWN = {hash_of(FIRST), hash_of(SECOND)}
STEPS = ("open", "os.", "shutil.", "kesu.")


class Steps:
    """Does something at the n-th step of a process, before it is taken: steps are what the system is asked for."""

    def __init__(self, folder: Path, at: int, action: Callable[[], None]) -> None:
        self.folder, self.at, self.action, self.taken = str(folder), at, action, 0

    def watch(self) -> None:
        sys.addaudithook(self.step)
        for place, name in ((os, "fdopen"), (os, "fsync"), (shared_file, "exchange")):
            setattr(place, name, self.told(name, getattr(place, name)))

    def step(self, event: str, arguments: tuple) -> None:
        ours = event.startswith("kesu.") or any(str(one).startswith(self.folder) for one in arguments[:2])
        if event.startswith(STEPS) and ours:
            self.taken += 1
            if self.taken == self.at:
                self.action()

    def told(self, name: str, real: Callable) -> Callable:
        def asked(*arguments: object) -> object:
            sys.audit(f"kesu.{name}")
            return real(*arguments)

        return asked


def in_a_process(folder: Path, at: int, action: Callable[[], None], do: Callable[[], object]) -> str:
    """Do something in a process of its own; return how that ended: done, refused, killed, or wrong."""
    child = os.fork()
    if child == 0:
        code = 3
        try:
            steps = Steps(folder, at, action)
            steps.watch()
            do()
            code = 0 if steps.taken < at else 1
        except LedgerUnreachable:
            code = 2
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    return "killed" if os.WIFSIGNALED(status) else ("done", "in spite", "refused", "wrong")[os.WEXITSTATUS(status)]


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(code: int) -> Callable[[], None]:
    def fail() -> None:
        raise OSError(code, os.strerror(code))

    return fail


ACTIONS = [kill, *map(refuse, (errno.ENOSPC, errno.EIO, errno.EACCES))]


@pytest.mark.parametrize("action", ACTIONS, ids=["kill", "ENOSPC", "EIO", "EACCES"])
@pytest.mark.parametrize("saved", [FIRST, THEIRS], ids=["nobody saved", "somebody saved"])
def test_cut_off_at_any_step_no_save_is_lost(tmp_path, way, action, saved):
    at, ends = 0, set()
    while "done" not in ends:
        at += 1
        assert at < 100
        file = workbook(tmp_path / f"{at}")
        file.path.parent.mkdir()
        file.path.write_bytes(saved)
        ended = in_a_process(file.path.parent, at, action, lambda file=file: file.replace(SECOND, hash_of(FIRST), NOW))
        ends.add(ended)
        check_promise(workbook(file.path.parent), saved, f"step {at} {ended} {names(file)}")
    assert ends <= {"done", "killed"} if action is kill else ends <= {"done", "refused", "in spite"}
    assert at > 8


def check_promise(file: SharedWorkbook, saved: bytes, where: str) -> None:
    """See that the save is read from the place or as left over, and that all is in order after the next replace."""
    late = file.left_over(KNOWN)
    stands = file.read()
    assert stands, where
    assert stands.data in (saved, SECOND), where
    assert late is None or late.data == saved == THEIRS, where
    if saved == THEIRS:
        assert stands.data == saved or late, where
    file.settle({*KNOWN, hash_of(saved)}, NOW)
    third = packed({"first", "second", "theirs", "third"})
    assert file.replace(third, stands.sha256, NOW).theirs is None, where
    for day in (1, 2, 3):
        file.settle(KNOWN, NOW + timedelta(days=day))
    assert names(file) == [NAME], where
    assert file.path.read_bytes() == third, where


def test_a_swap_that_was_done_though_the_system_says_no(file, monkeypatch):
    real = shared_file.exchange

    def done_and_denied(one: Path, other: Path) -> None:
        real(one, other)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    file.path.write_bytes(THEIRS)
    monkeypatch.setattr(shared_file, "exchange", done_and_denied)
    with pytest.raises(LedgerUnreachable):
        file.replace(SECOND, hash_of(FIRST), NOW)
    assert file.path.read_bytes() == SECOND
    assert file.left_over(KNOWN).data == THEIRS


def test_a_ledger_taken_away_is_back_at_once_when_the_new_one_cannot_be_put(file, monkeypatch):
    monkeypatch.setattr(shared_file, "exchange", refused(exchange.exchange, errno.EINVAL))
    real, asked = shared_file.put_in_place, []

    def refuse_once(fresh: Path, path: Path) -> None:
        asked.append(fresh)
        if len(asked) == 1:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(fresh, path)

    file.path.write_bytes(THEIRS)
    monkeypatch.setattr(shared_file, "put_in_place", refuse_once)
    with pytest.raises(LedgerUnreachable):
        file.replace(SECOND, hash_of(FIRST), NOW)
    assert file.path.read_bytes() == THEIRS
    assert names(file) == [NAME]


def test_a_second_name_of_the_ledger_is_no_save_that_was_swapped_out(file):
    file.path.write_bytes(FIRST)
    os.link(file.path, file.path.with_name(f".{NAME}.swap-1-{hash_of(FIRST)[:16]}"))
    file.path.write_bytes(THEIRS)
    assert file.left_over(()) is None
    assert names(file) == [NAME]


def test_a_new_file_cut_short_by_a_power_cut_is_nobodys_save(file):
    file.path.write_bytes(FIRST)
    file.path.with_name(f".{NAME}.new").write_bytes(SECOND[:5])
    assert file.left_over(()) is None
    assert names(file) == [NAME]


def test_a_daemon_that_lost_its_lease_leaves_the_share_alone(tmp_path):
    @contextmanager
    def lost_meanwhile():
        def still() -> None:
            raise LeaseLost("another")

        yield still

    file = SharedWorkbook(tmp_path / NAME, Reader(is_whole), hold=lost_meanwhile)
    file.path.write_bytes(FIRST)
    with pytest.raises(LeaseLost):
        file.replace(SECOND, hash_of(FIRST), NOW)
    with pytest.raises(LeaseLost):
        file.set_aside(hash_of(FIRST), NOW)
    assert names(file) == [NAME]
    assert file.path.read_bytes() == FIRST


# ── what was swapped out ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_save_under_way_at_the_swap_is_read_when_it_is_over(tmp_path, way, monkeypatch):
    file = workbook(tmp_path, settled=60.0)
    file.path.write_bytes(FIRST)
    with file.path.open("r+b", buffering=0) as program:
        program.truncate()
        swapped = file.replace(SECOND, hash_of(FIRST), NOW)
        assert swapped.theirs is None
        assert file.left_over(KNOWN) is None
        file.settle(KNOWN, LATER)
        program.write(THEIRS)
    assert file.left_over(KNOWN).data == THEIRS


def test_a_save_that_stays_cut_short_is_set_aside(tmp_path):
    file = workbook(tmp_path)
    file.path.write_bytes(THEIRS[:5])
    file.replace(SECOND, hash_of(FIRST), NOW)
    assert list(file.settle(KNOWN, NOW)) == []
    [aside] = file.settle(KNOWN, LATER)
    assert aside.read_bytes() == THEIRS[:5]
    assert names(file) == sorted(["客诉台账-无法读取-20261124-0111.xlsx", NAME])


def test_what_was_dealt_with_is_watched_until_it_has_rested(file):
    file.path.write_bytes(FIRST)
    file.replace(SECOND, hash_of(FIRST), NOW)
    for seconds, left in ((0, 2), (60, 2), (121, 1)):
        file.settle(KNOWN, NOW + timedelta(seconds=seconds))
        assert len(names(file)) == left


def test_a_daemon_started_anew_knows_what_was_dealt_with(file):
    file.path.write_bytes(THEIRS)
    swapped = file.replace(SECOND, hash_of(FIRST), NOW)
    file.settle({swapped.theirs.sha256}, NOW)
    anew = workbook(file.path.parent)
    assert anew.left_over(()) is None


def test_strangers_files_beside_it_are_left_alone(file):
    file.path.write_bytes(FIRST)
    strange = [f".{NAME}.swap-1", f".{NAME}.swap-x-0123456789abcdef", ".客诉台账.xlsx", f"{NAME}.swap-1-{'0' * 16}"]
    for name in strange:
        file.path.with_name(name).write_bytes(THEIRS)
    assert file.left_over(()) is None
    file.replace(SECOND, hash_of(FIRST), NOW)
    file.settle(KNOWN, NOW)
    file.settle(KNOWN, LATER)
    assert names(file) == sorted([*strange, NAME])


def test_the_mode_stays(file, way):
    file.path.write_bytes(FIRST)
    file.path.chmod(0o640)
    file.replace(SECOND, hash_of(FIRST), NOW)
    assert file.path.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_stays(file, way):
    file.path.write_bytes(FIRST)
    os.chown(file.path, 1234, 1235)
    file.replace(SECOND, hash_of(FIRST), NOW)
    assert (file.path.stat().st_uid, file.path.stat().st_gid) == (1234, 1235)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("data", [b"", THEIRS[:5]])
def test_a_file_that_is_being_saved_is_not_read(tmp_path, data):
    file = workbook(tmp_path, settled=60.0)
    file.path.write_bytes(data)
    with pytest.raises(LedgerBeingSaved):
        file.read()


def test_a_file_that_stays_cut_short_is_read_as_such(file):
    file.path.write_bytes(THEIRS[:5])
    taken = file.read()
    assert (taken.whole, taken.data) == (False, THEIRS[:5])


def test_a_file_saved_just_now_is_read_again_at_the_next_look(tmp_path):
    file = workbook(tmp_path, doubt=60.0)
    file.path.write_bytes(FIRST)
    assert file.read().stamp == UNSURE
    assert file.stamp() != UNSURE


def test_our_own_file_is_known_by_its_stamp_at_once(tmp_path):
    file = workbook(tmp_path, doubt=60.0)
    swapped = file.replace(FIRST, None, NOW)
    assert file.stamp() == swapped.stamp
    with file.path.open("r+b") as program:  # as many bytes, at once, in place
        program.write(FIRST)
    assert file.stamp() != swapped.stamp


def test_a_file_that_is_too_large_is_refused(file, monkeypatch):
    monkeypatch.setattr(half_saved, "MOST_BYTES", 3)
    file.path.write_bytes(FIRST)
    with pytest.raises(LedgerUnreachable, match="no workbook of a ledger is that large"):
        file.read()


@pytest.mark.parametrize("code", [errno.EIO, errno.EACCES])
def test_a_file_that_cannot_be_read(file, monkeypatch, code):
    file.path.write_bytes(FIRST)

    def refuse_to_open(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "open", refuse_to_open)
    with pytest.raises(LedgerUnreachable, match=os.strerror(code)):
        file.read()


def test_a_file_set_aside_gets_a_free_name_in_local_time(tmp_path):
    file = SharedWorkbook(tmp_path / NAME, Reader(is_whole), zone=timezone(timedelta(hours=8)))
    for content in (b"one", b"two"):
        file.path.write_bytes(content)
        assert file.set_aside(hash_of(content), NOW).read_bytes() == content
    assert names(file) == ["客诉台账-无法读取-20261123-0911-2.xlsx", "客诉台账-无法读取-20261123-0911.xlsx"]


# ── who has it open ──────────────────────────────────────────────────────────────────────────────────────────────────


def laid(file: SharedWorkbook, host: str, since: datetime) -> Path:
    lock = file.path.with_name(f".~lock.{NAME}#")
    lock.write_text(f"李敏,li,{host},23.11.2026 09:01,file:///home/li;", encoding="utf-8")
    os.utime(lock, (since.timestamp(), since.timestamp()))
    return lock


@pytest.mark.parametrize(
    ("host", "age", "running", "opened"),
    [
        ("PC-07", timedelta(hours=2), {"sshd"}, True),
        ("PC-07", timedelta(days=2), {"sshd"}, True),
        ("PC-07", timedelta(days=4), {"sshd"}, False),
        ("HERE", timedelta(hours=2), {"sshd"}, False),
        ("HERE", timedelta(hours=2), {"sshd", "soffice.bin"}, True),
        ("HERE", timedelta(hours=2), set(), True),
    ],
)
def test_a_lock_that_was_left_behind(file, monkeypatch, host, age, running, opened):
    monkeypatch.setattr(open_locks.socket, "gethostname", lambda: "here")
    monkeypatch.setattr(open_locks, "_programs", lambda: frozenset(running))
    file.path.write_bytes(FIRST)
    lock = laid(file, host, NOW - age)
    found = file.opened_by(NOW)
    assert bool(found) == opened
    if found:
        assert (found.who, found.program, found.since, found.lock) == ("李敏", "LibreOffice", NOW - age, lock.name)
        with pytest.raises(LedgerOpenElsewhere, match="李敏"):
            file.replace(SECOND, hash_of(FIRST), NOW)
    else:
        file.replace(SECOND, hash_of(FIRST), NOW)
    assert lock.exists()


@pytest.mark.parametrize("code", [errno.EBUSY, errno.ETXTBSY])
def test_the_true_test_is_the_replace(file, monkeypatch, code):
    file.path.write_bytes(FIRST)

    def open_on_the_server(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(shared_file, "exchange", open_on_the_server)
    with pytest.raises(LedgerNotWritable, match="open in a program") as caught:
        file.replace(SECOND, hash_of(FIRST), NOW)
    assert caught.value.locked
    assert names(file) == [NAME]
    assert file.path.read_bytes() == FIRST


def test_a_lock_of_tomorrow_is_one_of_now(file):
    laid(file, "PC-07", LATER)
    assert file.opened_by(NOW).since == NOW


def test_the_programs_that_run_here_are_known():
    assert open_locks._programs()
