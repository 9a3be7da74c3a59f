import dataclasses
import logging
import os
import signal
import threading

import pytest

from daemon.adapters.clock import SystemClock, VirtualClock
from daemon.adapters.files import StateInUse, StateLock
from daemon.adapters.store import StoreUnreachable
from daemon.config import load_config
from daemon.service import PASSES, QUIET_AFTER, run, tick, until_quiet
from tests.cast import CONFIG, LI
from tests.core.play import at
from tests.desk import office
from tests.scenarios.letters import FORM, SLIGHT


@pytest.fixture
def desk(tmp_path):
    with office(tmp_path) as opened:
        yield opened


@pytest.fixture
def config(tmp_path):
    text = CONFIG.read_text(encoding="utf-8").replace("listen_port = 2525", "listen_port = 0")
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    return load_config(tmp_path / "config.toml")


class Broken:
    """A tool of which nothing works."""

    account = "broken"

    def __getattr__(self, name):
        raise RuntimeError("it broke")


def test_a_pass_that_fails_is_told_and_the_others_go_on(desk, caplog):
    caplog.set_level(logging.CRITICAL)
    broken = dataclasses.replace(desk.desk, mailboxes=(Broken(),), ledger=Broken())
    found = list(tick(broken, desk.clock.now()))
    assert [one.text.partition(":")[0] for one in found if one.event == "pass.failed"] == [
        "fetch_pass",
        "ledger_pass",
    ]
    assert "it broke" in found[0].text
    assert desk.desk.store.recall("tick") == desk.clock.now().isoformat()


def test_a_full_disk_fails_a_tick_and_not_the_run(desk, caplog, monkeypatch):
    caplog.set_level(logging.CRITICAL)
    full = [StoreUnreachable("sqlite:///kesu.db", "database or disk is full", "make room")]
    remember = desk.desk.store.remember

    def refuse_once(key, value):
        if key == "tick" and full:
            raise full.pop()
        remember(key, value)

    monkeypatch.setattr(desk.desk.store, "remember", refuse_once)
    found = list(until_quiet(desk.desk, desk.clock))
    assert "store.unreachable" in [one.event for one in found]
    assert desk.desk.store.recall("tick") == desk.clock.now().isoformat()


def test_a_day_without_mail_is_quiet(desk):
    list(until_quiet(desk.desk, desk.clock))
    assert not list(tick(desk.desk, desk.clock.now()))


def test_it_ticks_until_all_is_quiet(desk):
    desk.mail(f"李娜 <{LI}>", "投诉", FORM.format(bad=30, symptom=SLIGHT))
    assert not list(until_quiet(desk.desk, desk.clock))


def test_what_never_gets_quiet_ends_all_the_same(desk, caplog):
    caplog.set_level(logging.CRITICAL)
    broken = dataclasses.replace(desk.desk, ledger=Broken())
    assert len(list(until_quiet(broken, desk.clock))) >= QUIET_AFTER


def test_mail_is_read_before_it_is_answered():
    names = [one.__name__ for one in PASSES]
    assert names.index("fetch_pass") < names.index("decide_pass") < names.index("rendering_pass")
    assert names.index("rendering_pass") < names.index("outbox_pass")


def test_one_daemon_at_a_time(config):
    config.path("state").mkdir()
    with (
        StateLock(config.path("state") / "kesu.lock").held(at("11-02 09:00")),
        pytest.raises(StateInUse, match=str(os.getpid())),
    ):
        run(config, VirtualClock(at("11-02 09:00")), once=True)


def test_it_sweeps_what_a_killed_one_left(config):
    left = config.path(config.service.ledger) / "8D" / ".kesu-0123456789ab.tmp"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half a report")
    run(config, SystemClock(), once=True)
    assert not left.exists()


def test_it_makes_the_folders_that_people_see(config):
    run(config, VirtualClock(at("11-02 09:00")), once=True)
    ledger = config.path("ledger")
    assert {"8D", "附件", "模板", "周报", "客诉台账.xlsx"} <= {path.name for path in ledger.iterdir()}


def test_a_signal_stops_it_and_leaves_the_handlers_as_they_were(config):
    before = signal.getsignal(signal.SIGTERM)
    stopped = threading.Event()

    def ask():
        while not stopped.wait(0.2):
            os.kill(os.getpid(), signal.SIGTERM)

    asking = threading.Thread(target=ask)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a signal that comes too early must not end the tests
    try:
        asking.start()
        run(config, SystemClock())
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        stopped.set()
        asking.join()
        signal.signal(signal.SIGTERM, before)
