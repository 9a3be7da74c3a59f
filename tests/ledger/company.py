"""A company at its shared ledger: people who have it open, the daemon, and what must be so when all is quiet.

What people did is known here from their own doing, and never asked of the daemon: `expected` is what they typed last
in a cell of ours, `left` how they left their own columns in the file that they saved last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from daemon.core.batch import carry_out
from daemon.core.commands import Actor, Command
from daemon.core.events import Via
from daemon.core.fields import Who
from daemon.ledger.columns import MAIN_SHEET
from daemon.ledger.merge import same
from daemon.ledger.sheet import Seen
from daemon.ledger.typed import read_cell
from daemon.passes.book import orders
from daemon.passes.book.checking import differences
from daemon.passes.book.reading import HELD
from daemon.passes.book.saved import matched, opened
from daemon.passes.desk import Desk, LedgerSeen, decision
from daemon.passes.ledger import ledger_pass
from daemon.passes.timers import timers_pass
from daemon.seams import Opened, Swapped
from tests.cast import WANG
from tests.desk import Office
from tests.fakes.ledger import FakeSharedFile
from tests.ledger.grid import NOTE, TOKEN, Grid, Square

QUIET = 12  # ticks, after which the pass must have nothing left to do
OWN_SHEET = "周会"
Cell = tuple[str, str]  # the token of a row, the key of a column


class Crash(BaseException):
    """The end of the process; no pass can catch it."""


class SharedFile(FakeSharedFile):
    """The workbook, which somebody may save at the very moment when it is replaced."""

    moment: Callable[[], None] | None = None

    def replace(self, data: bytes, expected_sha256: str | None, now: datetime) -> Swapped:
        if self.moment and not self.opened:
            moment, self.moment = self.moment, None
            moment()
        return super().replace(data, expected_sha256, now)


@dataclass
class Fuse:
    """Ends the process at the nth call of the store or of a file, before it or after it."""

    left: int
    after: bool
    burnt: bool = False

    def guard(self, what: object) -> Any:
        """Return the same store or file, with the fuse in each call."""
        return _Guarded(what, self)

    def call(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        self.left -= 1
        if self.left == 0 and not self.after:
            self._burn()
        answer = function(*arguments, **named)
        if self.left == 0:
            self._burn()
        return answer

    def _burn(self) -> None:
        self.burnt = True
        raise Crash


class _Guarded:
    def __init__(self, what: object, fuse: Fuse) -> None:
        self._what, self._fuse = what, fuse

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._what, name)
        if not callable(found) or name in ("together", "holding_lease"):
            return found
        return lambda *arguments, **named: self._fuse.call(found, *arguments, **named)


@dataclass
class Session:
    """Somebody who has the workbook open: what was loaded, what was typed since the last save."""

    grid: Grid
    loaded: frozenset[str]
    seen: str
    locked: bool
    typed: dict[Cell, Any] = field(default_factory=dict)
    was: dict[Cell, Any] = field(default_factory=dict)  # what stood there before

    def changed(self) -> dict[Cell, Any]:
        """Return what was typed and is not what stood there before."""
        return {cell: value for cell, value in self.typed.items() if not same(value, self.was[cell])}


@dataclass
class Company:
    """People, the daemon, and what is expected of both."""

    office: Office
    sessions: list[Session] = field(default_factory=list)
    expected: dict[Cell, Any] = field(default_factory=dict)
    days: dict[Cell, date] = field(default_factory=dict)
    unread: set[Cell] = field(default_factory=set)
    left: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    complete: set[str] = field(default_factory=set)  # typed rows that had all that is required when they were saved
    gone: set[str] = field(default_factory=set)  # tokens of rows that people deleted
    over: dict[str, set[Any]] = field(default_factory=dict)  # rows saved over unseen, with people's own cell in them
    ever: set[str] = field(default_factory=set)  # tokens of the rows that anybody saved
    unseen: set[str] = field(default_factory=set)  # of those, what was not there for the one who saved last
    sheet_left: Any = None
    serial: int = 0
    ticks: int = 0
    reads: int = 0

    # ── the daemon ──

    @property
    def desk(self) -> Desk:
        return self.office.desk

    @property
    def file(self) -> SharedFile:
        return self.office.ledger  # type: ignore[return-value]

    @property
    def now(self) -> datetime:
        return self.office.clock.now()

    def tick(self) -> list[str]:
        """Let the pass work once."""
        self.ticks += 1
        happened = [str(one) for one in ledger_pass(self.desk, self.now)]
        assert not [one for one in happened if "row_failed" in one], happened
        if self.desk.seen.stamp == self.file.stamp():
            self.unread.clear()
        return happened

    def crash(self, at: int, *, after: bool) -> bool:
        """Let the pass work until it is ended at the nth call; then a fresh one begins with the same store and file."""
        self.ticks += 1
        fuse, desk = Fuse(at, after), self.desk
        broken = replace(
            desk, store=fuse.guard(desk.store), ledger=fuse.guard(desk.ledger), copies=fuse.guard(desk.copies)
        )
        with suppress(Crash):
            list(ledger_pass(broken, self.now))
        self.office.desk = replace(desk, seen=LedgerSeen())
        return fuse.burnt

    def wish(self, number: str, command: Command) -> None:
        """Let something happen to a case by mail."""
        case = self.desk.store.case_numbered(number)
        context = self.desk.context(case, self.now, Actor("wang", WANG), Via.MAIL, f"mail:{self.now.isoformat()}")
        made = decision(self.desk, case, carry_out(case, [command], context), context)
        if made.events:
            self.desk.store.commit(made, self.now)

    def correct(self, number: str, key: str, command: Command) -> None:
        """Let a mail correct a fact: what people typed there before does not stand any more, unless it is unread."""
        cell = (f"C{number}", key)
        before = self.desk.store.case_numbered(number)
        self.wish(number, command)
        if self.desk.store.case_numbered(number) != before and cell not in self.unread:
            self._forget(number, key)

    def _forget(self, number: str, key: str) -> None:
        for cell in [one for one in self.expected if one[1] == key]:
            if cell[0] == f"C{number}" or self._number_of(cell[0]) == number:
                self.expected.pop(cell)

    def _number_of(self, token: str) -> str:
        """Return the number of a row by the file that stands there."""
        if self.file.content is None:
            return ""
        grid = Grid(self.file.content)
        return next((str(grid.get(row, "客诉编号") or "") for row in grid.rows if grid.get(row, TOKEN) == token), "")

    def pass_time(self, hours: int) -> None:
        """Let time go by, with all that it asks for."""
        self.office.clock.advance(timedelta(hours=hours))
        list(timers_pass(self.desk, self.now))

    # ── people ──

    def title(self, grid: Grid, key: str) -> str:
        """Return the header under which a column stands in an open sheet, empty when it is gone."""
        titles = grid.titles
        (wanted,) = (one for one in self.desk.book.wanted if one.key == key)
        return next((name for name in (wanted.title, *wanted.synonyms) if name in titles), "")

    def opens(self, *, locked: bool) -> Session | None:
        """Let somebody open the workbook; rows that have no token yet are given one."""
        if self.file.content is None:
            return None
        grid = Grid(self.file.content)
        for title in (TOKEN, NOTE):
            if title not in grid.titles:
                grid.new_column(title)
        number = self.title(grid, "case_no")
        for row in grid.rows:
            if grid.get(row, TOKEN) is None and number and grid.get(row, number):
                grid.put(row, TOKEN, f"C{grid.get(row, number)}")
        session = Session(grid, self._tokens(grid), _hash(self.file.content), locked)
        self.sessions.append(session)
        self._lock()
        return session

    def _tokens(self, grid: Grid) -> frozenset[str]:
        return frozenset(str(token) for row in grid.rows if (token := grid.get(row, TOKEN)))

    def _lock(self) -> None:
        locked = any(one.locked for one in self.sessions)
        self.file.opened = Opened("王晓燕", "Excel", self.now, "~$客诉台账.xlsx") if locked else None

    def types(self, session: Session, row: list[Square], key: str, value: Any) -> None:
        """Let somebody type into a cell of ours."""
        title, token = self.title(session.grid, key), session.grid.get(row, TOKEN)
        if title and token:
            session.was.setdefault((str(token), key), session.grid.get(row, title))
            session.grid.put(row, title, value)
            if token[0] in "TN" and (value is None or key == "status" or whose(self, key) is Who.DAEMON):
                session.typed.pop((str(token), key), None)
                return  # in a row that becomes a complaint nothing was emptied, and what is the daemon's it fills in
            session.typed[str(token), key] = value

    def saves(self, session: Session, through: Callable[[bytes], bytes] = bytes) -> None:
        """Let somebody save, through another program too: what is in the file now is what people want."""
        data = through(session.grid.saved())
        if through is not bytes:
            session.grid = Grid(data)
        stale = self.file.content is not None and _hash(self.file.content) != session.seen
        if stale:
            self._saved_over(session.grid)
        tokens = self._tokens(session.grid)
        self.gone |= session.loaded - tokens
        self.unseen = self.ever - session.loaded - tokens - self.gone
        self.ever |= tokens
        self.expected = {
            cell: value for cell, value in self.expected.items() if self._may_stand(cell, session.grid, tokens)
        }
        typed = session.changed()
        self.expected |= typed
        self.days |= dict.fromkeys(typed, self.now.astimezone(self.desk.zone).date())
        self.unread |= set(typed)
        self._note(session.grid)
        session.typed, session.was, session.loaded, session.seen = {}, {}, tokens, _hash(data)
        self.file.save(data)

    def _may_stand(self, cell: Cell, grid: Grid, tokens: Collection[str]) -> bool:
        """Tell whether a row is still there, and a column that was not read yet."""
        return cell[0] in tokens and (cell not in self.unread or bool(self.title(grid, cell[1])))

    def _saved_over(self, grid: Grid) -> None:
        """Let what somebody typed be there or not that is saved over by another person who did not see it."""
        now = Grid(self.file.content or b"")
        for row in now.rows if TOKEN in now.titles else ():
            self.over.setdefault(str(now.get(row, TOKEN) or ""), set()).add(self._own(now, row)[0])
        old, new = self._cells(now), self._cells(grid)
        self.expected = {cell: value for cell, value in self.expected.items() if same(new.get(cell), old.get(cell))}
        self.gone |= self._tokens(now) - self._tokens(grid)

    def _cells(self, grid: Grid) -> dict[Cell, Any]:
        titles = {key: self.title(grid, key) for key in self.desk.book.columns}
        rows = ((str(grid.get(row, TOKEN)), row) for row in grid.rows)
        return {(token, key): grid.get(row, title) for token, row in rows for key, title in titles.items() if title}

    def _note(self, grid: Grid) -> None:
        self.left, self.order = {}, []
        for row in grid.rows:
            token = str(grid.get(row, TOKEN) or "")
            if token:
                self.left[token] = self._own(grid, row)
                self.order.append(token)
                if token[0] in "TN" and self._is_complete(grid, row):
                    self.complete.add(token)
        self.sheet_left = _own_sheet(grid.book)

    def _own(self, grid: Grid, row: list[Square]) -> tuple[Any, Any]:
        square = row[grid.titles[TOKEN]]
        fill = grid.book._fills[square.style.fillId].fgColor.rgb if square.style else "00000000"
        return grid.get(row, NOTE), fill

    def _is_complete(self, grid: Grid, row: list[Square]) -> bool:
        for some in self.desk.config.ledger.required:
            titles = [title for key in some.split("|") if (title := self.title(grid, key))]
            if all(grid.get(row, title) in (None, "") for title in titles):
                return False
        return True

    def closes(self, session: Session) -> None:
        """Let somebody close the workbook without another save."""
        self.sessions.remove(session)
        self._lock()

    def saves_at_the_moment(self, session: Session) -> None:
        """Let somebody save when the daemon replaces the workbook."""
        self.file.moment = lambda: self.saves(session)

    # ── when all is quiet ──

    def settle(self) -> None:
        """Let everybody close the workbook, and the daemon come to rest."""
        if self.file.moment:
            moment, self.file.moment = self.file.moment, None
            moment()
        self.sessions.clear()
        self._lock()
        self._rest()
        if self.desk.store.recall(HELD):
            orders.sync(self.desk, {"deleted": "yes"}, self.now)
            self._rest()
        before = self.file.content
        self.office.desk = replace(self.desk, seen=LedgerSeen())
        said = self.tick()
        assert self.file.content == before, f"a pass that has nothing to do has written: {said}"

    def _rest(self) -> None:
        for _ in range(QUIET):
            if not self.tick():
                return
        raise AssertionError("the ledger's pass does not come to rest")

    def check(self) -> None:
        """Raise AssertionError when anything of people's is lost, or ledger and journal tell different things."""
        self.settle()
        grid = Grid(self.file.content or b"")
        problems = [*self._rows_as_left(grid), *self._numbers(grid), *self._cells_kept(grid), *self._as_journal()]
        assert not problems, "\n".join(problems)

    def _rows_as_left(self, grid: Grid) -> Iterator[str]:
        """People's own columns, their colours, their order and their sheets are as they left them."""
        rows = {str(token): row for row in grid.rows if (token := grid.get(row, TOKEN))}
        order = [str(token) for row in grid.rows if (token := grid.get(row, TOKEN))]
        may_be = {*self.over, *self.unseen}
        if [token for token in order if token in self.order or token not in may_be] != self.order:
            yield f"people left the rows {self.order}, and they are {order}"
        for token, own in self.left.items():
            allowed = [own, *((note, own[1]) for note in self.over.get(token, ()))]
            if token in rows and self._own(grid, rows[token]) not in allowed:
                yield f"{token}: people's own cells were {own}, and are {self._own(grid, rows[token])}"
        if self.sheet_left is not None and _own_sheet(grid.book) != self.sheet_left:
            yield f"people's sheet was {self.sheet_left}, and is {_own_sheet(grid.book)}"

    def _numbers(self, grid: Grid) -> Iterator[str]:
        """Each case has one row, or none when people deleted it; each complete row that was typed is one case."""
        number, hint = self.title(grid, "case_no"), self.title(grid, "hint")
        if not number:
            return
        bearing: Counter[str] = Counter()
        for row in grid.rows:
            token, its = str(grid.get(row, TOKEN) or ""), str(grid.get(row, number) or "")
            told = bool(hint and grid.get(row, hint))
            if token.startswith("K"):
                continue  # a copy: it keeps what people left in it
            bearing[its] += bool(its)
            if token.startswith("C") and its != token[1:] and not told:
                yield f"{token}: its number is {its!r}"
            if token in self.complete and not its and not told and self._is_complete(grid, row):
                yield f"{token}: a complete row that was typed has no number"
        yield from (f"{its} stands in {times} rows" for its, times in bearing.items() if times > 1)
        registered = Counter(str(self.desk.store.events(case.id)[0].data) for case in self.desk.store.cases())
        for token in self.complete:
            times = sum(count for said, count in registered.items() if f"{token}号" in said)
            if times > 1 or (times == 0 and token in self.left and token[0] == "T"):
                yield f"{token}: registered {times} times"

    def _cells_kept(self, grid: Grid) -> Iterator[str]:
        """What people typed last in a cell stands there, or was refused with a word why."""
        rows = {str(token): row for row in grid.rows if (token := grid.get(row, TOKEN))}
        changes = [change for _, change in self.desk.store.ledger_changes(0, 100_000)]
        number = self.title(grid, "case_no")
        for (token, key), value in self.expected.items():
            row, title = rows.get(token), self.title(grid, key)
            if row is None or not title or (key == "hint" and value is None):
                continue  # with what we say ourselves nothing of people's is lost, and it may be said again
            stands, column = grid.get(row, title), self.desk.book.columns[key]
            read = read_cell(Seen(value), column, self.days[token, key]).value
            if any(same(stands, one) for one in (value, read, NOTHING.get(key) if value is None else value)):
                continue
            its = str(grid.get(row, number) or "") if number else ""
            told = [
                change
                for change in changes
                if its in (change.number, "") and change.column == column.title and same(change.after, value)
            ]
            if not any(change.why for change in told) and not (told and key in ASKED):
                yield f"{token} {its}: {title} was typed {value!r} and is {stands!r}, and nothing is said of it"

    def _as_journal(self) -> Iterator[str]:
        """The workbook shows what the journal says, read by the daemon's own eyes and by another program's."""
        taken = self.file.read()
        assert taken
        saved = opened(taken.data, taken.sha256, self.desk.book)
        held = {case for one in matched(saved, self.desk.store.ledger_base()).held for case in one.cases}
        numbers = {self.desk.store.case(case).number for case in held}
        for line in differences(self.desk, taken, self.now):
            if "its row was deleted" not in line and line.split(":")[0] not in numbers:
                yield f"ledger and journal: {line}"


ASKED = frozenset({"review", "customer_answer", "effect", "status", "department", "owner", "quality_engineer"})
NOTHING = {"validity": "待核实"}  # how a cell looks that was emptied


def _own_sheet(book: Any) -> Any:
    if OWN_SHEET not in book.sheetnames:
        return None
    return [[cell.value for cell in row] for row in book[OWN_SHEET].iter_rows()]


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()


def office_file(office: Office) -> None:
    """Give an office the workbook that people save at the worst moment."""
    file = SharedFile()
    office.ledger = file
    office.desk = replace(office.desk, ledger=file)


def whose(company: Company, key: str) -> Who:
    """Return whose column this is."""
    return company.desk.book.columns[key].who


def read_only(data: bytes) -> list[tuple[Any, ...]]:
    """Return the rows of the ledger's sheet as another program reads them."""
    return list(load_workbook(BytesIO(data), read_only=True)[MAIN_SHEET].iter_rows(values_only=True))
