"""What has been wrong for long is told to the administrator once, and once more when it is well again."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from daemon.config import load_config
from daemon.core.health import Disk, Facts, State, Trouble, judge
from daemon.passes.health import look
from daemon.seams import Opened
from tests.cast import CONFIG, LI
from tests.core.play import at
from tests.desk import office
from tests.scenarios.letters import FORM, SLIGHT

ADMIN = "it@hongyuan.example"


@pytest.fixture
def desk(tmp_path):
    config = load_config(CONFIG)
    config = config.model_copy(update={"service": config.service.model_copy(update={"administrator": ADMIN})})
    with office(tmp_path, config=config) as opened:
        yield opened


def wait(desk, minutes):
    for _ in range(minutes // 5):
        desk.clock.advance(timedelta(minutes=5))
        desk.tick()


def told(desk):
    return [mail.subject for mail in desk.to(ADMIN)]


def matters(desk):
    found = look(desk.desk.config, desk.desk.store, desk.desk.calendar, desk.clock.now())
    return {one.key.partition(".")[0]: one for one in found.matters}


def test_a_mailbox_that_is_away_for_a_moment_is_nobodys_trouble(desk):
    desk.mailbox.broken = "the server is away"
    wait(desk, 10)
    desk.mailbox.broken = ""
    wait(desk, 60)
    assert not told(desk)


def test_a_mailbox_that_is_away_for_long_is_told_once_and_once_when_it_is_back(desk, monkeypatch):
    desk.mailbox.account = "embedded"
    desk.tick()
    desk.mailbox.broken = "IMAP imap.hongyuan.example:993: 登录被拒绝\r\nX: y"
    wait(desk, 180)
    assert told(desk) == ["客诉系统有问题需要处理"]
    assert "登录被拒绝 X: y" in desk.last(ADMIN).text
    assert matters(desk)["mailbox"].state is State.BAD
    assert matters(desk)["mailbox"].since == at("11-02 09:05")
    desk.mailbox.broken = ""
    wait(desk, 30)
    assert told(desk) == ["客诉系统有问题需要处理", "客诉系统已恢复正常"]
    desk.mailbox.broken = "away again"
    wait(desk, 120)
    assert len(told(desk)) == 2, "one matter is told once a day"
    wait(desk, 24 * 60)
    assert len(told(desk)) == 3


def test_a_server_that_takes_no_mail_is_seen_and_told_when_it_takes_them_again(desk):
    desk.sender.broken = "SMTP smtp.hongyuan.example:465: it refuses the connection"
    desk.mail(f"李娜 <{LI}>", "投诉", FORM.format(bad=30, symptom=SLIGHT))
    wait(desk, 60)
    assert matters(desk)["smtp"].state is State.BAD
    assert not told(desk)
    desk.sender.broken = ""
    wait(desk, 120)
    assert sorted(told(desk)) == sorted(["客诉系统有问题需要处理", "客诉系统已恢复正常"])
    assert matters(desk)["smtp"].state is State.OK


def test_a_ledger_that_people_have_open_may_stay_so_for_a_working_day(desk):
    desk.ledger.opened = Opened("王晓燕", "Excel", desk.clock.now(), "~$客诉台账.xlsx")
    desk.mail(f"李娜 <{LI}>", "投诉", FORM.format(bad=30, symptom=SLIGHT))
    desk.at("11-02 17:00")
    assert matters(desk)["ledger"].state is State.WARNING
    assert not told(desk)
    desk.at("11-03 10:00")
    assert len(told(desk)) == 1


def test_a_ledger_that_cannot_be_written_may_not(desk):
    desk.ledger.unreachable = "客诉台账.xlsx cannot be written: the disk is full"
    desk.mail(f"李娜 <{LI}>", "投诉", FORM.format(bad=30, symptom=SLIGHT))
    desk.at("11-02 10:30")
    assert len(told(desk)) == 1


def test_a_restart_does_not_make_a_trouble_young(desk, tmp_path):
    desk.mailbox.account = "embedded"
    desk.mailbox.broken = "away"
    desk.tick()
    later = look(desk.desk.config, desk.desk.store, desk.desk.calendar, desk.clock.now() + timedelta(minutes=20))
    assert {one.key: one.state for one in later.matters}["mailbox.embedded"] is State.BAD


def test_the_report_is_whole_and_stable(desk):
    reports = []
    seen = replace(desk.desk, report=reports.append)
    desk.desk = seen
    desk.mail(f"李娜 <{LI}>", "投诉", FORM.format(bad=30, symptom=SLIGHT))
    said = json.loads(reports[-1])
    assert set(said) == {
        "format", "version", "state", "at", "role", "lease", "active_since", "last_tick", "mailboxes", "waiting",
        "ledger", "next_due", "disks", "certificates", "tokens", "holidays", "matters",
    }  # fmt: skip
    assert said["format"] == 1
    assert set(said["matters"][0]) == {"key", "state", "since", "zh", "en"}
    assert said["next_due"].startswith("2026-11-02T")


PATIENCE = load_config(CONFIG).watch.patience()


def judged(desk, now, **facts):
    found = judge(Facts(now, **facts), now, desk.desk.calendar, PATIENCE)
    return {one.key: one.state for one in found}


@pytest.mark.parametrize(
    ("free", "total", "state"),
    [
        (0.9e9, 2e12, State.BAD),
        (1.5e9, 2e12, State.WARNING),
        (60e9, 2e12, State.OK),  # 3 % of a large disk is plenty
        (4e9, 100e9, State.BAD),  # under 5 %
        (20e9, 100e9, State.OK),
    ],
)
def test_room_on_a_disk(desk, free, total, state):
    assert judged(desk, at("11-02 09:00"), disks={"state": Disk(int(free), int(total))})["disk.state"] is state


@pytest.mark.parametrize(("days", "state"), [(-1, State.BAD), (13, State.BAD), (20, State.WARNING), (60, State.OK)])
def test_a_certificate_and_a_secret(desk, days, state):
    now = at("11-02 09:00")
    assert judged(desk, now, certificates={"smtp": now + timedelta(days=days)})["certificate.smtp"] is state
    assert judged(desk, now, tokens={"OAuth": now + timedelta(days=days / 2)})["token.OAuth"] is state


@pytest.mark.parametrize(
    ("day", "unknown", "state"),
    [("11-30", (2027,), State.WARNING), ("12-01", (2027,), State.BAD), ("11-02", (2026,), State.BAD)],
)
def test_holidays_nobody_knows(desk, day, unknown, state):
    assert judged(desk, at(f"{day} 09:00"), unknown_years=unknown)["holidays"] is state


def test_a_pass_that_keeps_failing(desk):
    now = at("11-02 09:00")
    for minutes, state in ((14, State.WARNING), (15, State.BAD)):
        trouble = Trouble(now - timedelta(minutes=minutes), "ledger_pass: RuntimeError: it broke")
        assert judged(desk, now, passes=trouble)["passes"] is state
