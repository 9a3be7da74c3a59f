"""From what a person said in a reply to the wishes it holds.  Pure; knows the profile's words, names no step."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from daemon.core.case import Case, Evidence
from daemon.core.commands import Acknowledge, AnswerTransfer, AskTransfer, Choose, Command, Complete, Correct, Give
from daemon.core.corrections import corrections, facts_in, sections_in
from daemon.core.giving import facts_of, papers_in, wanted
from daemon.core.process import Choice, Process, Step
from daemon.core.wishes import assigned_in, grade_in, wish_in

REASON = re.compile(r"(?:原因|理由|说明|数据|數據|figures|reason)\s*[:：]\s*(.+)", re.IGNORECASE | re.DOTALL)
NOT_SAID = " \t，,。.!！“”\"'‘’：:*-—【[（("
AFTER_VERDICT = re.compile(
    r"\s*(?:$|[，,。.!；;、：:“”\"'’）)\]】*—-]|[了吧啦该此本这。]|谢|8d|客诉|投诉|方案|措施|报告|结案|关闭|实施|发布)"
    r"(?![^。.!;；]*(?:吗|么|[?？]))|(?:e?d)?\b(?!\w)[^?？]*$"
)
PUTS_OFF = r"(?:后|才|先)(?:再|才)?能?(?:够|予)?以?|再|暂不|暂缓|何时|能否|可否|是否|如果|若"
ASKS = r"之?前|以前|吗|么|与否|率|度|期|[^。.!;；]{0,4}[?？]"
SHORTEST_ANSWER = 10  # characters
NO_QUESTION = {"recorded", "refused", "progress"}
YES_WORDS = {"approve", "confirm"}
NO_WORDS = {"reject", "dissatisfied"}


@dataclass(frozen=True, slots=True)
class Said:
    """A reply as it was read: intent, the button's word if it was one, the text, the sections by field key.

    `steps` are those that the mail it answers was about; `purpose` is that mail's.
    """

    intent: str
    text: str
    word: str = ""
    steps: tuple[str, ...] = ()
    purpose: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)
    transfer_to: str = ""
    evidence: tuple[Evidence, ...] = ()
    by_quality: bool = False
    by_colleague: bool = False
    plain: bool = False  # the text is nothing but a verdict: no condition, question or plan beside it
    round: int = 0


def interpret(said: Said, case: Case, process: Process) -> tuple[Command, ...]:
    """Return the wishes of a reply, in the order in which they are carried out; none when it asks for nothing.

    What the steps of the answered mail ask for by name comes first: papers, facts, sections of the profile's own.
    """
    steps = process.tasks(said.steps)
    facts, text = facts_in(said.text, [key for step in steps for key in facts_of(step, process)], process)
    given = [Give({}, facts={key: value}) for key, value in facts.items()]
    files = said.evidence if papers_in(said.evidence, steps, process) else ()
    own = sections_in(text, (key for step in steps for key in wanted(step) if key in process.sections), process)
    rest = replace(said, text=text, sections={**own, **said.sections}, evidence=() if files else said.evidence)
    more = _rest(rest, case, process) if text.strip() or said.word or not facts else ()
    return (*((Give({}, files),) if files else ()), *given, *more)


def _rest(said: Said, case: Case, process: Process) -> tuple[Command, ...]:
    if said.by_colleague and not said.sections and not said.word:
        wish = wish_in(said.text) or (None if said.by_quality else grade_in(said.text))
        if wish:
            return (wish,)
        named, rest = assigned_in(said.text, process)
        if named:
            others = _rest(replace(said, text=rest, by_colleague=False), case, process) if rest else ()
            return (*named, *others)
    if case.asked and not said.by_quality and said.purpose == "ask_facts":
        told = corrections(said.text, process)
        return (Complete(told),) if told else ()
    corrected = _corrected(said, case, process)
    if corrected:
        more = _wishes(said, case, process)
        return (*corrected, *(one for one in more if not isinstance(one, Give)))
    return _wishes(said, case, process)


def _corrected(said: Said, case: Case, process: Process) -> tuple[Command, ...]:
    """Return the corrections that quality makes beside a verdict or alone; a 8D section is never one."""
    if not said.by_quality or said.sections or said.word:
        return ()
    facts = dict(corrections(said.text, process))
    department = str(facts.pop("department", ""))
    moved = (AnswerTransfer(agreed=True, to=department),) if department not in ("", case.text("department")) else ()
    return (*((Correct(facts),) if facts else ()), *moved)


def _wishes(said: Said, case: Case, process: Process) -> tuple[Command, ...]:
    if said.purpose == "transfer" and said.intent in YES_WORDS | NO_WORDS:
        return (AnswerTransfer(said.intent in YES_WORDS, said.transfer_to, reason_in(said.text)),)
    choice = _worded(said, case, process)  # a verdict may be called 有异议, which elsewhere disputes who is responsible
    if not choice and said.intent in ("transfer", "dispute"):
        return (AskTransfer(said.transfer_to, reason_in(said.text) or said.text.strip()),)
    choice = choice or _meant(said, case, process)
    if choice:
        return (*_given(said), choice)
    if said.sections:
        return _given(said)
    if said.intent == "acknowledge":
        return (Acknowledge(said.steps),)
    return _free_text(said, case, process)


def reason_in(text: str) -> str:
    """Return what stands after 原因： in a text, or the text without its first line."""
    found = REASON.search(text)
    if found:
        return found[1].strip()
    return text.strip().partition("\n")[2].strip()


def _given(said: Said) -> tuple[Command, ...]:
    """Return each section as a wish of its own, so that each is accepted or refused alone; files go with the first."""
    files = (said.evidence, *((),) * len(said.sections))
    return tuple(Give({key: text}, more) for (key, text), more in zip(said.sections.items(), files, strict=False))


def _free_text(said: Said, case: Case, process: Process) -> tuple[Command, ...]:
    if said.purpose in NO_QUESTION or _says_little(said, case, process):
        return ()
    for step in _steps(said, case, process):
        if step.takes:
            return (Give({step.takes: said.text.strip()}, said.evidence),)
    return ()


def _says_little(said: Said, case: Case, process: Process) -> bool:
    """Tell whether free words are too few, a question, or about a verdict of another step, to be taken as an answer."""
    text = said.text.strip()
    choices = (choice for step in _steps(said, case, process) for choice in step.choices.values())
    verdicts = (word for choice in choices for word in choice.words.values())
    return (
        len(text) < SHORTEST_ANSWER
        or text.endswith(("?", "？", "吗", "吗。"))
        or any(word in text for word in verdicts)
    )


def _worded(said: Said, case: Case, process: Process) -> Choose | None:
    """Find the verdict that is named: by the button's word, else by the words at the head of the text."""
    still_open = tuple(_steps(said, case, process))
    asked = process.tasks(said.steps)
    if said.word:  # a late press is answered too, not swallowed
        named = _named(still_open, said.word) or _named(asked, said.word)
    else:
        named = _named(still_open, _head(said.text))
    if not named:
        return None
    word, step, key = named
    return Choose(step.id, key, _reason(said, word), said.round)


def _meant(said: Said, case: Case, process: Process) -> Choose | None:
    """Find the verdict that is meant, by the intent of the text; consent is never guessed."""
    if said.word or (said.intent in YES_WORDS and not said.plain):
        return None
    for step in _steps(said, case, process):
        for key, choice in step.choices.items():
            if choice.intent and choice.intent == said.intent and not _hedged(choice, said.text):
                return Choose(step.id, key, _reason(said) or said.text.strip(), said.round)
    return None


def _named(steps: Iterable[Step], spoken: str) -> tuple[str, Step, str] | None:
    """Return the longest verdict with which the words begin: the word, its step and the choice's key."""
    found = [
        (word, step, key) for step in steps for key, choice in step.choices.items() for word in _words(choice, spoken)
    ]
    return max(found, key=lambda one: len(one[0]), default=None)


def _reason(said: Said, word: str = "") -> str:
    found = REASON.search(said.text)
    if found:
        return found[1].strip()
    return said.text.strip() if said.word else reason_in(said.text) or _tail(said.text, len(word))


def _tail(text: str, begin: int) -> str:
    """Return what follows the verdict and its clause: 驳回，没有对应流出原因 → 没有对应流出原因."""
    parts = re.split(r"[，,。.：:;；\s]+", text.lstrip(NOT_SAID)[begin:], maxsplit=1)
    return parts[1].strip() if len(parts) > 1 else ""


def _steps(said: Said, case: Case, process: Process) -> Iterator[Step]:
    """Yield the open steps that this reply may answer, in the order of the profile."""
    yield from process.tasks(key for key in case.open_tasks if key in said.steps)


def _head(text: str) -> str:
    return text.strip().partition("\n")[0]


def _words(choice: Choice, spoken: str) -> Iterator[str]:
    """Yield the words of a choice with which `spoken` begins, as a word of its own: 有效 yes, 有效期 and 有效吗 no."""
    plain = unicodedata.normalize("NFKC", spoken).casefold().lstrip(NOT_SAID)
    for word in (*choice.words.values(), *choice.synonyms):
        begin = unicodedata.normalize("NFKC", word).casefold()
        if plain.startswith(begin) and AFTER_VERDICT.match(plain, len(begin)) and not _counts(plain, begin):
            yield word


def _counts(plain: str, begin: str) -> bool:
    """Tell whether a number is no mark but counts a line or goes on: 1. 包装还是差, 4.5."""
    return begin.isdecimal() and bool(re.match(r"\s*[.、)）:：]\s*\S", plain[len(begin) :]))


def _hedged(choice: Choice, text: str) -> bool:
    """Tell whether the first line puts the verdict off or asks for it: 补充证据后再批准, 可以结案吗."""
    head = unicodedata.normalize("NFKC", _head(text)).casefold()
    words = "|".join(re.escape(w.casefold()) for w in (*choice.words.values(), *choice.synonyms, "同意", "通过"))
    return bool(re.search(rf"(?:{PUTS_OFF})\s*(?:{words})|(?:{words})(?:{ASKS})", head))
