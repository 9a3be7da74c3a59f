"""People are at the same mailbox: a mail goes away between any two commands of the daemon."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.crash.promises import SHELF_OF
from tests.crash.world import Beginning, World, first_start, ground, name_of, world
from tests.faults.sweep import between, run_through
from tests.real.process import looking

pytestmark = pytest.mark.server

THEIRS = "个人"
UP_TO_THE_BODIES = 5
READING = {"SELECT", "UID SEARCH", "UID FETCH"}


@pytest.fixture(scope="module")
def beginning(need_dovecot):
    with ground() as there:
        yield first_start(there)


def taken_away(place: World, name: str) -> bool:
    """Move a mail from the inbox to a folder of a person's own, as a mail program does."""
    with place.beginning.ground.dovecot.person(place.user) as box:
        if not box.folder.exists(THEIRS):
            box.folder.create(THEIRS)
        box.folder.set("INBOX")
        uids = [
            one.uid for one in box.fetch(mark_seen=False, headers_only=True) if one.headers["message-id"] == (name,)
        ]
        if uids:
            box.move(uids, THEIRS)
        return bool(uids)


def where(place: World) -> dict[str, list[str]]:
    """Return the folders in which each mail lies."""
    found: dict[str, list[str]] = {}
    for folder in ("INBOX", *dict.fromkeys(SHELF_OF.values()), THEIRS):
        for raw in place.beginning.ground.dovecot.lying(place.user, folder):
            found.setdefault(name_of(raw), []).append(folder)
    return found


def outcomes(place: World) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with looking(place.config) as store, store._reading() as tables:
        for name, outcome in tables.exec_driver_sql("SELECT message_id, outcome FROM mails"):
            found.setdefault(name, []).append(outcome)
    return found


def reading_commands(beginning: Beginning) -> list[int]:
    with world(beginning, "people-look") as place:
        imap, smtp = between(place)
        assert run_through(place, imap, smtp)[0] == 0
        return [one.number for one in imap.commands if one.verb in READING][:UP_TO_THE_BODIES]


def test_a_mail_that_a_person_takes_away_amid_the_reading_holds_up_no_other(beginning):
    complaint, *others = beginning.put
    for number in reading_commands(beginning):
        with world(beginning, f"people-{number}") as place:
            imap, smtp = between(place)

            def taking(_talk, _command, answer, place=place):
                taken_away(place, complaint)
                return answer

            code, said = run_through(place, replace(imap, at=number, harm=taking), smtp, patience=30)
            assert (code, "Traceback" in said) == (0, False), said
            lies, became = where(place), outcomes(place)
            assert len(lies[complaint]) == 1, f"after command {number} it lies in {lies[complaint]}"
            assert "INBOX" not in lies[complaint]
            assert became.get(complaint, ["case"]) == ["case"], "read or not read, never twice and never set aside"
            assert {name: lies[name] for name in others} == {name: [SHELF_OF[became[name][0]]] for name in others}
