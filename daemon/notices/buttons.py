"""The buttons of a mail: mailto links that carry their word and their proof code (RFC 6068).  Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from daemon.core.case import Case
from daemon.core.process import Choice, Process, Step, in_language
from daemon.notices.threading import desk_tag, tag

# A step of the responsible department is the only one that can lie with another department.
DEPARTMENT_ROLES = frozenset({"department"})


class ButtonKind(StrEnum):
    """How loud a button is."""

    PRIMARY = "primary"
    PLAIN = "plain"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """One answer: what stands on it, the word that it sends, the finished link and the mail that it writes."""

    label: str
    word: str
    url: str
    kind: ButtonKind
    subject: str
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the buttons that no profile defines, in one language."""

    received: str
    transfer: str
    transfer_to: str
    reason: str
    agree: tuple[str, str]
    disagree: tuple[str, str]
    delete: tuple[str, str]
    restore: tuple[str, str]
    send: str
    fill_in: str
    figures: str


WORDS = {
    "zh-CN": Words(
        "收到", "转其他部门", "转到部门：", "原因：", ("同意转部门", "同意"), ("维持原部门", "不同意"),
        ("这些行确实要删", "确认删除"), ("恢复这些行", "恢复"),
        "请直接发送本邮件，并保留下面一行：", "请在冒号后填写，再发送本邮件，并保留下面一行：", "数据：",
    ),
    "zh-TW": Words(
        "收到", "轉其他部門", "轉到部門：", "原因：", ("同意轉部門", "同意"), ("維持原部門", "不同意"),
        ("這些行確實要刪", "確認刪除"), ("恢復這些行", "恢復"),
        "請直接發送本郵件，並保留下面一行：", "請在冒號後填寫，再發送本郵件，並保留下面一行：", "數據：",
    ),
    "en": Words(
        "received", "transfer", "Department: ", "Reason: ", ("Agree to the transfer", "agree"),
        ("Keep the department", "reject"),
        ("They are meant to be gone", "delete"), ("Bring the rows back", "restore"),
        "Please keep the line below and just send this mail:",
        "Please keep the line below, fill in the rest and send this mail:", "Figures: ",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Press:
    """What every button of one notice shares: where it writes to, the case's number, the code and the language."""

    mailbox: str
    number: str
    code: str
    language: str

    @property
    def words(self) -> Words:
        """Return the words of this language, English where there are none."""
        return WORDS.get(self.language, WORDS["en"])

    def button(self, label: str, word: str, kind: ButtonKind, asks: Sequence[str] = ()) -> Button:
        """Return one button; each line of `asks` is for the reader to fill in.

        The word stands in the subject alone: what intake reads in the body is then only what the person wrote.
        """
        subject = f"{tag(self.number, self.language) or desk_tag(self.language)} {word} {self.code}"
        hint = self.words.fill_in if asks else self.words.send
        body = "\r\n".join((*asks, "", hint, self.code, ""))
        return Button(label, word, mailto(self.mailbox, subject, body), kind, subject, tuple(asks))


def mailto(address: str, subject: str, body: str) -> str:
    """Return a mailto URL (RFC 6068): UTF-8 percent-encoded, line breaks as %0D%0A, a blank as %20."""
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"


def step_buttons(steps: Sequence[Step], case: Case, press: Press) -> tuple[Button, ...]:
    """Return the buttons of these open steps: 收到 once, every choice, and passing on where a department owns one."""
    several = sum(bool(step.choices) for step in steps) > 1
    found = [*_received(steps, case, press)]
    for step in steps:
        found += _choices(step, press, several=several)
    if any(step.passes_on or DEPARTMENT_ROLES & set(step.owner) for step in steps):
        words = press.words
        label = words.transfer if press.language.startswith("zh") else words.transfer.capitalize()
        found.append(press.button(label, words.transfer, ButtonKind.PLAIN, (words.transfer_to, words.reason)))
    return tuple(found)


def transfer_buttons(press: Press) -> tuple[Button, ...]:
    """Return the two answers to a wish to pass a case on."""
    (agree, yes), (disagree, no) = press.words.agree, press.words.disagree
    return (
        press.button(agree, yes, ButtonKind.PRIMARY),
        press.button(disagree, no, ButtonKind.PLAIN, (press.words.reason,)),
    )


def rows_buttons(press: Press) -> tuple[Button, ...]:
    """Return the two answers to the question what rows that vanished from the ledger are."""
    (back, restore), (gone, delete) = press.words.restore, press.words.delete
    return press.button(back, restore, ButtonKind.PRIMARY), press.button(gone, delete, ButtonKind.DANGER)


def steps_of(process: Process, ids: Sequence[str]) -> tuple[Step, ...]:
    """Return the steps of these ids that the profile still knows."""
    return process.tasks(ids)


def _received(steps: Sequence[Step], case: Case, press: Press) -> Iterator[Button]:
    if any(_can_be_received(step) and not _is_acknowledged(step, case) for step in steps):
        word = press.words.received
        label = word if press.language.startswith("zh") else word.capitalize()
        yield press.button(label, word, ButtonKind.PRIMARY)


def _can_be_received(step: Step) -> bool:
    acknowledged = step.on_acknowledge
    return bool(acknowledged.done or acknowledged.names_sender or step.gives or step.takes)


def _is_acknowledged(step: Step, case: Case) -> bool:
    return bool(case.state(step.id).acknowledged_by)


def _choices(step: Step, press: Press, *, several: bool) -> Iterator[Button]:
    first = True
    for choice in step.choices.values():
        word = in_language(choice.words, press.language)
        title = in_language(step.title, press.language)
        label = f"{title}：{word}" if several else _capital(word, press.language)
        yield press.button(label, word, _kind(choice, step, first=first), _asks(choice, press))
        first = False


def _capital(word: str, language: str) -> str:
    return word if language.startswith("zh") else word[:1].upper() + word[1:]


def _kind(choice: Choice, step: Step, *, first: bool) -> ButtonKind:
    if choice.danger:
        return ButtonKind.DANGER
    return ButtonKind.PRIMARY if first and not _can_be_received(step) else ButtonKind.PLAIN


def _asks(choice: Choice, press: Press) -> tuple[str, ...]:
    if choice.figures:
        return (press.words.figures,)
    return (press.words.reason,) if choice.needs_reason or choice.danger or choice.asks else ()
