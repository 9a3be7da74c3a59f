"""Measures: lines of a section that keep their id, and what people say of one."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.core.commands import Choose, Context, Give, Refusal, SetMeasure
from daemon.core.decide import decide
from daemon.core.events import EventType, Via
from daemon.core.evolve import evolve, replay
from daemon.core.hiding import Veil, behind
from daemon.core.measure_lines import blocks_of, joined, line_of, next_mark, read_line
from daemon.core.measures import MEASURE_SECTIONS, MOST, with_section, without_sections
from tests.cast import LI, PRODUCTION, WANG
from tests.core.play import CALENDARS, DIRECTORY, actor_at, registered, to_check, to_closed

DAY = date(2026, 11, 20)
D5 = "d5.actions"

LINES = [
    #  the line                                        what            who          due           done
    ("改造程序（张三，12月1日前）", ("改造程序", "张三", "2026-12-01", "")),
    ("改造程序（张三，12月1日前完成）。", ("改造程序", "张三", "2026-12-01", "")),
    ("改造程序(张三 2027/1/3)", ("改造程序", "张三", "2027-01-03", "")),
    ("改造程序（张三、李四，1月3日）", ("改造程序", "张三、李四", "2027-01-03", "")),
    ("改造程序（已完成，11月18日）", ("改造程序", "", "", "2026-11-18")),
    ("改造程序（质量部，11月18日已完成）", ("改造程序", "质量部", "", "2026-11-18")),
    ("改造程序，责任人：王建国，完成时间：2026-12-05", ("改造程序", "王建国", "2026-12-05", "")),
    ("改造程序（责任人：王建国）", ("改造程序", "王建国", "", "")),
    ("Update the SOP (Wang Jianguo, by 1 Dec)", ("Update the SOP", "Wang Jianguo", "2026-12-01", "")),
    # What is not plain stays in the words.
    *(
        (line, (line, "", "", ""))
        for line in (
            "全检（成品库）", "隔离（成品库，12月1日）", "复核（王建国）", "内径改为（0.5，12月1日）",
            "测量（2次，Φ12.5）", "（张三，12月1日）", "改造程序（见 12月1日的邮件）", "改造程序（13月40日）",
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("line", "read"), LINES)
def test_who_and_when_are_read_at_the_end_of_a_line_when_they_are_plain(line, read):
    assert tuple(read_line(line, DAY)) == read


def measures(text, old=(), seq=5, section=D5):
    return with_section(old, section, text, seq, DAY)


def words(found):
    return [(one.id, one.what, one.dropped) for one in found]


@pytest.mark.parametrize(
    ("text", "whats"),
    [
        ("1. 隔离在库品\n2. 通知客户", ["隔离在库品", "通知客户"]),
        ("隔离在库品\n\n通知客户", ["隔离在库品", "通知客户"]),
        ("采取以下措施：\n（1）隔离在库品\n  共 200 件\n（2）通知客户", ["隔离在库品\n共 200 件", "通知客户"]),
        ("① 隔离\r\n② 通知", ["隔离", "通知"]),
        ("- 隔离\n- 12.5 mm 全检", ["隔离", "12.5 mm 全检"]),
        ("1.5 倍加严抽检", ["1.5 倍加严抽检"]),
        ("无锡仓库隔离", ["无锡仓库隔离"]),
        *(
            (one, [])
            for one in ("无", "暂无。", "不需要：客户已换货", "无需应急", "N/A", "not needed", "", "客户端：", "——")
        ),
    ],
)
def test_lines_are_measures(text, whats):
    assert [one.what for one in measures(text)] == whats


def test_of_minutes_only_decisions_are_measures():
    text = "时间 11月20日，出席：王、李\n讨论了原因\n决定：\n1. 加做首件检查\n2. 换供应商\n其他：\n散会"
    text += "\n补做培训（张三，12月1日）"
    assert [one.what for one in measures(text, section="meetings")] == ["加做首件检查", "换供应商", "补做培训"]


def test_an_id_stays_when_the_text_around_it_changes():
    first = measures("1. 改造补正值程序（张三，12月1日前）\n2. 培训\n3. 加做首件检查")
    assert words(first) == [("5-1", "改造补正值程序", False), ("5-2", "培训", False), ("5-3", "加做首件检查", False)]
    again = measures("一、加做首件检查\n二、改造补正值程序，取消人工输入\n三、防呆\n", first, 9)
    assert {(one.id, one.dropped) for one in again} == {("5-1", False), ("5-3", False), ("9-1", False), ("5-2", True)}
    kept = next(one for one in again if one.id == "5-1")
    assert (kept.what, kept.who, kept.due) == ("二、改造补正值程序，取消人工输入", "张三", "2026-12-01")
    back = measures("培训", again, 12)
    assert [(one.id, one.dropped) for one in back if not one.dropped] == [("5-2", False)]


def test_equal_lines_are_told_apart_and_stay_so():
    first = measures("全检\n全检")
    assert [one.id for one in first] == ["5-1", "5-2"]
    assert measures("全检\n全检", first, 9) == first
    assert words(measures("全检", first, 9)) == [("5-1", "全检", False), ("5-2", "全检", True)]


def test_what_is_done_is_not_said_of_another_measure():
    done = (replace(measures("培训")[0], done="2026-11-18"),)
    assert [(one.id, one.done) for one in measures("培训外协厂的全部检验员", done, 9)] == [
        ("9-1", ""), ("5-1", "2026-11-18"),
    ]  # fmt: skip
    assert measures("培训。", done, 9)[0].done == "2026-11-18"


TEXTS = st.lists(st.sampled_from(["改造程序", "改造程序二", "培训", "培训全员", "全检", "无", ""]), max_size=8).map(
    "\n".join
)


@settings(max_examples=200)
@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_each_line_is_one_measure_and_each_measure_one_line(texts):
    found = ()
    for seq, text in enumerate(texts, 1):
        before = found
        found = measures(text, before, seq)
        assert len({one.id for one in found}) == len(found)
        assert {one.id for one in before} <= {one.id for one in found}, "nothing is forgotten"
        living = [one.line for one in found if not one.dropped]
        assert living == [block.text for block in blocks_of(text) if block.text]
        assert measures(text, found, seq + 50) == found


def test_a_section_of_thousands_of_lines_is_bounded():
    assert len(measures("\n".join(f"第{n}件全检" for n in range(5000)))) == MOST


def test_other_sections_are_text():
    assert with_section((), "d4.occurrence.cause", "1. 输错", 5, DAY) == ()
    assert [one.dropped for one in without_sections(measures("全检"), [D5])] == [True]


@pytest.mark.parametrize("text", ["1. a\n2. b", "（1）a", "① a", "- a", "a", ""])
def test_a_line_is_added_as_the_others_are_written(text):
    blocks = blocks_of(text)
    assert joined(blocks) == text
    expected = {"1. a\n2. b": "3. ", "（1）a": "（2）", "① a": "②", "- a": "- "}
    assert next_mark(blocks) == expected.get(text, "")


# ── what people say ──


def said(play, command, by=WANG, via=Via.LEDGER):
    context = Context(play.process, DIRECTORY, CALENDARS, play.now, actor_at(by), via, "cell")
    decided = decide(play.played, command, context)
    if not isinstance(decided, Refusal):
        play.events.extend(decided)
        for event in decided:
            play.played = evolve(play.played, event)
        assert replay(play.events) == play.case
    return decided


def living(play, section=D5):
    return [one for one in play.case.measures if one.section == section and not one.dropped]


def with_actions(text="1. 改造程序（张三，11月20日前）\n2. 培训"):
    play = to_check()
    play.must(Give({D5: text}), PRODUCTION)
    return play


def test_a_measure_is_done():
    play = with_actions()
    one = living(play)[0]
    (event,) = said(play, SetMeasure(one.id, done="2026-11-19", evidence="程序版本 V2"))
    assert event.type is EventType.MEASURE_SET
    assert living(play)[0] == replace(one, done="2026-11-19", evidence="程序版本 V2")
    assert play.case.section(D5).startswith("1. 改造程序（张三，11月20日前）"), "the answer is as it was given"
    assert said(play, SetMeasure(one.id, done="2026-11-19")) == ()


def test_a_text_changed_there_changes_the_line():
    play = with_actions()
    before = play.case.sections[D5]
    said(play, SetMeasure(living(play)[0].id, what="改造\n程序并锁定", due="2026-12-01"))
    assert play.case.section(D5) == "1. 改造 程序并锁定（张三，2026-12-01 前）\n2. 培训"
    assert replace(play.case.sections[D5], text="") == replace(before, text=""), "it is still the department's answer"
    again = play.case.section(D5)
    ids = [one.id for one in living(play)]
    play.must(Give({D5: f"{again}\n3. 防呆"}), PRODUCTION)
    assert [one.id for one in living(play)][:2] == ids
    assert [one.due for one in living(play)] == ["2026-12-01", "", ""]


def test_a_new_row_adds_a_line_once():
    play = with_actions()
    row = SetMeasure("", D5, what="3. 防呆", who="李四", due="2026-12-05")
    said(play, row)
    assert play.case.section(D5).endswith("\n2. 培训\n3. 防呆（李四，2026-12-05 前）")
    assert said(play, row) == ()
    assert [one.what for one in living(play)] == ["改造程序", "培训", "防呆"]
    assert len({one.id for one in living(play)}) == 3


def test_a_row_typed_into_an_empty_section_gives_it():
    play = registered()
    play.must(Choose("verify", "founded"), WANG)
    said(play, SetMeasure("", "d3.containment", what="隔离在库品"))
    assert play.case.section("d3.containment") == "隔离在库品"
    assert "containment" not in play.open


def test_a_text_that_says_there_are_none_gives_way():
    play = with_actions("无")
    said(play, SetMeasure("", D5, what="防呆"))
    assert play.case.section(D5) == "防呆"


def test_a_decision_typed_by_people_stays_one():
    play = with_actions()
    play.must(Give({"meetings": "出席：王、李\n决定：\n1. 加做首件检查"}), WANG)
    said(play, SetMeasure("", "meetings", what="换供应商"))
    assert [one.what for one in living(play, "meetings")] == ["加做首件检查", "换供应商"]
    play.must(Give({"meetings": play.case.section("meetings")}), WANG)
    assert [one.what for one in living(play, "meetings")] == ["加做首件检查", "换供应商"]


@pytest.mark.parametrize("section", MEASURE_SECTIONS)
def test_a_row_is_read_back_as_it_was_typed(section):
    play = with_actions()
    said(play, SetMeasure("", section, what="2、换 A-3 刀具：", who="生产部王工/李四", due="2026-12-05"))
    (one,) = [one for one in living(play, section) if "刀具" in one.what]
    assert (one.what, one.who, one.due) == ("换 A-3 刀具", "生产部王工/李四", "2026-12-05")
    text = play.case.section(section)
    assert with_section(play.case.measures, section, text, 99, DAY) == play.case.measures


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (SetMeasure("77-1", done="2026-11-19"), "没有找到这条措施"),
        (SetMeasure("", "d4.occurrence.cause", what="x"), "没有找到这条措施"),
        (SetMeasure("", D5, what="  "), "不能空着"),
        (SetMeasure("", D5, what="无"), "不能空着"),
        (SetMeasure("", D5, what="防呆", due="12月"), "没有读出日期"),
        (SetMeasure("", D5), "不能空着"),
    ],
)
def test_what_cannot_be_is_refused_in_words(command, word):
    refused = said(with_actions(), command)
    assert word in refused.why["zh-CN"]


@pytest.mark.parametrize(
    ("by", "via", "may"),
    [
        (WANG, Via.LEDGER, True),
        (PRODUCTION, Via.MAIL, True),
        (PRODUCTION, Via.WORD, True),
        (WANG, Via.MAIL, False),
        (LI, Via.LEDGER, False),
        (LI, Via.MAIL, False),
    ],
)
def test_the_department_and_quality_through_the_ledger_may(by, via, may):
    play = with_actions()
    assert isinstance(said(play, SetMeasure(living(play)[0].id, done="2026-11-19"), by, via), Refusal) is not may


def test_measures_are_done_after_the_complaint_is_closed_too_and_its_answer_stays():
    play = to_closed()
    one, text = living(play)[0], play.case.section(D5)
    said(play, SetMeasure(one.id, who="李四", due="2026-12-20", done="2026-12-18", evidence="点检表"))
    now = living(play)[0]
    assert (now.who, now.done, now.evidence, now.line) == ("李四", "2026-12-18", "点检表", one.line)
    assert play.case.section(D5) == text
    assert isinstance(said(play, SetMeasure(one.id, what="别的")), Refusal)
    assert isinstance(said(play, SetMeasure("", D5, what="防呆")), Refusal)


def test_a_dropped_measure_comes_back_when_it_is_worded_anew():
    play = with_actions()
    gone = living(play)[1]
    play.must(Give({D5: "1. 改造程序（张三，11月20日前）"}), PRODUCTION)
    said(play, SetMeasure(gone.id, done="2026-11-19"))
    assert next(one for one in play.case.measures if one.id == gone.id).dropped
    said(play, SetMeasure(gone.id, what="培训全员"))
    assert [(one.id, one.what, one.done) for one in living(play)][1] == (gone.id, "培训全员", "2026-11-19")


def test_a_transfer_drops_the_measures_of_the_answer_that_it_forgets():
    play = with_actions()
    measured = play.case
    event = replace(
        play.events[-1], type=EventType.TRANSFERRED, data={"to": "技术部", "from": "生产部", "forgets": [D5]}
    )
    assert all(one.dropped for one in evolve(measured, event).measures if one.section == D5)


def test_what_is_hidden_is_hidden_in_measures_too():
    play = with_actions("1. 到北方电机挑选（张三，11月20日前）")
    veil = Veil(frozenset({"customer"}), re.compile("北方电机"))
    assert "北方电机" not in str(behind(veil, play.case).measures)


def test_a_line_reads_back_as_it_is_written():
    assert line_of("防呆", "", "") == "防呆"
    assert read_line(line_of("防呆", "张三", "2026-12-05"), DAY)[:3] == ("防呆", "张三", "2026-12-05")
