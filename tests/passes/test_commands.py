"""Commands queued beside the running daemon: mails that were set aside are read anew."""

import pytest

from daemon.seams import MailOutcome, Shelf
from tests.cast import LI
from tests.scenarios.letters import FORM, GRAVE


@pytest.fixture
def failed(desk, monkeypatch):
    """A complaint that an older kesu could not read."""
    with monkeypatch.context() as older:
        older.setattr("daemon.passes.intake.MOST_ATTEMPTS", 0)
        desk.mail(f"李娜 <{LI}>", "投诉", FORM.format(bad=30, symptom=GRAVE))
    (mail,) = desk.desk.store.mails_aside(9)
    assert not desk.rows
    return mail


def ask(desk, number):
    desk.desk.store.queue_command("requeue", {"mail": str(number)}, desk.clock.now())
    desk.tick()
    return [one.text for one in desk.happened if one.event == "command.done"][-1]


def test_a_mail_that_was_set_aside_becomes_a_case(desk, failed):
    ask(desk, failed.id)
    done = [one.text for one in desk.happened if one.event == "command.done"]
    assert done == [f"mail {failed.id} is read anew", f"mail {failed.id} lies with those dealt with"]
    assert list(desk.rows) == ["2611001"]
    assert desk.desk.store.take_commands(9) == ()
    assert desk.desk.store.mail(failed.id).outcome is MailOutcome.CASE


def test_it_leaves_the_folder_of_those_set_aside(desk, failed):
    raw = desk.desk.store.blob(failed.sha256)
    assert desk.mailbox.shelves[Shelf.ASIDE] == [raw]
    ask(desk, failed.id)
    assert (desk.mailbox.shelves[Shelf.ASIDE], desk.mailbox.shelves[Shelf.DONE]) == ([], [raw])
    assert desk.desk.store.take_commands(9) == ()


def test_it_leaves_when_the_mailbox_is_back(desk, failed):
    raw = desk.desk.store.blob(failed.sha256)
    desk.mailbox.broken = "the server is away"
    desk.desk.store.queue_command("requeue", {"mail": str(failed.id)}, desk.clock.now())
    desk.tick()
    assert list(desk.rows) == ["2611001"]
    assert desk.mailbox.shelves[Shelf.ASIDE] == [raw]
    desk.mailbox.broken = ""
    desk.at("11-02 10:00")
    assert desk.mailbox.shelves[Shelf.ASIDE] == []


def test_one_that_fails_again_stays(desk, failed, monkeypatch):
    monkeypatch.setattr("daemon.passes.intake.MOST_ATTEMPTS", 0)
    assert ask(desk, failed.id) == f"mail {failed.id} stays set aside"
    assert len(desk.mailbox.shelves[Shelf.ASIDE]) == 1


def test_one_that_a_person_moved_meanwhile_is_let_be(desk, failed):
    desk.mailbox.shelves[Shelf.ASIDE].clear()
    assert ask(desk, failed.id) == f"mail {failed.id} was moved by somebody already"


def test_its_duplicate_does_not_swallow_it(desk, failed):
    store = desk.desk.store
    raw = store.blob(failed.sha256)
    key = desk.mailbox.put(raw)
    copy = store.remember_mail(key, raw, failed.message_id, desk.clock.now())
    store.finish_mail(copy.id, MailOutcome.DUPLICATE, f"mail:{failed.id}")
    ask(desk, failed.id)
    assert list(desk.rows) == ["2611001"]


def test_what_was_dealt_with_is_not_read_anew(desk, failed):
    ask(desk, failed.id)
    assert "was not set aside" in ask(desk, failed.id)
    assert "there is no mail 99" in ask(desk, 99)
    assert list(desk.rows) == ["2611001"]


def test_a_mail_without_bytes_is_refused(desk):
    key = desk.mailbox.put(b"x")
    desk.mailbox.unreadable.add(int(key.uid))
    desk.tick()
    (mail,) = desk.desk.store.mails_aside(9)
    assert "move it back" in ask(desk, mail.id)


def test_an_unknown_command_is_done_with_a_word(desk):
    desk.desk.store.queue_command("dance", {}, desk.clock.now())
    desk.tick()
    assert any("no command dance" in one.text for one in desk.happened)
    assert desk.desk.store.take_commands(9) == ()
