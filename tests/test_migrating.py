"""`kesu process migrate`: beside a daemon queued, else at once; with --dry-run only foreseen."""

from contextlib import closing

import pytest

from daemon.adapters.files import StateLock
from daemon.adapters.maildir import MaildirMailbox
from daemon.adapters.store import open_store
from daemon.cli import FINE, WRONG_USAGE, main
from daemon.config import load_config
from daemon.service import run
from daemon.wiring import store_address
from tests.core.play import at
from tests.fakes.clock import VirtualClock
from tests.test_cli import COMPLAINT, put_config

NEWER = '\n[[override.step]]\nid = "verify"\ndue = "20min"\n'


@pytest.fixture
def config(tmp_path):
    """A daemon that has registered one complaint and stopped; since then config.toml says otherwise."""
    path = put_config(tmp_path)
    config = load_config(path)
    inbox = config.path(config.mail_in[0].maildir)
    MaildirMailbox("embedded", inbox, "done", "aside").close()
    (inbox / "new").mkdir(parents=True, exist_ok=True)
    (inbox / "new" / "1.eml").write_bytes(COMPLAINT)
    run(config, VirtualClock(at("11-02 09:00")), once=True)
    path.write_text(path.read_text(encoding="utf-8") + NEWER, encoding="utf-8")
    return path


def case_of(path):
    with closing(open_store(store_address(load_config(path)), read_only=True)) as store:
        return store.case_numbered("2611001")


def test_it_is_said_what_would_change_and_nothing_does(config, capsys):
    before = case_of(config)
    assert main(["process", "migrate", "--all", "--dry-run", "--config", str(config)]) == FINE
    assert "case 2611001: moves the due time of 核实" in capsys.readouterr().out
    assert case_of(config) == before


def test_all_open_cases_move_once(config, capsys):
    before = case_of(config)
    assert main(["process", "migrate", "--all", "--config", str(config)]) == FINE
    assert "case 2611001: moves the due time of 核实" in capsys.readouterr().out
    after = case_of(config)
    assert after.profile != before.profile
    assert after.steps["verify"].due_at < before.steps["verify"].due_at
    assert main(["process", "migrate", "--all", "--config", str(config)]) == FINE
    assert not capsys.readouterr().out


def test_beside_a_daemon_the_wish_is_queued(config, capsys):
    before = case_of(config)
    with StateLock(config.parent / "state" / "kesu.lock").held(at("11-02 09:00")):
        assert main(["process", "migrate", "2611001", "--config", str(config)]) == FINE
    assert "at its next tick" in capsys.readouterr().out
    assert case_of(config) == before
    run(load_config(config), VirtualClock(at("11-02 09:10")), once=True)
    assert case_of(config).profile != before.profile


def test_nothing_named_is_wrong_usage(config, capsys):
    assert main(["process", "migrate", "--config", str(config)]) == WRONG_USAGE
    assert main(["process", "migrate", "2611099", "--config", str(config)]) == FINE
    assert "there is no case 2611099" in capsys.readouterr().out
