"""A row that a person typed is a complaint registered: by phone, in a chat, on a visit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from daemon.core.batch import carry_out
from daemon.core.case import Certainty, Fact, Scalar
from daemon.core.classify import classified
from daemon.core.commands import Register
from daemon.core.fields import SECTION_COLUMNS, VALIDITIES, Who
from daemon.intake import triage
from daemon.intake.quantities import Counts
from daemon.ledger.merge import Edit, settled
from daemon.ledger.sheet import SeenRow
from daemon.ledger.typed import Typed, read_cell
from daemon.passes.book.edits import Source, as_read, changes_of, decide_row, ledger_context, words_on
from daemon.passes.book.requests import asked_for
from daemon.passes.desk import Desk, Happening, decision
from daemon.passes.recurrences import earlier_case, repeating
from daemon.passes.register import class_of, longer_number
from daemon.seams import BaseRow, CellValue

# What is decided about a complaint is no part of its registration, and is read as a wish of its own beside it.
DECIDED = frozenset({"validity", "review", "review_comment", "customer_answer", "effect", "owner", "quality_engineer"})
SAID = ("phenomenon", "demand", "remarks")
LONGEST_SUBJECT = 200


def missing(desk: Desk, row: SeenRow) -> tuple[str, ...]:
    """Return what a typed row still needs to be a complaint; of alternatives (`product_name|part_no`) the first."""
    asked = (one.split("|") for one in desk.config.ledger.required)
    return tuple(some[0] for some in asked if not any(key in row.cells for key in some))


def register_row(desk: Desk, source: Source) -> Iterator[Happening]:
    """Register a complaint that was typed, with the same notices as one that came by mail."""
    typed = typed_cells(desk, source)
    command = registration(desk, typed, source)
    earlier = earlier_case(desk, command, source.now)
    command = replace(repeating(command, earlier) if earlier else command, number=desk.next_number(source.now))
    context = replace(ledger_context(desk, None, source), process=desk.process_named(command.profile))
    begun = carry_out(None, [command], context)
    context = ledger_context(desk, begun.accepted, source)
    base = BaseRow(command.case, settled(source.row.cells, source.columns, {}), seq=-1, place=source.row.number)
    found = _beside(source.row, typed)
    rest = decide_row(desk, begun.accepted, found, context, base)
    outcome = replace(rest.outcome, events=(*begun.events, *rest.outcome.events))
    asked = tuple(asked_for(rest.wished.requests, outcome.accepted, context))
    words = "\n".join(words_on(desk, rest, (), [one.name or one.recipient for one in asked]))
    told = (*longer_number(desk, command.number, source.now), *asked)
    with desk.store.together():
        desk.store.commit(decision(desk, None, outcome, context, told), source.now)
        desk.store.keep_ledger([as_read(base, found, rest, words, source)])
        desk.store.log_changes(changes_of(desk, outcome.accepted, found, rest, (), source))
    yield Happening("case.registered", f"登记客诉（台账第 {source.row.number} 行）：{command.subject}", command.number)


def typed_cells(desk: Desk, source: Source) -> dict[str, Typed]:
    """Return what was typed in the cells of a row, each read as its column asks."""
    today = source.now.astimezone(desk.zone).date()
    return {key: read_cell(seen, desk.book.columns[key], today) for key, seen in source.row.cells.items()}


def registration(desk: Desk, typed: Mapping[str, Typed], source: Source) -> Register:
    """Return the wish to register what was typed, without a number yet."""
    facts = {"validity": Fact(VALIDITIES[0]), **_facts(desk, typed, source.cause)}
    facts = {**_triaged(desk, facts, typed), **facts}
    reporter = _text(facts, "contact_email")
    profile = desk.profile_for(_text(facts, "customer"), reporter)
    process = desk.process_named(profile)
    words = classified(facts, "\n".join(_text(facts, key) for key in SAID), process)
    told = (_text(facts, key) for key in ("customer", "product_name", "phenomenon"))
    came = typed["received_at"].value if "received_at" in typed else None
    return Register(
        case=desk.mint.case_id(),
        number="",
        profile=profile,
        facts={
            **facts,
            **{key: fact for key, fact in words.items() if key not in typed},
            **class_of(desk, _text(facts, "customer"), reporter),
        },
        reporter=reporter,
        reporter_name=_text(facts, "contact_name"),
        subject=" ".join(filter(None, told))[:LONGEST_SUBJECT],
        language=process.language,
        received_at=came.replace(tzinfo=desk.zone) if isinstance(came, datetime) else None,
    )


def _facts(desk: Desk, typed: Mapping[str, Typed], cause: str) -> dict[str, Fact]:
    """Return the facts of the complaint that were typed; what only the daemon knows is none."""
    columns = desk.book.columns
    read = {key: one.value for key, one in typed.items() if one.understood}
    told = {key: value for key, value in read.items() if columns[key].who is Who.PEOPLE and key not in DECIDED}
    return {key: Fact(_scalar(desk, value), Certainty.CONFIRMED, cause) for key, value in told.items()}


def _triaged(desk: Desk, facts: Mapping[str, Fact], typed: Mapping[str, Typed]) -> dict[str, Fact]:
    """Return category, grade and department as the words tell them."""
    said, wrong = "\n".join(_text(facts, key) for key in SAID), _text(facts, "phenomenon")
    bad, rate = _number(typed, "quantity_defective"), _number(typed, "defect_rate")
    counted, words = Counts(defective=None if bad is None else int(bad), rate=rate), desk.directory.words
    guesses = {
        "category": triage.category(wrong, said, words).value,
        "severity": triage.severity(said, counted, words).value,
        "department": triage.department(wrong, said, desk.directory).value,
    }
    return {key: Fact(word, Certainty.INFERRED, "words") for key, word in guesses.items() if word}


def _beside(row: SeenRow, typed: Mapping[str, Typed]) -> tuple[Edit, ...]:
    """Return what was typed beside the facts of a complaint, as wishes are read from, and what was not understood."""
    keys = (key for key, one in typed.items() if key in DECIDED or key in SECTION_COLUMNS or not one.understood)
    return tuple(Edit(key, None, row.cells[key]) for key in keys)


def _text(facts: Mapping[str, Fact], key: str) -> str:
    return str(facts[key].value or "") if key in facts else ""


def _number(typed: Mapping[str, Typed], key: str) -> float | None:
    value = typed[key].value if key in typed else None
    return float(value) if isinstance(value, int | float) else None


def _scalar(desk: Desk, value: CellValue) -> Scalar:
    """Return a value of a cell as facts are kept: instants as text with their zone."""
    return value.replace(tzinfo=desk.zone).isoformat() if isinstance(value, datetime) else value
