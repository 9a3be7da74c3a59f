"""Delivery reports about several recipients (RFC 3464): each block counts by itself."""

import pytest

from daemon.intake.read import read
from daemon.intake.reading import Failure, MailKind

HEAD = """From: MAILER-DAEMON@mx1.hongyuan.example (Mail Delivery System)
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

text
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx1

{blocks}
--b
Content-Type: text/rfc822-headers

Subject: x
Message-ID: <close@hongyuan.example>
Message-ID: <notice@hongyuan.example>

--b--
"""
BOB, EVE, DAN = (Failure(f"{name}@cust.example", permanent=True) for name in ("bob", "eve", "dan"))


def block(address, action="failed", status="5.1.1", field="Final-Recipient"):
    return f"{field}: rfc822; {address}\nAction: {action}\nStatus: {status}\n\n"


@pytest.mark.parametrize(
    ("blocks", "failures"),
    [
        ([block("bob@cust.example"), block("eve@cust.example"), block("dan@cust.example")], (BOB, EVE, DAN)),
        ([block("bob@cust.example"), block("BOB@cust.example")], (BOB,)),
        ([block("x@cust.example", "delivered", "2.0.0"), block("eve@cust.example")], (EVE,)),
        ([block("x@cust.example", "delayed", "4.4.1"), block("eve@cust.example")],
         (EVE, Failure("x@cust.example", permanent=False))),
        ([block("eve@cust.example", "delayed", "4.4.1"), block("eve@cust.example")], (EVE,)),
        ([block("eve@cust.example", field="Original-Recipient")], (EVE,)),
        ([block("nobody"), block("eve@cust.example")], (EVE,)),
    ],
)  # fmt: skip
def test_every_recipient_that_is_given_up_is_read_the_dead_ones_first(directory, known, blocks, failures):
    found = read(HEAD.format(blocks="".join(blocks)).encode(), directory, known)
    assert found.kind is MailKind.BOUNCE
    assert found.failures == failures
    assert (found.failed_recipient, found.permanent) == (failures[0].address, failures[0].permanent)
    assert {one.about for one in found.bounced} == {"close", "notice"}


def test_a_report_that_all_got_the_mail_is_none(directory, known):
    raw = HEAD.format(blocks=block("bob@cust.example", "delivered", "2.0.0") + block("eve@cust.example", "relayed"))
    assert read(raw.encode(), directory, known).kind is not MailKind.BOUNCE


def test_no_more_recipients_are_read_than_a_report_may_name(directory, known):
    many = "".join(block(f"u{number}@cust.example") for number in range(400))
    assert 90 < len(read(HEAD.format(blocks=many).encode(), directory, known).failures) <= 100
