import dataclasses
import logging
import os
import sys
from email.message import EmailMessage

import pytest

from daemon.adapters.reading_apart import Bounds, ReadApart
from daemon.intake.read import read
from daemon.intake.reading import Known
from daemon.passes.intake import MOST_ATTEMPTS, decide_pass, fetch_pass
from daemon.seams import MailOutcome, Shelf
from tests.cast import COMPLAINTS, LI, QUALITY, WANG
from tests.scenarios.letters import FORM, GRAVE, SLIGHT


def complain(desk, symptom=GRAVE):
    desk.mail(f"李娜 <{LI}>", "投诉", FORM.format(bad=30, symptom=symptom))


def test_a_mailbox_that_is_away_is_told_and_read_later(desk):
    desk.mailbox.broken = "no route to host"
    complain(desk)
    assert {one.event for one in desk.happened} >= {"mailbox.unreachable"}
    assert not desk.rows
    desk.mailbox.broken = ""
    desk.at("11-02 09:01")
    assert list(desk.rows) == ["2611001"]


def test_a_mail_is_moved_away_only_after_it_was_decided(desk):
    complain(desk)
    assert not desk.mailbox.inbox
    assert len(desk.mailbox.shelves[Shelf.DONE]) == 1
    assert desk.desk.store.recall("poll.test") == desk.clock.now().isoformat()


def test_a_mail_that_the_server_does_not_hand_out_is_set_aside(desk):
    key = desk.mailbox.put(b"x")
    desk.mailbox.unreadable.add(int(key.uid))
    desk.tick()
    assert "取不出来" in desk.last(WANG).text


def test_a_mail_that_always_fails_is_set_aside_after_three_attempts(desk, caplog):
    caplog.set_level(logging.CRITICAL)

    def no_id():
        raise RuntimeError("it broke")

    mint = type("Mint", (), {"case_id": staticmethod(no_id), "code": desk.desk.mint.code})()
    whole, desk.desk = desk.desk, dataclasses.replace(desk.desk, mint=mint)
    complain(desk)
    failed = [one for one in desk.happened if one.event == "mail.failed"]
    assert len(failed) == MOST_ATTEMPTS - 1
    assert "RuntimeError: it broke" in failed[0].text
    told = desk.last(WANG).text
    assert [word for word in ("试了 3 次", "投诉", LI) if word not in told] == []
    assert len(desk.mailbox.shelves[Shelf.ASIDE]) == 1
    desk.desk = whole
    complain(desk, SLIGHT)
    assert len(desk.rows) == 1


def test_a_mail_without_sense_is_answered_with_what_could_be_said(desk):
    complain(desk)
    desk.reply(WANG, desk.last(WANG, "核实"), "知道了吗？成立吗？")
    assert desk.row()["validity"] == "待核实"
    assert desk.row()["case_no"] == "2611001"


def test_a_second_thought_of_the_customer_goes_to_quality(desk):
    complain(desk)
    desk.reply(LI, desk.last(LI), "补充：同批还有 20 件在途。")
    assert "补充：同批还有 20 件在途。" in desk.last(WANG).text
    store = desk.desk.store
    (_, reply) = store.mails_of(store.case_numbered("2611001").id)
    assert reply.outcome is MailOutcome.THREAD


def test_nothing_to_decide_is_nothing(desk):
    assert not list(decide_pass(desk.desk, desk.clock.now()))


def test_an_answer_beside_a_question_is_recorded_once(desk):
    complain(desk)
    desk.reply(QUALITY, desk.last(QUALITY), "D3 临时措施：已隔离 3000 件。")
    recorded = [mail for mail in desk.to(QUALITY) if "已隔离" in mail.text or "D3" in mail.subject]
    assert recorded
    assert "D3" not in desk.row()["next_step"]


# ── large mails ──────────────────────────────────────────────────────────────────────────────────────────────────────


def child_that(program, **bounds):
    """A reader that lets a program read what is larger than a form."""
    return ReadApart(large=5000, bounds=Bounds(**bounds), command=(sys.executable, "-c", READS + program))


READS = "import sys\nfrom daemon.adapters.frames import *\nsend(sys.stdout.buffer, b'ready')\n"


def large():
    return letter_of(LI, "照片见附件", FORM.format(bad=30, symptom=GRAVE), [("IMG_1.jpg", os.urandom(20_000))])


def letter_of(sender, subject, text, files):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = sender, COMPLAINTS, subject, "Mon, 2 Nov 2026 09:00 +0800"
    mail.set_content(text)
    for name, data in files:
        mail.add_attachment(data, maintype="image", subtype="jpeg", filename=name)
    return mail.as_bytes()


def test_a_large_mail_is_read_in_a_child_process_and_registered_with_its_photos(desk):
    desk.desk = dataclasses.replace(desk.desk, reader=ReadApart(large=5000))
    desk.put(raw := large())
    (row,) = desk.rows.values()
    assert row["quantity_defective"] == 30
    (photo,) = (desk.desk.shelf / "附件").rglob("*.jpg")
    assert photo.read_bytes() == read(raw, desk.desk.directory, Known()).attachments[0].data


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("import os; os._exit(1)", "ended with 1"),
        ("raise MemoryError", "ended with 1"),
        ("import time; time.sleep(600)", "takes longer than 3 s"),
        ("receive(sys.stdin.buffer, 9**9); send(sys.stdout.buffer, b'nonsense')", "ValidationError"),
    ],
    ids=["dead", "out of memory", "too slow", "gone mad"],
)
def test_a_mail_that_breaks_its_child_is_kept_and_set_aside_and_the_next_goes_on(desk, program, why):
    desk.desk = dataclasses.replace(desk.desk, reader=child_that(program, seconds=3.0))
    desk.mailbox.put(raw := large())
    complain(desk)
    assert list(desk.rows) == ["2611001"]
    assert desk.mailbox.shelves[Shelf.ASIDE] == [raw]
    told = desk.last(WANG, "照片见附件").text
    assert "this mail cannot be read" in told
    assert why in told


def test_a_machine_that_starts_no_child_is_asked_again(desk, caplog):
    caplog.set_level(logging.CRITICAL)
    whole = desk.desk
    desk.desk = dataclasses.replace(whole, reader=ReadApart(large=5000, command=("no-such-program",)))
    desk.mailbox.put(large())
    list(decide_pass(desk.desk, desk.clock.now()))
    assert not desk.mailbox.shelves[Shelf.ASIDE]
    happened = [*fetch_pass(desk.desk, desk.clock.now()), *decide_pass(desk.desk, desk.clock.now())]
    assert [one.event for one in happened] == ["mail.failed"]
    assert "no process to read a large mail in" in happened[0].text
    desk.desk = whole
    desk.tick()
    assert list(desk.rows) == ["2611001"]
