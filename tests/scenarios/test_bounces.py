"""A delivery report that names several recipients: each is marked, each notice goes to the next in the chain."""

from tests.cast import CHEN, LI, QUALITY, WANG, XU
from tests.scenarios.letters import bounce
from tests.scenarios.test_default_profile import CASE, complain


def report(notice, *blocks, also=()):
    """What the mail server sends back: a block for each recipient, this mail, and others beside it."""
    first = b"Final-Recipient: rfc822; " + notice.to.encode() + b"\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    more = "".join(
        f"\r\nFinal-Recipient: rfc822; {to}\r\nAction: {said}\r\nStatus: {code}\r\n" for to, said, code in blocks
    )
    raw = bounce(notice).replace(first, first + more.encode())
    returned = b"".join(b"--XX\r\nContent-Type: message/rfc822\r\n\r\n" + one.raw + b"\r\n" for one in also)
    return raw.replace(b"--XX--", returned + b"--XX--")


def dead(desk):
    return set(desk.desk.store.case_numbered(CASE).dead_addresses)


def test_each_recipient_of_a_report_is_marked_and_each_notice_goes_on(desk):
    complain(desk)
    notice = desk.last(QUALITY)
    desk.forget()
    desk.put(report(notice, (WANG, "failed", "5.1.1")))
    assert dead(desk) == {QUALITY, WANG}
    assert desk.to(CHEN, "请处理")  # the manager, for the department's mailbox
    assert desk.to(CHEN, "核实")  # and for the engineer
    assert not desk.to(WANG)


def test_what_went_on_to_the_next_in_the_chain_is_given_up_by_a_later_report(desk):
    complain(desk)
    desk.put(bounce(desk.last(QUALITY)))
    desk.put(report(desk.last(CHEN, "请处理"), (WANG, "failed", "5.1.1")))
    assert dead(desk) == {QUALITY, CHEN, WANG}


def test_a_delay_beside_a_failure_is_only_noted(desk):
    complain(desk)
    notice = desk.last(QUALITY)
    desk.put(report(notice, (WANG, "delayed", "4.4.1"), (LI, "delivered", "2.0.0")))
    assert dead(desk) == {QUALITY}


def test_a_report_of_one_domain_silences_nobody_of_another(desk):
    complain(desk)
    receipt = desk.last(LI)
    desk.forget()
    desk.put(report(receipt, (WANG, "failed", "5.1.1")))
    assert dead(desk) == {LI}
    assert "没有指明是我们发出的哪一封" in desk.last(WANG, WANG).text


def test_a_report_that_returns_several_mails_is_believed_of_each(desk):
    complain(desk)
    receipt, notice = desk.last(LI), desk.last(QUALITY)
    desk.put(report(receipt, (QUALITY, "failed", "5.1.1"), also=[notice]))
    assert dead(desk) == {LI, QUALITY}


def test_nobody_is_given_up_for_whom_we_wrote_nothing(desk):
    complain(desk)
    desk.put(report(desk.last(QUALITY), (XU, "failed", "5.1.1")))
    assert dead(desk) == {QUALITY}
