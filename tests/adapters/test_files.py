from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.adapters.files import (
    StateInUse,
    StateLock,
    remove_leftovers,
    rename_free,
    set_aside,
    write_atomically,
    write_new,
)

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "台账.xlsx"
    for data in (b"old", b"new"):
        write_atomically(path, data)
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_as_long_as_the_file_system_takes_can_be_written(tmp_path):
    path = tmp_path / ("照" * 83 + ".pdf")
    assert len(path.name.encode()) == 253
    write_atomically(path, b"x")
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def no_room(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_what_a_killed_writer_left_is_swept_and_nothing_else(tmp_path, monkeypatch):
    deep = tmp_path / "附件" / "2611001"
    deep.mkdir(parents=True)
    others = {"a.tmp", ".kesu-notes.tmp", "~$客诉台账.xlsx", ".kesu-0123456789ab.tmp.xlsx"}
    for name in others:
        (deep / name).write_bytes(b"somebody's")
    monkeypatch.setattr(Path, "replace", lambda *_: os._exit(1))  # as a power cut between writing and renaming
    if not (child := os.fork()):
        write_atomically(deep / "photo.jpg", b"half of it")
    os.waitpid(child, 0)
    assert len(list(deep.iterdir())) == len(others) + 1
    remove_leftovers(tmp_path)
    assert {path.name for path in deep.iterdir()} == others


def test_modes_private_for_state_kept_for_shared_files(tmp_path):
    secret, shared = tmp_path / "state", tmp_path / "ledger"
    write_atomically(secret, b"x", private=True)
    write_atomically(shared, b"x")
    shared.chmod(0o664)
    write_atomically(shared, b"y")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (secret, shared)] == [0o600, 0o664]


def test_a_new_file_never_replaces_one(tmp_path):
    write_new(tmp_path / "file", b"first")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "file", b"second")
    assert (tmp_path / "file").read_bytes() == b"first"


def test_set_aside_takes_a_free_dated_name_each_time(tmp_path):
    path = tmp_path / "台账.xlsx"
    names = []
    for number in range(3):
        path.write_bytes(b"%d" % number)
        names.append(set_aside(path, NOW))
    assert [name.name for name in names] == [
        "台账-20260302-083000.xlsx",
        "台账-20260302-083000-2.xlsx",
        "台账-20260302-083000-3.xlsx",
    ]
    assert [name.read_bytes() for name in names] == [b"0", b"1", b"2"]
    assert not path.exists()


def test_setting_aside_what_is_not_there_makes_nothing(tmp_path):
    with pytest.raises(FileNotFoundError):
        set_aside(tmp_path / "none", NOW)
    assert list(tmp_path.iterdir()) == []


def test_no_free_name_is_an_error_and_the_file_stays(tmp_path):
    for name in ("file", "taken"):
        (tmp_path / name).write_text(name)
    with pytest.raises(FileExistsError):
        rename_free(tmp_path / "file", iter([tmp_path / "taken"]))
    assert (tmp_path / "file").read_text() == "file"
    assert (tmp_path / "taken").read_text() == "taken"


# ── the lock ─────────────────────────────────────────────────────────────────────────────────────────────────────────

HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from daemon.adapters.files import StateLock
with StateLock(Path(sys.argv[1])).held(datetime(2026, 3, 2, 8, 30, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_process(tmp_path):
    """Another process that holds the lock until its input ends."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_two_processes_and_the_first_is_named(tmp_path, other_process):
    lock = StateLock(tmp_path / "lock")
    with pytest.raises(StateInUse) as caught:
        lock.take(NOW)
    assert caught.value.holder.pid == other_process.pid
    assert f"process {other_process.pid} on " in str(caught.value)
    assert "since 2026-03-02T08:30:00+00:00" in str(caught.value)


def test_the_lock_of_a_process_that_was_killed_is_free(tmp_path, other_process):
    other_process.kill()
    other_process.wait()
    with StateLock(tmp_path / "lock").held(NOW):
        pass


def test_a_lock_can_be_taken_again_after_it_was_given_back(tmp_path):
    lock = StateLock(tmp_path / "lock")
    for _ in range(2):
        with lock.held(NOW), pytest.raises(StateInUse):
            StateLock(tmp_path / "lock").take(NOW)
    lock.release()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_lock_file_is_private(tmp_path):
    with StateLock(tmp_path / "lock").held(NOW):
        assert stat.S_IMODE((tmp_path / "lock").stat().st_mode) == 0o600


def test_a_holder_that_cannot_be_read_is_another_process(tmp_path, other_process):
    (tmp_path / "lock").write_text("half a li")
    with pytest.raises(StateInUse, match="another process"):
        StateLock(tmp_path / "lock").take(NOW)


def test_the_mail_adapters_import_where_windows_lacks_modules():
    blocked = "import sys\nfor name in ('fcntl', 'pwd', 'resource', 'grp'): sys.modules[name] = None\n"
    modules = ("files", "clock", "tls", "imap", "maildir", "smtp", "smtp_listener")
    imports = "".join(f"import daemon.adapters.{name}\n" for name in modules)
    subprocess.run([sys.executable, "-c", blocked + imports], check=True, cwd=ROOT)
