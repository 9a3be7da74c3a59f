"""The daemon is killed twice in the middle of its work: nothing is lost, nothing is made twice."""

from __future__ import annotations

from collections import defaultdict

import pytest

from daemon.adapters.smtp_listener import Protection, Sink, SmtpListener
from daemon.adapters.store import StoreMissing
from daemon.adapters.tls import Security
from tests.real.corpus import corpus
from tests.real.factory import USER, Factory, write_config
from tests.real.process import Running, looking, running
from tests.servers.dovecot import PASSWORD

pytestmark = pytest.mark.server

COMPLAINTS = [mail for mail in corpus().values() if mail.kind == "complaint"][:10]


def counted(daemon: Running, key: str) -> int:
    try:
        with looking(daemon.config) as store:
            return store.counts().get(key, 0)
    except StoreMissing:
        return 0


def test_a_daemon_that_is_killed_loses_nothing_and_repeats_no_case(tmp_path, dovecot, authority, new_user):
    user, sink = new_user(), Sink()
    protection = Protection(Security.STARTTLS, authority.server_context(), (USER, PASSWORD))
    dovecot.put(user, *(mail.raw for mail in COMPLAINTS))
    with SmtpListener(sink, protection=protection) as listener:
        config = write_config(tmp_path, dovecot, listener.port, user)
        with running(config) as daemon:
            daemon.until("there is a case", lambda: counted(daemon, "mails.case"))
            daemon.kill()
        with running(config) as daemon:
            daemon.until("a mail is out", lambda: sink.mails)
            daemon.kill()
        with running(config) as daemon:
            company = Factory(daemon, dovecot, sink, user)
            company.settle()
            seen = company.look()
            assert daemon.stop() == 0
    assert sorted(case.message_id for case in seen.cases) == sorted(mail.message_id for mail in COMPLAINTS)
    assert [row["客诉编号"] for row in seen.rows] == [case.number for case in seen.cases]
    assert len(seen.lying["已处理"]) == len(COMPLAINTS)
    copies = defaultdict(list)
    for mail in seen.sent:
        copies[mail.mail["Message-ID"]].append(mail.raw)
    assert set(copies) >= {row.message_id for rows in seen.outbox.values() for row in rows}
    assert all(len(set(raws)) == 1 for raws in copies.values()), "the same Message-ID means the same bytes"
    assert sum(map(len, copies.values())) <= len(copies) + 2, "a kill repeats one mail at most"
