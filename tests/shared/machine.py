"""People and the daemon at one ledger, at random: nobody's edit is lost, and once all is quiet the ledger is true.

People edit by openpyxl, in a session that loads the file, changes it and saves it; between loading and saving anything
may happen: the daemon works, a case is corrected by mail, the process dies at a step of its pass.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from openpyxl.styles import PatternFill

from daemon.core.batch import carry_out
from daemon.core.commands import Actor, Correct
from daemon.core.events import Via
from daemon.passes.book.checking import differences
from daemon.passes.desk import LedgerSeen, decision
from daemon.passes.ledger import ledger_pass
from daemon.seams import Opened
from tests.cast import WANG
from tests.desk import Office, office
from tests.ledger.people import Paper, paper, read

FACTS = {"不良批次": "batch_no", "订单编号": "order_no", "备注": "remarks", "客户基地": "site", "客户要求": "demand"}
OWN = "跟进人"  # a column that the people have added
SYSTEM = ("截止时间", "当前步骤", "轮次", "系统提示")
QUIET = 12  # ticks, by which all must be quiet
# Where the process may die: the verb of the store or the file, and whether it was carried out.
VERBS = {"store": ("commit", "keep_ledger", "add_generation", "remember"), "ledger": ("replace", "settle")}
DEATHS = [(where, verb, done) for where, verbs in VERBS.items() for verb in verbs for done in (False, True)]
TYPING = ["fact", "own", "system", "type", "half", "complete", "colour"]
MOVING = ["sort", "blank_row", "delete_row", "swap_columns", "copy_row"]


class Died(BaseException):
    """The process was killed here."""


@dataclass
class Session:
    """A person with the file open: what was loaded, and what the person does before saving."""

    loaded: bytes
    seed: int
    edits: list[Callable[[Paper, random.Random], None]] = field(default_factory=list)


class SharedLedger(RuleBasedStateMachine):
    """One company for a while."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.office: Office = self.stack.enter_context(office(folder))
        self.session: Session | None = None
        self.facts: dict[tuple[str, str], set[str]] = {}  # what may stand there, by token of the case and key
        self.unread: dict[tuple[str, str], str] = {}  # what was typed and may not have been read yet
        self.own: dict[str, str] = {}  # what people wrote into their own column, by token of the case
        self.deleted: set[str] = set()
        self.typed: set[str] = set()  # tokens of the complaints that were typed whole
        self.half: set[str] = set()  # of those that lack something yet
        self.serial = 0

    def teardown(self) -> None:
        try:
            self.all_is_well()
        finally:
            self.stack.close()

    # ── the daemon ──

    @property
    def desk(self) -> Any:
        return self.office.desk

    def tick(self) -> list[Any]:
        return list(ledger_pass(self.desk, self.office.clock.now()))

    def token(self) -> str:
        self.serial += 1
        return f"客户{self.serial:03}厂"

    def case_of(self, token: str) -> Any:
        (found,) = [case for case in self.desk.store.cases() if case.text("customer") == token]
        return found

    @initialize()
    def open_the_ledger(self) -> None:
        self.tick()
        with paper(self.office.ledger.content) as (page, saved):
            for _ in range(3):
                self._type(page, whole=True)
            page.sheet.cell(1, page.sheet.max_column + 1).value = OWN
        self.office.ledger.save(saved.getvalue())
        self.tick()
        self.tick()

    @rule()
    def the_daemon_looks(self) -> None:
        self.tick()

    @precondition(lambda self: self.typed)
    @rule(data=st.data(), key=st.sampled_from(sorted(FACTS.values())))
    def somebody_corrects_by_mail(self, data: Any, key: str) -> None:
        known = sorted(token for token in self.typed if self._registered(token))
        if not known:
            return
        token = data.draw(st.sampled_from(known))
        case, value = self.case_of(token), f"mail{self.serial}"
        self.serial += 1
        unread = self.unread.get((token, key))
        if unread is not None and case.text(key) != unread:
            return  # what a person typed is still to be read: both at once is a scenario of its own
        self.unread.pop((token, key), None)
        now = self.office.clock.now()
        context = self.desk.context(case, now, Actor("wang.xiaoyan", WANG), Via.MAIL, "mail:1")
        outcome = carry_out(case, [Correct({key: value})], context)
        self.desk.store.commit(decision(self.desk, case, outcome, context), now)
        before = self.facts.get((token, key), {case.text(key)})
        stale = self.session is not None and self.office.ledger.opened is None
        self.facts[token, key] = {value} | (before if stale else set())  # a file saved from before says the old value

    @rule(death=st.sampled_from(DEATHS), nth=st.integers(0, 3))
    def the_daemon_dies_and_starts_again(self, death: tuple[str, str, bool], nth: int) -> None:
        where, verb, done = death
        target = self.desk.store if where == "store" else self.office.ledger
        whole, calls = getattr(target, verb), iter(range(1000))

        def dying(*args: Any, **more: Any) -> Any:
            if next(calls) != nth:
                return whole(*args, **more)
            if done:
                whole(*args, **more)
            raise Died

        setattr(target, verb, dying)
        try:
            self.tick()
        except Died:
            pass
        finally:
            delattr(target, verb)
        self.office.desk = replace(self.desk, seen=LedgerSeen())

    # ── people ──

    @precondition(lambda self: self.session is None)
    @rule(seed=st.integers(0, 2**32), locks=st.booleans())
    def somebody_opens_it(self, seed: int, *, locks: bool) -> None:
        self.session = Session(self.office.ledger.content, seed)
        if locks:
            self.office.ledger.opened = Opened("王晓燕", "Excel", self.office.clock.now(), "~$客诉台账.xlsx")

    @precondition(lambda self: self.session is not None)
    @rule(what=st.lists(st.sampled_from(TYPING), min_size=1, max_size=4))
    def somebody_types(self, what: list[str]) -> None:
        self.session.edits += [getattr(self, f"_edit_{one}") for one in what]

    @precondition(lambda self: self.session is not None)
    @rule(what=st.sampled_from(MOVING))
    def somebody_moves_things(self, what: str) -> None:
        self.session.edits.append(getattr(self, f"_edit_{what}"))

    @precondition(lambda self: self.session is not None)
    @rule(keeps_open=st.booleans())
    def somebody_saves(self, *, keeps_open: bool) -> None:
        data = self._saved()
        if not keeps_open:
            self.session, self.office.ledger.opened = None, None
        self.office.ledger.save(data)

    @precondition(lambda self: self.session is not None and self.session.edits)
    @rule()
    def somebody_saves_at_the_moment_of_the_replacing(self) -> None:
        data = self._saved()
        self.session, self.office.ledger.opened = None, None
        self.office.ledger.saved_at_the_last_moment.append(data)
        self.tick()
        for late in self.office.ledger.saved_at_the_last_moment:  # nothing was to be written
            self.office.ledger.save(late)
        self.office.ledger.saved_at_the_last_moment.clear()

    def _saved(self) -> bytes:
        """Carry out what the person does, on the file as it was loaded, and return the file that is saved."""
        session = self.session
        assert session
        chance = random.Random(session.seed + self.serial)
        with paper(session.loaded) as (page, saved):
            for edit in session.edits:
                edit(page, chance)
        session.loaded, session.edits = saved.getvalue(), []
        return session.loaded

    # ── what a person does in the sheet ──

    def _rows(self, page: Paper, tokens: set[str]) -> dict[str, int]:
        """Return where the rows of these complaints stand, of several with one token none."""
        at, found = page.titles["客户名称"], {}
        for row in page.sheet.iter_rows(min_row=2):
            token = row[at - 1].value
            if token in tokens:
                found[token] = 0 if token in found else row[0].row
        return {token: row for token, row in found.items() if row}

    def _one(self, page: Paper, chance: random.Random, tokens: set[str] | None = None) -> tuple[str, int] | None:
        rows = self._rows(page, (self.typed if tokens is None else tokens) - self.deleted)
        return chance.choice(sorted(rows.items())) if rows else None

    def _registered(self, token: str) -> bool:
        return any(case.text("customer") == token for case in self.desk.store.cases())

    def _type(self, page: Paper, *, whole: bool) -> None:
        token = self.token()
        cells = {"客户名称": token, "产品名称": "前端盖"} | ({"不良现象": f"毛刺 {self.serial}"} if whole else {})
        page.type_row(**cells)
        (self.typed if whole else self.half).add(token)

    def _edit_type(self, page: Paper, _: random.Random) -> None:
        self._type(page, whole=True)

    def _edit_half(self, page: Paper, _: random.Random) -> None:
        self._type(page, whole=False)

    def _edit_complete(self, page: Paper, chance: random.Random) -> None:
        found = self._one(page, chance, self.half)
        if found:
            page[found[1], "不良现象"] = f"毛刺 {found[0]}"
            self.half.discard(found[0])
            self.typed.add(found[0])

    def _edit_fact(self, page: Paper, chance: random.Random) -> None:
        found, title = self._one(page, chance), chance.choice(sorted(FACTS))
        if found:
            self.serial += 1
            value = page[found[1], title] = f"表{self.serial}"
            self.facts[found[0], FACTS[title]] = {value}
            self.unread[found[0], FACTS[title]] = value

    def _edit_own(self, page: Paper, chance: random.Random) -> None:
        found = self._one(page, chance)
        if found and OWN in page.titles:
            self.serial += 1
            page[found[1], OWN] = self.own[found[0]] = f"小周{self.serial}"

    def _edit_system(self, page: Paper, chance: random.Random) -> None:
        found, title = self._one(page, chance), chance.choice(SYSTEM)
        if found and title in page.titles:
            page[found[1], title] = chance.choice(["下周", 7, None, "=1+1"])

    def _edit_colour(self, page: Paper, chance: random.Random) -> None:
        found = self._one(page, chance)
        if found:
            page.cell(found[1], "客户名称").fill = PatternFill("solid", start_color="FFFF00")

    def _edit_delete_row(self, page: Paper, chance: random.Random) -> None:
        found = self._one(page, chance)
        if found and len(self._rows(page, self.typed)) > 3:
            page.sheet.delete_rows(found[1])
            self.deleted.add(found[0])

    def _edit_blank_row(self, page: Paper, chance: random.Random) -> None:
        page.sheet.insert_rows(chance.randint(2, page.end))

    def _edit_copy_row(self, page: Paper, chance: random.Random) -> None:
        """Take a row as the pattern for a new complaint, as people do."""
        found = self._one(page, chance)
        if found:
            token = self.token()
            for cell in list(page.sheet[found[1]]):
                page.sheet.cell(page.end if cell.column == 1 else self._copied, cell.column).value = cell.value
                if cell.column == 1:
                    self._copied = page.end - 1 if cell.value else page.end
            for title, value in {
                "客诉编号": None,
                "客户名称": token,
                "不良现象": f"毛刺 {self.serial}",
                OWN: None,
            }.items():
                if title in page.titles:
                    page[self._copied, title] = value
            self.typed.add(token)

    def _edit_sort(self, page: Paper, chance: random.Random) -> None:
        rows = [[cell.value for cell in row] for row in page.sheet.iter_rows(min_row=2, max_row=page.end - 1)]
        chance.shuffle(rows)
        for at, values in enumerate(rows, 2):
            for column, value in enumerate(values, 1):
                page.sheet.cell(at, column).value = value

    def _edit_swap_columns(self, page: Paper, chance: random.Random) -> None:
        one, two = (page.titles[title] for title in chance.sample(sorted(page.titles), 2))
        for row in range(1, page.end):
            left, right = page.sheet.cell(row, one), page.sheet.cell(row, two)
            left.value, right.value = right.value, left.value
        (table,) = page.sheet.tables.values()
        for at, column in enumerate(table.tableColumns, 1):
            column.name = str(page.sheet.cell(1, at).value)

    # ── what must hold ──

    def all_is_well(self) -> None:
        """When nobody has the file open and all was read, nothing is lost and the ledger says what the journal says."""
        self.session, self.office.ledger.opened = None, None
        for _ in range(QUIET):
            if not self.tick():
                break
        else:
            raise AssertionError(f"never quiet: {self.tick()}")
        taken = self.office.ledger.read()
        assert taken
        found = list(differences(self.desk, taken, self.office.clock.now()))
        assert not [one for one in found if "row was deleted" not in one], found
        cases = [case.text("customer") for case in self.desk.store.cases()]
        assert sorted(cases) == sorted(set(cases)), "a complaint became two cases"
        assert set(cases) >= self.typed - self.deleted, "a complaint that was typed is no case"
        assert not set(cases) & self.half, "half a complaint was registered"
        self._nothing_is_lost(read(taken.data))

    def _nothing_is_lost(self, page: Paper) -> None:
        at = page.titles["客户名称"]
        shown = [row[at - 1].value for row in page.sheet.iter_rows(min_row=2) if row[at - 1].value]
        assert sorted(shown) == sorted(set(shown)), "a row stands there twice"
        assert set(shown) >= (self.typed | self.half) - self.deleted, "a row is gone"
        rows = self._rows(page, set(shown))
        for (token, key), values in self.facts.items():
            if token not in self.deleted:
                assert self.case_of(token).text(key) in values, (token, key, values)
        for token, value in self.own.items():
            if token not in self.deleted:
                assert page[rows[token], OWN] == value, (token, value)
