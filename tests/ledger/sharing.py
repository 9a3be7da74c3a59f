"""The shared ledger as a state machine: people and daemon do what they like in any order, and nothing is lost."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from daemon.core.batch import carry_out
from daemon.core.case import Fact
from daemon.core.commands import Actor, Correct, Register
from daemon.core.events import Via
from daemon.core.fields import VALIDITIES
from daemon.passes.desk import decision
from tests.desk import office
from tests.ledger.company import OWN_SHEET, Company, office_file
from tests.ledger.grid import NOTE, TOKEN, Square, Verbatim
from tests.servers.libreoffice import Deed, LibreOffice

TEXTS = ("", "B-07", "007", "铸造二线", "=A1&B1", "@某人", "换行\n第二行", "  前后空白  ", "很长" * 40)
TYPED = {
    "customer": ("远景汽车", "海川电机"),
    "batch_no": (*TEXTS, None),
    "order_no": (*TEXTS, None),
    "site": (*TEXTS, None),
    "phenomenon": ("外观划伤", "尺寸超差 0.3mm"),
    "quantity_defective": (5, "约30", "30件", "一箱", None, 12.5, "三十"),
    "customer_due": (datetime(2026, 12, 1), "12月1号", "2026.12.1", "尽快", None),  # noqa: DTZ001 - a cell
    "severity": ("重大", "一般", "超级", None),
    "category": ("产品质量", "胡写", None),
    "channel": ("电话", "微信", None),
    "validity": ("成立", "不成立", "待核实", "也许", None),
    "department": ("生产部", "物流部", "火星部", None),
    "owner": ("孙大鹏", "张三丰", None),
    "quality_engineer": ("王晓燕", None),
    "status": ("暂停", "处理中", "已结案", "已取消", "完了", None),
    "containment": ("隔离库存", "1. 隔离\n2. 全检", None),
    "corrective_action": ("换刀具", None),
    "review": ("批准", "驳回", None),
    "review_comment": ("证据不足", None),
    "customer_answer": ("满意", "不满意", None),
    "effect": ("有效", None),
    "cost": (12.5, "约2000元", "很多", None),
    "satisfaction": (5, "6", None),
    "meeting": ("是", "否", None),
    "remarks": ("下周来厂", "客户很急", None),
    "next_step": ("我来改", None),
    "due_at": ("下周", None),
    "round": (7, None),
    "hint": ("看过了", None),
}
EDIT = st.sampled_from(sorted(TYPED)).flatmap(lambda key: st.tuples(st.just(key), st.sampled_from(TYPED[key])))
RENAMED = {
    "batch_no": "批号",
    "customer": "客户",
    "quantity_defective": "不良数",
    "hint": "系统提示",
    "remarks": "说明",
}
MOVABLE = ("batch_no", "hint", "customer", "status", "case_no", "remarks", "next_step")
WHICH = st.integers(0, 30)
DEED = st.tuples(
    st.sampled_from(("sort", "insert_row", "insert_column", "move_column", "paint", "hide", "aside")), WHICH, WHICH
)
SORTED_BY = ("customer", "batch_no", "case_no", "severity", "status", "phenomenon")


def registered(company: Company, serial: int) -> None:
    """Let a complaint come in by mail, with facts that no other one has."""
    desk = company.desk
    facts = {
        "validity": Fact(VALIDITIES[0]),
        "customer": Fact(("北方电机", "远景汽车", "海川电机")[serial % 3]),
        "product_name": Fact(f"前端盖{serial}"),
        "phenomenon": Fact(f"第 {serial} 批轴承室内径偏大"),
        "batch_no": Fact(f"B2026{serial:04}"),
        "quantity_defective": Fact(30 + serial),
    }
    case, number = desk.new_case(company.now)
    command = Register(case, number, desk.profile, facts, subject="投诉", reporter="li.na@beifang-motor.example")
    context = desk.context(None, company.now, Actor("li"), Via.MAIL, f"mail:{number}")
    desk.store.commit(decision(desk, None, carry_out(None, [command], context), context), company.now)


class Sharing(RuleBasedStateMachine):
    """Any order of edits, saves, ticks, crashes and happenings, with what must be so whenever all is quiet."""

    libreoffice: ClassVar[LibreOffice | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        at_work = self.stack.enter_context(office(folder))
        office_file(at_work)
        self.company = Company(at_work)
        self.serial = self.steps = 0

    def check_invariants(self, settings, output, runtimes) -> None:
        self.steps += 1
        super().check_invariants(settings, output, runtimes)

    @initialize(cases=st.integers(1, 4))
    def begins(self, cases: int) -> None:
        for _ in range(cases):
            self.complaint()
        self.company.tick()

    # ── the daemon ──

    def complaint(self) -> None:
        self.serial += 1
        registered(self.company, self.serial)

    @rule()
    def a_complaint_comes(self) -> None:
        if self.serial < 8:
            self.complaint()

    @rule(which=WHICH, edit=st.sampled_from(("batch_no", "site", "quantity_defective", "severity", "remarks")), n=WHICH)
    def a_mail_corrects(self, which: int, edit: str, n: int) -> None:
        cases = sorted(case.number for case in self.company.desk.store.cases())
        value = {"quantity_defective": n, "severity": ("一般", "重要", "重大")[n % 3]}.get(edit, f"邮件说 {n}")
        number = cases[which % len(cases)]
        self.company.correct(number, edit, Correct({edit: value}))

    @rule(hours=st.sampled_from((1, 5, 30, 200)))
    def time_goes_by(self, hours: int) -> None:
        self.company.pass_time(hours)

    @rule()
    def the_daemon_looks(self) -> None:
        self.company.tick()

    @rule(at=st.integers(1, 40), after=st.booleans())
    def the_daemon_is_ended_amid_its_work(self, at: int, after: bool) -> None:  # noqa: FBT001 - drawn
        self.company.crash(at, after=after)

    # ── people ──

    def session(self, which: int = 0):
        """Somebody who has it open; who has not opens it, as one does before one types."""
        if not self.company.sessions:
            self.company.opens(locked=which % 2 == 0)
        found = self.company.sessions
        return found[which % len(found)] if found else None

    @rule(locked=st.booleans())
    def somebody_opens_it(self, locked: bool) -> None:  # noqa: FBT001 - drawn
        if len(self.company.sessions) < 2:
            self.company.opens(locked=locked)

    @rule(who=WHICH, which=WHICH, edits=st.lists(EDIT, min_size=1, max_size=3))
    def somebody_types(self, who: int, which: int, edits) -> None:
        session = self.session(who)
        if session and session.grid.rows:
            row = session.grid.rows[which % len(session.grid.rows)]
            token = str(session.grid.get(row, TOKEN))
            for key, value in edits:
                if not (token[0] in "TN" and key in REQUIRED):
                    self.company.types(session, row, key, Verbatim(value) if str(value)[:1] in "=@" else value)

    @rule(who=WHICH, how=st.lists(st.sampled_from(("customer", "product_name", "phenomenon")), unique=True, min_size=2))
    def somebody_types_a_new_row(self, who: int, how) -> None:
        session = self.session(who)
        if session and self.serial < 12:
            self.serial += 1
            row, token = session.grid.new_row(), f"T{self.serial}"
            session.grid.put(row, TOKEN, token)
            for key in how:
                self.company.types(session, row, key, f"{token}号{key}")

    @rule(who=WHICH, which=WHICH, key=st.sampled_from(("customer", "product_name", "phenomenon")))
    def somebody_completes_a_row(self, who: int, which: int, key: str) -> None:
        session = self.session(who)
        typed = [row for row in session.grid.rows if str(session.grid.get(row, TOKEN))[0] == "T"] if session else []
        if typed:
            row = typed[which % len(typed)]
            token = session.grid.get(row, TOKEN)
            title = self.company.title(session.grid, key)
            if title and session.grid.get(row, title) is None:
                self.company.types(session, row, key, f"{token}号{key}")

    @rule(who=WHICH, which=WHICH, note=st.sampled_from(("小周", "=1+1", None)), colour=st.sampled_from(("FFFF00", "")))
    def somebody_uses_columns_of_their_own(self, who: int, which: int, note, colour: str) -> None:
        session = self.session(who)
        if session and session.grid.rows:
            grid = session.grid
            row = grid.rows[which % len(grid.rows)]
            if grid.get(row, TOKEN):
                grid.put(row, NOTE, note)
                self._paint(session, row, colour)

    def _paint(self, session, row, colour: str) -> None:
        if colour:
            cell = session.grid.book.create_sheet("颜色").cell(1, 1)
            cell.fill = PatternFill("solid", fgColor=colour)
            row[session.grid.titles[TOKEN]].style = cell._style
            del session.grid.book["颜色"]

    @rule(who=WHICH, what=st.sampled_from(("小结", 5)))
    def somebody_uses_a_sheet_of_their_own(self, who: int, what) -> None:
        session = self.session(who)
        if session:
            book = session.grid.book
            page = book[OWN_SHEET] if OWN_SHEET in book.sheetnames else book.create_sheet(OWN_SHEET)
            page.append([what, self.serial])

    @rule(who=WHICH, by=st.sampled_from(SORTED_BY), down=st.booleans())
    def somebody_sorts(self, who: int, by: str, down: bool) -> None:  # noqa: FBT001 - drawn
        session = self.session(who)
        if session and (title := self.company.title(session.grid, by)):
            grid = session.grid
            rows = sorted(grid.rows, key=lambda row: str(grid.get(row, title) or ""), reverse=down)
            grid.squares[grid.header + 1 :] = rows

    @rule(who=WHICH, which=WHICH)
    def somebody_deletes_a_row(self, who: int, which: int) -> None:
        session = self.session(who)
        if session and len(session.grid.rows) > 1:
            row = session.grid.rows[which % len(session.grid.rows)]
            session.grid.squares = [one for one in session.grid.squares if one is not row]
            token = str(session.grid.get(row, TOKEN))
            session.typed = {cell: value for cell, value in session.typed.items() if cell[0] != token}

    @rule(who=WHICH, which=WHICH, numbered=st.booleans())
    def somebody_copies_a_row(self, who: int, which: int, numbered: bool) -> None:  # noqa: FBT001 - drawn
        """A copy with its number stays a copy; one without, and with another's words, is a complaint of its own."""
        session = self.session(who)
        if not session or not session.grid.rows or self.serial >= 12:
            return
        grid = session.grid
        row = grid.rows[which % len(grid.rows)]
        number, wrong = (self.company.title(grid, key) for key in ("case_no", "phenomenon"))
        if not (number and wrong and grid.get(row, number)):
            return
        self.serial += 1
        twin = [replace(square) for square in row]
        grid.squares.append(twin)
        grid.put(twin, TOKEN, f"K{self.serial}" if numbered else f"N{self.serial}")
        grid.put(twin, NOTE, None)
        if not numbered:
            grid.put(twin, number, None)
            self.company.types(session, twin, "phenomenon", f"N{self.serial}号phenomenon")
            self.company.types(session, twin, "product_name", f"N{self.serial}号product")
            self.company.types(session, twin, "batch_no", f"N{self.serial}号batch")
            if str(grid.get(row, TOKEN))[0] in "TN":  # else it would tell of that row's words
                self.company.types(session, twin, "customer", f"N{self.serial}号customer")

    @rule(who=WHICH, which=WHICH, value=st.sampled_from((None, "乱写", "9999999")))
    def somebody_spoils_a_number(self, who: int, which: int, value) -> None:
        session = self.session(who)
        if session and session.grid.rows:
            row = session.grid.rows[which % len(session.grid.rows)]
            if str(session.grid.get(row, TOKEN))[0] == "C" and (title := self.company.title(session.grid, "case_no")):
                session.grid.put(row, title, value)

    @rule(who=WHICH, at=WHICH)
    def somebody_inserts_a_blank_row(self, who: int, at: int) -> None:
        session = self.session(who)
        if session:
            grid = session.grid
            grid.without_table()
            where = grid.header + 1 + at % (len(grid.rows) + 1)
            grid.squares.insert(where, [Square() for _ in grid.squares[0]])

    @rule(who=WHICH)
    def somebody_inserts_a_title_row(self, who: int) -> None:
        session = self.session(who)
        if session and session.grid.header < 3:
            session.grid.without_table()
            row = [Square() for _ in session.grid.squares[0]]
            row[0].value = "2026 年客诉台账"
            session.grid.squares.insert(0, row)

    @rule(who=WHICH, key=st.sampled_from(MOVABLE), to=WHICH)
    def somebody_moves_a_column(self, who: int, key: str, to: int) -> None:
        session = self.session(who)
        if session and (title := self.company.title(session.grid, key)):
            session.grid.without_table()
            session.grid.move_column(title, to)

    @rule(who=WHICH, at=WHICH)
    def somebody_adds_a_column(self, who: int, at: int) -> None:
        session = self.session(who)
        if session and len(session.grid.squares[0]) < 64:
            session.grid.without_table()
            session.grid.new_column(f"自加{len(session.grid.squares[0])}", at)

    @rule(who=WHICH, key=st.sampled_from(sorted(RENAMED)))
    def somebody_renames_a_column(self, who: int, key: str) -> None:
        session = self.session(who)
        if session and (title := self.company.title(session.grid, key)):
            grid = session.grid
            grid.without_table()
            grid.squares[grid.header][grid.titles[title]].value = RENAMED[key]

    @rule(who=WHICH, key=st.sampled_from(("batch_no", "hint", "remarks", "next_step")))
    def somebody_deletes_a_column(self, who: int, key: str) -> None:
        session = self.session(who)
        if session and (title := self.company.title(session.grid, key)):
            session.grid.without_table()
            session.grid.delete_column(title)
            session.typed = {cell: value for cell, value in session.typed.items() if cell[1] != key}

    @rule(who=WHICH, column=st.integers(1, 40), row=st.integers(2, 8))
    def somebody_hides_and_filters(self, who: int, column: int, row: int) -> None:
        session = self.session(who)
        if session:
            session.grid.sheet.column_dimensions[get_column_letter(column)].hidden = True
            session.grid.sheet.row_dimensions[row].hidden = True

    @rule(who=WHICH, close=st.booleans())
    def somebody_saves(self, who: int, close: bool) -> None:  # noqa: FBT001 - drawn
        if self.company.sessions:
            session = self.session(who)
            self.company.saves(session)
            if close:
                self.company.closes(session)

    @precondition(lambda self: self.libreoffice)
    @rule(who=WHICH, deeds=st.lists(DEED, max_size=3), close=st.booleans())
    def somebody_works_and_saves_in_libreoffice(self, who: int, deeds, close: bool) -> None:  # noqa: FBT001 - drawn
        """What was typed is typed anew there, and more is done with the sheet before it is saved."""
        session, office = self.session(who), self.libreoffice
        if session and office:
            done = [*self._typed_there(session), *self._done_there(session, deeds)]
            self.company.saves(session, lambda data: office.worked(data, done))
            COUNTED["saves by LibreOffice"] += 1
            if close:
                self.company.closes(session)

    def _typed_there(self, session) -> Iterator[Deed]:
        grid = session.grid
        rows = {str(grid.get(row, TOKEN)): at for at, row in enumerate(grid.squares) if at > grid.header}
        for (token, key), value in session.typed.items():
            title = self.company.title(grid, key)
            if title and isinstance(value, str) and token in rows:
                yield "text", rows[token], grid.titles[title], value

    def _done_there(self, session, deeds) -> Iterator[Deed]:
        header = session.grid.header
        for deed, at, to in deeds:
            row, column = header + 1 + at % 4, to % 6
            match deed:
                case "sort":
                    yield deed, header, column, at % 2 == 0
                case "insert_row":
                    yield deed, row
                case "insert_column":
                    yield deed, column
                case "move_column":
                    yield deed, column, at % 6
                case "paint":
                    yield deed, row, session.grid.titles[TOKEN], 0xFFCC00
                case "hide":
                    yield deed, row, column
                case "aside":
                    yield deed, OWN_SHEET, at, ["小结", to]

    @precondition(lambda self: self.company.sessions)
    @rule(who=WHICH)
    def somebody_saves_at_the_moment_of_the_replace(self, who: int) -> None:
        session = self.session(who)
        if not session.locked:
            self.company.saves_at_the_moment(session)

    @precondition(lambda self: self.company.sessions)
    @rule(who=WHICH)
    def somebody_closes_without_saving(self, who: int) -> None:
        self.company.closes(self.session(who))

    # ── what must be so ──

    @rule()
    def all_is_quiet(self) -> None:
        self.company.check()

    def teardown(self) -> None:
        try:
            for session in list(self.company.sessions):
                self.company.saves(session)
                self.company.tick()
            self.company.check()
        finally:
            COUNTED.update(examples=1, ticks=self.company.ticks, steps=self.steps)
            self.stack.close()


REQUIRED = ("customer", "product_name", "phenomenon")
COUNTED: Counter[str] = Counter()  # of all examples of this process
