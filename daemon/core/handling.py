"""What people may wish for a case beside answering its steps: hold, cancel, reopen, merge, name people.  Rules only.

Who may do what is a table of roles: `[may]` of the profile, or its usual one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from daemon.core.case import Case, Certainty, Fact, Status, StepStatus
from daemon.core.classify import RANKS
from daemon.core.commands import (
    CLOCK,
    Absorb,
    Assign,
    Cancel,
    Complete,
    Context,
    Hold,
    Link,
    Merge,
    Note,
    Raise,
    Refusal,
    Reopen,
    Resume,
)
from daemon.core.directory import Person
from daemon.core.entitled import is_read_again
from daemon.core.events import Event, EventType
from daemon.core.evolve import facts_data
from daemon.core.journal import Journal
from daemon.core.process import Choice, Process, Step
from daemon.core.refusals import refuse
from daemon.core.roles import DEPARTMENT_ROLES, may_speak_as, recipients, responsible

Decided = tuple[Event, ...] | Refusal
LEADER = "d1.leader"
# What stands for a wish in the words of a refusal.
TITLES = {
    "hold": {"zh-CN": "暂停", "zh-TW": "暫停", "en": "put on hold"},
    "resume": {"zh-CN": "恢复", "zh-TW": "恢復", "en": "resume"},
    "cancel": {"zh-CN": "取消", "zh-TW": "取消", "en": "cancel"},
    "reopen": {"zh-CN": "重新打开", "zh-TW": "重新開啟", "en": "reopen"},
    "merge": {"zh-CN": "合并", "zh-TW": "合併", "en": "merge"},
    "split": {"zh-CN": "拆分", "zh-TW": "拆分", "en": "split"},
    "join": {"zh-CN": "归入", "zh-TW": "歸入", "en": "join another case"},
    "leave": {"zh-CN": "取出", "zh-TW": "取出", "en": "take out"},
    "subcase": {"zh-CN": "子案", "zh-TW": "子案", "en": "open a case of its own"},
    "link": {"zh-CN": "关联重复投诉", "zh-TW": "關聯重複投訴", "en": "link a repeat"},
    "assign": {"zh-CN": "变更责任人", "zh-TW": "變更負責人", "en": "name people"},
    "raise": {"zh-CN": "提高等级", "zh-TW": "提高等級", "en": "raise the grade"},
    "note": {"zh-CN": "备注", "zh-TW": "備註", "en": "remark"},
}


def not_entitled(wish: str, case: Case, context: Context) -> Refusal | None:
    """Return why the one who wishes this may not, None when he or she may."""
    roles = context.process.who_may(wish)
    if context.actor == CLOCK or may_speak_as(context.actor.address, roles, case, context.directory):
        return None
    titles = tuple(context.process.roles.get(role, {"en": role}) for role in roles)
    return refuse("not_entitled", wish=TITLES[wish], roles=titles)


def hold(case: Case, command: Hold, context: Context) -> Decided:
    """Let a case stand still: no step opens, nobody is reminded, no time runs, until it is resumed."""
    if case.is_held:
        return refuse("already_held", number=case.number)
    return _simply(case, context, "hold", EventType.HELD, command.reason)


def resume(case: Case, command: Resume, context: Context) -> Decided:
    """Let a case go on; every due time is put off by the time that it stood still."""
    refused = not_entitled("resume", case, context)
    if refused:
        return refused
    if not case.is_held:
        return refuse("not_held", number=case.number)
    journal = Journal(context, case.id, case)
    journal.add(EventType.RESUMED, {"reason": command.reason, "status": journal.status_of_steps().value})
    journal.move_due_times(keep_fired=True)
    journal.advance()
    return tuple(journal.events)


def cancel(case: Case, command: Cancel, context: Context) -> Decided:
    """End a case that should not have been one."""
    refused = not_entitled("cancel", case, context)
    if refused:
        return refused
    if not command.reason.strip():
        return refuse("reason_needed", choice=TITLES["cancel"])
    journal = Journal(context, case.id, case)
    data = {"status": Status.CANCELLED.value, "reason": command.reason, "wish": "cancelled"}
    journal.add(EventType.CLOSED, data)
    return tuple(journal.events)


def reopen(case: Case, command: Reopen, context: Context) -> Decided:
    """Open a case again: a cancelled one where it stood, a closed one in a new round where the profile says."""
    refused = not_entitled("reopen", case, context)
    if refused:
        return refused
    if case.is_open:
        return refuse("not_closed", number=case.number)
    if case.merged_into:
        return refuse("merged", number=case.number, into=case.merged_into)
    if not command.reason.strip():
        return refuse("reason_needed", choice=TITLES["reopen"])
    journal = Journal(context, case.id, case)
    journal.add(EventType.REOPENED, {"reason": command.reason, "status": Status.WORKING.value})
    if case.status is Status.CLOSED:
        journal.reopen(begins_at(case, context.process, context.process.reopens_at), command.reason)
    journal.advance()
    return tuple(journal.events)


def begins_at(case: Case, process: Process, where: tuple[str, ...]) -> tuple[str, ...]:
    """Return the steps at which a closed case begins again; the verdict that ended it is asked for once more."""
    usual = where or tuple(step.id for step in process.step if not step.after)
    again = process.after_all(usual)
    ended = (step.id for step in process.step if step.id not in again and _has_ended(step, case))
    return (*usual, *ended)


def _has_ended(step: Step, case: Case) -> bool:
    done = case.steps[step.id].status is StepStatus.DONE
    return done and any(choice.ends and _was_taken(choice, case) for choice in step.choices.values())


def _was_taken(choice: Choice, case: Case) -> bool:
    said = {key: word for key, word in choice.sets.items() if "{" not in word}
    return bool(said) and all(word in (case.text(key), case.section(key)) for key, word in said.items())


def assign(case: Case, command: Assign, context: Context) -> Decided:
    """Name who holds a role in this case; a department's manager may name people of that department only."""
    refused = not_entitled("assign", case, context)
    if refused:
        return refused
    role, person = _meant_role(command.role, context.process), _one_person(command.person, context)
    if isinstance(person, Refusal):
        return person
    theirs = responsible(case, context.directory)
    wide = set(context.process.who_may("assign")) - {"department_manager"}
    outside = context.actor != CLOCK and not may_speak_as(context.actor.address, wide, case, context.directory)
    if outside and (role not in DEPARTMENT_ROLES or not theirs or person.id not in theirs.people):
        return refuse("not_of_department", person=person.name, department=theirs.name if theirs else "？")
    if is_read_again(context) and case.assigned.get(role) == person.id:
        return ()
    journal = Journal(context, case.id, case)
    before = [one.address for one in recipients(role, case, context.directory)]
    journal.add(EventType.ASSIGNED, {"role": role, "person": person.id, "before": before})
    if role == "quality_engineer":
        fact = Fact(person.name, Certainty.CONFIRMED, context.cause)
        journal.add(EventType.FACTS_SET, {"facts": facts_data({"quality_engineer": fact})})
    if role == "leader":
        _name_leader(journal, person.id)
    journal.advance()
    return tuple(journal.events)


def _meant_role(role: str, process: Process) -> str:
    """Return the role of a process that 责任人 means: the leader where there is one, else the department."""
    if role != "owner":
        return role
    return "leader" if any("leader" in step.owner for step in process.step) else "department"


def _one_person(name: str, context: Context) -> Person | Refusal:
    found = context.directory.named(name) or tuple(
        one for one in (context.directory.people.get(name), context.directory.person(name)) if one
    )
    if len({one.id for one in found}) == 1:
        return found[0]
    ids = "、".join(one.id for one in found)
    return refuse("two_people", person=name, ids=ids) if found else refuse("no_such_person", person=name)


def _name_leader(journal: Journal, person: str) -> None:
    journal.add(EventType.SECTION_GIVEN, {"section": LEADER, "text": person})
    for step in journal.context.process.step:
        waits = journal.now.steps[step.id].status is StepStatus.OPEN and step.on_acknowledge.done
        if waits and LEADER in step.on_acknowledge.names_sender:
            journal.done(step)


def raise_grade(case: Case, command: Raise, context: Context) -> Decided:
    """Raise a case's grade; only quality may lower one, by a correction."""
    refused = not_entitled("raise", case, context)
    if refused:
        return refused
    if RANKS[command.severity] <= RANKS[case.severity]:
        return refuse("not_higher", now=case.severity.value, wanted=command.severity.value)
    journal = Journal(context, case.id, case)
    fact = Fact(command.severity.value, Certainty.CONFIRMED, context.cause)
    journal.add(EventType.FACTS_SET, {"facts": facts_data({"severity": fact}), "reason": command.reason})
    journal.move_due_times(new_ladder=True)
    journal.advance()
    return tuple(journal.events)


def note(case: Case, command: Note, context: Context) -> Decided:
    """Write a remark into the journal."""
    return _simply(case, context, "note", EventType.NOTED, command.text)


def merge(case: Case, command: Merge, context: Context) -> Decided:
    """End a case that is the same matter as another one, which goes on for both."""
    wrong = not_entitled("merge", case, context) or _wrong_case(case, command.target, command.number)
    if wrong:
        return wrong
    target = command.target
    assert target is not None
    if target.status is Status.CANCELLED:
        return refuse("cancelled_target", number=target.number)
    journal = Journal(context, case.id, case)
    journal.add(EventType.MERGED, {"number": target.number, "case": str(target.id), "reason": command.reason})
    data = {"status": Status.CANCELLED.value, "reason": command.reason, "wish": "merged"}
    journal.add(EventType.CLOSED, data)
    return tuple(journal.events)


def absorb(case: Case, command: Absorb, context: Context) -> Decided:
    """Note on the case that goes on that another one was merged into it; once, however often it is tried."""
    if command.number in case.duplicates:
        return ()
    journal = Journal(context, case.id, case)
    journal.add(EventType.ABSORBED, {"number": command.number, "case": str(command.other), "reason": command.reason})
    return tuple(journal.events)


def link(case: Case, command: Link, context: Context) -> Decided:
    """Note that a case repeats an earlier one."""
    wrong = not_entitled("link", case, context) or _wrong_case(case, command.target, command.number)
    if wrong:
        return wrong
    journal = Journal(context, case.id, case)
    fact = Fact(command.number, Certainty.CONFIRMED, context.cause)
    journal.add(EventType.FACTS_SET, {"facts": facts_data({"repeat_of": fact}), "wish": "linked"})
    return tuple(journal.events)


def complete(case: Case, command: Complete, context: Context) -> Decided:
    """Take facts that the customer was asked for, from the customer or from whoever speaks for the customer."""
    if not may_speak_as(context.actor.address, ("reporter", "sales"), case, context.directory):
        return refuse("only_quality_corrects")
    given = {key: value for key, value in command.facts.items() if key in case.asked}
    if not given:
        return refuse("nothing_asked")
    journal = Journal(context, case.id, case)
    facts = {key: Fact(value, Certainty.STATED, context.cause) for key, value in given.items()}
    journal.add(EventType.FACTS_SET, {"facts": facts_data(facts)})
    journal.move_due_times()
    return tuple(journal.events)


def _wrong_case(case: Case, target: Case | None, number: str) -> Refusal | None:
    if target is None:
        return refuse("no_such_case", number=number)
    return refuse("same_case", number=number) if target.id == case.id else None


def _simply(case: Case, context: Context, wish: str, kind: EventType, reason: str) -> Decided:
    refused = not_entitled(wish, case, context)
    if refused:
        return refused
    if not reason.strip():
        return refuse("reason_needed", choice=TITLES[wish])
    journal = Journal(context, case.id, case)
    journal.add(kind, {"reason": reason})
    return tuple(journal.events)


HANDLING: Mapping[type, Callable[[Case, Any, Context], Decided]] = {
    Hold: hold,
    Resume: resume,
    Cancel: cancel,
    Reopen: reopen,
    Assign: assign,
    Raise: raise_grade,
    Note: note,
    Merge: merge,
    Absorb: absorb,
    Link: link,
    Complete: complete,
}
