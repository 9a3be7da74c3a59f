"""Cases and notices survive their way through JSON."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.store.snapshots import (
    case_of,
    case_text,
    cells_of,
    cells_text,
    json_text,
    notice_of,
    notice_text,
)
from daemon.adapters.store.types import NaiveMoment, microseconds, moment
from daemon.core.case import Case, Evidence, Fact, Section, StepState
from daemon.core.notice import Notice
from daemon.core.places import Place

from .samples import full_complaint

TEXT = st.text(max_size=20)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.tuples(st.integers(-(2**52), 2**52).map(moment), st.just(UTC) | OFFSETS).map(
    lambda pair: pair[0].astimezone(pair[1])
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
PLAIN = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))
SOMETIMES = st.none() | MOMENTS
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
PLACES = st.builds(Place, part=TEXT, start=..., end=..., words=TEXT)
FACTS = st.builds(Fact, value=SCALARS, certainty=..., source=TEXT, place=st.none() | PLACES)
SECTIONS = st.builds(Section, text=TEXT, by=TEXT, at=MOMENTS, round=...)
STEPS = st.builds(
    StepState,
    status=...,
    round=...,
    opened_at=SOMETIMES,
    due_at=SOMETIMES,
    done_at=SOMETIMES,
    by=TEXT,
    acknowledged_by=TEXT,
    fired=TEXTS,
    reason=TEXT,
    missed=...,
)
CASES = st.builds(
    Case,
    number=TEXT,
    profile=TEXT,
    opened_at=MOMENTS,
    closed_at=SOMETIMES,
    language=TEXT,
    reporter=TEXT,
    reporter_name=TEXT,
    subject=TEXT,
    status=...,
    round=...,
    transfers=...,
    transfer_asked=TEXT,
    facts=st.dictionaries(TEXT, FACTS, max_size=4),
    sections=st.dictionaries(TEXT, SECTIONS, max_size=3),
    steps=st.dictionaries(TEXT, STEPS, max_size=3),
    evidence=st.lists(st.builds(Evidence, name=TEXT, sha256=TEXT, media_type=TEXT), max_size=3).map(tuple),
    dead_addresses=TEXTS,
)
NOTICES = st.builds(
    Notice,
    template=TEXT,
    recipient=TEXT,
    case=...,
    name=TEXT,
    purpose=TEXT,
    steps=TEXTS,
    urgent=...,
    form=TEXT,
    evidence=...,
    digest=TEXT,
    values=st.dictionaries(TEXT, PLAIN, max_size=3),
)


def types_of(case):
    return {key: type(fact.value) for key, fact in case.facts.items()}


@given(CASES)
def test_any_case_comes_back(case):
    again = case_of(case_text(case))
    assert again == case
    assert types_of(again) == types_of(case)
    assert list(again.steps) == list(case.steps)


def test_a_full_case_comes_back():
    assert case_of(case_text(full_complaint())) == full_complaint()


@given(NOTICES)
def test_any_notice_comes_back(notice):
    assert notice_of(notice_text(notice)) == notice


@given(
    st.dictionaries(TEXT, st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT | MOMENTS)
)
def test_any_cells_come_back(cells):
    again = cells_of(cells_text(cells))
    assert again == cells
    assert {key: type(value) for key, value in again.items()} == {key: type(value) for key, value in cells.items()}


def test_a_field_of_a_newer_kesu_is_passed_over():
    text = case_text(full_complaint())
    assert case_of(text[:-1] + ',"colour":"red"}') == full_complaint()


def test_half_characters_are_replaced():
    assert json_text({"a": "x\ud800y"}) == '{"a":"x\ufffdy"}'


@pytest.mark.parametrize(("value", "fault"), [(float("inf"), ValueError), ({1, 2}, TypeError), (b"x", TypeError)])
def test_what_json_cannot_hold_is_refused(value, fault):
    with pytest.raises(fault):
        json_text({"a": value})


@given(MOMENTS)
def test_instants_are_exact(at):
    assert moment(microseconds(at)) == at
    assert moment(microseconds(at)).tzinfo is UTC


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(NaiveMoment, match="no time zone"):
        microseconds(datetime(2026, 3, 9))  # noqa: DTZ001 - on purpose
