from __future__ import annotations

from datetime import timedelta
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from daemon.adapters.smtp import NotAnAddress, SmtpSender, SmtpServer, check, wire_address
from daemon.adapters.smtp_listener import BREAK, Protection, Sink, SmtpListener
from daemon.adapters.tls import Security
from daemon.seams import Delivery
from tests.adapters.test_sender_contract import RAW, US, WELL

LOGIN = ("kesu", "geheim-code")


@pytest.fixture
def open_sender():
    """Opens senders and closes them at the end."""
    opened = []

    def open_one(listener: SmtpListener, security: Security = Security.NONE, **changes) -> SmtpSender:
        opened.append(SmtpSender(SmtpServer("localhost", listener.port, security, **changes)))
        return opened[-1]

    yield open_one
    for sender in opened:
        sender.close()


def later(answer) -> str:
    assert answer.delivery is Delivery.LATER
    return answer.detail


def refused(answer) -> str:
    assert answer.delivery is Delivery.REFUSED
    return answer.detail


# ── security ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_known_authority_is_accepted(authority, open_sender, security):
    sink = Sink()
    with SmtpListener(sink, protection=Protection(security, authority.server_context())) as listener:
        answer = open_sender(listener, security, ca_file=authority.ca_file).send(RAW, US, WELL)
        assert (answer.delivery, sink.mails[0].raw) == (Delivery.SENT, RAW)


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_an_unknown_authority_is_refused_and_nothing_is_sent(authority, stranger, open_sender, security):
    sink = Sink()
    with SmtpListener(sink, protection=Protection(security, authority.server_context())) as listener:
        for ca_file in (None, stranger.ca_file):
            detail = later(open_sender(listener, security, ca_file=ca_file).send(RAW, US, WELL))
            assert "its certificate is not trusted" in detail
    assert sink.mails == []


def test_a_certificate_for_another_host_is_refused(authority):
    with SmtpListener(Sink(), protection=Protection(Security.TLS, authority.server_context())) as listener:
        server = SmtpServer("127.0.0.1", listener.port, Security.TLS, ca_file=authority.ca_file)
        assert "not trusted" in later(SmtpSender(server).send(RAW, US, WELL))


def test_starttls_that_is_not_offered_is_refused_and_nothing_weaker_is_tried(authority, open_sender):
    sink = Sink()
    with SmtpListener(sink) as listener:
        detail = later(open_sender(listener, Security.STARTTLS, ca_file=authority.ca_file).send(RAW, US, WELL))
    assert "STARTTLS" in detail
    assert sink.mails == []


def test_a_login_works_and_a_wrong_one_is_not_repeated(authority, open_sender):
    protection = Protection(Security.STARTTLS, authority.server_context(), LOGIN)
    with SmtpListener(Sink(), protection=protection) as listener:
        ours = {"ca_file": authority.ca_file, "user": "kesu"}
        good = open_sender(listener, Security.STARTTLS, password="geheim-code", **ours)
        assert good.send(RAW, US, WELL).delivery is Delivery.SENT
        for password in ("not-the-code", "授权码不对"):
            detail = later(open_sender(listener, Security.STARTTLS, password=password, **ours).send(RAW, US, WELL))
            assert "授权码" in detail or "beyond ASCII" in detail
            assert password not in detail
        assert "530" in later(open_sender(listener, Security.STARTTLS, ca_file=authority.ca_file).send(RAW, US, WELL))


def test_a_login_that_is_not_offered_says_so(open_sender):
    with SmtpListener(Sink()) as listener:
        detail = later(open_sender(listener, user="kesu", password="geheim-code").send(RAW, US, WELL))
    assert "AUTH" in detail


def test_the_password_is_in_no_repr():
    assert "geheim" not in repr(SmtpServer("localhost", 25, Security.NONE, *LOGIN))


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answer", "of_rcpt", "of_data"),
    [
        ("451 4.3.0 disk full", Delivery.LATER, Delivery.LATER),
        ("421 4.3.2 going down", Delivery.LATER, Delivery.LATER),
        ("550 5.1.1 user unknown", Delivery.REFUSED, Delivery.UNWANTED),
        ("554 5.7.1 spam", Delivery.REFUSED, Delivery.UNWANTED),
        ("552 5.2.2 mailbox full", Delivery.REFUSED, Delivery.UNWANTED),
        ("552 5.3.4 too big", Delivery.UNWANTED, Delivery.UNWANTED),
        ("530 5.7.0 log in first", Delivery.LATER, Delivery.LATER),
    ],
)
@pytest.mark.parametrize("step", ["at_rcpt", "at_data"])
def test_answers_told_apart(open_sender, step, answer, of_rcpt, of_data):
    delivery = of_rcpt if step == "at_rcpt" else of_data
    with SmtpListener(Sink(**{step: {WELL: [answer]}})) as listener:
        sender = open_sender(listener)
        result = sender.send(RAW, US, WELL)
        assert (result.delivery, answer in result.detail) == (delivery, True)
        assert sender.send(RAW, US, WELL).delivery is Delivery.SENT


def test_a_connection_broken_at_the_recipient_is_later_and_opened_again(open_sender):
    with SmtpListener(Sink(at_rcpt={WELL: [BREAK]})) as listener:
        sender = open_sender(listener)
        assert "broke" in later(sender.send(RAW, US, WELL))
        assert sender.send(RAW, US, WELL).delivery is Delivery.SENT


def test_a_server_that_restarted_between_two_mails_is_no_failure(open_sender):
    sink = Sink()
    first = SmtpListener(sink)
    first.start()
    sender = open_sender(first)
    assert sender.send(RAW, US, WELL).delivery is Delivery.SENT
    first.stop()
    with SmtpListener(sink, port=first.port):
        assert sender.send(RAW, US, WELL).delivery is Delivery.SENT


def test_a_sender_that_the_server_does_not_want_is_no_word_on_the_recipient(open_sender):
    with SmtpListener(Sink(at_mail={US: ["501 5.7.1 mail from must equal authorized user"]})) as listener:
        assert "check that the sender" in later(open_sender(listener).send(RAW, US, WELL))


def test_a_server_that_is_down_is_asked_once_a_pass():
    listener = SmtpListener(Sink())
    listener.start()
    listener.stop()
    sender = SmtpSender(SmtpServer("localhost", listener.port, Security.NONE))
    assert "refuses the connection" in later(sender.send(RAW, US, WELL))
    with SmtpListener(Sink(), port=listener.port):
        assert "refuses the connection" in later(sender.send(RAW, US, WELL))  # not asked again
        sender.close()
        assert sender.send(RAW, US, WELL).delivery is Delivery.SENT
        sender.close()


def test_lone_line_ends_are_mended_for_the_wire(open_sender):
    sink = Sink()
    with SmtpListener(sink) as listener:
        open_sender(listener).send(b"Subject: x\n\na\rb\n", US, WELL)
    assert sink.mails[0].raw == b"Subject: x\r\n\r\na\r\nb\r\n"


def test_lines_that_begin_with_a_dot_arrive_as_they_are(open_sender):
    dotted, sink = b".first\r\n" + RAW + b".\r\n..two\r\n.last", Sink()
    with SmtpListener(sink) as listener:
        assert open_sender(listener).send(dotted, US, WELL).delivery is Delivery.SENT
    assert sink.mails[0].raw == dotted + b"\r\n"


class Unwilling(StreamRequestHandler):
    """Says 250 to whatever it hears, even to DATA."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for _ in self.rfile:
            self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def unwilling():
    """Return the port of a server that is unwilling."""
    with ThreadingTCPServer(("localhost", 0), Unwilling) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.01,)).start()
        yield server.server_address[1]
        server.shutdown()


def test_a_server_that_says_yes_before_it_has_the_mail_has_not_taken_it(unwilling):
    sender = SmtpSender(SmtpServer("localhost", unwilling, Security.NONE))
    answer = sender.send(RAW, US, WELL)
    sender.close()
    assert "DATA was answered 250" in later(answer)


def test_what_is_too_large_for_the_server_is_not_offered_to_it(open_sender, monkeypatch):
    monkeypatch.setattr("daemon.adapters.smtp_listener.SIZE_LIMIT", 100)
    with SmtpListener(Sink()) as listener:
        answer = open_sender(listener).send(b"x" * 200, US, WELL)
    assert answer.delivery is Delivery.UNWANTED
    assert "smaller attachments" in answer.detail


# ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_chinese_address_needs_smtputf8(open_sender):
    sink = Sink()
    with SmtpListener(sink) as able, SmtpListener(sink, smtputf8=False) as unable:
        assert open_sender(able).send(RAW, US, "李雷@factory.example").delivery is Delivery.SENT
        assert "SMTPUTF8" in refused(open_sender(unable).send(RAW, US, "李雷@factory.example"))
    assert [mail.recipients for mail in sink.mails] == [("李雷@factory.example",)]


@pytest.mark.parametrize("address", ["li..na@docomo.example", '"li..na"@docomo.example', "li.@docomo.example"])
def test_dots_in_a_row_are_said_in_quotes(open_sender, address):
    local = address.rpartition("@")[0].strip('"')
    assert wire_address(address) == f'"{local}"@docomo.example'
    sink = Sink()
    with SmtpListener(sink) as listener:
        assert open_sender(listener).send(RAW, US, address).delivery is Delivery.SENT
    assert [mail.recipients for mail in sink.mails] == [(f"{local}@docomo.example",)]  # aiosmtpd reads the quotes


def test_a_chinese_domain_is_said_in_ascii():
    assert wire_address("lilei@工厂.example") == "lilei@xn--fmrp5v.example"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "@factory.example",
        "a@",
        "a b@factory.example",
        "a@factory.example\r\nRCPT TO:<b@evil.example>",
        "dept@factory.example <x@evil.example>",
        "a@b@[c",
        "a,b@factory.example",
        '"a b"@factory.example',
        '"a".b@factory.example',
        "a@工厂..example",
    ],
)
def test_what_is_no_plain_address_is_refused_without_asking_the_server(address):
    with pytest.raises(NotAnAddress):
        wire_address(address)
    sender = SmtpSender(SmtpServer("localhost", 1, Security.NONE))
    assert "not a plain mail address" in refused(sender.send(RAW, US, address))


# ── checking ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_check_finds_a_server_well():
    sink = Sink()
    with SmtpListener(sink) as listener:
        [finding] = check(SmtpServer("localhost", listener.port, Security.NONE))
    assert finding.ok
    assert sink.mails == []


def test_check_says_what_is_wrong(tmp_path):
    server = SmtpServer("localhost", 1, Security.NONE, timeout=timedelta(seconds=5))
    [finding] = check(server)
    assert (finding.ok, finding.advice) == (False, "check port, and that the server runs")
