from __future__ import annotations

import smtplib

import pytest

from daemon.adapters.maildir import MaildirMailbox
from daemon.adapters.smtp import SmtpSender, SmtpServer
from daemon.adapters.smtp_listener import MaildirDelivery, Protection, Sink, SmtpListener
from daemon.adapters.tls import Security
from daemon.seams import Delivery
from tests.adapters.test_sender_contract import RAW, US, WELL


def send(listener: SmtpListener, recipient: str, raw: bytes = RAW) -> Delivery:
    sender = SmtpSender(SmtpServer("localhost", listener.port, Security.NONE))
    try:
        return sender.send(raw, US, recipient).delivery
    finally:
        sender.close()


def test_mails_land_in_the_recipients_maildir_in_order(tmp_path):
    with SmtpListener(MaildirDelivery({WELL: tmp_path / "well"})) as listener:
        for number in range(3):
            assert send(listener, WELL.upper(), b"Subject: %d\r\n\r\n" % number) is Delivery.SENT
        assert send(listener, "nobody@factory.example") is Delivery.REFUSED
    raws = [mail.raw for mail in MaildirMailbox("complaints", tmp_path / "well").fetch(10)]
    assert raws == [b"Return-Path: <%b>\r\nSubject: %d\r\n\r\n" % (US.encode(), number) for number in range(3)]
    assert list((tmp_path / "well" / "tmp").iterdir()) == []


def test_unknown_addresses_go_to_the_others_if_there_are_others(tmp_path):
    with SmtpListener(MaildirDelivery({}, tmp_path / "others")) as listener:
        assert send(listener, "nobody@factory.example") is Delivery.SENT
    assert len(list(MaildirMailbox("others", tmp_path / "others").fetch(10))) == 1


def test_an_unknown_recipient_of_a_direct_delivery(tmp_path):
    with pytest.raises(KeyError):
        MaildirDelivery({WELL: tmp_path}).deliver(US, "nobody@factory.example", RAW)


def test_a_mail_that_cannot_be_stored_is_asked_for_again(tmp_path):
    delivery = MaildirDelivery({WELL: tmp_path / "well"})
    (tmp_path / "well" / "tmp").rmdir()
    with SmtpListener(delivery) as listener:
        assert send(listener, WELL) is Delivery.LATER


def test_a_sink_keeps_files(tmp_path):
    with SmtpListener(Sink(tmp_path / "sent")) as listener:
        send(listener, WELL)
    assert [path.read_bytes() for path in (tmp_path / "sent").iterdir()] == [RAW]


def test_it_tells_its_port_its_limit_and_stops_with_connections_open():
    listener = SmtpListener(Sink())
    assert listener.start() == listener.port
    with smtplib.SMTP("localhost", listener.port) as client:
        client.ehlo()
        assert client.esmtp_features["size"] == str(50 * 1024 * 1024)
        listener.stop()
        listener.stop()


def test_a_port_that_is_taken_is_an_error():
    with SmtpListener(Sink()) as listener, pytest.raises(OSError):
        SmtpListener(Sink(), port=listener.port).start()


def test_protections_that_do_not_go_together(authority):
    certificate = authority.server_context()
    for wrong in (
        Protection(Security.TLS),
        Protection(Security.NONE, certificate),
        Protection(Security.TLS, certificate, ("user", "password")),
    ):
        with pytest.raises(ValueError):
            SmtpListener(Sink(), protection=wrong)
