"""What people wish by changing the cells of a row: edits become commands of the core, one batch a row.  Pure.

No step is named here: which verdict a cell gives is found in the profile, by what its choices set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from daemon.core.case import Case, Scalar, Status
from daemon.core.commands import (
    AnswerTransfer,
    Assign,
    Cancel,
    Choose,
    Correct,
    Give,
    Hold,
    Reopen,
    Resume,
)
from daemon.core.fields import SECTION_COLUMNS, Who
from daemon.core.process import Words, in_language
from daemon.core.refusals import refuse
from daemon.ledger import wish_words as words
from daemon.ledger.merge import Edit, Row, standing
from daemon.ledger.sheet import Seen
from daemon.ledger.typed import Typed, read_cell, shown
from daemon.ledger.verdict_cells import Found, choices_of, closes, meant, sets
from daemon.ledger.wished import Reading, Request, Told, Wish, Wished
from daemon.seams import CellValue

__all__ = ["Reading", "Request", "Told", "Wish", "Wished", "wishes_of"]

# Verdicts that a cell cannot give for somebody else: who is entitled confirms them by mail, unless config trusts it.
REQUESTED = frozenset({"review", "customer_answer", "effect", "status"})
# Without an open question they say nothing; other columns are facts that people may write down at any time.
VERDICTS = frozenset({"validity", "review", "customer_answer", "effect"})
COMMENTS = ("review_comment", "remarks")  # where people write why
PEOPLE = ("owner", "quality_engineer")


def wishes_of(case: Case, edits: Iterable[Edit], reading: Reading, kept: Row | None = None) -> Wished:
    """Return what the edits of a case's row wish for; `kept` are its cells that were not understood before.

    Such a cell is read again, as the reason that it lacked may stand beside it now; once emptied it wishes nothing.
    """
    kept, edits = kept or {}, tuple(edits)
    edited = {one.key for one in edits}
    again = (Edit(key, None, Seen(value)) for key, value in kept.items() if key not in edited and edits)
    taken_back = (one for one in edits if not (one.key in kept and one.seen.is_empty))
    desk = _Desk(case, reading, {one.key: one for one in (*again, *taken_back) if one.key in reading.columns})
    for edit in desk.edits.values():
        desk.read(edit)
    return desk.result()


@dataclass(slots=True)
class _Desk:
    """The wishes of one row as they are found.  A scratch pad."""

    case: Case
    reading: Reading
    edits: Mapping[str, Edit]
    facts: dict[str, Scalar] = field(default_factory=dict)
    wishes: list[Wish] = field(default_factory=list)
    first: list[Wish] = field(default_factory=list)  # that the case goes on, and where: before all that rests on it
    last: list[Wish] = field(default_factory=list)  # verdicts and the state: after all that they may rest on
    requests: list[Request] = field(default_factory=list)
    refused: list[Told] = field(default_factory=list)
    asked: list[Told] = field(default_factory=list)
    noted: list[Told] = field(default_factory=list)

    def result(self) -> Wished:
        """Return what was found: facts before verdicts and an end; a closed case answers to each fact alone."""
        some = [self.facts] if self.case.is_open else [{key: value} for key, value in self.facts.items()]
        facts = (Wish(tuple(one), Correct(one)) for one in some if one)
        told = (tuple(self.refused), tuple(self.asked), tuple(self.noted))
        return Wished((*self.first, *facts, *self.wishes, *self.last), tuple(self.requests), *told)

    def read(self, edit: Edit) -> None:
        """Find out what one cell wishes."""
        column, key = self.reading.columns[edit.key], edit.key
        if column.who is Who.DAEMON:
            self._refuse(edit, words.say(words.OURS, title=column.title))
            return
        typed = read_cell(edit.seen, column, self.reading.today)
        if sets(key, self.reading.process):
            self._verdict(edit, typed)
        elif not typed.understood:
            self._ask(edit, words.say(words.UNREADABLE, title=column.title, text=_text(edit)))
        else:
            RULES.get(key, _fact)(self, edit, typed)

    def title(self, key: str) -> str:
        """Return the header of a column."""
        column = self.reading.columns.get(key)
        return column.title if column else key

    def _refuse(self, edit: Edit, why: Words) -> None:
        self.refused.append(Told(edit.key, standing(edit.seen), why))

    def _ask(self, edit: Edit, why: Words) -> None:
        self.asked.append(Told(edit.key, standing(edit.seen), why))

    def not_cleared(self, edit: Edit) -> None:
        """Put a cell back that may not be empty."""
        self._refuse(edit, refuse("not_cleared", title=self.title(edit.key)).why)

    def _ambiguous(self, edit: Edit, found: Iterable[Found]) -> None:
        title, choices = self.title(edit.key), tuple(one[2].words for one in found)
        self._refuse(edit, words.say(words.AMBIGUOUS, title=title, value=_text(edit), choices=choices))

    # ── verdicts ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _verdict(self, edit: Edit, typed: Typed) -> None:
        key, value = edit.key, shown(typed.value)
        open_ = tuple(choices_of(self.reading.process.tasks(self.case.open_tasks), key))
        row = {one: _text(other) for one, other in self.edits.items() if one in self.reading.columns}
        found = meant(open_, key, {**row, key: value})
        if typed.understood and value == self.case.text(key):
            return
        if not value and not open_ and key in VERDICTS:
            self.not_cleared(edit)
        elif len(found) == 1:
            self._choose(edit, value, found[0])
        elif found:
            self._ambiguous(edit, found)
        elif not typed.understood:
            self._ask(edit, words.say(words.UNREADABLE, title=self.title(key), text=value))
        elif value and key in VERDICTS:
            self._refuse(edit, words.say(words.NO_VERDICT, title=self.title(key), value=value))
        else:
            RULES.get(key, _fact)(self, edit, typed)

    def _choose(self, edit: Edit, value: str, found: Found) -> None:
        """Give a verdict, or ask who is entitled to confirm it; one that lacks its reason waits for it."""
        step, name, choice = found
        given = {one.step: one.choice for one in self._verdicts()}
        if step.id in given:
            if given[step.id] == name:
                self._also(step.id, edit.key)
            else:
                self._refuse(edit, words.say(words.NO_VERDICT, title=self.title(edit.key), value=value))
            return
        reason = self._reason(edit.key)
        if (choice.needs_reason or choice.asks) and not reason:
            titles = tuple(self.title(key) for key in COMMENTS if key in self.reading.columns)
            self._ask(edit, words.say(words.REASON_FIRST, value=value, titles=titles))
            return
        key, own = edit.key, self.reading.role in step.owner
        trusted = key in self.reading.trusted
        if key in REQUESTED and not own and not trusted:
            self.requests.append(Request((key,), value, Choose(step.id, name, reason)))
        else:
            speaks = not own and (trusted or key not in VERDICTS)
            self.last.append(Wish((key,), Choose(step.id, name, reason, for_owner=speaks)))

    def _also(self, step: str, key: str) -> None:
        """Note that one more cell says a verdict that was found already."""
        self.last = [_with_key(one, step, key) for one in self.last]
        self.requests = [_with_key(one, step, key) for one in self.requests]

    def _verdicts(self) -> Iterator[Choose]:
        commands = (*(one.command for one in self.last), *(one.command for one in self.requests))
        return (one for one in commands if isinstance(one, Choose))

    def _reason(self, key: str) -> str:
        """Return what was typed beside a verdict; a comment on a review may have been typed earlier in the round."""
        typed = (_text(self.edits[one]) for one in COMMENTS if one in self.edits)
        comment = self.case.facts.get(COMMENTS[0])
        earlier = comment and key == "review" and comment.round == self.case.round and self.case.text(COMMENTS[0])
        return next(filter(None, typed), "") or earlier or ""

    # ── the state ────────────────────────────────────────────────────────────────────────────────────────────────────

    def status(self, edit: Edit, typed: Typed) -> None:
        """Hold, resume, cancel, close or reopen; every other state follows from what is done."""
        case, wanted = self.case, Status(str(typed.value)) if typed.value else None
        reason = self._reason(edit.key) or in_language(words.say(words.SET_HERE, value=wanted or ""), case.language)
        if wanted is case.status:
            return
        goes_on = wanted not in (None, Status.CLOSED, Status.CANCELLED, Status.ON_HOLD)
        if wanted is Status.ON_HOLD and case.is_open:
            self.last.append(Wish((edit.key,), Hold(reason)))
        elif goes_on and not case.is_open:
            self.first.insert(0, Wish((edit.key,), Reopen(reason)))
        elif goes_on and case.is_held:
            self.first.insert(0, Wish((edit.key,), Resume(reason)))
        elif wanted is Status.CANCELLED and case.is_open:
            self._cancel(edit, Cancel(reason))
        elif wanted is Status.CLOSED and case.is_open:
            self._close(edit)
        else:
            self._refuse(edit, words.say(words.NOT_OURS_TO_SET, title=self.title(edit.key), value=_text(edit)))

    def _cancel(self, edit: Edit, command: Cancel) -> None:
        if edit.key in self.reading.trusted:
            self.last.append(Wish((edit.key,), command))
        else:
            self.requests.append(Request((edit.key,), _text(edit), command))

    def _close(self, edit: Edit) -> None:
        """Take the open verdict that closes the case; one that turns the complaint down is none, and never guessed."""
        ending = [one for one in choices_of(self.reading.process.tasks(self.case.open_tasks)) if closes(one[2])]
        found = ending if len(ending) == 1 else [one for one in ending if one[2].intent]
        if len(found) == 1:
            self._choose(edit, _text(edit), found[0])
        elif ending:
            self._ambiguous(edit, ending)
        else:
            self._refuse(edit, words.say(words.NO_VERDICT, title=self.title(edit.key), value=_text(edit)))

    # ── sections, people, facts ──────────────────────────────────────────────────────────────────────────────────────

    def section(self, edit: Edit, typed: Typed) -> None:
        """Write down a part of the answer."""
        section, text = SECTION_COLUMNS[edit.key], shown(typed.value)
        if not text:
            self.not_cleared(edit)
        elif text != self.case.section(section):
            self.wishes.append(Wish((edit.key,), Give({section: text})))

    def person(self, edit: Edit, typed: Typed) -> None:
        """Name somebody; a name that the directory does not know is written down, and nobody is told by it."""
        key, name = edit.key, shown(typed.value)
        found = {one.id for one in self.reading.directory.named(name)}
        if len(found) > 1:
            self._ask(edit, words.say(words.TWO_PEOPLE, name=name))
        elif not name and self.case.fact(key) is None:
            self.not_cleared(edit)
        elif found:
            self.wishes.append(Wish((key,), Assign(key, name)))
            if key == PEOPLE[0] and self.case.fact(key) is not None:
                self.facts[key] = None  # who was written down gives way to who was named
        else:
            self.facts[key] = name or None
            if name:
                self.noted.append(Told(key, name, words.say(words.NO_PERSON, title=self.title(key), name=name)))

    def department(self, edit: Edit, typed: Typed) -> None:
        """Give the case to a department, or pass it on."""
        name, now = shown(typed.value), self.case.text("department")
        dept = self.reading.directory.department(name)
        if not name:
            self.not_cleared(edit)
        elif dept is None:
            self._ask(edit, words.say(words.NO_DEPARTMENT, name=name))
        elif not now:
            self.facts["department"] = dept.name
        elif dept.name != now:
            self.first.append(Wish((edit.key,), AnswerTransfer(agreed=True, to=dept.name)))

    def fact(self, edit: Edit, typed: Typed) -> None:
        """Set a fact; an emptied cell makes it unknown, where it may be."""
        key, value = edit.key, typed.value
        if value is None and key == "severity":
            self.not_cleared(edit)
            return
        kinds = key == "category" and self.reading.process.kinds
        allowed = self.reading.process.values_of(key) if kinds else self.reading.columns[key].values
        more = self.reading.added.get(key, ())
        if value and allowed and value not in (*allowed, *more):
            self._ask(edit, refuse("not_in_list", title=self.title(key), value=value, values=(*allowed, *more)).why)
            return
        self.facts[key] = _scalar(value, self.reading.zone)
        if typed.approximate:
            self.noted.append(
                Told(key, standing(edit.seen), words.say(words.ABOUT, text=_text(edit), value=shown(value)))
            )


Wanted = TypeVar("Wanted", Wish, Request)
Rule = Callable[[_Desk, Edit, Typed], None]
_fact: Rule = _Desk.fact
RULES: dict[str, Rule] = {
    "status": _Desk.status,
    "department": _Desk.department,
    **dict.fromkeys(PEOPLE, _Desk.person),
    **dict.fromkeys(SECTION_COLUMNS, _Desk.section),
}


def _with_key(one: Wanted, step: str, key: str) -> Wanted:
    return replace(one, keys=(*one.keys, key)) if isinstance(one.command, Choose) and one.command.step == step else one


def _text(edit: Edit) -> str:
    return shown(standing(edit.seen)).strip()


def _scalar(value: CellValue, zone: ZoneInfo) -> Scalar:
    """Return a value as the journal keeps facts: instants as ISO 8601 in UTC."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=zone).astimezone(UTC).isoformat()
    return value
