"""What happens in a mailbox that people use too, that is full, that is renumbered, and in several at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from daemon.adapters.smtp_listener import Protection, Sink, SmtpListener
from daemon.adapters.tls import Security
from tests.crash.world import complaint, name_of
from tests.real.factory import USER, Factory, write_config
from tests.real.process import kesu, looking, running
from tests.scenarios.letters import GRAVE
from tests.servers import dovecot as servers
from tests.servers.dovecot import PASSWORD
from tests.test_check_faults import QUOTA

pytestmark = pytest.mark.server

DONE = "已处理"
WITHOUT_MOVE = "imap_capability = IMAP4rev1 NAMESPACE UIDPLUS QUOTA\n"


@pytest.fixture
def sink(authority) -> Iterator[tuple[Sink, int]]:
    sink = Sink()
    protection = Protection(Security.STARTTLS, authority.server_context(), (USER, PASSWORD))
    with SmtpListener(sink, protection=protection) as listener:
        yield sink, listener.port


@contextmanager
def company(tmp_path, dovecot, sink, user) -> Iterator[Factory]:
    with running(write_config(tmp_path, dovecot, sink[1], user)) as daemon:
        yield Factory(daemon, dovecot, sink[0], user)
        assert daemon.stop() == 0
        assert "Traceback" not in daemon.log.read_text("utf-8")


def cases(config) -> list[str]:
    with looking(config) as store:
        return sorted(case.message_id for case in store.cases())


def once(config):
    done = kesu(config, "run", "--once")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    return done.stderr


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_people_rename_the_folder_and_move_a_mail_back(tmp_path, dovecot, sink, new_user):
    user = new_user()
    first, second = complaint(1, GRAVE), complaint(2, GRAVE)
    with company(tmp_path, dovecot, sink, user) as factory:
        factory.put(first)
        with dovecot.person(user) as box:
            box.folder.rename(DONE, "旧的")
        factory.put(second)
        assert dovecot.lying(user, DONE) == [second]
        with dovecot.person(user) as box:
            box.folder.set("旧的")
            box.move(box.uids(), "INBOX")
        factory.settle()
        assert sorted(dovecot.lying(user, DONE)) == sorted([first, second])
        assert dovecot.lying(user, "旧的") == []
        assert cases(factory.daemon.config) == sorted(map(name_of, (first, second)))


# ── the server ───────────────────────────────────────────────────────────────────────────────────────────────────────


def uidvalidity(dovecot, user) -> int:
    with dovecot.person(user) as box:
        return int(box.folder.status("INBOX")["UIDVALIDITY"])


def renumber(dovecot, user):
    """Lose what Dovecot knows of a mailbox: it numbers its mails anew."""
    before = uidvalidity(dovecot, user)
    folder = dovecot.folder / "mail" / user / "Maildir"
    for path in (folder / "dovecot-uidlist", *folder.glob("dovecot.index*")):
        path.unlink(missing_ok=True)
    with dovecot.person(user) as box:
        box.client.create("x")  # a new mailbox counts the UIDVALIDITY on
    assert uidvalidity(dovecot, user) != before


@contextmanager
def full(authority, room: str = "*:storage=20K"):
    """A server without MOVE whose mailboxes hold little."""
    with servers.running(authority, extra=QUOTA.replace("*:storage=10K", room) + WITHOUT_MOVE) as server:
        yield server


def test_a_full_mailbox_waits_and_a_renumbered_one_makes_no_second_case(tmp_path, authority, need_dovecot, sink):
    letters = [complaint(number, GRAVE) for number in (1, 2, 3)]
    room = sum(map(len, letters)) // 1024 + 1
    with full(authority, f"*:storage={room}K") as server:
        config = write_config(tmp_path, server, sink[1], "full")
        server.put("full", *letters)
        said = once(config)
        assert "full" in said or "QUOTA" in said.upper(), said
        assert sorted(server.lying("full")) == sorted(letters), "what is decided waits in the inbox"
        assert cases(config) == sorted(map(name_of, letters))
        renumber(server, "full")
        once(config)
        assert cases(config) == sorted(map(name_of, letters))
        with server.person("full") as box:
            box.folder.set("INBOX")
            box.delete(box.uids()[:1])  # a person makes room
        once(config)
        assert cases(config) == sorted(map(name_of, letters))
        assert (server.lying("full"), len(server.lying("full", DONE))) == ([], 2)


# ── several mailboxes ────────────────────────────────────────────────────────────────────────────────────────────────


def with_mailboxes(config, *more: dict[str, str]):
    """Write the one [mail_in] as several, which differ in these keys."""
    head, _, rest = config.read_text("utf-8").partition("[mail_in]")
    one, out, rest = rest.partition("[mail_out]")
    parts = []
    for changes in more:
        lines = [line for line in one.strip().splitlines() if line.split(" = ")[0] not in changes]
        parts.append("\n".join(("[[mail_in]]", *lines, *(f'{key} = "{value}"' for key, value in changes.items()))))
    config.write_text("\n\n".join((head, *parts, out + rest)), "utf-8")
    return config


def test_a_complaint_to_two_inboxes_of_one_user_and_to_another_account_is_one_case(tmp_path, dovecot, sink, new_user):
    user, other = new_user(), new_user()
    both = [{"name": "main"}, {"name": "sales", "inbox": "销售"}, {"name": "plant", "user": other}]
    config = with_mailboxes(write_config(tmp_path, dovecot, sink[1], user), *both)
    raw, alone = complaint(1, GRAVE), complaint(2, GRAVE)
    received = [b"Received: from mx%d\r\n" % number + raw for number in range(3)]
    with dovecot.person(user) as box:
        box.folder.create("销售")
        box.append(received[1], "销售")
    dovecot.put(user, received[0])
    dovecot.put(other, received[2], alone)
    with running(config) as daemon:
        lying = lambda: [*dovecot.lying(user), *dovecot.lying(user, "销售"), *dovecot.lying(other)]  # noqa: E731
        daemon.settle(lying)
        seen = Factory(daemon, dovecot, sink[0], user).look()
        assert daemon.stop() == 0
    assert sorted(case.message_id for case in seen.cases) == sorted(map(name_of, (raw, alone)))
    assert sorted(dovecot.lying(user, DONE)) == sorted(received[:2])
    assert sorted(dovecot.lying(other, DONE)) == sorted([received[2], alone])
    assert len(seen.rows) == 2
    receipts = [row for rows in seen.outbox.values() for row in rows if row.notice.template == "received"]
    assert len({row.message_id for row in receipts}) == len(receipts)
