"""What people give to a step: 收到, and the parts of the answer.  Rules only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from daemon.core.case import Case, Evidence, Scalar, Status, StepStatus
from daemon.core.commands import Acknowledge, Context, Give, Refusal
from daemon.core.correcting import set_facts, wrong_value
from daemon.core.entitled import Decided, is_read_again, may_answer, may_write_down, nobody_asked
from daemon.core.events import EventType
from daemon.core.evolve import evidence_data
from daemon.core.giving import papers_in
from daemon.core.journal import Journal
from daemon.core.process import Step
from daemon.core.refusals import refuse
from daemon.core.roles import DEPARTMENT_ROLES
from daemon.core.transfers import name_department

LEADER = "d1.leader"


def acknowledge(case: Case, command: Acknowledge, context: Context) -> Decided:
    """Note who takes a case on; where 收到 is all that a step asks, it is done by that."""
    steps = context.process.tasks(key for key in command.steps if key in case.open_tasks)
    mine = [step for step in steps if may_answer(step, case, context)]
    if not mine:
        return nobody_asked(steps, context)
    journal = Journal(context, case.id, case)
    for step in mine:
        journal.add(EventType.ACKNOWLEDGED, {"step": step.id})
        for key in step.on_acknowledge.names_sender:
            journal.add(EventType.SECTION_GIVEN, {"section": key, "text": _named(context)})
        if step.on_acknowledge.done:
            journal.done(step)
    journal.advance()
    return tuple(journal.events)


def _named(context: Context) -> str:
    """Return the sender as a section names him or her: the person, or the department whose mailbox wrote."""
    dept = context.directory.department_of(context.actor.address)
    known = context.actor.id in context.directory.people
    return dept.name if dept and not known else context.actor.id


def give(case: Case, command: Give, context: Context) -> Decided:
    """Take parts of the answer, each from somebody who owns a step that asks for it; a fact must be one of its list."""
    command = _news(command, case) if is_read_again(context) else command
    if not (command.sections or command.facts or command.evidence):
        return ()
    takers = {key: tuple(_takers(key, case, context)) for key in (*command.sections, *command.facts)}
    papers = _papers(command.evidence, case, context)
    wrong = _not_theirs(takers, papers, case, context) or next(_wrong_values(command, context), None)
    if wrong:
        return wrong
    journal = Journal(context, case.id, case)
    _write_down(journal, command, papers)
    _take_on(journal, [one for some in takers.values() for one in some if may_answer(one, case, context)], context)
    journal.advance()
    return tuple(journal.events)


def _news(command: Give, case: Case) -> Give:
    """Return what is given without what was given before, in this round and word for word."""
    told = {key: one.text for key, one in case.sections.items() if one.round == case.round}
    facts = {key: value for key, value in command.facts.items() if case.fact(key) != value}
    sections = {key: text for key, text in command.sections.items() if told.get(key) != text}
    return replace(command, sections=sections, facts=facts)


def _papers(files: Iterable[Evidence], case: Case, context: Context) -> Mapping[str, Evidence]:
    """Return the papers that came: for the steps that this person owns; any file at all only for one that is open."""
    steps = [step for step in context.process.step if case.is_open and _is_to_do(step, case, context)]
    checks = context.process.tasks(key for key in case.open_tasks if key not in case.steps)
    mine = [step for step in (*steps, *checks) if may_answer(step, case, context)]
    now = papers_in(files, (step for step in mine if step.id in case.open_tasks), context.process)
    ahead = papers_in(files, mine, context.process)
    return {**{key: one for key, one in ahead.items() if not context.process.paper(key).any_name}, **now}


def _write_down(journal: Journal, command: Give, papers: Mapping[str, Evidence]) -> None:
    """Add an event for each part; the files go with the first."""
    files = evidence_data(command.evidence)
    for key, text in command.sections.items():
        said = {"section": key, "text": _named_in(key, text, journal.context), "evidence": files}
        journal.add(EventType.SECTION_GIVEN, said)
        files = []
    for key, one in papers.items():
        journal.add(EventType.DOCUMENT_GIVEN, {"document": key, "name": one.name, "evidence": files})
        files = []
    facts = {key: _value(key, value, journal.context) for key, value in command.facts.items()}
    if name_department(journal, str(facts.get("department", ""))):
        del facts["department"]
    if facts:
        set_facts(journal, facts)


def _named_in(key: str, text: str, context: Context) -> str:
    """Return a section's text; the leader, by whose name one person alone is called, as that person's id."""
    people = context.directory.named(text.strip()) if key == LEADER else ()
    return people[0].id if len(people) == 1 else text


def _value(key: str, value: Scalar, context: Context) -> Scalar:
    """Return a fact as it is written down: a department by its name in the directory, whatever it was called."""
    dept = context.directory.department(str(value)) if key == "department" else None
    return dept.name if dept else value


def _not_theirs(
    takers: Mapping[str, tuple[Step, ...]], papers: Mapping[str, Evidence], case: Case, context: Context
) -> Refusal | None:
    """Return why somebody may not give these parts: nothing asks for one of them, or another's step does."""
    noted = {key for key, some in takers.items() if may_write_down(key, context) and (some or _is_free(key, context))}
    rest = {key: some for key, some in takers.items() if key not in noted}
    if not (takers or papers) or not all(rest.values()):
        return refuse("not_to_change" if is_read_again(context) else "nothing_asked")
    others = (list(some) for some in rest.values() if not any(may_answer(one, case, context) for one in some))
    theirs = next(others, None)
    return nobody_asked(theirs, context) if theirs else None


def _is_free(section: str, context: Context) -> bool:
    """Tell whether no step asks for a section at all, so that no review of it can be passed by."""
    return not any(section in (*step.gives, step.takes) for step in context.process.step)


def _wrong_values(command: Give, context: Context) -> Iterator[Refusal]:
    found = (wrong_value(key, value, context) for key, value in command.facts.items())
    return (one for one in found if one)


def _takers(key: str, case: Case, context: Context) -> Iterable[Step]:
    """Yield the steps that a part is for."""
    steps = (step for step in context.process.step if key in (*step.gives, step.takes))
    return (step for step in steps if _is_to_do(step, case, context))


def _is_to_do(step: Step, case: Case, context: Context) -> bool:
    """Tell whether a step takes answers: while it is to be done, and then until it was reviewed."""
    later = context.process.after_all((step.id,)) - {step.id}
    reviews = (one for one in later if context.process.steps[one].phase is Status.REVIEW)
    to_do = case.steps[step.id].status in (StepStatus.OPEN, StepStatus.WAITING)
    return to_do or not any(case.steps[one].status is StepStatus.DONE for one in reviews)


def _take_on(journal: Journal, takers: list[Step], context: Context) -> None:
    """Count an answer as 收到 for the steps that only wanted to know who takes the case."""
    for step in context.process.step:
        waits = journal.now.steps[step.id].status is StepStatus.OPEN and step.on_acknowledge.done
        if waits and {owner for taker in takers for owner in taker.owner} & DEPARTMENT_ROLES:
            for key in step.on_acknowledge.names_sender:
                journal.add(EventType.SECTION_GIVEN, {"section": key, "text": _named(context)})
            journal.done(step)
