"""What quality answers when it is asked about rows that vanished: they were meant to be deleted, or they come back."""

from __future__ import annotations

from collections.abc import Iterator

from daemon.intake.buttons import word_of
from daemon.intake.replies import RowsOrder, order_about_rows
from daemon.passes.book import orders
from daemon.passes.book.reading import HELD
from daemon.passes.desk import Happening
from daemon.passes.letters import Letter
from daemon.seams import MailOutcome

UNCLEAR = "台账少了行的询问，只能回复“恢复”或“确认删除”，其他内容没有据此改动台账"
DIFFERENT = "回复的是较早的询问，台账里少的行已经变了；请以最新一封询问为准"


def answer_about_rows(letter: Letter) -> Iterator[Happening]:
    """Do with rows that vanished from the ledger what the answer to our question says; each question counts once."""
    desk = letter.desk
    held = set(filter(None, (desk.store.recall(HELD) or "").split(",")))
    if not held:
        yield _filed(letter, "台账里没有等待确认的删除")
        return
    order = order_about_rows(word_of(letter.reading.subject) or letter.text)
    if order is None:
        yield letter.aside(UNCLEAR)
    elif _asked_about(letter) != held:
        yield letter.aside(DIFFERENT)
    elif order is RowsOrder.DELETE:
        orders.sync(desk, {"deleted": "yes"}, letter.now)
        yield _filed(letter, f"质量部确认：台账少的 {len(held)} 行确实要删")
    else:
        orders.rebuild(desk, {}, letter.now)
        yield _filed(letter, f"质量部确认：台账少的 {len(held)} 行要恢复")


def _asked_about(letter: Letter) -> set[str]:
    """Return the numbers of the rows that the answered mail asked about."""
    reply = letter.reading.reply
    row = letter.desk.store.with_code(reply.answers.code) if reply and reply.answers else None
    return set(str(row.notice.values.get("mark", "")).split(",")) if row else set()


def _filed(letter: Letter, what: str) -> Happening:
    letter.desk.store.finish_mail(letter.record.id, MailOutcome.THREAD, what)
    return Happening("ledger.answered", what)
