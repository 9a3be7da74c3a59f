"""The facts of the daemon's health, gathered from the store, config and disks, and the report that monitoring reads."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Any

from daemon.adapters.calendars import guesses
from daemon.config import Config, named_settings_of, settings_of
from daemon.core.health import Disk, Facts, Followed, Matter, State, dated, judge, worst
from daemon.core.worktime import WorkCalendar
from daemon.passes.troubles import trouble_of
from daemon.seams import Store

FORMAT = 1
SMTP = "smtp"
REIGN = "reign"  # since when the daemon at work has been so


class Role(StrEnum):
    """What a daemon does beside others on the same database."""

    ACTIVE = "active"
    STANDBY = "standby"


@dataclass(frozen=True, slots=True)
class Health:
    """What was seen at one moment, and how it was judged."""

    facts: Facts
    matters: tuple[Matter, ...]
    holder: str | None
    at: datetime
    active_since: datetime | None = None

    def as_bytes(self, role: Role = Role.ACTIVE) -> bytes:
        """Return health.json."""
        return json.dumps(self.as_json(role=role), ensure_ascii=False, indent=1).encode() + b"\n"

    def as_json(self, *, role: Role = Role.ACTIVE) -> dict[str, Any]:
        """Return what health.json says; see docs/running.md, which promises these keys."""
        facts = self.facts
        return {
            "format": FORMAT,
            "version": version("kesu"),
            "state": worst(self.matters),
            "at": _iso(self.at),
            "role": role,
            "lease": self.holder or "",
            "active_since": _iso(self.active_since),
            "last_tick": _iso(facts.tick),
            "mailboxes": {name: {"last_poll": _iso(at), "age": _age(at, self.at)} for name, at in facts.polls.items()},
            "waiting": {
                "new": facts.waiting.new,
                "planned": facts.waiting.planned,
                "ready": facts.waiting.ready,
                "oldest": _iso(facts.waiting.oldest),
                "oldest_age": _age(facts.waiting.oldest, self.at),
            },
            "ledger": {
                "behind_since": _iso(facts.ledger.since) if facts.ledger else None,
                "why": facts.ledger.why if facts.ledger else "",
            },
            "next_due": _iso(facts.waiting.next_due),
            "disks": {name: {"free": d.free, "total": d.total} if d else None for name, d in facts.disks.items()},
            "certificates": {name: _iso(until) for name, until in facts.certificates.items()},
            "tokens": {name: _iso(until) for name, until in facts.tokens.items()},
            "holidays": {"unknown_years": list(facts.unknown_years)},
            "matters": [
                {"key": m.key, "state": m.state, "since": _iso(m.since), "zh": m.zh, "en": m.en} for m in self.matters
            ],
        }


def look(config: Config, store: Store, calendar: WorkCalendar, now: datetime) -> Health:
    """Return how the daemon does, from what its passes left in the store."""
    known = _recalled(config, store)
    followed = followed_of(known.get("watch"))
    facts = _facts(config, store, known, now)
    matters = judge(facts, now, calendar, config.watch.patience())
    holder = store.lease_owner()
    since = _moment(known.get(REIGN)) if holder else None
    return Health(facts, dated(matters, followed), holder, now, since)


def without_store(config: Config, state: State, why: tuple[str, str], now: datetime, holder: str = "") -> Health:
    """Return what can be told where the store cannot be read; `why` in Chinese and English."""
    return Health(Facts(None, disks=_disks(config)), (Matter("store", state, *why),), holder, now)


def followed_of(text: str | None) -> Mapping[str, Followed]:
    """Return what was known of the matters, as the watch keeps it."""
    found = json.loads(text) if text else {}
    return {key: Followed(_moment(one["since"]), _moment(one["told"]), one["open"]) for key, one in found.items()}


def followed_text(followed: Mapping[str, Followed]) -> str:
    """Return the same as text."""
    found = {k: {"since": _iso(one.since), "told": _iso(one.told), "open": one.open} for k, one in followed.items()}
    return json.dumps(found)


def servers_of(config: Config) -> tuple[str, ...]:
    """Return what the servers with a certificate are called: the mailboxes by name, and SMTP."""
    return (*(mail.account for mail in config.mail_in if mail.kind == "imap"), SMTP)


def _recalled(config: Config, store: Store) -> Mapping[str, str]:
    accounts = [mail.account for mail in config.mail_in]
    return store.recall_all(
        (
            "tick", "watch", REIGN, "trouble.smtp", "trouble.ledger", "trouble.passes",
            *(f"poll.{name}" for name in accounts),
            *(f"trouble.mailbox.{name}" for name in accounts),
            *(f"certificate.{name}" for name in servers_of(config)),
        )
    )  # fmt: skip


def _facts(config: Config, store: Store, known: Mapping[str, str], now: datetime) -> Facts:
    accounts = [mail.account for mail in config.mail_in]
    troubles = {name: trouble_of(known.get(f"trouble.mailbox.{name}")) for name in accounts}
    certificates = {name: _moment(known.get(f"certificate.{name}")) for name in servers_of(config)}
    return Facts(
        tick=_moment(known.get("tick")),
        polls={name: _moment(known.get(f"poll.{name}")) for name in accounts},
        mailboxes={name: trouble for name, trouble in troubles.items() if trouble},
        smtp=trouble_of(known.get("trouble.smtp")),
        ledger=trouble_of(known.get("trouble.ledger")),
        passes=trouble_of(known.get("trouble.passes")),
        waiting=store.waiting(),
        disks=_disks(config),
        certificates={name: until for name, until in certificates.items() if until},
        tokens=_tokens(config),
        unknown_years=_unknown_years(config, now),
    )


def _unknown_years(config: Config, now: datetime) -> tuple[int, ...]:
    calendars = (settings_of(config), *named_settings_of(config).values())
    return tuple(sorted({guess.year for guess in guesses(calendars, now)}))


def _tokens(config: Config) -> Mapping[str, datetime]:
    """Return until when our secret for OAuth holds; only the person who made it knows that."""
    until = config.oauth.client_secret_until if config.oauth else None
    return {"OAuth": datetime.combine(until, time(), UTC)} if until else {}


def _disks(config: Config) -> Mapping[str, Disk | None]:
    return {"state": _disk(config.path(config.service.state)), "ledger": _disk(config.path(config.service.ledger))}


def _disk(path: Path) -> Disk | None:
    there = next(one for one in (path, *path.parents) if one.exists())
    with suppress(OSError):
        room = shutil.disk_usage(there)
        return Disk(room.free, room.total)
    return None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _age(since: datetime | None, now: datetime) -> int | None:
    return int((now - since).total_seconds()) if since else None
