"""A backup beside the working daemon, everything lost, the backup put in place: the work goes on."""

from __future__ import annotations

import shutil

import pytest

from daemon.adapters.smtp_listener import Protection, Sink, SmtpListener
from daemon.adapters.tls import Security
from tests.real.corpus import corpus
from tests.real.factory import USER, Factory, write_config
from tests.real.process import kesu, running
from tests.servers.dovecot import PASSWORD

pytestmark = pytest.mark.server

FIRST, SECOND, THIRD = [mail for mail in corpus().values() if mail.kind == "complaint"][:3]


def test_after_a_restore_the_daemon_goes_on(tmp_path, dovecot, authority, new_user):
    user, sink = new_user(), Sink()
    protection = Protection(Security.STARTTLS, authority.server_context(), (USER, PASSWORD))
    with SmtpListener(sink, protection=protection) as listener:
        config = write_config(tmp_path, dovecot, listener.port, user)
        with running(config) as daemon:
            company = Factory(daemon, dovecot, sink, user)
            company.put(FIRST.raw)
            made = kesu(config, "backup", str(tmp_path / "backup.zip"))
            assert made.returncode == 0, made.stderr
            company.put(SECOND.raw)
            (first, second) = company.look().cases
            refused = kesu(config, "restore", str(tmp_path / "backup.zip"), "--force")
            assert refused.returncode == 1
            assert "stop that one first" in refused.stderr
            assert daemon.stop() == 0
        told = len(sink.mails)

        for part in ("state", "shared"):
            shutil.rmtree(tmp_path / part)
        restored = kesu(config, "restore", str(tmp_path / "backup.zip"))
        assert restored.returncode == 0, restored.stderr

        with running(config) as daemon:
            company = Factory(daemon, dovecot, sink, user)
            company.settle()
            seen = company.look()
            assert [case.number for case in seen.cases] == [first.number]
            assert len(sink.mails) == told, "what was sent before the backup is not sent again"
            assert [row["客诉编号"] for row in seen.rows] == [first.number]
            assert not list((tmp_path / "shared").glob("*人工修改*"))
            assert list((tmp_path / "shared" / "8D").rglob("*.docx")), "the reports are there again"

            notice = seen.asked(first.number, "team")
            company.put(company.button(notice, "收到"))
            assert company.look().cases[0].steps["team"].by, "an old notice still moves its case"

            with dovecot.person(user) as box:  # a mail that came after the backup: a person moves it back
                box.folder.set("已处理")
                uids = box.uids(f'HEADER Message-ID "{SECOND.message_id}"')
                assert len(uids) == 1
                box.move(uids, "INBOX")
            company.settle()
            company.put(THIRD.raw)
            numbers = [case.number for case in company.look().cases]
            assert numbers[:2] == [first.number, second.number]
            assert len(numbers) == len(set(numbers)) == 3
            assert daemon.stop() == 0
