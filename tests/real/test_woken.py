"""A mail that comes in is dealt with soon, however seldom the daemon looks by itself: IDLE wakes it."""

from __future__ import annotations

import pytest

from daemon.adapters.smtp_listener import Protection, Sink, SmtpListener
from daemon.adapters.tls import Security
from tests.real.corpus import corpus
from tests.real.factory import USER, write_config
from tests.real.process import running
from tests.real.test_killed import counted
from tests.servers.dovecot import PASSWORD

pytestmark = pytest.mark.server

FIRST, SECOND = [mail for mail in corpus().values() if mail.kind == "complaint"][:2]


def test_the_daemon_is_woken_by_a_mail_and_stops_at_once_when_asked(tmp_path, dovecot, authority, new_user):
    user = new_user()
    protection = Protection(Security.STARTTLS, authority.server_context(), (USER, PASSWORD))
    with SmtpListener(Sink(), protection=protection) as listener:
        config = write_config(tmp_path, dovecot, listener.port, user)
        config.write_text(config.read_text("utf-8").replace("tick_seconds = 1", "tick_seconds = 3600"), "utf-8")
        dovecot.put(user, FIRST.raw)
        with running(config) as daemon:
            daemon.until("the first tick", lambda: counted(daemon, "mails.case") == 1)
            dovecot.put(user, SECOND.raw)
            daemon.until("the second mail is a case", lambda: counted(daemon, "mails.case") == 2)
            assert daemon.stop() == 0
