"""What `kesu explain` says, in a case of the corpus' cast: why a step is due when it is, and what comes next."""

from datetime import datetime, time, timedelta

import pytest

from daemon.core.calendars import Calendars
from daemon.core.commands import AskCheck, Choose, Give, Hold, Resume
from daemon.core.process import load_process
from daemon.core.worktime import WorkCalendar
from daemon.explaining import WORDS, Explainer
from tests.cast import CHEN, PRODUCTION, WANG
from tests.core.play import CALENDARS, DIRECTORY, PROCESS, PROFILE, SHANGHAI, at, registered, to_check, to_closed
from tests.desk import office


def explained(play, now="", language="zh-CN", profile=PROFILE):
    explainer = Explainer(load_process(profile, "8d.toml"), profile, DIRECTORY, CALENDARS, language)
    return list(explainer.explain(play.case, at(now) if now else play.now))


def part(lines, title):
    """Return the lines about one step."""
    start = next(n for n, line in enumerate(lines) if line.startswith(f"■ {title}"))
    end = next((n for n, line in enumerate(lines[start + 1 :], start + 1) if line[0] != " "), len(lines))
    return [line.strip() for line in lines[start:end]]


def without_line(text):
    return text.partition("（案件所用流程第")[0]


def test_a_step_with_its_rule_and_what_comes_next():
    lines = part(explained(registered(), "11-02 13:00"), "D1 成立小组")
    rule = lines.pop(3)
    assert lines == [
        "■ D1 成立小组 — 生产部",
        "截止 2026-11-03 09:00，已用去时间的 35%",
        "开始 2026-11-02 09:00",
        "如果没有答复：",
        "2026-11-03 09:00 提醒 → 生产部",
        "2026-11-04 09:00 升级 → 生产部、赵国栋",
        "2026-11-06 09:00 升级 → 赵国栋、许文澜",
    ]
    assert without_line(rule) == "规则 一般：1个工作日，只计工作时间 08:00–12:00、13:00–17:30"
    number = int(rule.partition("流程第 ")[2].split()[0])
    assert PROFILE.splitlines()[number - 1].startswith('due = { general = "1wd"')


def test_the_same_in_english():
    lines = explained(registered(), "11-02 13:00", "en")
    assert lines[:2] == ["case 2611001 · general · to be verified", "next action: 2026-11-02 13:00"]
    team = part(lines, "D1 Team")
    assert "due 2026-11-03 09:00; 35 % of the time is used" in team
    assert "2026-11-04 09:00 escalation → 生产部, 赵国栋" in team
    assert not any("、" in line for line in lines)


def test_of_the_rungs_that_were_missed_only_the_highest_is_told_and_when_people_work():
    lines = part(explained(registered(), "11-07 10:00"), "D1 成立小组")  # a Saturday
    assert lines[1] == "截止 2026-11-03 09:00，已逾期"
    assert lines[-2:] == ["如果没有答复：", "2026-11-09 08:00 升级 → 赵国栋、许文澜"]


def test_days_off_and_days_worked_out_of_turn_in_between():
    play = registered()
    play.now = at("09-30 10:00")
    play.must(Give({"d3.containment": "已隔离"}), PRODUCTION)
    lines = part(explained(play), "D4 根本原因")
    assert "其间不上班：10-01–10-07、10-11" in lines
    assert "其间调休上班：10-10" in lines
    assert lines[1].startswith("截止 2026-10-13 10:00")


def test_a_date_of_the_customer_counts_when_it_is_earlier():
    soon = part(explained(registered(customer_due="2026-11-02T18:00:00+08:00")), "D3 围堵")
    assert "客户要求 2026-11-02 18:00 前答复：比规则的 2026-11-03 09:00 早，以客户的为准" in soon
    late = part(explained(registered(customer_due="2026-11-05T18:00:00+08:00")), "D3 围堵")
    assert "客户要求 2026-11-05 18:00 前答复：不早于规则，按规则" in late


def test_a_fact_that_chooses_the_rule():
    play = registered(on_site="是")
    (rule,) = (line for line in part(explained(play), "核实") if line.startswith("规则"))
    assert without_line(rule).endswith("是“是”：2个工作日，只计工作时间 08:00–12:00、13:00–17:30")
    assert "due_when" in PROFILE.splitlines()[int(rule.partition("流程第 ")[2].split()[0]) - 1]


def test_a_promised_date():
    play = to_check()
    play.must(Give({"d5.actions": "补正值自动回传，孙大鹏，2026-11-20 前完成"}), PRODUCTION)
    play.must(Choose("check", "works"), WANG)
    play.must(Choose("approve", "approved"), CHEN)
    assert "以“D5 永久措施”写明的日期为准" in part(explained(play), "D6 实施")


def test_a_due_time_that_stays_though_the_rule_gives_another_now():
    """The company gave itself other hours since the step began."""
    late = WorkCalendar(SHANGHAI, dict.fromkeys(range(5), ((time(14), time(22)),)))
    lines = Explainer(PROCESS, PROFILE, DIRECTORY, Calendars(late)).explain(registered().case, at("11-02 10:00"))
    team = part(list(lines), "D1 成立小组")
    assert team[1].startswith("截止 2026-11-03 09:00")
    assert any(line.startswith("按现在的资料重算是 2026-11-03 14:00") for line in team)


def test_pauses_are_told_and_are_not_time_used():
    play = registered().at("11-02 10:00")
    play.must(Hold("等客户寄回样品"), WANG)
    play.at("11-02 16:00").must(Resume(), WANG)
    lines = part(explained(play, "11-02 16:30"), "D1 成立小组")
    assert "其间暂停：2026-11-02 10:00 至 2026-11-02 16:00" in lines
    assert lines[1] == "截止 2026-11-03 15:00，已用去时间的 18%"


def test_what_waits_and_for_what():
    lines = explained(to_check())
    assert "□ 审批：等“审核”完成" in lines
    assert not any(line.startswith("□ 审核") for line in lines)


def test_a_case_that_is_over():
    closed = registered()
    closed.must(Choose("verify", "unfounded", "合格"), WANG)
    assert explained(closed) == ["客诉 2611001 · 一般 · 已结案", "没有未完成的步骤，到时间也不会再有动作"]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_is_foretold_is_what_happens(tmp_path, language):
    """Nobody answers: the instants and people that explain names are those of the mails that go out."""
    assert all(all(pair) for pair in WORDS.values())
    with office(tmp_path) as desk:
        desk.mail("李娜 <li.na@beifang-motor.example>", "投诉：划痕", "产品名称：前端盖\n不良数量：30\n不良现象：划痕")
        store = desk.desk.store
        case = store.case_numbered("2611001")
        explainer = Explainer(
            desk.desk.process, store.profile(case.profile), desk.desk.directory, desk.desk.calendars, language
        )
        lines = list(explainer.explain(case, desk.clock.now()))
        (first,) = (line for line in lines if line.startswith(("最近的动作", "next action")))
        moment = datetime.strptime(first[-16:], "%Y-%m-%d %H:%M").replace(tzinfo=desk.desk.zone)
        desk.forget()
        desk.clock.to(moment - timedelta(seconds=1))
        desk.tick()
        assert not desk.sent
        desk.clock.to(moment)
        desk.tick()
        told = {desk.desk.directory.person(mail.to) for mail in desk.sent}
        foretold = [line for line in lines if line.strip().startswith(first[-16:])]
        assert foretold
        assert all(any(person.name in line for line in foretold) for person in told)


def test_what_is_asked_after_closing_is_explained():
    play = to_closed()
    lines = [without_line(line) for line in explained(play)]
    assert lines[:2] == ["客诉 2611001 · 一般 · 已结案", "最近的动作：2026-11-17 09:00"]
    assert "◇ 效果跟踪：从 2026-11-12 09:00 起" in lines
    assert "  第 1 次将于 2026-12-12 09:00 询问" in lines
    play.at("12-14 08:00").must(AskCheck("tracking", 1))
    check = part(explained(play), "效果跟踪（第1次）")
    assert check[0] == "■ 效果跟踪（第1次） — 王晓燕"
    assert "截止 2026-12-21 08:00，已用去时间的 0%" in check
    assert "2026-12-21 08:00 提醒 → 王晓燕" in check
    play.must(Choose("tracking.1", "stopped"), WANG)
    assert [line for line in explained(play, language="en") if "ended" in line] == ["  ended: its end has come"]


def test_a_grade_that_will_rise_by_itself_is_explained():
    profile = PROFILE + '\n[[raise]]\nid = "old"\ngrade = "critical"\nafter = "1mo"\nwhen = { validity = "成立" }\n'
    play = registered(process=load_process(profile, "8d.toml"))
    assert not [line for line in explained(play, profile=profile) if line.startswith("△")]
    play.must(Choose("verify", "founded"), WANG)
    (line,) = [line for line in explained(play, profile=profile) if line.startswith("△")]
    assert without_line(line) == "△ 2026-12-02 09:00 起自动升为重大"
    number = int(line.partition("流程第 ")[2].split()[0])
    assert profile.splitlines()[number - 1] == "[[raise]]"
