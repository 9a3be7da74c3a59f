import json
from datetime import timedelta

import pytest

from daemon.adapters.files import StateLock
from daemon.config import load_config
from daemon.core.health import State
from daemon.passes.health import Role, without_store
from daemon.seams import Delivery, SendResult
from daemon.status import reported, status_of
from tests.cast import CONFIG, LI, WANG
from tests.core.play import at
from tests.desk import office
from tests.scenarios.letters import FORM, SLIGHT


@pytest.fixture
def desk(tmp_path):
    with office(tmp_path) as opened:
        (tmp_path / "state").mkdir()
        yield opened


def lines(desk, later=timedelta(0)):
    found = status_of(desk.desk.config, desk.desk.store, desk.clock.now() + later)
    return {line.what.rpartition(" ")[2]: line for line in found}


def test_a_daemon_that_never_ran(desk):
    found = lines(desk)
    assert not found["daemon"].ok
    assert (found["tick"].says, found["tick"].ok) == ("从未工作过 · it has never worked", False)


def test_a_daemon_that_works(desk):
    desk.mail(f"李娜 <{LI}>", "投诉", FORM.format(bad=30, symptom=SLIGHT))
    with StateLock(desk.desk.config.path("state") / "kesu.lock").held(desk.clock.now()):
        found = lines(desk)
    assert all(line.ok for line in found.values()), found
    assert "running" in found["daemon"].says
    assert (found["cases.open"].says, found["due"].says) == ("1", "2611001 · 2026-11-02 09:30")
    assert found["tick"].says.endswith("last tick 2026-11-02 09:00")


def test_the_duty_of_the_calendar_that_comes_next(tmp_path):
    text = CONFIG.read_text(encoding="utf-8").replace('process = "8d"', 'process = "logistics"')
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with office(tmp_path, config=load_config(tmp_path / "config.toml")) as desk:
        assert lines(desk)["duty"].says == "人事公布单 · 2026-11-06 08:00"


def test_a_daemon_that_hangs_or_died(desk):
    desk.tick()
    (desk.desk.config.path("state") / "kesu.lock").touch()
    assert lines(desk, timedelta(minutes=9))["tick"].ok
    found = lines(desk, timedelta(minutes=10))
    assert not found["tick"].ok
    assert not found["daemon"].ok


def test_days_off_that_are_only_guessed(desk):
    desk.tick()
    assert "calendar" not in lines(desk, timedelta(days=-31)), "2026 is known, and it is only October"
    next_year, long_begun = lines(desk)["calendar"], lines(desk, timedelta(days=365 * 18))["calendar"]
    assert (next_year.ok, long_begun.ok) == (True, False)
    assert "2027 年（CN）的放假调休安排还没有" in next_year.says
    assert "the days off of 2044 (CN) are not known yet" in long_begun.says


def test_what_should_be_looked_at(desk):
    desk.ledger.unreachable = "客诉台账.xlsx is open at 王晓燕"
    desk.sender.script(WANG, SendResult(Delivery.REFUSED, "550 no such user"))
    desk.mail(f"李娜 <{LI}>", "投诉", FORM.format(bad=30, symptom=SLIGHT))
    found = lines(desk)
    assert "王晓燕" in found["ledger"].says
    assert found["ledger"].ok
    assert not lines(desk, timedelta(days=3))["ledger"].ok
    assert found["outbox.refused"].says == "1"


def report(**more):
    said = {"role": "standby", "lease": "one:7:ab", "active_since": "2026-11-02T01:00:00+00:00", "state": "ok"}
    return json.dumps({"at": "2026-11-02T01:00:30+00:00", "matters": [], **said, **more})


@pytest.mark.parametrize(
    ("text", "says", "ok"),
    [
        (report(), "备用 standby · 工作的是 at work: one:7:ab 自 since 2026-11-02T01:00:00+00:00；ok", True),
        (report(lease="", active_since=None), "备用 standby · 工作的是 at work: —；ok", True),
        (report(role="active"), "ok", True),
        (
            report(matters=[{"zh": "数据库不能用", "state": "bad"}]),
            "+00:00；数据库不能用",
            False,
        ),
    ],
)
def test_a_report_says_whether_it_is_a_standbys(text, says, ok):
    line = reported(text, at("11-02 09:01"))
    assert (line.says.endswith(says), line.ok) == (True, ok)


def test_a_standby_can_tell_that_the_database_is_away(desk):
    why = ("数据库不能用", "it is away")
    said = without_store(desk.desk.config, State.BAD, why, desk.clock.now()).as_json(role=Role.STANDBY)
    assert (said["role"], said["state"], said["lease"], said["active_since"]) == ("standby", "bad", "", None)
    assert [one["key"] for one in said["matters"]] == ["store"]
    assert said["disks"]["state"]["free"] > 0
