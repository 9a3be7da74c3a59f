"""A round of 措施跟踪: people edit, the case changes, the sheet shows it, and then all is quiet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest

from daemon.core.commands import Context, Give, Refusal
from daemon.core.decide import decide
from daemon.core.events import Via
from daemon.core.evolve import evolve
from daemon.core.measuring import measure_meant
from daemon.ledger.measure_plan import Answer, SheetNow, measures_asked, measures_plan
from daemon.ledger.measures import WHOSE, key_of, measure_rows
from daemon.ledger.sheet import Seen, SeenRow
from tests.cast import PRODUCTION, WANG
from tests.core.play import CALENDARS, DIRECTORY, Play, actor_at, to_check
from tests.ledger.cast import LAYOUT

TODAY = date(2026, 11, 3)
COLUMNS = tuple(WHOSE)


@dataclass
class Book:
    """The sheet as people see it, and the case behind it."""

    play: Play
    rows: dict[int, dict[str, Seen]] = field(default_factory=dict)
    base: dict = field(default_factory=dict)
    columns: tuple[str, ...] = COLUMNS

    def type(self, number, **cells):
        row = self.rows.setdefault(number, {})
        row.update({key: Seen(value) for key, value in cells.items()})
        self.rows[number] = {key: seen for key, seen in row.items() if not seen.is_empty}

    def sync(self):
        seen = [SeenRow(number, cells) for number, cells in sorted(self.rows.items())]
        now = {row.id: row for row in measure_rows(self.play.case, LAYOUT, TODAY)}
        sheet = SheetNow(seen, self.columns, self.base)
        asked = tuple(measures_asked(sheet, now.get, self._numbered, LAYOUT, TODAY))
        answers = {one.row.number: self._answer(one) for one in asked}
        ours = {row.id: row for row in measure_rows(self.play.case, LAYOUT, TODAY)}
        plan = measures_plan(sheet, ours, answers, LAYOUT, max(self.rows, default=1))
        for number, cells in plan.patch.cells.items():
            self.type(number, **{key: put.value for key, put in cells.items()})
        for number, row in enumerate(plan.patch.rows, plan.patch.after + 1):
            self.type(number, **{key: put.value for key, put in row.cells.items()})
        self.base |= {one.key: one for one in plan.base}
        return plan

    def _numbered(self, number):
        return (self.play.case, self.play.process) if number == self.play.case.number else None

    def _answer(self, asked):
        wish, key = asked.wish, asked.key
        if wish.command is None:
            return Answer(key, wish.hint, wish.kept or {})
        context = Context(
            self.play.process,
            DIRECTORY,
            CALENDARS,
            self.play.now,
            actor_at(WANG),
            Via.LEDGER,
            f"row {asked.row.number}",
        )
        decided = decide(self.play.case, wish.command, context)
        if isinstance(decided, Refusal):
            return Answer(key, decided.why["zh-CN"], wish.kept or {})
        for event in decided:
            self.play.played = evolve(self.play.played, event)
        found = measure_meant(self.play.case, wish.command)
        return Answer(key or key_of(self.play.case, found), wish.hint, wish.kept or {})

    def column(self, key):
        return {number: cells[key].value for number, cells in self.rows.items() if key in cells}


@pytest.fixture
def book():
    play = to_check()
    play.must(
        Give({"d3.containment": "隔离在库品", "d5.actions": "1. 改造程序（张三，11月20日前）\n2. 培训"}), PRODUCTION
    )
    found = Book(play)
    found.sync()
    return found


def is_quiet(book):
    return book.sync().patch.is_empty


def test_the_measures_of_a_case_are_appended_once(book):
    assert book.column("what") == {2: "隔离在库品", 3: "改造程序", 4: "培训"}
    assert is_quiet(book)


def test_an_edit_becomes_the_cases_and_the_state_follows(book):
    book.type(3, measure_state="已完成", evidence="程序 V2")
    book.sync()
    assert (book.column("done")[3].date(), book.column("evidence")[3]) == (TODAY, "程序 V2")
    assert is_quiet(book)


def test_sorted_and_blank_rows_change_nothing(book):
    book.rows = {9: book.rows[2], 5: book.rows[3], 7: book.rows[4]}
    book.type(6, case_no="2611001")
    assert is_quiet(book)


def test_a_typed_row_gets_its_measure_and_id_and_stays_one(book):
    book.type(8, case_no=int(book.play.case.number), measure_kind="永久措施", what="防呆", who="李四", due="11月9日")
    book.sync()
    assert book.column("customer")[8] == "北方电机"
    assert (book.column("due")[8].date(), book.column("measure_state")[8]) == (date(2026, 11, 9), "进行中")
    assert book.play.case.section("d5.actions").endswith("3. 防呆（李四，2026-11-09 前）")
    assert len(set(book.column("id").values())) == len(book.rows) == 4
    assert is_quiet(book)


def test_what_is_missing_is_said_until_it_is_there(book):
    book.type(8, what="防呆")
    book.sync()
    assert "客诉编号" in book.column("hint")[8]
    assert is_quiet(book)
    book.type(8, case_no=book.play.case.number, measure_kind="永久措施")
    book.sync()
    assert 8 not in book.column("hint")
    assert 8 in book.column("id")
    assert is_quiet(book)


def test_columns_of_the_system_are_put_back_and_what_was_not_understood_stays(book):
    book.type(3, customer="别人", due="看情况", measure_kind="临时措施")
    book.sync()
    assert (book.column("customer")[3], book.column("due")[3]) == ("北方电机", "看情况")
    assert book.column("measure_kind")[3] == "永久措施"
    assert "“看情况”没有看懂" in book.column("hint")[3]
    assert is_quiet(book)
    book.type(3, due="11月12日")
    book.sync()
    assert (book.column("due")[3].date(), book.column("hint").get(3)) == (date(2026, 11, 12), None)
    assert is_quiet(book)


def test_a_copied_row_becomes_a_measure_of_its_own_once_it_says_something_else(book):
    book.type(8, **{key: seen.value for key, seen in book.rows[4].items()})
    book.sync()
    assert "同一条措施" in book.column("hint")[8]
    assert is_quiet(book)
    book.type(8, what="培训外协厂")
    book.sync()
    assert book.column("id")[8] != book.column("id")[4]
    assert is_quiet(book)


def test_a_deleted_row_stays_away_and_a_missing_column_is_no_emptied_one(book):
    del book.rows[4]
    assert is_quiet(book)
    book.columns = tuple(key for key in COLUMNS if key != "who")
    book.rows = {number: {k: v for k, v in cells.items() if k != "who"} for number, cells in book.rows.items()}
    assert is_quiet(book)
    assert next(one for one in book.play.case.measures if one.what == "改造程序").who == "张三"


def test_what_a_mail_changes_is_shown(book):
    book.play.must(Give({"d5.actions": "1. 改造程序（王五，11月25日前）"}), PRODUCTION)
    book.sync()
    assert book.column("who")[3] == "王五"
    assert book.column("measure_state")[4] == "已撤下"
    assert is_quiet(book)
