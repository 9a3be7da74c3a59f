import logging

import daemon.passes.ledger
from tests.cast import LI
from tests.scenarios.letters import FORM, SLIGHT


def complain(desk, subject):
    desk.mail(f"李娜 <{LI}>", subject, FORM.format(bad=30, symptom=SLIGHT))


def test_a_row_that_cannot_be_made_stays_as_it_was_and_the_others_move_on(desk, caplog, monkeypatch):
    caplog.set_level(logging.CRITICAL)
    complain(desk, "投诉：前端盖划痕 1")
    before, whole = desk.row("2611001"), daemon.passes.ledger.row_of

    def broken(case, *rest):
        if case.number != "2611002":
            raise ValueError("its profile cannot be read")
        return whole(case, *rest)

    monkeypatch.setattr(daemon.passes.ledger, "row_of", broken)
    complain(desk, "投诉：前端盖划痕 2")
    complain(desk, "投诉：前端盖划痕 3")
    assert desk.row("2611001") == before
    assert desk.row("2611002")["product_name"]
    assert desk.row("2611003") == {"case_no": "2611003"}
    failed = [one.case for one in desk.happened if one.event == "ledger.row_failed"]
    assert failed == ["2611001", "2611003"]
    monkeypatch.undo()
    desk.at("11-02 10:00")
    assert desk.row("2611003")["product_name"]
