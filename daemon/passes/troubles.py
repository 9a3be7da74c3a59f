"""What does not work at present and since when, kept in the store so that a restart does not make it young again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from daemon.adapters.secrets import without_secrets
from daemon.core.health import Trouble
from daemon.notices.plain import one_line
from daemon.passes.desk import Happening
from daemon.seams import Store

LONGEST_WHY = 400
_ANSWERED = frozenset({"mail.sent", "mail.refused"})


def begin(store: Store, key: str, now: datetime, why: str, *, locked: bool = False) -> None:
    """Note that something does not work now; it has not since it was first noted."""
    before = trouble_of(store.recall(f"trouble.{key}"))
    after = Trouble(before.since if before else now, one_line(without_secrets(why), LONGEST_WHY), locked)
    if after != before:
        said = {"since": after.since.isoformat(), "why": after.why, "locked": after.locked}
        store.remember(f"trouble.{key}", json.dumps(said, ensure_ascii=False))


def end(store: Store, key: str) -> None:
    """Note that something works."""
    if store.recall(f"trouble.{key}"):
        store.remember(f"trouble.{key}", "")


def trouble_of(text: str | None) -> Trouble | None:
    """Return a trouble as it was kept, None when there is none."""
    if not text:
        return None
    said = json.loads(text)
    return Trouble(datetime.fromisoformat(said["since"]), said["why"], said["locked"])


def follow_server(store: Store, heard: Iterable[Happening], now: datetime) -> None:
    """Note from what became of the mails of a pass whether the SMTP server takes any.

    That it has one recipient wait (a temporary answer to RCPT) says nothing about the others.
    """
    told = tuple(heard)
    late = [one.text for one in told if one.event == "mail.later" and ": RCPT: " not in one.text]
    if any(one.event in _ANSWERED for one in told):
        end(store, "smtp")
    elif late:
        begin(store, "smtp", now, late[-1])
