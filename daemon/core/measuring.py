"""What people say of a measure: its words, who does it, by when, when it was done, what proves it.  Rules only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from daemon.core.case import Case
from daemon.core.commands import CLOCK, Context, Refusal, SetMeasure
from daemon.core.entitled import Decided, may_answer, nobody_asked
from daemon.core.events import EventType, Via
from daemon.core.journal import Journal
from daemon.core.measure_lines import Block, blocks_of, joined, line_of, next_mark, words_of
from daemon.core.measures import MEASURE_SECTIONS, Measure, same_words
from daemon.core.refusals import refuse
from daemon.core.roles import is_quality

SAID = ("what", "who", "due", "done", "evidence")


def set_measure(case: Case, command: SetMeasure, context: Context) -> Decided:
    """Take what is said of a measure; a new one, and one worded anew, changes the text of its section.

    One that is added with the words of another of its section is that one.
    """
    old = measure_meant(case, command)
    refused = _wrong(case, command, old) or _not_theirs(case, old.section if old else command.section, context)
    if refused:
        return refused
    journal = Journal(context, case.id, case)
    fresh = old or Measure(f"{case.seq + 1}-1", command.section, "", "")
    said = _with(fresh, command)
    if said == old and not old.dropped:
        return ()
    text = _section_text(case, old, said) if case.is_open else None
    line = line_of(said.what, said.who, said.due) if text is not None else said.line
    data = {"measure": said.id, "section": said.section, "line": line, **{key: getattr(said, key) for key in SAID}}
    changed = {"text": text, "adds": old is None or old.dropped} if text is not None else {}
    dropped = {"dropped": True} if said.dropped and text is None else {}
    journal.add(EventType.MEASURE_SET, {**data, **changed, **dropped})
    journal.advance()
    return tuple(journal.events)


def words_stay(command: SetMeasure, case: Case) -> bool:
    """Tell whether the words of a measure that is there stay as they are: nothing of the answer is changed by it."""
    old = measure_meant(case, command)
    return old is not None and command.what in (None, old.what)


def measure_meant(case: Case, command: SetMeasure) -> Measure | None:
    """Return the measure that is meant: by its id, or of the section with the same words."""
    if command.id:
        return next((one for one in case.measures if one.id == command.id), None)
    mine = (one for one in case.measures if one.section == command.section and not one.dropped)
    return next((one for one in mine if same_words(one.what, words_of(command.what or ""))), None)


def _with(old: Measure, command: SetMeasure) -> Measure:
    """Return the measure with what is said of it, each on one line."""
    given = {key: said for key in SAID if (said := getattr(command, key)) is not None}
    said = {key: words_of(text) if key == "what" else " ".join(text.split()) for key, text in given.items()}
    return replace(old, **said)


def _wrong(case: Case, command: SetMeasure, old: Measure | None) -> Refusal | None:
    if (command.id and not old) or (not old and command.section not in MEASURE_SECTIONS):
        return refuse("no_such_measure", number=case.number)
    if (command.what is not None or not old) and not words_of(command.what or ""):
        return refuse("measure_needs_words")
    bad = next((one for one in (command.due, command.done) if one and not _is_day(one)), None)
    return refuse("no_day", value=bad[:50]) if bad else None


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text.strip()))
    except ValueError:
        return False


def _not_theirs(case: Case, section: str, context: Context) -> Refusal | None:
    """Return why somebody may not say this: neither quality in the ledger, nor whose step asks for the section."""
    if context.actor == CLOCK or (context.via is Via.LEDGER and is_quality(context.actor.address, context.directory)):
        return None
    takers = [step for step in context.process.step if section in (*step.gives, step.takes)]
    if any(may_answer(step, case, context) for step in takers):
        return None
    return nobody_asked(takers, context)


# ── its line in the section ──────────────────────────────────────────────────────────────────────────────────────────


def _section_text(case: Case, old: Measure | None, said: Measure) -> str | None:
    """Return the section's text with the measure's line as it is now, None where the line stays as it is."""
    if old and (said.what, said.who, said.due) == (old.what, old.who, old.due):
        return None
    blocks, line = blocks_of(case.section(said.section)), line_of(said.what, said.who, said.due)
    at = next((n for n, one in enumerate(blocks) if old and not old.dropped and one.text == old.line), None)
    if at is None:
        return joined((*_without_blank_end(blocks), Block(f"{next_mark(blocks)}{line}")))
    return joined((*blocks[:at], replace(blocks[at], raw=f"{blocks[at].mark}{line}"), *blocks[at + 1 :]))


def _without_blank_end(blocks: list[Block]) -> list[Block]:
    """Return the lines without blank ones at the end; a text that only says that there are none gives way."""
    kept = list(blocks)
    while kept and not kept[-1].raw.strip():
        kept.pop()
    return kept if any(one.text for one in kept) else []
