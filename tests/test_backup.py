"""Backups: whole, private, proof against what is no backup, and nothing is written over unasked."""

from __future__ import annotations

import json
import sqlite3
import stat
import zipfile
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from daemon.adapters.store import open_store
from daemon.backup import MANIFEST, STORE, BadBackup, NotEmpty, back_up, restore
from daemon.config import load_config
from daemon.wiring import make_folders, store_address
from tests.adapters.store.samples import NOW, opening
from tests.cast import CONFIG

LATER = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def company(tmp_path):
    """A company with a case, a file of its own in the shared folder, and a lock of Excel's."""
    path = tmp_path / "company" / "config.toml"
    path.parent.mkdir()
    text = CONFIG.read_text("utf-8").replace("[mail_out]\n", '[mail_out]\npassword_file = "ledger/smtp"\n')
    path.write_text(text, "utf-8")
    config = load_config(path)
    make_folders(config)
    store = open_store(store_address(config))
    store.commit(opening(), NOW)
    store.close()
    shelf = config.path(config.service.ledger)
    (shelf / "8D" / "一份.docx").write_bytes(b"report")
    (shelf / "~$客诉台账.xlsx").write_bytes(b"lock")
    (shelf / "smtp").write_text("hunter2")
    return path


@pytest.fixture
def archive(company, tmp_path):
    back_up(load_config(company), tmp_path / "backup.zip", LATER)
    return tmp_path / "backup.zip"


def cases_in(path):
    store = open_store(store_address(load_config(path)), read_only=True)
    try:
        return list(store.cases())
    finally:
        store.close()


def test_a_backup_is_whole_and_private_and_holds_no_password(company, archive):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with zipfile.ZipFile(archive) as source:
        assert set(source.namelist()) == {STORE, "config.toml", "shared/8D/一份.docx", MANIFEST}
        assert not any(b"hunter2" in source.read(name) for name in source.namelist())
    assert [one.name for one in archive.parent.iterdir() if one.name.startswith(".kesu")] == []
    with pytest.raises(FileExistsError, match="another name"):
        back_up(load_config(company), archive, LATER)


def test_it_is_put_in_place_where_nothing_is_and_only_there(company, archive, tmp_path):
    fresh = tmp_path / "fresh" / "config.toml"
    fresh.parent.mkdir()
    restore(fresh, archive, LATER)
    assert cases_in(fresh) == cases_in(company)
    assert (fresh.parent / "ledger" / "8D" / "一份.docx").read_bytes() == b"report"
    (fresh.parent / "ledger" / "8D" / "一份.docx").write_bytes(b"mended since")
    with pytest.raises(NotEmpty, match="--force"):
        restore(fresh, archive, LATER)
    store = open_store(store_address(load_config(fresh)))
    store.remember("a", "b")
    store.close()
    restore(fresh, archive, LATER, force=True)
    assert (fresh.parent / "ledger" / "8D" / "一份.docx").read_bytes() == b"mended since"
    (beside,) = (fresh.parent / "state").glob("kesu-before-restore-*.db")
    assert sqlite3.connect(beside).execute("SELECT value FROM memory WHERE key = 'a'").fetchone() == ("b",)
    assert cases_in(fresh) == cases_in(company)


def rewritten(archive, change):
    """Return a copy of an archive with other members and a manifest that is true to them."""
    with zipfile.ZipFile(archive) as source:
        members = {name: source.read(name) for name in source.namelist()}
    said = json.loads(members.pop(MANIFEST))
    change(members)
    said["members"] = {name: {"size": len(data), "sha256": sha256(data).hexdigest()} for name, data in members.items()}
    forged = archive.with_name("forged.zip")
    with zipfile.ZipFile(forged, "w") as target:
        for name, data in (*members.items(), (MANIFEST, json.dumps(said).encode())):
            target.writestr(name, data)
    return forged


@pytest.mark.parametrize("name", ["../evil", "shared/../../evil", "/etc/evil", "shared/..\\evil", "shared/C:evil", "x"])
def test_no_name_leads_out_of_the_shared_folder(archive, tmp_path, name):
    forged = rewritten(archive, lambda members: members.update({name: b"evil"}))
    with pytest.raises(BadBackup, match="nothing was changed"):
        restore(tmp_path / "fresh.toml", forged, LATER)
    assert not (tmp_path / "fresh.toml").exists()
    assert not list(tmp_path.rglob("evil"))


def test_what_is_damaged_cut_short_or_no_backup_changes_nothing(archive, tmp_path):
    whole = archive.read_bytes()
    at = whole.index(b"config.toml") + 200
    for number, data in enumerate((whole[: len(whole) // 2], whole[:at] + b"XXXX" + whole[at + 4 :], b"no zip", b"")):
        bad = tmp_path / f"{number}.zip"
        bad.write_bytes(data)
        with pytest.raises(BadBackup, match="nothing was changed"):
            restore(tmp_path / "fresh.toml", bad, LATER)
    with pytest.raises(BadBackup, match="no such file"):
        restore(tmp_path / "fresh.toml", tmp_path / "missing.zip", LATER)
    assert not (tmp_path / "fresh.toml").exists()


def test_a_member_that_is_larger_than_its_manifest_says_is_not_read_on(archive, tmp_path):
    with zipfile.ZipFile(archive) as source:
        members = {name: source.read(name) for name in source.namelist()}
    said = json.loads(members[MANIFEST])
    bomb = archive.with_name("bomb.zip")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        said["members"]["shared/big"] = {"size": 10, "sha256": sha256(b"0" * 10).hexdigest()}
        members |= {"shared/big": b"0" * 50_000_000, MANIFEST: json.dumps(said).encode()}
        for name, data in members.items():
            target.writestr(name, data)
    with pytest.raises(BadBackup, match="shared/big is damaged"):
        restore(tmp_path / "fresh.toml", bomb, LATER)
