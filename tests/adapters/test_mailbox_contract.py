"""What every Mailbox keeps, the fake one included: the same tests against memory, a folder and a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from daemon.adapters.imap import ImapMailbox
from daemon.adapters.maildir import MaildirDrop, MaildirMailbox
from daemon.seams import Mailbox, MailboxUnreachable, Shelf
from tests.fakes.mail import FakeMailbox


def mail(number: int) -> bytes:
    return f"Subject: 投诉 {number}\r\nMessage-ID: <{number}@customer.example>\r\n\r\n划痕 {number}\r\n".encode()


@dataclass
class World:
    """A mailbox with what happens around it: mails arrive, people move them, people look."""

    mailbox: Mailbox
    put: Callable[[bytes], object]
    take_away: Callable[[bytes], None]
    lying: Callable[[Shelf], list[bytes]]
    broken: Callable[[], Mailbox]


@pytest.fixture(params=["memory", "maildir", pytest.param("imap", marks=pytest.mark.server)])
def world(request) -> Iterator[World]:
    made = request.getfixturevalue(f"{request.param}_world")
    yield made
    made.mailbox.close()


@pytest.fixture
def memory_world() -> World:
    box = FakeMailbox()
    return World(box, box.put, box.take_away, box.shelves.__getitem__, lambda: FakeMailbox(broken="no network"))


@pytest.fixture
def maildir_world(tmp_path) -> World:
    drop = MaildirDrop(tmp_path / "mail")
    folders = {Shelf.DONE: tmp_path / "mail" / "已处理", Shelf.ASIDE: tmp_path / "mail" / "待人工"}

    def take_away(raw: bytes) -> None:
        next(path for path in drop.root.glob("new/*") if path.read_bytes() == raw).rename(tmp_path / "elsewhere")

    def broken() -> MaildirMailbox:
        (tmp_path / "file").write_text("no folder")
        return MaildirMailbox("complaints", tmp_path / "file")

    def lying(shelf: Shelf) -> list[bytes]:
        return [path.read_bytes() for path in sorted(folders[shelf].rglob("*")) if path.is_file()]

    return World(MaildirMailbox("complaints", drop.root), drop.put, take_away, lying, broken)


@pytest.fixture
def imap_world(dovecot, new_user) -> World:
    user = new_user()
    account = dovecot.tls_account(user)
    folders = {Shelf.DONE: account.done_folder, Shelf.ASIDE: account.aside_folder}

    def take_away(raw: bytes) -> None:
        with dovecot.person(user) as box:
            found = [uid for uid in box.uids() if box.client.uid("FETCH", uid, "(BODY.PEEK[])")[1][0][1] == raw]
            box.delete(found)

    return World(
        ImapMailbox(account),
        lambda raw: dovecot.put(user, raw),
        take_away,
        lambda shelf: dovecot.lying(user, folders[shelf]),
        lambda: ImapMailbox(replace(account, port=1)),
    )


def test_mails_come_oldest_first_and_whole(world):
    for number in (1, 2, 3):
        world.put(mail(number))
    assert [one.raw for one in world.mailbox.fetch(10)] == [mail(1), mail(2), mail(3)]


def test_no_more_than_the_limit(world):
    for number in (1, 2, 3):
        world.put(mail(number))
    assert [one.raw for one in world.mailbox.fetch(2)] == [mail(1), mail(2)]


def test_fetching_changes_nothing_and_keys_stay(world):
    world.put(mail(1))
    assert list(world.mailbox.fetch(10)) == list(world.mailbox.fetch(10))


def test_mails_that_are_known_keep_no_new_one_back(world):
    for number in range(5):
        world.put(mail(number))
    stored = {one.key for one in world.mailbox.fetch(2)}
    for number in (2, 3, 4):
        [one] = world.mailbox.fetch(1, stored.intersection)
        assert one.raw == mail(number)
        stored.add(one.key)
    assert list(world.mailbox.fetch(10, stored.intersection)) == []
    world.put(mail(5))
    assert [one.raw for one in world.mailbox.fetch(10, stored.intersection)] == [mail(5)]


def test_a_mail_that_was_fetched_and_not_stored_comes_again(world):
    for number in range(3):
        world.put(mail(number))
    first, second, third = world.mailbox.fetch(3)
    stored = {first.key, third.key}
    assert [one.key for one in world.mailbox.fetch(3, stored.intersection)] == [second.key]
    assert [one.key for one in world.mailbox.fetch(3, stored.intersection)] == [second.key]


def test_an_empty_inbox_gives_nothing(world):
    assert list(world.mailbox.fetch(10)) == []


def test_keys_name_the_account(world):
    world.put(mail(1))
    [one] = world.mailbox.fetch(1)
    assert (one.key.account, one.key.folder, one.error) == (world.mailbox.account, "INBOX", "")


@pytest.mark.parametrize("shelf", list(Shelf))
def test_shelved_mails_leave_the_inbox(world, shelf):
    world.put(mail(1))
    world.put(mail(2))
    first = next(iter(world.mailbox.fetch(10)))
    world.mailbox.shelve([first.key], shelf)
    assert [one.raw for one in world.mailbox.fetch(10)] == [mail(2)]
    assert world.lying(shelf) == [mail(1)]


def test_a_mail_that_a_person_moved_meanwhile_is_no_error(world):
    world.put(mail(1))
    world.put(mail(2))
    keys = [one.key for one in world.mailbox.fetch(10)]
    world.take_away(mail(1))
    assert set(world.mailbox.shelve(keys, Shelf.DONE)) == set(keys)
    assert world.lying(Shelf.DONE) == [mail(2)]
    assert list(world.mailbox.fetch(10)) == []


def test_shelving_twice_is_no_error(world):
    world.put(mail(1))
    keys = [one.key for one in world.mailbox.fetch(10)]
    world.mailbox.shelve(keys, Shelf.DONE)
    world.mailbox.shelve(keys, Shelf.DONE)
    world.mailbox.shelve([], Shelf.ASIDE)
    assert world.lying(Shelf.DONE) == [mail(1)]


def test_keys_of_another_uidvalidity_move_nothing(world):
    world.put(mail(1))
    [one] = world.mailbox.fetch(1)
    assert not world.mailbox.shelve([replace(one.key, uidvalidity=one.key.uidvalidity + 1)], Shelf.DONE)
    assert [one.raw for one in world.mailbox.fetch(10)] == [mail(1)]


def test_a_mail_that_comes_later_has_another_key(world):
    world.put(mail(1))
    [first] = world.mailbox.fetch(1)
    world.mailbox.shelve([first.key], Shelf.DONE)
    world.put(mail(1))
    [second] = world.mailbox.fetch(1)
    assert second.key != first.key
    assert second.raw == first.raw


def test_after_close_it_opens_again(world):
    world.put(mail(1))
    world.mailbox.close()
    world.mailbox.close()
    assert [one.raw for one in world.mailbox.fetch(1)] == [mail(1)]


def test_what_cannot_be_reached_says_so(world):
    broken = world.broken()
    with pytest.raises(MailboxUnreachable):
        list(broken.fetch(1))
    key = FakeMailbox().put(b"")
    with pytest.raises(MailboxUnreachable):
        broken.shelve([key], Shelf.DONE)
    broken.close()


def test_a_mail_set_aside_is_brought_forward_by_its_bytes(world):
    for number in (1, 2, 3):
        world.put(mail(number))
    keys = [one.key for one in world.mailbox.fetch(9)]
    assert not world.mailbox.bring_forward(mail(2)), "nothing was set aside yet"
    world.mailbox.shelve(keys, Shelf.ASIDE)
    assert world.mailbox.bring_forward(mail(2))
    assert not world.mailbox.bring_forward(mail(2))
    assert not world.mailbox.bring_forward(mail(9))
    assert (world.lying(Shelf.DONE), sorted(world.lying(Shelf.ASIDE))) == ([mail(2)], [mail(1), mail(3)])
    world.put(mail(4))
    assert [one.raw for one in world.mailbox.fetch(9)] == [mail(4)], "the inbox is open again"
