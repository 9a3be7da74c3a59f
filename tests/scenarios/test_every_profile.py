"""Every profile that ships, walked from first mail to closing: the main way, and each way back once."""

import pytest

from daemon.config import load_config
from daemon.processes import shipped, shipped_process
from tests.cast import CONFIG
from tests.desk import office
from tests.scenarios.walking import Walker, config_file, config_text, main_way

NAMES = shipped()


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
