"""The corpus of complaint mails: kinds are all right, and no group falls below what was reached once."""

import json
import time
from collections import defaultdict

import pytest

from daemon.intake.read import as_json, read
from tests.corpus.score import compare
from tests.intake.conftest import CORPUS

MAILS = sorted((CORPUS / "mails").glob("*.eml"))
FLOORS = {
    "kind": 1.0,
    "case_ref": 1.0,
    "contact.email": 1.0,
    "forwarded": 1.0,
    "reply.trusted": 1.0,
    "reply.intent": 1.0,
    "reply.sections": 1.0,
    "reply.excludes": 1.0,
    "facts": 1.0,
    "triage": 1.0,
    "attachments": 0.979,  # 022 wants a photo that Gmail attached to be no evidence; losing a customer's photo is worse
    "phenomenon": 1.0,
}


@pytest.fixture(scope="module")
def rows(directory, corpus_known):
    found = defaultdict(list)
    for path in MAILS:
        expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
        for group, field, right, want, got in compare(
            expected, as_json(read(path.read_bytes(), directory, corpus_known))
        ):
            found[group].append((right, f"{path.stem}: {field}: wanted {want!r}, found {got!r}"))
    return found


@pytest.mark.parametrize("group", FLOORS)
def test_a_group_keeps_its_floor(rows, group):
    misses = [line for right, line in rows[group] if not right]
    assert 1 - len(misses) / len(rows[group]) >= FLOORS[group], "\n".join(misses)


def test_every_mail_of_the_corpus_is_there():
    assert len(MAILS) == 48


def test_small_mails_are_read_quickly(directory, corpus_known):
    mails = [path.read_bytes() for path in MAILS]
    start = time.perf_counter()
    for raw in mails:
        read(raw, directory, corpus_known)
    assert time.perf_counter() - start < len(mails) / 60  # 60 a second on a loaded machine; 300 is usual
