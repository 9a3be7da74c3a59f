"""How long the servers' certificates are valid is read from the connections that stand, and told in time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from daemon.adapters.clock import SystemClock
from daemon.adapters.smtp_listener import Protection, Sink, SmtpListener
from daemon.adapters.tls import Security
from tests.real.factory import USER, write_config
from tests.real.process import kesu
from tests.servers.certificates import make_authority
from tests.servers.dovecot import PASSWORD, running

pytestmark = pytest.mark.server


@pytest.mark.parametrize(("days", "state"), [(10, "bad"), (20, "warning"), (60, "ok")])
def test_a_certificate_that_ends_soon_is_told(tmp_path, need_dovecot, days, state):
    authority = make_authority(tmp_path / "authority", "kesu test CA", days)
    sink = Sink()
    protection = Protection(Security.STARTTLS, authority.server_context(), (USER, PASSWORD))
    with running(authority) as dovecot, SmtpListener(sink, protection=protection) as listener:
        config = write_config(tmp_path, dovecot, listener.port)
        text = config.read_text("utf-8").replace("[service]\n", '[service]\nadministrator = "admin@hongyuan.example"\n')
        config.write_text(text, "utf-8")
        assert kesu(config, "run", "--once").returncode == 0
        asked = kesu(config, "status", "--health")
    said = json.loads((tmp_path / "state" / "health.json").read_text("utf-8"))
    matters = {one["key"]: one for one in said["matters"]}
    until = datetime.fromisoformat(said["certificates"][USER])
    assert abs(until - SystemClock().now() - timedelta(days=days)) < timedelta(hours=1)
    assert matters[f"certificate.{USER}"]["state"] == state
    told = [mail for mail in sink.mails if mail.recipients == ("admin@hongyuan.example",)]
    assert bool(told) == (state == "bad")
    assert ("证书" in asked.stdout) == (state == "bad"), asked.stdout
