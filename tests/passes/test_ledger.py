import logging
from dataclasses import replace

import daemon.passes.book.view
from daemon.demo.people import Writer
from daemon.passes.book.updating import PATIENCE
from daemon.service import tick
from tests.cast import COMPLAINTS, LI
from tests.scenarios.letters import FORM, SLIGHT


def complain(desk, subject):
    desk.mail(f"李娜 <{LI}>", subject, FORM.format(bad=30, symptom=SLIGHT))


def letter(desk, number):
    text = FORM.format(bad=number + 1, symptom=SLIGHT)
    return Writer("李娜", LI, COMPLAINTS, desk.clock.now(), 1000 + number).write(f"投诉：前端盖划痕 {number}", text)


def test_a_row_that_cannot_be_made_stays_as_it_was_and_the_others_move_on(desk, caplog, monkeypatch):
    caplog.set_level(logging.CRITICAL)
    complain(desk, "投诉：前端盖划痕 1")
    before, whole = desk.row("2611001"), daemon.passes.book.view.row_of

    def broken(case, *rest):
        if case.number != "2611002":
            raise ValueError("its profile cannot be read")
        return whole(case, *rest)

    monkeypatch.setattr(daemon.passes.book.view, "row_of", broken)
    complain(desk, "投诉：前端盖划痕 2")
    complain(desk, "投诉：前端盖划痕 3")
    assert desk.row("2611001") == before
    assert desk.row("2611002")["product_name"]
    assert {key: value for key, value in desk.row("2611003").items() if value} == {"case_no": "2611003"}
    failed = [one.case for one in desk.happened if one.event == "ledger.row_failed"]
    assert failed == ["2611003"]
    monkeypatch.undo()
    desk.at("11-02 10:00")
    assert desk.row("2611003")["product_name"]


def test_while_mails_come_in_by_the_batch_the_workbook_is_written_at_most_once_a_minute(desk):
    config = desk.desk.config
    few = config.model_copy(update={"service": config.service.model_copy(update={"batch": 2})})
    desk.desk = replace(desk.desk, config=few)
    complain(desk, "投诉：前端盖划痕")
    assert len(desk.rows) == 1
    desk.jump("11-02 09:05")
    for number in range(8):
        desk.mailbox.put(letter(desk, number))
    for _ in range(4):
        list(tick(desk.desk, desk.clock.now()))
    assert len(desk.rows) == 3, "the first batch is written at once, for the last writing is long ago"
    desk.clock.advance(PATIENCE)
    desk.mailbox.put(letter(desk, 9))
    desk.mailbox.put(letter(desk, 10))
    list(tick(desk.desk, desk.clock.now()))
    assert len(desk.rows) == 11, "what waited is written within a minute, though more is coming"
    desk.tick()
    assert len(desk.rows) == 11
