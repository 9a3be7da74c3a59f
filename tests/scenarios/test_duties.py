"""Calendar duties, told at the seams: what goes out on which day, to whom, with what."""

from datetime import timedelta

import pytest

import daemon.passes.duties
from daemon.config import load_config
from tests.cast import CHEN, CONFIG, GM, LI, LIN, QUALITY, WANG, XU
from tests.desk import local, office
from tests.scenarios.letters import FORM, GRAVE, SLIGHT

DUTIES = """\
id = "own"
title = "自己的流程"
extends = "8d"
[facts.market]
header = "市场"
kind = "list"
values = ["汽车", "非汽车"]
labels = ["市场"]

[[duty]]
id = "open_review"
title = "未了事宜回顾"
on = "4th of month"
to = ["general_manager", "department"]
cases = { are = "open" }
columns = ["market", "department", "d3.containment"]
ask = "请与客户逐项核对。"

[[duty]]
id = "bundle"
title = "8D 归档"
on = "end of month"
to = "sales"
cases = { are = "closed", in = "since last time" }
attach = ["internal", "evidence"]

[[duty]]
id = "rate"
title = "投诉率"
on = "5th of month, after"
to = "quality_manager"
cases = { are = "registered", in = "last period", when = { validity = ["成立", "待核实", ""] } }
count = { by = "market", limits = { "汽车" = 0.002, "非汽车" = 0.02 } }

[[duty]]
id = "review"
title = "周期检讨"
on = ["month end", "quarter end", "half-year end", "year end"]
to = "quality_director"
cases = { are = "registered", in = "this period" }
count = [
  { by = "category", title = "多发问题" },
  { by = "department", title = "部门排名", figures = ["on_time", "satisfied", "solved"], targets = { on_time = 0.95 } },
]

[[duty]]
id = "slides"
title = "例会汇报"
on = "friday"
ahead = 1
to = "quality_engineer"
cases = { are = "open", when = { market = "汽车" } }
ask = "请在周四下班前备好幻灯片；未完成的转入下次。"
"""
HOURS = ("00:10", "08:10", "17:50")


def settings(folder, text=DUTIES):
    (folder / "own.toml").write_text(text, encoding="utf-8")
    config = CONFIG.read_text(encoding="utf-8").replace('process = "8d"', 'process = "own.toml"')
    (folder / "config.toml").write_text(config, encoding="utf-8")
    return load_config(folder / "config.toml")


@pytest.fixture
def config(tmp_path):
    return settings(tmp_path)


def days(desk, *dates):
    """Let the daemon work at night, in the morning and in the evening of each of these days."""
    for day in dates:
        for hour in HOURS:
            if local(f"{day} {hour}") > desk.clock.now():
                desk.jump(f"{day} {hour}")


def each_day(desk, first, last):
    day, end = local(f"{first} 00:00"), local(f"{last} 23:00")
    while day <= end:
        days(desk, f"{day:%Y-%m-%d}")
        day += timedelta(days=1)


def duties(desk):
    """Who got which duty's mail, and when it was written."""
    told = []
    for mail in desk.sent:
        if "<duty-" in mail.mail["Message-ID"]:
            written = mail.mail["Date"].datetime
            told.append((f"{written:%m-%d %H:%M}", mail.to, mail.subject))
    return told


def flat(mail):
    return " ".join(mail.text.split())


def newest_report(folder):
    return max(path.name for path in (folder / "ledger" / "8D").glob("8D-2611001-r*.docx"))


def complain(desk, symptom=SLIGHT, subject="投诉：前端盖"):
    desk.mail(f"李娜 <{LI}>", subject, FORM.format(bad=30, symptom=symptom))


def test_through_the_long_holiday_of_october(tmp_path, config):
    """Friday 25 September is off, and 1 to 7 October; Saturday the 10th is worked."""
    with office(tmp_path, "09-21 09:00", config) as desk:
        desk.tick()
        complain(desk)
        desk.reply(WANG, desk.last(WANG, "核实"), "市场：汽车")
        each_day(desk, "2026-09-22", "2026-10-12")
        assert duties(desk) == [
            ("09-23 08:10", WANG, "例会汇报：1 件"),
            ("09-29 08:10", WANG, "例会汇报：1 件"),  # of Friday 2 October, which is off: the meeting is on the 30th
            ("09-30 08:10", GM, "未了事宜回顾：1 件"),  # the 4th of October is off
            ("09-30 08:10", QUALITY, "未了事宜回顾：1 件"),
            ("09-30 08:10", XU, "周期检讨 2026年9月：1 件"),
            ("09-30 08:10", XU, "周期检讨 2026年第3季度：1 件"),
            ("10-08 08:10", CHEN, "投诉率 2026年9月：1 件"),  # the 5th moves to after the holiday
            ("10-08 08:10", WANG, "例会汇报：1 件"),
        ]
        assert "汽车：1 件 · 交付批数须不少于 500（上限 0.2%）" in desk.last(CHEN, "投诉率").text
        assert "截止时间：9月30日（周三）17:30 请与客户逐项核对。" in flat(desk.last(GM, "未了事宜"))
        assert "责任部门：质量部" in desk.last(GM, "未了事宜").text
        assert "截止时间：10月9日（周五）17:30" in desk.last(WANG, "例会汇报").text


def test_through_the_spring_festival(tmp_path, config):
    """15 to 23 February are off; Saturdays the 14th and the 28th are worked."""
    with office(tmp_path, "02-09 09:00", config) as desk:
        desk.tick()
        each_day(desk, "2026-02-10", "2026-03-01")
        assert [(when, to, said) for when, to, said in duties(desk) if to != XU] == [
            ("02-12 08:10", WANG, "例会汇报：0 件"),
            ("02-13 08:10", WANG, "例会汇报：0 件"),  # of Friday the 20th: the meeting is on Saturday the 14th
            ("02-26 08:10", WANG, "例会汇报：0 件"),
        ]
        assert [(when, said) for when, to, said in duties(desk) if to == XU] == [
            ("02-28 08:10", "周期检讨 2026年2月：0 件")
        ]


def test_over_the_new_year_with_a_bundle_of_reports_and_restarts(tmp_path, config):
    database = f"sqlite:///{tmp_path}/kesu.db"
    with office(tmp_path, "11-02 09:00", config, database) as desk:
        desk.tick()
        desk.mail(f"林佳怡 <{LIN}>", "转发：投诉：前端盖内径超差", FORM.format(bad=30, symptom=GRAVE))
        desk.press(WANG, desk.last(WANG, "核实"), "不成立", reason="复测符合图纸")
        complain(desk, subject="投诉：前端盖划痕")
        each_day(desk, "2026-11-26", "2026-12-04")
        each_day(desk, "2026-12-28", "2026-12-30")
        assert [one for one in duties(desk) if one[1] == LIN] == [
            ("11-30 08:10", LIN, "8D 归档 11月2日（周一） 至 11月30日（周一）：1 件")
        ]
        assert desk.last(LIN, "8D 归档").attachments == (newest_report(tmp_path),)
    for seed, day in ((8, "2026-12-31"), (9, "2026-12-31")):  # started anew twice on the day itself
        with office(tmp_path, f"{day} 08:0{seed - 7}", config, database, seed) as desk:
            days(desk, day)
            made = [(to, said) for _, to, said in duties(desk)]
            assert made == ([] if seed == 9 else [
                (XU, "周期检讨 2026年12月：0 件"),
                (XU, "周期检讨 2026年第4季度：2 件"),
                (XU, "周期检讨 2026年下半年：2 件"),
                (XU, "周期检讨 2026年：2 件"),
            ])  # fmt: skip
    with office(tmp_path, "2027-01-01 09:00", config, database, 10) as desk:
        each_day(desk, "2027-01-01", "2027-01-06")
        assert duties(desk) == [
            ("01-04 08:10", GM, "未了事宜回顾：1 件"),
            ("01-04 08:10", QUALITY, "未了事宜回顾：1 件"),
            ("01-05 08:10", CHEN, "投诉率 2026年12月：0 件"),
        ]


def test_after_three_weeks_without_power_the_newest_is_told_once_and_says_that_it_is_late(tmp_path, config):
    with office(tmp_path, "11-02 09:00", config) as desk:
        desk.tick()
        complain(desk)
        desk.jump("11-29 03:00")  # a Sunday night
        assert duties(desk) == [], "what nobody reads at night waits for working time"
        desk.jump("11-30 08:00")
        desk.jump("11-30 08:10")
        told = [(to, said) for _, to, said in duties(desk)]
        assert told.count((GM, "未了事宜回顾：1 件")) == 1
        assert told.count((CHEN, "投诉率 2026年10月：0 件")) == 1
        assert [to for to, said in told if "例会汇报" in said] == [WANG], "one Friday, not four"
        assert "系统当时未能运行，本邮件迟发；原定 11月4日（周三）17:30 前完成" in desk.last(GM, "未了事宜").text
        assert "迟发" not in desk.last(XU, "周期检讨").text


def test_a_list_too_long_for_a_mail_is_cut_and_says_so(tmp_path, config, monkeypatch):
    monkeypatch.setattr("daemon.passes.duty_words.MOST_LINES", 2)
    with office(tmp_path, "11-02 09:00", config) as desk:
        desk.tick()
        for number in range(3):
            complain(desk, subject=f"投诉：前端盖划痕 {number}")
        desk.jump("11-04 08:00")
        text = desk.last(GM, "未了事宜").text
        assert ("2611001" in text, "2611002" in text, "2611003" in text) == (True, True, False)
        assert "另有 1 件，见客诉台账。" in text


def test_a_bundle_too_large_for_one_mail_is_several_and_the_rest_lies_in_the_folder(tmp_path, config, monkeypatch):
    monkeypatch.setattr("daemon.passes.bundles.MOST_FILES", 1)
    monkeypatch.setattr("daemon.passes.bundles.MOST_MAILS", 2)
    text = DUTIES.replace('{ are = "closed", in = "since last time" }', '{ are = "open" }')
    text = text.replace('to = "sales"', 'to = "quality_manager"')
    with office(tmp_path, "11-02 09:00", settings(tmp_path, text)) as desk:
        desk.tick()
        for number in range(3):
            complain(desk, subject=f"投诉：前端盖划痕 {number}")
        desk.jump("11-30 08:00")
        first, second = desk.to(CHEN, "8D 归档")
        assert (first.subject, second.subject) == ("8D 归档：3 件（第 1/2 封）", "8D 归档：3 件（第 2/2 封）")
        assert (first.attachments, second.attachments) == (("8D-2611001-r1.docx",), ("8D-2611002-r1.docx",))
        assert "2611003　北方电机" in first.text
        assert "请在共享文件夹中查看： 8D/8D-2611003-r1.docx" in flat(first)
        assert (tmp_path / "ledger/8D/8D-2611003-r1.docx").is_file()
        assert "2611003" not in second.text


def test_one_duty_that_fails_keeps_no_other_from_going_out(tmp_path, config, monkeypatch, caplog):
    caplog.set_level("CRITICAL")
    whole = daemon.passes.duties._notices

    def broken(desk, turn, now):
        if turn.duty.id == "open_review":
            raise ValueError("no room")
        yield from whole(desk, turn, now)

    with office(tmp_path, "11-02 09:00", config) as desk:
        desk.tick()
        complain(desk)
        with monkeypatch.context() as patch:
            patch.setattr("daemon.passes.duties._notices", broken)
            days(desk, "2026-11-04", "2026-11-05")
        assert [to for _, to, said in duties(desk) if "投诉率" in said] == [CHEN]
        assert not desk.to(GM, "未了事宜")
        failed = [one for one in desk.happened if one.event == "duty.failed"]
        assert "open_review 未能完成，将再试：ValueError: no room" in failed[0].text
        desk.jump("11-06 08:00")
        assert desk.to(GM, "未了事宜"), "what failed is tried again until it is done"
