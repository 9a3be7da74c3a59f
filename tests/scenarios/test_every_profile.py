"""Every profile that ships, walked from first mail to closing: the main way, each way back once, each other verdict."""

import pytest

from daemon.config import load_config
from daemon.processes import shipped, shipped_process
from tests.cast import CONFIG, LI
from tests.desk import office
from tests.scenarios.letters import FORM, SLIGHT
from tests.scenarios.walking import Walker, config_file, config_text, leads_on, main_way

NAMES = shipped()
WORST = "产品起火，造成人身伤害，我司全线停线。"  # 重大 in any trade


def opened(folder, name):
    text = config_text(name, shipped_process(name), CONFIG.read_text(encoding="utf-8"))
    return office(folder, config=load_config(config_file(folder, text)))


@pytest.mark.parametrize("name", NAMES)
def test_the_main_way_leads_from_the_first_mail_to_closing(tmp_path, name):
    with opened(tmp_path, name) as desk:
        people = Walker(desk)
        people.complain()
        people.walk()
        assert people.case.closed_at
        assert desk.row(people.number)["status"] == "已结案"
        assert people.case.round == 1


@pytest.mark.parametrize("name", NAMES)
def test_each_verdict_that_leads_back_begins_a_round_and_the_case_still_closes(tmp_path, name):
    process = shipped_process(name)
    back = {(step.id, key) for step in process.step for key, choice in step.choices.items() if choice.back_to}
    with opened(tmp_path, name) as desk:
        people = Walker(desk)
        people.choosing = lambda step: next(
            (key for key in step.choices if (step.id, key) in back - set(people.taken)), main_way(step)
        )
        people.complain()
        people.walk()
        gone = set(people.taken) & back
        assert people.case.round == 1 + len(gone)
        assert desk.row(people.number)["round"] == 1 + len(gone)
        unasked = {one for one in back - gone if one[0] in {step for step, _ in people.taken}}
        assert not unasked


def others(process):
    """The verdicts that lead on beside the main way, those that end the case last."""
    ways = [
        (step.id, key)
        for step in process.step
        for key, choice in step.choices.items()
        if leads_on(choice) and key != main_way(step)
    ]
    return sorted(ways, key=lambda way: bool(process.steps[way[0]].choices[way[1]].ends))


def aside(step, wanted):
    """Return a wanted verdict of this step, or else the last one that leads on and does not end the case."""
    ways = [key for key, choice in step.choices.items() if leads_on(choice) and not choice.ends]
    return next((key for key in ways if (step.id, key) in wanted), ways[-1] if ways else main_way(step))


@pytest.mark.parametrize("name", NAMES)
def test_each_other_verdict_can_be_given_and_the_case_closes(tmp_path, name):
    process = shipped_process(name)
    left = dict.fromkeys(others(process))
    for number, target in enumerate(left.copy()):
        by_the_way = (main_way, SLIGHT), (lambda step: aside(step, set(left)), SLIGHT), (main_way, WORST)
        for attempt, (fallback, symptom) in enumerate(by_the_way):
            if target not in left:
                break
            folder = tmp_path / f"{number}-{attempt}"
            folder.mkdir()
            with opened(folder, name) as desk:
                people = Walker(desk)
                people.choosing = lambda step, t=target, f=fallback: t[1] if step.id == t[0] else f(step)
                people.complain(symptom)
                people.walk()
                assert desk.row(people.number)["status"] == "已结案"
                for one in people.taken:
                    left.pop(one, None)
    assert not left


def test_a_number_in_a_label_of_the_profile_raises_the_grade(tmp_path):
    with opened(tmp_path, "car-parts") as desk:
        text = FORM.format(bad=3, symptom=SLIGHT).replace("交货数量", "客户日用量：约 2,400 件/日\n交货数量")
        desk.mail(f"李娜 <{LI}>", "投诉：前端盖", text)
        (row,) = desk.rows.values()
        assert row["daily_use"] == 2400
        assert row["severity"] == "重要"


def test_a_valid_complaint_of_a_resident_that_is_not_solved_in_a_month_becomes_critical(tmp_path):
    with opened(tmp_path, "residents") as desk:
        people = Walker(desk)
        people.complain("外墙有轻微渗水痕迹，请处理。")
        people.walk(until=lambda: "verify" in people.answered)
        assert desk.row(people.number)["severity"] == "一般"
        desk.at("12-02 08:00")
        assert desk.row(people.number)["severity"] == "一般"
        desk.at("12-02 12:00")
        assert desk.row(people.number)["severity"] == "重大"


def test_a_major_complaint_that_comes_again_is_linked_and_critical(tmp_path):
    with opened(tmp_path, "major") as desk:
        people = Walker(desk)
        people.complain()
        people.walk()
        assert desk.row(people.number)["severity"] == "一般"
        desk.mail(f"李娜 <{LI}>", "投诉：前端盖", FORM.format(bad=30, symptom=SLIGHT))
        (again,) = set(desk.rows) - {people.number}
        assert desk.row(again)["repeat_of"] == people.number
