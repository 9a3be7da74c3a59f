"""docs/systems.md is held true: every letter has its table, and every place that a table names is in its profile."""

import re
from pathlib import Path

import pytest

from daemon.core.process.composing import compose
from daemon.processes import profile_sources, shipped, shipped_process

TEXT = (Path(__file__).parents[1] / "docs" / "systems.md").read_text(encoding="utf-8")
HEADING = re.compile(r"^## ([A-V])\. .*\(`([\w-]+)`\)$", re.MULTILINE)
ROW = re.compile(r"^\| (?!---|It asks)(.+?) \| (.+) \|$", re.MULTILINE)
PLACE = re.compile(r"`([a-z_]+(?:\.[A-Za-z0-9_-]+)*)`")
WITHOUT_A_PLACE = ("**not expressible**", "the ledger", "the others")  # what needs no word of the profile, or has none
OF_CASES = {"case_no"}  # what every case has without a word of the profile


def tables():
    """Each letter with its profile and the rows of its table."""
    parts = HEADING.split(TEXT)
    for letter, profile, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        yield letter, profile, ROW.findall(body.split("\n## ")[0])


TABLES = {letter: (profile, rows) for letter, profile, rows in tables()}


def found(place, data):
    """Tell whether a place such as step.verify.due is in a profile's data; sections have dots in their keys."""
    head, _, rest = place.partition(".")
    if head not in data:
        return False
    return not rest or within(data[head], rest)


def within(data, place):
    if isinstance(data, list):
        named = {one["id"]: one for one in data if isinstance(one, dict) and "id" in one}
        return within(named, place) if named else False
    if not isinstance(data, dict):
        return False
    keys = [key for key in data if place == key or place.startswith(f"{key}.")]
    return any(place == key or within(data[key], place[len(key) + 1 :]) for key in keys)


@pytest.mark.parametrize("letter", TABLES)
def test_every_place_that_a_table_names_is_in_its_profile(letter):
    profile, rows = TABLES[letter]
    data = compose(profile_sources(profile)).data
    assert rows
    for asked, carried in rows:
        places = [one for one in PLACE.findall(carried) if one not in {*OF_CASES, "8d"}]
        missing = [one for one in places if not found(one, data)]
        assert not missing, f"{letter}: {asked}"
        assert places or any(words in carried for words in WITHOUT_A_PLACE), f"{letter}: {asked}"


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_both_readmes_list_the_profiles_that_ship(readme):
    text = (Path(__file__).parents[1] / readme).read_text(encoding="utf-8")
    assert not [name for name in shipped() if f"| `{name}` |" not in text]


def test_what_is_not_there_is_not_found():
    data = compose(profile_sources("seven-steps")).data
    assert found("step.classify.choices.complex.sets", data)
    assert found("sections.d5.actions", data)
    for place in ("step.nothing", "step.classify.nothing", "sections.d5", "duty.kpi", "step.classify.choices.no"):
        assert not found(place, data), place


def test_every_profile_that_ships_is_named_with_a_link():
    for name in shipped():
        assert f"[`{name}`](../daemon/processes/{name}.toml)" in TEXT


def test_every_letter_has_a_table():
    assert list(TABLES) == [chr(code) for code in range(ord("A"), ord("V") + 1)]


def test_a_store_promises_its_customer_nothing_in_writing():
    process = shipped_process("store")
    to_outside = {tell.template for tell in process.tells() if {"reporter", "writer"} & set(tell.to)}
    assert to_outside == {"receipt", "explanation"}
    asked = {role for step in process.step for role in step.owner}
    assert "reporter" not in asked
