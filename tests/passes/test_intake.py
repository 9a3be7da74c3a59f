import dataclasses
import logging

from daemon.passes.intake import MOST_ATTEMPTS, decide_pass
from daemon.seams import MailOutcome, Shelf
from tests.cast import LI, QUALITY, WANG
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
