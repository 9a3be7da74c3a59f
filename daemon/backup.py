"""`kesu backup` and `kesu restore`: one archive of the store, the shared folder and config.toml; no password in it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from daemon.adapters.files import StateLock
from daemon.adapters.store import open_store, sqlite_file
from daemon.adapters.store.copying import at_work, copy_to_file, fill_from_file, is_used
from daemon.adapters.store.sql import HEAD
from daemon.config import Config, load_config
from daemon.ledger.names import LEDGER_NAME
from daemon.wiring import make_folders, store_address

MANIFEST, STORE, CONFIG, SHARED = "manifest.json", "kesu.db", "config.toml", "shared/"
FORMAT = 1
TRIES = 3  # at catching workbook and store in the same state
MOST_MANIFEST = 64 * 1024 * 1024  # bytes
BLOCK = 1024 * 1024
NOT_KEPT = ("~$", ".~", ".kesu-")  # locks of Excel, WPS and LibreOffice, and our own temporary files


class BadBackup(Exception):
    """An archive that cannot be restored; nothing was changed."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}; nothing was changed")


class NotEmpty(Exception):
    """There is something that a restore would write over."""

    def __init__(self, what: object) -> None:
        super().__init__(
            f"{what} holds cases or mails already; to put the backup in its place add --force: what is there is kept "
            "beside it, as a file in the state folder"
        )


class AtWork(Exception):
    """A daemon works with the store."""

    def __init__(self, owner: str) -> None:
        super().__init__(f"{owner} is at work: stop it first")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive: so many bytes with this hash."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds, by name."""

    made_at: str
    company: str
    version: str
    revision: str
    members: Mapping[str, Member]


# ── backup ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def back_up(config: Config, archive: Path, now: datetime) -> Manifest:
    """Write everything that must survive into one file that only its owner can read, beside a running daemon.

    Raises FileExistsError, OSError and the store's own faults; there is no archive then.
    """
    if archive.exists():
        raise FileExistsError(17, "there is such a file already; give the backup another name", str(archive))
    with _workshop(archive.absolute().parent) as folder:
        store, whole = folder / STORE, folder / "archive"
        _copy_in_step(config, store)
        members: dict[str, Member] = {}
        with zipfile.ZipFile(whole, "x", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
            for name, path in _files(config, store):
                with suppress(FileNotFoundError):  # people move files meanwhile
                    members[name] = _put(target, name, path)
            made = Manifest(now.isoformat(timespec="seconds"), config.company.name, version("kesu"), HEAD, members)
            target.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(made)}, ensure_ascii=False, indent=1))
        whole.chmod(0o600)
        _sync(whole)
        whole.rename(archive)
    return made


def _copy_in_step(config: Config, target: Path) -> None:
    """Copy the store at a moment when the workbook is the one that it knows, if there is one within a few tries."""
    workbook = config.path(config.service.ledger) / LEDGER_NAME
    for _ in range(TRIES):
        target.unlink(missing_ok=True)
        copy_to_file(store_address(config), target)
        store = open_store(sqlite_file(target), read_only=True)
        try:
            known = store.ledger_sha256()
        finally:
            store.close()
        if known is None or not workbook.exists() or _hash_of(workbook) == known:
            return


def _files(config: Config, store: Path) -> Iterator[tuple[str, Path]]:
    yield STORE, store
    if config.written_in:
        yield CONFIG, Path(config.written_in)
    shelf = config.path(config.service.ledger)
    secret = {config.path(name) for name in _secret_files(config)}
    for path in sorted(shelf.rglob("*")):
        kept = path.is_file() and not path.is_symlink() and not path.name.startswith(NOT_KEPT)
        if kept and path.resolve() not in secret:
            yield SHARED + path.relative_to(shelf).as_posix(), path


def _secret_files(config: Config) -> Iterator[str]:
    found = [*(mail.password_file for mail in config.mail_in), config.mail_out.password_file]
    found.append(config.service.database_password_file)
    yield from (name for name in found if name)


def _put(target: zipfile.ZipFile, name: str, path: Path) -> Member:
    """Add a file; its hash is that of the bytes that went in, whatever people do to it meanwhile."""
    digest, size = sha256(), 0
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with path.open("rb") as source, target.open(entry, "w", force_zip64=True) as member:
        while block := source.read(BLOCK):
            digest.update(block)
            size += len(block)
            member.write(block)
    return Member(size, digest.hexdigest())


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


@contextmanager
def _workshop(beside: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=".kesu-", dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


# ── restore ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def restore(path: Path, archive: Path, now: datetime, *, force: bool = False) -> Manifest:
    """Put a backup in place: the store, what is missing in the shared folder, and config.toml if there is none.

    What lies in the shared folder already stays as it is.  With `force` a store that is in use is kept beside, as an
    SQLite file in the state folder, and then replaced.  Everything is looked through before anything is changed.

    Raises BadBackup, NotEmpty, AtWork, StateInUse, OSError, and the faults of config and store.
    """
    with zipfile.ZipFile(archive) if zipfile.is_zipfile(archive) else _no_zip(archive) as source:
        found = _looked_through(source, archive)
        if not path.exists():
            _take_out(source, CONFIG, path)
        config = load_config(path)
        make_folders(config)
        state = config.path(config.service.state)
        with StateLock(state / "kesu.lock").held(now), _workshop(state) as folder:
            _take_out(source, STORE, folder / STORE)
            _fill(config, folder / STORE, now, force=force)
            for name in found.members:
                if name.startswith(SHARED):
                    target = config.path(config.service.ledger) / name.removeprefix(SHARED)
                    if not target.exists():
                        _take_out(source, name, target)
    return found


def _fill(config: Config, file: Path, now: datetime, *, force: bool) -> None:
    address = store_address(config)
    owner = at_work(address) if config.service.database else None  # the state's lock speaks for an SQLite file
    if owner:
        raise AtWork(owner)
    if is_used(address):
        if not force:
            raise NotEmpty(address)
        beside = config.path(config.service.state) / f"kesu-before-restore-{now:%Y%m%d-%H%M%S}.db"
        copy_to_file(address, beside)
        beside.chmod(0o600)
    fill_from_file(address, file)


def _no_zip(archive: Path) -> zipfile.ZipFile:
    if not archive.exists():
        raise BadBackup(archive, "there is no such file")
    raise BadBackup(archive, "this is no backup of kesu, or it was cut short")


def _looked_through(source: zipfile.ZipFile, archive: Path) -> Manifest:
    """Check every name, size and hash.  Raises BadBackup."""
    try:
        found = _manifest(source)
        names = source.namelist()
        if sorted(names) != sorted({*found.members, MANIFEST}):
            raise BadBackup(archive, "it holds other files than its manifest says")
        for name, member in found.members.items():
            if not _is_ours(name):
                raise BadBackup(archive, f"{name!r} is no place for a file of a backup")
            if _read(source, name, member.size) != member.sha256:
                raise BadBackup(archive, f"{name} is damaged")
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError) as fault:
        raise BadBackup(archive, f"this is no backup of kesu, or it is damaged ({fault})") from fault
    if STORE not in found.members:
        raise BadBackup(archive, "there is no store in it")
    return found


def _manifest(source: zipfile.ZipFile) -> Manifest:
    if source.getinfo(MANIFEST).file_size > MOST_MANIFEST:
        raise ValueError("its manifest is too large")
    said = json.loads(source.read(MANIFEST))
    if said.pop("format") != FORMAT:
        raise ValueError("it was made by another kesu")
    members = {name: Member(**one) for name, one in said.pop("members").items()}
    return Manifest(members=members, **said)


def _is_ours(name: str) -> bool:
    """Tell whether a name is the store, config.toml, or a plain path below the shared folder."""
    parts = PurePosixPath(name).parts
    plain = "\\" not in name and ":" not in name and not name.startswith("/") and ".." not in parts
    return name in (STORE, CONFIG) or (plain and name.startswith(SHARED) and len(parts) > 1)


def _read(source: zipfile.ZipFile, name: str, size: int) -> str:
    """Return the hash of a member; of one that grows beyond its size, none."""
    digest, left = sha256(), size
    with source.open(name) as member:
        while block := member.read(BLOCK):
            left -= len(block)
            if left < 0:
                return ""
            digest.update(block)
    return digest.hexdigest() if left == 0 else ""


def _take_out(source: zipfile.ZipFile, name: str, target: Path) -> None:
    """Write a member to a new file, on disk when this returns."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with _workshop(target.parent) as folder:
        fresh = folder / "new"
        with source.open(name) as member, fresh.open("xb") as file:
            shutil.copyfileobj(member, file, BLOCK)
        _sync(fresh)
        fresh.rename(target)
