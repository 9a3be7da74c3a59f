"""Too much at once: mails that come in a flood are held unread, automatic mails to one address wait for another day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from daemon.intake.headers import envelope_of, received_at
from daemon.passes.desk import Desk, Happening
from daemon.seams import PUT_OFF, READ_ANEW, IncomingMail, MailOutcome, MailRecord, OutboxRow

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUESTIONS = frozenset({"ask_facts", "satisfaction", "thanks"})  # besides what answers a mail by itself


@dataclass(frozen=True, slots=True)
class Flood:
    """Where too much comes from, a sender or a domain, and how much is allowed there in what time."""

    source: str
    most: int
    span: timedelta

    @property
    def why(self) -> str:
        """Return why its mails are held, and what to do, for people."""
        source, within = self.source or "没有可用发件地址的来信", "一小时" if self.span == HOUR else "一天"
        return (
            f"{source} {within}内来信超过 {self.most} 封，此后的来信暂存在“待人工”，"
            "没有读取，也没有丢失。确需处理的，请移回收件箱，或由管理员运行 kesu requeue"
        )


# ── what comes ───────────────────────────────────────────────────────────────────────────────────────────────────────


def flood_of(desk: Desk, record: MailRecord) -> Flood | None:
    """Return the flood that a stored mail belongs to; None for one that is to be read.

    Colleagues and customers of more than a day ago may write many times as much as strangers, and the domain is looked
    at for strangers alone.  What a person wants to be read is read.
    """
    if record.sender is None or record.came_at is None or record.detail == READ_ANEW:
        return None
    limits, sender, at = desk.config.limits, record.sender, record.came_at
    day = desk.store.traffic(record.id, at - DAY)
    few = (day.sender, limits.sender_hour, limits.sender_day), (day.domain, limits.domain_hour, limits.domain_day)
    if all(came <= most for came, *several in few for most in several if most):  # as nearly always
        return None
    known = desk.directory.is_colleague(sender) or desk.store.wrote_before(sender, at - DAY)
    times = limits.known if known else 1
    hour = desk.store.traffic(record.id, at - HOUR)
    found = [
        (hour.sender, Flood(sender, limits.sender_hour * times, HOUR)),
        (day.sender, Flood(sender, limits.sender_day * times, DAY)),
    ]
    domain = sender.rpartition("@")[2]
    if domain and not known:
        found += [
            (hour.domain, Flood(domain, limits.domain_hour, HOUR)),
            (day.domain, Flood(domain, limits.domain_day, DAY)),
        ]
    return next((flood for came, flood in found if flood.most and came > flood.most), None)


def hold(desk: Desk, record: MailRecord, flood: Flood, now: datetime) -> Happening:
    """Keep a mail unread among those set aside; quality is told once a day of each flood."""
    writer, subject = envelope_of(desk.store.blob(record.sha256))
    values = {"sender": writer or "？", "subject": subject, "why": flood.why, "mail": str(record.id)}
    told = desk.envelopes(desk.to_quality("aside", values), None, now)
    with desk.store.together():
        desk.store.finish_mail(record.id, MailOutcome.HELD, flood.why)
        desk.store.finish_period(f"flood {flood.source}", _day(desk, now), told, now)
    return Happening("mail.held", f"来信过多，暂存不读：{writer or '？'}：{subject}")


def came_at(desk: Desk, mail: IncomingMail, now: datetime) -> datetime:
    """Return when our mail server took a mail in: what lay there while the daemon was down did not come at once.

    That is the topmost Received (RFC 5321 §4.4), which no stranger writes where a server delivers to the mailbox; the
    embedded listener, which writes none, is read as it receives.
    """
    from_server = any(one.kind == "imap" and one.account == mail.key.account for one in desk.config.mail_in)
    said = received_at(mail.raw or b"") if from_server else None
    return min(said, now) if said else now


# ── what goes out ────────────────────────────────────────────────────────────────────────────────────────────────────


def within_limits(desk: Desk, rows: Sequence[OutboxRow], now: datetime) -> tuple[list[OutboxRow], list[OutboxRow]]:
    """Divide planned mails into those to be written now and those that wait, because their address got enough today."""
    most = desk.config.limits.answers_day
    outside = {row.id for row in rows if most and _is_automatic(row) and not desk.directory.is_colleague(row.recipient)}
    if not outside:
        return list(rows), []
    addresses = {row.recipient.lower() for row in rows if row.id in outside}
    written = Counter(desk.store.mailed(addresses, _begin_of_day(desk, now)))
    now_ones, later = [], []
    for row in rows:
        address = row.recipient.lower()
        if row.id in outside and written[address] >= most:
            later.append(row)
            continue
        written[address] += 1
        now_ones.append(row)
    return now_ones, later


def put_off(desk: Desk, rows: Iterable[OutboxRow], now: datetime) -> Iterator[Happening]:
    """Let mails wait for the next working day; quality is told once a day of each address."""
    until = desk.calendar.next_open(_begin_of_day(desk, now) + DAY)
    by_address: dict[str, list[OutboxRow]] = {}
    for row in rows:
        by_address.setdefault(row.recipient.lower(), []).append(row)
    for address, some in by_address.items():
        detail = f"{until.astimezone(desk.zone):%Y-%m-%d %H:%M}"
        values = {"address": address, "detail": detail, "template": some[0].notice.template, "why": "held"}
        notices = (replace(one, case=some[0].case) for one in desk.to_quality("undeliverable", values))
        with desk.store.together():
            desk.store.put_off([row.id for row in some], until, PUT_OFF)
            desk.store.finish_period(f"held {address}", _day(desk, now), desk.envelopes(notices, None, now), now)
        yield Happening("mail.put_off", f"{address}：今天的自动邮件已达上限，{len(some)} 封改到 {detail} 发出")


def _is_automatic(row: OutboxRow) -> bool:
    return row.notice.answers or row.notice.template in QUESTIONS


def _day(desk: Desk, now: datetime) -> str:
    return f"{now.astimezone(desk.zone):%Y-%m-%d}"


def _begin_of_day(desk: Desk, now: datetime) -> datetime:
    return datetime.combine(now.astimezone(desk.zone).date(), time(), desk.zone)
