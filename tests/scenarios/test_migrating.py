"""Open cases move to a newer profile: same steps keep their state, gone ones are dropped, new ones open."""

from pathlib import Path

from daemon.core.process import pinned, sources_of
from daemon.processes import override, profile_path, profile_text
from tests.cast import CHEN, WANG
from tests.scenarios.letters import SLIGHT
from tests.scenarios.test_default_profile import CASE, answer_all, complain

NEWER = {
    "order": ["verify", "team", "photos", "containment", "first_answer", "meeting", "cause", "action", "check",
              "approve", "approve_director", "answer", "implement", "confirm", "prevention", "effect", "close"],
    "step": [
        {"id": "photos", "title": "拍照", "owner": "department", "phase": "处理中", "due": "1wd", "takes": "d2.what"},
        {"id": "containment", "due": "2h"},
    ],
    "sections": {"d2.what": "照片说明"},
}  # fmt: skip


OTHER = """
id = "other"
title = "别的流程"
extends = "base"
[[step]]
id = "look"
title = "查看"
owner = "quality_engineer"
phase = "待核实"
due = "1wd"
verdicts = "closing"
"""


def newer(desk):
    text, _ = profile_text("8d", desk.desk.config.base, override(NEWER, "", "config.toml"))
    return desk.desk.store.put_profile(text)


def move(desk, number, profile):
    desk.desk.store.queue_command("migrate", {"number": number, "profile": profile}, desk.clock.now())
    desk.tick()
    return next(one.text for one in reversed(desk.happened) if one.event == "command.done")


def case_of(desk, number=CASE):
    return desk.desk.store.case_numbered(number)


def test_a_case_moves_and_goes_on_by_the_new_profile(desk):
    complain(desk, SLIGHT)
    desk.press(WANG, desk.last(WANG, "核实"), "成立")
    profile = newer(desk)
    desk.forget()
    assert "emergency" in case_of(desk).open_steps
    said = move(desk, CASE, profile)
    case = case_of(desk)
    assert case.profile == profile
    assert "emergency" not in case.steps
    assert case.steps["verify"].status == "done"
    assert set(case.open_steps) == {"team", "photos", "containment"}
    assert "drops 应急" in said
    assert "opens 拍照" in said
    assert "D3 围堵" in said, "two hours in place of a day"
    assert str(case.steps["containment"].due_at)[:16] == "2026-11-02 03:00"
    assert [mail for mail in desk.sent if "拍照" in mail.text], "the new step is asked for"
    assert [event.type.value for event in desk.desk.store.events(case.id)].count("migrated") == 1
    assert desk.desk.store.broken_chain(case.id) is None


def test_a_step_that_is_gone_is_answered_no_more_and_the_rest_goes_to_its_end(desk):
    complain(desk)
    answer_all(desk)
    move(desk, CASE, newer(desk))
    desk.press(WANG, desk.last(WANG, "审核"), "通过")
    assert desk.last(CHEN, "审批")
    assert case_of(desk).steps["check"].status == "done"


def test_what_makes_no_sense_is_refused_with_the_reason(desk):
    complain(desk, SLIGHT)
    assert "follows this very profile" in move(desk, CASE, desk.desk.profile)
    assert "there is no case 2611099" in move(desk, "2611099", newer(desk))
    other = desk.desk.store.put_profile(
        pinned(
            sources_of(OTHER, "other.toml", lambda name: (profile_path(name, Path()).read_text(encoding="utf-8"), name))
        )
    )
    before = case_of(desk)
    assert "cannot be moved" in move(desk, CASE, other)
    assert case_of(desk) == before
    desk.press(WANG, desk.last(WANG, "核实"), "不成立", reason="合格")
    assert "closed" in move(desk, CASE, newer(desk))
