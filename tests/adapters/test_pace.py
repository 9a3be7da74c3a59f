"""Servers that drip, that never end, and that do not listen."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from datetime import timedelta
from time import monotonic

import pytest

from daemon.adapters import imap_client, pace, smtp_connection
from daemon.adapters.imap import ImapMailbox
from daemon.adapters.pace import Pace, TooMuch, TooSlow, heard
from daemon.adapters.smtp import SmtpSender, SmtpServer
from daemon.adapters.tls import Security
from daemon.seams import Delivery, MailboxUnreachable
from tests.adapters.test_mailbox_contract import mail
from tests.adapters.test_sender_contract import RAW, US, WELL
from tests.servers.imap_script import ScriptedImap

PATIENCE = timedelta(seconds=2)
EVERY = 0.1  # seconds between two bytes: each alone comes in time
BOUND = 60.0  # seconds; far more than all patience together, and far less than the dripping takes


@contextmanager
def speaking(words):
    """A server on loopback that calls `words(connection, gone)` for each connection."""
    gone = threading.Event()
    threads = []

    def accept():
        with suppress(OSError):
            while True:
                threads.append(threading.Thread(target=serve, args=(listening.accept()[0],)))
                threads[-1].start()

    def serve(connection):
        with suppress(OSError), connection:
            words(connection, gone)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield listening.getsockname()[1]
        finally:
            gone.set()
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for thread in threads:
                thread.join()


def drip(connection, gone):
    """Say one byte after the other, a line without end, until the client has gone."""
    while not gone.wait(EVERY):
        connection.sendall(b"x")


def answering(beginning, *then):
    """Greet, and answer each line with the next answer; to the last one a drip is the answer."""

    def words(connection, gone):
        connection.sendall(beginning)
        with connection.makefile("rb") as lines:
            for answer, line in zip(then, lines, strict=False):
                connection.sendall(answer.replace(b"TAG", line.split()[0]))
            lines.readline()
            drip(connection, gone)

    return words


def in_time(doing):
    began = monotonic()
    answer = doing()
    assert monotonic() - began < BOUND
    return answer


# ── IMAP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def unreachable(account) -> str:
    box = ImapMailbox(account)
    with pytest.raises(MailboxUnreachable) as caught:
        list(box.fetch(10))
    return str(caught.value)


LOGGED_IN = (b"* OK hello\r\n", b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n", b"TAG OK done\r\n", b"TAG OK done\r\n")


@pytest.mark.parametrize("words", [drip, answering(*LOGGED_IN[:2]), answering(*LOGGED_IN)], ids=["0", "login", "open"])
def test_a_mailbox_that_drips_is_left_in_time(words):
    with speaking(words) as port, ScriptedImap() as other:
        account = other.account(port=port, timeout=PATIENCE)
        assert "answers too slowly" in in_time(lambda: unreachable(account))


def test_a_mail_that_drips_is_left_in_time():
    with speaking(mail_in_drops) as port, ScriptedImap() as other:
        account = other.account(port=port, timeout=PATIENCE)
        assert "answers too slowly" in in_time(lambda: unreachable(account))


def mail_in_drops(connection, gone):
    """Do all that is asked, but hand out the mail byte by byte."""
    said = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
        b"SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n",
        b"SEARCH": b"* SEARCH 1\r\n",
        b"SIZE": b"* 1 FETCH (UID 1 RFC822.SIZE 9999)\r\n",
    }
    connection.sendall(b"* OK hello\r\n")
    with connection.makefile("rb") as lines:
        for line in lines:
            if b"BODY" in line:
                connection.sendall(b"* 1 FETCH (UID 1 BODY[] {9999}\r\n")
                drip(connection, gone)
                return
            untagged = next((words for word, words in said.items() if word in line), b"")
            connection.sendall(untagged + line.split()[0] + b" OK done\r\n")


def test_an_answer_of_short_lines_without_end_is_left(monkeypatch):
    monkeypatch.setattr(imap_client, "BATCH_BYTES", 1024)

    def words(connection, _gone):
        connection.sendall(b"* OK hello\r\n")
        while True:
            connection.sendall(b"* 1 EXISTS\r\n" * 1000)

    with speaking(words) as port, ScriptedImap() as other:
        said = in_time(lambda: unreachable(other.account(port=port, max_size=1024)))
    assert "has more than 1050624 bytes" in said


def test_a_line_without_end_is_left(monkeypatch):
    monkeypatch.setattr(imap_client, "LONGEST_LINE", 4096)

    def words(connection, _gone):
        connection.sendall(b"* OK ")
        while True:
            connection.sendall(b"x" * 1000)

    with speaking(words) as port, ScriptedImap() as other:
        assert "a line of more than 4096 bytes" in in_time(lambda: unreachable(other.account(port=port)))


def test_a_long_answer_that_comes_steadily_is_read(monkeypatch):
    """It takes longer than the patience; nearly each pause in it is as long as allowed."""
    monkeypatch.setattr(pace, "monotonic", iter(range(0, 100_000, 3)).__next__)
    letters = {uid: mail("x" * 1_000_000) for uid in range(1, 4)}
    with ScriptedImap(mails=letters) as server:
        box = ImapMailbox(server.account(timeout=timedelta(seconds=60)))
        assert len(list(box.fetch(9))) == 3
        box.close()


# ── SMTP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def later(port) -> str:
    sender = SmtpSender(SmtpServer("127.0.0.1", port, Security.NONE, timeout=PATIENCE))
    answer = sender.send(RAW, US, WELL)
    sender.close()
    assert answer.delivery is Delivery.LATER
    return answer.detail


def after(*answers):
    return answering(b"220 hello\r\n", *answers)


@pytest.mark.parametrize(
    "words",
    [drip, after(), after(b"250 OK\r\n"), after(b"250 OK\r\n", b"250 OK\r\n", b"250 OK\r\n")],
    ids=["greeting", "EHLO", "MAIL", "DATA"],
)
def test_an_smtp_server_that_drips_is_left_in_time(words):
    with speaking(words) as port:
        assert "bytes went over in" in in_time(lambda: later(port))


def test_a_reply_without_end_is_left(monkeypatch):
    monkeypatch.setattr(smtp_connection, "LONGEST_REPLY", 4096)

    def words(connection, _gone):
        while True:
            connection.sendall(b"220-hello\r\n")

    with speaking(words) as port:
        assert "more than 4096 bytes" in in_time(lambda: later(port))


# ── the measure itself ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def seconds(monkeypatch):
    """The clock of the pace, to be set."""
    now = [0.0]
    monkeypatch.setattr(pace, "monotonic", lambda: now[0])
    return now


def test_bytes_buy_time_and_silence_spends_it(pair, seconds):
    measured = Pace(10, 10**9)
    measured.grant(pair[0])
    assert pair[0].gettimeout() == 10
    seconds[0] = 9
    measured.grant(pair[0])
    assert pair[0].gettimeout() == 1
    measured.came(20 * pace.SLOWEST)
    measured.grant(pair[0])
    assert pair[0].gettimeout() == 10  # no pause may be longer, however much has come
    seconds[0] = 30
    with pytest.raises(TooSlow):
        measured.grant(pair[0])


def test_each_command_begins_anew_and_a_broken_one_is_the_last(pair, seconds):
    measured = Pace(10, 100)
    for _ in range(5):
        seconds[0] += 9
        measured.say(pair[0], b"NOOP\r\n", pair[0].sendall)
    measured.came(100)
    with pytest.raises(TooMuch):
        measured.came(1)
    with pytest.raises(TooMuch):
        measured.say(pair[0], b"LOGOUT\r\n", pair[0].sendall)


def test_one_that_does_not_listen_is_left(pair):
    measured = Pace(0.2, 100)
    with pytest.raises(TimeoutError):
        measured.say(pair[0], b"x" * 50_000_000, pair[0].sendall)
    with pytest.raises(TimeoutError):
        heard(pair[0], measured).readline()  # nothing is waited for any more
