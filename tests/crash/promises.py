"""What must hold when all is quiet again, however the daemon was disturbed: every promise in one place."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from openpyxl import load_workbook

from daemon.adapters.store import SqlStore, open_store
from daemon.config import Config, directory_of, load_config
from daemon.core.process import load_process
from daemon.documents.naming import evidence_folder
from daemon.ledger.build import build_workbook
from daemon.ledger.columns import MAIN_SHEET
from daemon.ledger.names import LEDGER_NAME
from daemon.ledger.rows import CaseFiles, row_of
from daemon.seams import LedgerRow
from daemon.wiring import layout_of, process_text, store_address
from tests.crash.world import World, name_of

SHELF_OF = {"case": "已处理", "thread": "已处理", "duplicate": "已处理", "ignored": "待人工", "aside": "待人工"}
SETTLED = {"sent", "refused", "merged"}
STRAY = re.compile(r"^\.kesu-.*\.tmp$|\.new$")


def broken_promises(world: World) -> tuple[str, ...]:
    """Return in words what does not hold; nothing when all does."""
    config = load_config(world.config)
    address = store_address(config)
    with closing(sqlite3.connect(f"file:{address.url.database}?mode=ro", uri=True)) as tables:
        found = [*_mails(world, tables), *_sent(world, tables), *_cases(tables), *_documents(world, tables)]
    with closing(open_store(address, read_only=True)) as store:
        found += [*_chains(store), *_ledger(world, config, store)]
    return (*found, *_strays(world))


def _mails(world: World, tables: sqlite3.Connection) -> Iterator[str]:
    """Each mail has one outcome that is not DUPLICATE, and lies once, in the folder that its outcome says."""
    outcomes = defaultdict(list)
    for message_id, outcome, shelved in tables.execute("SELECT message_id, outcome, shelved FROM mails"):
        outcomes[message_id].append(outcome)
        if outcome == "new" or not shelved:
            yield f"mail {message_id} is still {outcome}, shelved: {bool(shelved)}"
    lying = Counter((name_of(raw), folder) for folder, raw in _lying(world))
    for name in world.beginning.put:
        decided = [one for one in outcomes[name] if one != "duplicate"]
        if len(decided) != 1:
            yield f"mail {name} became {decided}, not exactly one of case, thread, set aside"
        there = {folder: copies for (other, folder), copies in lying.items() if other == name}
        if there != {SHELF_OF.get(decided[0] if decided else "", "INBOX"): 1}:
            yield f"mail {name} became {decided} and lies in {there}"
    for strange in {name for name, _ in lying} - set(world.beginning.put):
        yield f"mail {strange} was never put there"


def _lying(world: World) -> Iterator[tuple[str, bytes]]:
    dovecot = world.beginning.ground.dovecot
    with dovecot.person(world.user) as box:
        folders = [one.name for one in box.folder.list()]
    for folder in folders:
        yield from ((folder, raw) for raw in dovecot.lying(world.user, folder))


def _sent(world: World, tables: sqlite3.Connection) -> Iterator[str]:
    """Each row of the outbox was sent at least once; one Message-ID, one body, the one that the store keeps."""
    bodies = defaultdict(set)
    for mail in world.sink.mails:
        bodies[name_of(mail.raw)].add((mail.recipients, sha256(mail.raw).hexdigest()))
    rows = "SELECT message_id, state, recipient, sha256 FROM outbox WHERE id > ?"
    known = set()
    for message_id, state, recipient, digest in tables.execute(rows, (world.beginning.told,)):
        known.add(message_id)
        if state not in SETTLED:
            yield f"mail {message_id} to {recipient} is still {state}"
        elif state == "sent" and bodies[message_id] != {((recipient,), digest)}:
            yield f"mail {message_id} to {recipient} was sent as {bodies[message_id]}, not as {digest}"
    for message_id in set(bodies) - known:
        yield f"mail {message_id} was sent and is in no row of the outbox"


def _cases(tables: sqlite3.Connection) -> Iterator[str]:
    numbers = Counter(number for (number,) in tables.execute("SELECT number FROM cases"))
    yield from (f"case number {number} was given {times} times" for number, times in numbers.items() if times > 1)
    opened = "SELECT message_id, count(*) FROM mails WHERE outcome = 'case' GROUP BY message_id HAVING count(*) > 1"
    yield from (f"mail {name} opened {times} cases" for name, times in tables.execute(opened))
    (cases,), (complaints,) = (
        tables.execute(f"SELECT count(*) FROM {what}").fetchone() for what in ("cases", "mails WHERE outcome = 'case'")
    )
    if cases != complaints:
        yield f"{cases} cases of {complaints} complaints"


def _documents(world: World, tables: sqlite3.Connection) -> Iterator[str]:
    """Each recorded revision lies in the shared folder with these bytes, and no other."""
    recorded = dict(tables.execute("SELECT path, sha256 FROM documents"))
    filed = {
        path.relative_to(world.shared).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in (world.shared / "8D").rglob("*")
        if path.is_file() and not STRAY.search(path.name)
    }
    for path in sorted(recorded.keys() | filed.keys()):
        if recorded.get(path) != filed.get(path):
            yield f"{path} is recorded as {recorded.get(path)} and lies there as {filed.get(path)}"


def _chains(store: SqlStore) -> Iterator[str]:
    for case in store.cases():
        if (seq := store.broken_chain(case.id)) is not None:
            yield f"the journal of case {case.number} is broken at {seq}"


def _ledger(world: World, config: Config, store: SqlStore) -> Iterator[str]:
    """The workbook as openpyxl reads it has the rows that the journal makes."""
    path = world.shared / LEDGER_NAME
    if not path.is_file():
        yield f"there is no {path.name}"
        return
    process = load_process(*process_text(config))
    wanted = world.config.with_name("wanted.xlsx")
    wanted.write_bytes(build_workbook(tuple(_rows(config, store)), layout_of(config, process)))
    if (there := _cells(path)) != (meant := _cells(wanted)):
        differ = [(one, other) for one, other in zip(there, meant, strict=False) if one != other][:2]
        yield f"the ledger has {len(there) - 1} rows and the journal makes {len(meant) - 1}; they differ in {differ}"


def _rows(config: Config, store: SqlStore) -> Iterator[LedgerRow]:
    process, directory = load_process(*process_text(config)), directory_of(config)
    now = datetime.fromisoformat(store.recall("tick") or "")
    for case in store.cases():
        reports = [one.path for one in store.documents(case.id) if one.kind == "internal"]
        files = CaseFiles(reports[-1] if reports else "", evidence_folder(case) if case.evidence else "")
        yield row_of(case, process, directory, now, files)


def _cells(path: Path) -> list[tuple[object, ...]]:
    workbook = load_workbook(path)
    try:
        return [row for row in workbook[MAIN_SHEET].iter_rows(values_only=True) if any(row)]
    finally:
        workbook.close()


def _strays(world: World) -> Iterator[str]:
    """Nobody edited the workbook, so no copy was set aside; and no temporary file is left."""
    for path in sorted(world.shared.rglob("*")):
        if path.is_file() and (STRAY.search(path.name) or "人工修改" in path.name):
            yield f"{path.relative_to(world.shared)} was left behind"
    for path in sorted(world.config.with_name("state").iterdir()):
        if path.name.endswith((".tmp", ".new")):
            yield f"state/{path.name} was left behind"


def counted(problems: Iterable[str]) -> Mapping[str, int]:
    """Count the problems by what they say apart from names and figures."""
    return Counter(re.sub(r"<[^>]*>|\d+|[0-9a-f]{12,}", "…", one) for one in problems)
