"""How the daemon does, judged from facts: what is well, what should be looked at, who is to be told.  Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from daemon.core.durations import Duration
from daemon.core.worktime import WorkCalendar

GIGABYTE = 1_000_000_000
SMALL_DISK = 200 * GIGABYTE  # of a larger one the percentage says nothing
A_DAY = timedelta(days=1)
TOLD_AGAIN = timedelta(days=7)
LATE_TICK = timedelta(minutes=10)


class State(StrEnum):
    """How a matter stands; of what is bad the administrator is told."""

    OK = "ok"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that has not worked since a moment, and why in its own words; `locked`: because people have it open."""

    since: datetime
    why: str
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk in bytes."""

    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is not done yet: mails to decide on, notices to write and to send, the oldest of them, the next due time."""

    new: int = 0
    planned: int = 0
    ready: int = 0
    oldest: datetime | None = None
    next_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What can be seen of the daemon; `polls` and `mailboxes` go by name, a disk that cannot be read is None."""

    tick: datetime | None
    polls: Mapping[str, datetime | None] = field(default_factory=dict)
    mailboxes: Mapping[str, Trouble] = field(default_factory=dict)
    smtp: Trouble | None = None
    ledger: Trouble | None = None
    passes: Trouble | None = None
    waiting: Waiting = Waiting()
    disks: Mapping[str, Disk | None] = field(default_factory=dict)
    certificates: Mapping[str, datetime] = field(default_factory=dict)
    tokens: Mapping[str, datetime] = field(default_factory=dict)
    unknown_years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Patience:
    """After how long a trouble is bad, and what is too little."""

    mailbox: Duration
    smtp: Duration
    ledger_locked: Duration
    ledger_unwritable: Duration
    passes: Duration
    free_gb: float
    free_percent: float
    certificate: Duration
    token: Duration


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that was judged, in words for people; `since` is when it began to be otherwise than well."""

    key: str
    state: State
    zh: str
    en: str
    since: datetime | None = None

    def words(self, language: str) -> str:
        """Return the words of a language."""
        return self.zh if language.startswith("zh") else self.en


def judge(facts: Facts, now: datetime, calendar: WorkCalendar, patience: Patience) -> tuple[Matter, ...]:
    """Return every matter, well or not, in a fixed order; what is bad has lasted longer than patience allows."""
    return tuple(_judged(facts, _Judge(now, calendar, patience)))


def worst(matters: tuple[Matter, ...]) -> State:
    """Return the worst state among the matters."""
    states = {one.state for one in matters}
    return next((state for state in (State.BAD, State.WARNING) if state in states), State.OK)


def _judged(facts: Facts, judge: _Judge) -> Iterator[Matter]:
    yield judge.tick(facts.tick)
    for name, poll in facts.polls.items():
        yield judge.mailbox(name, poll, facts.mailboxes.get(name))
    yield judge.trouble("smtp", facts.smtp, judge.patience.smtp)
    yield judge.ledger(facts.ledger)
    yield judge.trouble("passes", facts.passes, judge.patience.passes)
    for name, disk in facts.disks.items():
        yield judge.disk(name, disk)
    for name, until in facts.certificates.items():
        yield judge.expiry("certificate", name, until, judge.patience.certificate)
    for name, until in facts.tokens.items():
        yield judge.expiry("token", name, until, judge.patience.token)
    yield judge.holidays(facts.unknown_years)


# Matter: well, and not well.                    中文                                English
_WELL = {
    "smtp": ("发信服务器正常", "the SMTP server takes mails"),
    "ledger": ("台账已更新", "the ledger is up to date"),
    "passes": ("各步骤正常", "every pass works"),
}
_UNWELL = {
    "smtp": ("发信服务器自 {at} 起不收邮件：{why}", "the SMTP server has taken no mail since {at}: {why}"),
    "ledger": ("台账自 {at} 起没有更新：{why}", "the ledger has not been written since {at}: {why}"),
    "passes": ("自 {at} 起有步骤失败：{why}", "part of the work has failed since {at}: {why}"),
    "mailbox": ("邮箱 {name} 自 {at} 起连不上：{why}", "mailbox {name} has been unreachable since {at}: {why}"),
}
_EXPIRES = {
    "certificate": ("{name} 的证书有效期至 {at}", "the certificate of {name} is valid until {at}"),
    "token": ("{name} 的客户端密钥有效期至 {at}", "the client secret of {name} is valid until {at}"),
}
_DISKS = {
    "state": ("state 文件夹所在硬盘", "the disk of the state folder"),
    "ledger": ("共享文件夹", "the shared folder"),
}


@dataclass(frozen=True, slots=True)
class _Judge:
    now: datetime
    calendar: WorkCalendar
    patience: Patience

    def trouble(self, key: str, trouble: Trouble | None, patience: Duration, kind: str = "", name: str = "") -> Matter:
        if trouble is None:
            return Matter(key, State.OK, *_WELL[kind or key])
        over = self.calendar.add(trouble.since, patience) <= self.now
        told = {"at": self.moment(trouble.since), "why": trouble.why, "name": name}
        zh, en = (words.format_map(told) for words in _UNWELL[kind or key])
        return Matter(key, State.BAD if over else State.WARNING, zh, en, trouble.since)

    def mailbox(self, name: str, poll: datetime | None, trouble: Trouble | None) -> Matter:
        if trouble:
            return self.trouble(f"mailbox.{name}", trouble, self.patience.mailbox, "mailbox", name)
        zh, en = (self.moment(poll),) * 2 if poll else ("—", "never")
        return Matter(
            f"mailbox.{name}", State.OK, f"邮箱 {name}，上次收信 {zh}", f"mailbox {name}, last looked at {en}"
        )

    def ledger(self, trouble: Trouble | None) -> Matter:
        locked = bool(trouble and trouble.locked)
        return self.trouble(
            "ledger", trouble, self.patience.ledger_locked if locked else self.patience.ledger_unwritable
        )

    def disk(self, name: str, disk: Disk | None) -> Matter:
        zh, en = _DISKS[name]
        key = f"disk.{name}"
        if disk is None:
            return Matter(key, State.WARNING, f"{zh}读不到", f"{en} cannot be read")
        free = f"{disk.free / GIGABYTE:.1f} GB"
        return Matter(key, self._room(disk), f"{zh}剩余 {free}", f"{en}: {free} free")

    def _room(self, disk: Disk) -> State:
        least = self.patience.free_gb * GIGABYTE
        if disk.total <= SMALL_DISK:
            least = max(least, disk.total * self.patience.free_percent / 100)
        return State.BAD if disk.free < least else State.WARNING if disk.free < 2 * least else State.OK

    def expiry(self, kind: str, name: str, until: datetime, patience: Duration) -> Matter:
        zh, en = (words.format(name=name, at=self.moment(until)) for words in _EXPIRES[kind])
        soon = self.calendar.add(self.now, patience) >= until
        near = self.calendar.add(self.now, replace(patience, amount=2 * patience.amount)) >= until
        return Matter(f"{kind}.{name}", State.BAD if soon else State.WARNING if near else State.OK, zh, en)

    def holidays(self, unknown: tuple[int, ...]) -> Matter:
        """Judge what is known of public holidays: this year's must be, the next's from December on."""
        if not unknown:
            return Matter("holidays", State.OK, "节假日安排已知", "the public holidays are known")
        local = self.now.astimezone(self.calendar.zone)
        years = ", ".join(map(str, unknown))
        late = local.month == 12 or local.year in unknown
        zh = f"{years} 年节假日安排未知，目前是推测：更新 holidays 包，或在 config.toml 写 days_off、work_on"
        en = f"the public holidays of {years} are guessed: update the package holidays, or write days_off and work_on"
        return Matter("holidays", State.BAD if late else State.WARNING, zh, en)

    def moment(self, at: datetime) -> str:
        return f"{at.astimezone(self.calendar.zone):%Y-%m-%d %H:%M}"

    def tick(self, tick: datetime | None) -> Matter:
        if tick is None:
            return Matter("tick", State.BAD, "从未工作过", "it has never worked")
        late, at = self.now - tick >= LATE_TICK, self.moment(tick)
        say = (f"上次工作 {at}", f"last tick {at}")
        return Matter("tick", State.BAD if late else State.OK, *say, tick if late else None)


# ── who is to be told ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Followed:
    """What is known of a matter: since when it is not well, when that was told, and whether it is still open."""

    since: datetime | None
    told: datetime | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """What came of a look at all matters: what is followed from now on, and what the administrator is to be told."""

    followed: Mapping[str, Followed]
    troubles: tuple[Matter, ...] = ()
    well_again: tuple[Matter, ...] = ()


def dated(matters: tuple[Matter, ...], followed: Mapping[str, Followed]) -> tuple[Matter, ...]:
    """Return the matters with the moment since when each has not been well, as far as that is known."""
    return tuple(
        replace(one, since=followed[one.key].since)
        if one.since is None and one.state is not State.OK and one.key in followed
        else one
        for one in matters
    )


def follow(matters: tuple[Matter, ...], before: Mapping[str, Followed], now: datetime) -> News:
    """Return who is to be told: of what is bad once, and again after a week; of what was told, when it is well again.

    One matter is told once a day at the most, however often it comes and goes.  A matter that is no longer there (its
    mailbox left config.toml) is forgotten.
    """
    followed: dict[str, Followed] = {}
    troubles, wells = [], []
    for one in matters:
        known = before.get(one.key, Followed(None))
        if one.state is State.OK:
            wells += [one] if known.open else []
            entry = replace(known, since=None, open=False)
        else:
            entry = replace(known, since=known.since or one.since or now)
            if one.state is State.BAD and _is_news(known, now):
                troubles.append(one)
                entry = replace(entry, told=now, open=True)
        if entry.since or (entry.told and now - entry.told < A_DAY):
            followed[one.key] = entry
    return News(followed, tuple(troubles), tuple(wells))


def _is_news(known: Followed, now: datetime) -> bool:
    return known.told is None or now - known.told >= (TOLD_AGAIN if known.open else A_DAY)
