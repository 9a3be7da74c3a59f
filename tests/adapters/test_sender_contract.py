"""What every MailSender keeps: the fake one and the real one answer the same server behaviour alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from daemon.adapters.smtp import FolderSender, SmtpSender, SmtpServer
from daemon.adapters.smtp_listener import BREAK, Sink, SmtpListener
from daemon.adapters.tls import Security
from daemon.seams import Delivery, MailSender, SendResult
from tests.fakes.mail import FakeSender

RAW = "Subject: =?utf-8?b?5oqV6K+J?=\r\n\r\n.收到\r\n..\r\n".encode()
US = "complaints@factory.example"
WELL, SLOW, GONE, LOST, FULL = (f"{name}@factory.example" for name in ("well", "slow", "gone", "lost", "full"))


@dataclass
class World:
    """A sender, and what arrived: slow is refused once for now, gone for good, lost gets it without our learning it.

    Full does not want the first mail.
    """

    sender: MailSender
    arrived: Callable[[str], list[bytes]]


@pytest.fixture(params=["memory", "smtp"])
def world(request):
    made = request.getfixturevalue(f"{request.param}_world")
    yield made
    made.sender.close()


@pytest.fixture
def memory_world() -> World:
    sender = FakeSender({GONE: [SendResult(Delivery.REFUSED, "550 5.1.1 no such user")]})
    sender.script(SLOW, SendResult(Delivery.LATER, "451 4.7.1 greylisted"))
    sender.script(FULL, SendResult(Delivery.UNWANTED, "552 5.3.4 too large"))
    sender.lost_answers.add(LOST)
    return World(sender, sender.to)


@pytest.fixture
def smtp_world():
    at_data = {LOST: [BREAK], FULL: ["552 5.3.4 too large"]}
    sink = Sink(at_rcpt={SLOW: ["451 4.7.1 greylisted"], GONE: ["550 5.1.1 no such user"]}, at_data=at_data)
    with SmtpListener(sink) as listener:
        sender = SmtpSender(SmtpServer(listener.host, listener.port, Security.NONE))
        yield World(sender, lambda to: [mail.raw for mail in sink.mails if to in mail.recipients])


def test_a_mail_arrives_byte_for_byte(world):
    assert world.sender.send(RAW, US, WELL).delivery is Delivery.SENT
    assert world.arrived(WELL) == [RAW]


def test_several_mails_over_one_sender(world):
    for _ in range(3):
        assert world.sender.send(RAW, US, WELL).delivery is Delivery.SENT
    assert world.arrived(WELL) == [RAW] * 3


def test_a_temporary_refusal_is_later_and_the_next_try_arrives(world):
    first = world.sender.send(RAW, US, SLOW)
    assert first.delivery is Delivery.LATER
    assert "451 4.7.1 greylisted" in first.detail
    assert world.sender.send(RAW, US, SLOW).delivery is Delivery.SENT
    assert world.arrived(SLOW) == [RAW]


def test_a_permanent_refusal_is_told_in_the_servers_words_and_harms_no_other(world):
    answer = world.sender.send(RAW, US, GONE)
    assert answer.delivery is Delivery.REFUSED
    assert "550 5.1.1 no such user" in answer.detail
    assert world.sender.send(RAW, US, WELL).delivery is Delivery.SENT


def test_a_mail_that_is_not_wanted_is_no_word_on_its_address(world):
    answer = world.sender.send(RAW, US, FULL)
    assert answer.delivery is Delivery.UNWANTED
    assert "552 5.3.4 too large" in answer.detail
    assert world.sender.send(RAW, US, FULL).delivery is Delivery.SENT
    assert world.arrived(FULL) == [RAW]


def test_an_answer_lost_after_data_is_later_and_the_same_bytes_come_again(world):
    assert world.sender.send(RAW, US, LOST).delivery is Delivery.LATER
    assert world.sender.send(RAW, US, LOST).delivery is Delivery.SENT
    assert world.arrived(LOST) == [RAW, RAW]


def test_after_close_it_opens_again(world):
    world.sender.close()
    assert world.sender.send(RAW, US, WELL).delivery is Delivery.SENT
    world.sender.close()
    world.sender.close()
    assert world.sender.send(RAW, US, WELL).delivery is Delivery.SENT


def test_a_broken_fake_is_later_like_a_server_that_is_down():
    sender = FakeSender()
    sender.broken = "no network"
    assert sender.send(RAW, US, WELL) == SendResult(Delivery.LATER, "no network")
    assert sender.sent == []


def test_a_folder_takes_each_mail_once(tmp_path):
    sender = FolderSender(tmp_path / "out")
    for recipient in (WELL, "李雷@工厂.example", WELL):
        assert sender.send(RAW, US, recipient).delivery is Delivery.SENT
    files = sorted((tmp_path / "out").iterdir())
    assert [path.read_bytes() for path in files] == [RAW, RAW]
    assert [path.name.split("-")[1] for path in files] == [WELL, "李雷@工厂.example"]


def test_a_folder_that_cannot_be_written_is_later(tmp_path):
    (tmp_path / "out").write_text("a file")
    answer = FolderSender(tmp_path / "out").send(RAW, US, WELL)
    assert answer.delivery is Delivery.LATER
    assert "out cannot be written" in answer.detail
