"""Two daemons on one PostgreSQL, each a process of its own: one works, the other stands by and takes over."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters.smtp_listener import Protection, Sink, SmtpListener
from daemon.adapters.store import StoreMissing
from daemon.adapters.tls import Security
from tests.real.corpus import corpus
from tests.real.factory import USER, Factory, Snapshot, write_config
from tests.real.process import Running, kesu, looking, running
from tests.servers import postgresql as server
from tests.servers.dovecot import PASSWORD

pytestmark = pytest.mark.server

COMPLAINTS = [mail for mail in corpus().values() if mail.kind == "complaint"][:6]


@pytest.fixture
def sink(authority):
    """The SMTP server with its port."""
    mails = Sink()
    with SmtpListener(
        mails, protection=Protection(Security.STARTTLS, authority.server_context(), (USER, PASSWORD))
    ) as one:
        yield mails, one.port


@pytest.fixture
def machine(tmp_path, dovecot, postgresql, sink, new_user):
    """Makes the config of a machine: a state of its own, and mailbox, ledger and database that it shares."""
    user, schema = new_user(), postgresql.new_schema()

    def config(name: str, user: str = user, schema: str = schema) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "database-password").write_text(server.PASSWORD)
        (folder / "shared").symlink_to(tmp_path / f"shared-{schema}")
        (tmp_path / f"shared-{schema}").mkdir(exist_ok=True)
        path = write_config(folder, dovecot, sink[1], user)
        more = f'database = "{postgresql.url()}"\nschema = "{schema}"\nlease_seconds = 3\n'
        more += 'database_password_file = "database-password"\n'
        path.write_text(path.read_text("utf-8").replace("[service]\n", f"[service]\n{more}", 1), "utf-8")
        return path

    config.user = user
    return config


def has(daemon: Running, event: str) -> bool:
    return event in daemon.log.read_text("utf-8")


def health(daemon: Running) -> dict[str, Any]:
    path = daemon.config.with_name("state") / "health.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def at_work(daemon: Running) -> str | None:
    try:
        with looking(daemon.config) as store:
            return store.lease_owner()
    except StoreMissing:
        return None


def pid_at_work(daemon: Running) -> int:
    return int((at_work(daemon) or "0:0:0").split(":")[-2])


def all_once(seen: Snapshot, expected: list) -> None:
    assert sorted(case.message_id for case in seen.cases) == sorted(mail.message_id for mail in expected)
    assert [row["客诉编号"] for row in seen.rows] == [case.number for case in seen.cases]
    assert len(seen.lying["已处理"]) == len(expected)
    assert not seen.lying["INBOX"]
    copies: dict[str, set[bytes]] = {}
    for mail in seen.sent:
        copies.setdefault(mail.mail["Message-ID"], set()).add(mail.raw)
    assert set(copies) >= {row.message_id for rows in seen.outbox.values() for row in rows}
    assert all(len(same) == 1 for same in copies.values())


def test_the_standby_takes_over_when_the_other_is_killed_and_makes_no_case_twice(machine, dovecot, sink):
    with running(machine("one")) as first:
        first.until("it works", lambda: pid_at_work(first) == first.pid)
        dovecot.put(machine.user, *(mail.raw for mail in COMPLAINTS[:3]))
        with running(machine("two")) as second:
            second.until("it stands by", lambda: has(second, "standby"))
            second.until("it says so to monitoring", lambda: health(second).get("role") == "standby")
            assert f":{first.pid}:" in health(second)["lease"]
            assert health(second)["active_since"] == health(first)["active_since"] is not None
            asked = kesu(second.config, "status", "--health")
            assert asked.returncode == 0, asked.stdout
            assert f"备用 standby · 工作的是 at work: {health(first)['lease']} 自 since 20" in asked.stdout
            here = [line for line in kesu(second.config, "status").stdout.splitlines() if "本机 this machine" in line]
            assert [line.split()[-1] for line in here] == ["standby"]
            once = kesu(machine("three"), "run", "--once")
            assert once.returncode == 1
            assert f":{first.pid}:" in once.stderr
            first.until("a mail is out", lambda: sink[0].mails)
            first.kill()
            dovecot.put(machine.user, *(mail.raw for mail in COMPLAINTS[3:]))
            second.until("it took over", lambda: pid_at_work(second) == second.pid)
            company = Factory(second, dovecot, sink[0], machine.user)
            company.settle()
            seen = company.look()
            second.until("it says that it works", lambda: health(second).get("role") == "active")
            assert second.stop() == 0
            assert at_work(second) is None, "who stops gives the lease up"
    all_once(seen, COMPLAINTS)


def test_one_that_was_held_up_past_its_lease_does_nothing_more_and_stands_by(machine, dovecot, sink):
    with running(machine("one")) as first:
        first.until("it works", lambda: pid_at_work(first) == first.pid)
        dovecot.put(machine.user, *(mail.raw for mail in COMPLAINTS))
        first.until("a mail is out", lambda: sink[0].mails)
        os.kill(first.pid, signal.SIGSTOP)  # in the midst of its work
        with running(machine("two")) as second:
            second.until("it took over", lambda: pid_at_work(second) == second.pid)
            company = Factory(second, dovecot, sink[0], machine.user)
            company.settle()
            before = company.look()
            ledger = second.config.with_name("shared") / "客诉台账.xlsx"
            stamp = (ledger.stat().st_ino, ledger.stat().st_mtime_ns)
            os.kill(first.pid, signal.SIGCONT)
            first.until("it stands by", lambda: has(first, "standby"))
            company.settle()
            after = company.look()
            assert pid_at_work(second) == second.pid
            assert (ledger.stat().st_ino, ledger.stat().st_mtime_ns) == stamp
            assert second.stop() == 0
            first.until("it takes over again", lambda: pid_at_work(first) == first.pid)
            assert first.stop() == 0
    assert (after.cases, after.events, after.rows) == (before.cases, before.events, before.rows)
    all_once(after, COMPLAINTS)


def test_two_companies_in_one_postgresql_work_side_by_side(machine, dovecot, sink, postgresql, new_user):
    other_user, other_schema = new_user(), postgresql.new_schema()
    dovecot.put(machine.user, COMPLAINTS[0].raw)
    dovecot.put(other_user, COMPLAINTS[1].raw)
    with running(machine("one")) as ours, running(machine("two", other_user, other_schema)) as theirs:
        for daemon, user, mail in ((ours, machine.user, COMPLAINTS[0]), (theirs, other_user, COMPLAINTS[1])):
            company = Factory(daemon, dovecot, sink[0], user)
            company.settle()
            assert [case.message_id for case in company.look().cases] == [mail.message_id]
            assert pid_at_work(daemon) == daemon.pid


def test_after_a_restart_of_the_database_the_daemon_works_on(machine, dovecot, sink, postgresql):
    with running(machine("one")) as daemon:
        daemon.until("it works", lambda: pid_at_work(daemon) == daemon.pid)
        postgresql.stop()
        try:
            daemon.until("it says that the database is away", lambda: has(daemon, "start the database server"))
            dovecot.put(machine.user, *(mail.raw for mail in COMPLAINTS))
        finally:
            postgresql.start()
        company = Factory(daemon, dovecot, sink[0], machine.user)
        company.settle()
        seen = company.look()
        assert daemon.stop() == 0
        assert server.PASSWORD not in daemon.log.read_text("utf-8")
    all_once(seen, COMPLAINTS)
