"""IDLE wakes the loop and does nothing else: news in pieces, floods, servers without it, and the whole process."""

from __future__ import annotations

import socket
import threading
from types import SimpleNamespace

import pytest

from daemon.adapters import imap_idle
from daemon.adapters.imap_idle import Ear, NoIdle, listening
from tests.servers.imap_script import ScriptedImap

LONG = 30  # seconds; a bound, not a wait


def until(so):
    pause = threading.Event()
    assert any(so() or pause.wait(0.05) for _ in range(LONG * 20))


class Talk:
    """Both ends of a connection whose packets arrive as they were sent; `wakes` counts, and may answer."""

    def __init__(self, *after: tuple[bytes, ...]) -> None:
        self.ours, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.stop = threading.Event()
        self.after = list(after)
        self.wakes = 0

    def say(self, *packets: bytes) -> None:
        for one in packets:
            self.theirs.send(one)

    def wake(self) -> None:
        self.wakes += 1
        if self.after:
            self.say(*self.after.pop(0))
        else:
            self.stop.set()
            self.say(b"KESU1 OK done\r\n")

    def idle(self) -> list[bytes]:
        """Idle to the end; return what was said to the server."""
        with self.ours, self.theirs:
            Ear(SimpleNamespace(socket=lambda: self.ours)).idle(self.wake, self.stop)
            self.theirs.settimeout(LONG)
            return [self.theirs.recv(100), self.theirs.recv(100)]


@pytest.fixture(autouse=True)
def restless(monkeypatch):
    monkeypatch.setattr(imap_idle, "RESTS_AFTER_WAKING", 0.0)


def test_it_wakes_at_the_begin_and_at_news(monkeypatch):
    talk = Talk((b"* 1 EXISTS\r\n",))
    talk.say(b"+ idling\r\n")
    assert talk.idle() == [b"KESU1 IDLE\r\n", b"DONE\r\n"]
    assert talk.wakes == 2


def test_a_word_that_is_split_over_packets_is_heard_and_other_lines_wake_nobody():
    talk = Talk((b"* OK Still here\r\n", b"* 2 FETCH (FLAGS ())\r\n", b"* 2 EXI", b"STS\r\n"))
    talk.say(b"+ idl", b"ing\r\n")
    talk.idle()
    assert talk.wakes == 2


def test_a_refusal_means_no_idle_and_a_closed_connection_is_a_fault():
    for said, fault in ((b"KESU1 BAD what?\r\n", NoIdle), (b"", ConnectionResetError)):
        talk = Talk()
        with talk.ours, talk.theirs:
            talk.say(said) if said else talk.theirs.close()
            with pytest.raises((fault, BrokenPipeError)):
                Ear(SimpleNamespace(socket=lambda talk=talk: talk.ours)).idle(talk.wake, talk.stop)
        assert talk.wakes == 0


def test_a_server_that_talks_without_answering_is_given_up(monkeypatch):
    talk = Talk()
    with talk.ours, talk.theirs:
        ear = Ear(SimpleNamespace(socket=lambda: talk.ours))
        ear._patience = 0.0
        talk.say(b"x" * 4000)
        with pytest.raises(TimeoutError):
            ear.idle(talk.wake, talk.stop)


def test_a_server_without_idle_or_that_is_away_wakes_nobody_and_harms_nobody():
    woken = threading.Event()
    with ScriptedImap(capabilities="IMAP4rev1") as silent, ScriptedImap(capabilities="IMAP4rev1 IDLE") as refusing:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            away = silent.account(name="away", port=closed.getsockname()[1])
        with listening([silent.account(), refusing.account(), away], woken.set):
            until(lambda: "IDLE" in refusing.verbs() and "LOGOUT" in silent.verbs())
        assert not woken.is_set()


@pytest.mark.server
def test_a_mail_that_comes_in_rings(dovecot, new_user):
    user, woken = new_user(), threading.Event()
    with listening([dovecot.tls_account(user)], woken.set):
        assert woken.wait(LONG), "it wakes once when it begins"
        woken.clear()
        dovecot.put(user, b"Subject: x\r\n\r\nx")
        assert woken.wait(LONG)
    assert not any(thread.name.startswith("idle") for thread in threading.enumerate())
