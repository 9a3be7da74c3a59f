"""A reminder at a share of the time counts from when the time began, and knows the pauses."""

from daemon.core.commands import Correct, Hold, Resume
from daemon.core.evolve import replay
from daemon.core.ladder import waiting
from daemon.core.process import load_sources, source
from daemon.processes import profile_sources
from tests.cast import WANG
from tests.core.play import CALENDARS, local, registered

SAMPLES = """
[facts.samples_in]
header = "样品到达"
kind = "date"
[[step]]
id = "containment"
due = "4wd"
clock_starts = "samples_in"
customer_date = false
[ladder.default]
general = [{ at = "50%", to = "owner" }, { at = "due", to = "owner" }]
"""
PROCESS = load_sources((*profile_sources("8d"), source(SAMPLES, "own.toml")))


def rungs(play):
    found = waiting(play.case, PROCESS.steps["containment"], PROCESS, CALENDARS)
    return [local(one.at) for one in found]


def test_the_share_counts_from_the_day_on_which_the_time_began():
    play = registered("一般", process=PROCESS)
    assert rungs(play) == []
    play.must(Correct({"samples_in": "2026-11-10"}), WANG)
    assert rungs(play) == ["11-12 08:00", "11-16 08:00"], "Tuesday to Monday, four working days; half of it is two"
    assert replay(play.events) == play.case


def test_the_share_knows_the_pauses():
    play = registered("一般", process=PROCESS)
    play.must(Correct({"samples_in": "2026-11-03"}), WANG)
    assert rungs(play) == ["11-05 08:00", "11-09 08:00"]
    play.at("11-04 08:00").must(Hold("等样品"), WANG)
    play.at("11-11 08:00").must(Resume(), WANG)
    assert rungs(play) == ["11-12 08:00", "11-16 08:00"], "a day of four was used before the five that it stood still"
