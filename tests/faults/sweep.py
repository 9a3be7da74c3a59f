"""The fault sweep: what is between the daemon and its servers does harm at every command of a whole cycle.

Run by `make faults`; tests/faults/test_share.py runs a share of it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.crash.promises import broken_promises
from tests.crash.world import Beginning, World, world
from tests.faults import proxy
from tests.faults.proxy import Command, Harm, Proxy, proxies, saying
from tests.real.process import KESU, ROOT
from tests.servers.certificates import Authority, make_authority
from tests.sweeping import Result, Sweep

LONGEST_RUN = 90.0  # seconds, with a patience of one second an answer
IMAP, SMTP = "IMAP", "SMTP"
BY_COMMAND: dict[str, dict[str, Harm]] = {
    IMAP: {
        "stall": proxy.stall,
        "stall midway": proxy.stall_midway,
        "drip": proxy.drip,
        "cut": proxy.cut,
        "cut midway": proxy.cut_midway,
        "rubbish": proxy.rubbish,
        "endless line": proxy.endless,
        "wrong tag": proxy.wrong_tag,
        "NO": saying(b"TAG NO not now"),
        "BAD": saying(b"TAG BAD what?"),
        "BYE": saying(b"* BYE shutting down", last=True),
    },
    SMTP: {
        "stall": proxy.stall,
        "stall midway": proxy.stall_midway,
        "drip": proxy.drip,
        "cut": proxy.cut,
        "cut midway": proxy.cut_midway,
        "rubbish": proxy.rubbish,
        "endless line": proxy.endless,
        "451": saying(b"451 4.3.0 not now"),
        "550": saying(b"550 5.7.1 no"),
        "421": saying(b"421 4.3.2 shutting down", last=True),
    },
}
# What is said, or done, by one who does not pass the command on: the server has done nothing.
NOT_DONE: dict[str, dict[str, Harm]] = {
    IMAP: {"NO, not done": saying(b"TAG NO not now"), "BAD, not done": saying(b"TAG BAD what?")},
    SMTP: {"451, not done": saying(b"451 4.3.0 not now"), "550, not done": saying(b"550 5.7.1 no")},
}
IN_LITERALS: dict[str, Harm] = {
    "literal longer than said": proxy.too_short,
    "literal shorter than said": proxy.too_long,
    "enormous literal": proxy.enormous,
    "cut in a literal": proxy.cut_literal,
    "stall in a literal": proxy.stall_literal,
}
IN_DATA: dict[str, Harm] = {"cut in DATA": proxy.cut, "stall in DATA": proxy.stall}
STRANGER, EXPIRED, OTHER_NAME = "stranger's certificate", "expired certificate", "certificate for another name"
STRIPPED = "STARTTLS stripped"
WHOLE = (*((kind, name) for kind in (IMAP, SMTP) for name in (STRANGER, EXPIRED, OTHER_NAME)), (SMTP, STRIPPED))
RENUMBER = "UIDs renumbered"


@dataclass(frozen=True, slots=True)
class Job:
    """One harm at one command, or to a whole connection (`at` is None)."""

    beginning: Beginning
    kind: str
    fault: str
    at: Command | None = None

    def __str__(self) -> str:
        return f"{self.beginning.name}: {self.kind} {self.fault} at {self.at or 'every connection'}"


def jobs_of(beginning: Beginning) -> Iterator[Job]:
    """Yield all harms of this beginning's run, by the commands of an undisturbed one."""
    with world(beginning, f"look-{beginning.name}") as undisturbed:
        imap, smtp, ended, said = _run(undisturbed, None)
        problems = undisturbed.recover(broken_promises)
    said += "" if {"LOGIN", "UID MOVE"} <= {one.verb for one in imap.commands} else "the mailbox was not reached"
    said += "" if "BODY" in {one.verb for one in smtp.commands} else "no mail was sent"
    if ended or problems or said.endswith(("reached", "sent")):
        raise AssertionError(f"the undisturbed run is no measure: {ended} {problems}\n{said}")
    yield from (Job(beginning, kind, name) for kind, name in WHOLE)
    for kind, commands in ((IMAP, imap.commands), (SMTP, smtp.commands)):
        yield from (Job(beginning, kind, fault, one) for one in commands for fault in BY_COMMAND[kind])
        asked = [one for one in commands if one.verb != "greeting"]
        yield from (Job(beginning, kind, fault, one) for one in asked for fault in NOT_DONE[kind])
    yield from (Job(beginning, IMAP, RENUMBER, one) for one in imap.commands if one.verb == "SELECT")
    yield from (Job(beginning, IMAP, fault, one) for one in imap.with_literal for fault in IN_LITERALS)
    yield from (Job(beginning, SMTP, fault, one) for one in smtp.commands if one.verb == "BODY" for fault in IN_DATA)


def carry_out(job: Job) -> Result:
    """Run with the harm, heal, start again, and look at what was promised."""
    with world(job.beginning, f"w{os.getpid()}-{time.monotonic_ns()}") as place:
        imap, smtp, code, said = _run(place, job)
        problems = list(_ending(code, said))
        problems += [f"{verb} was said in clear" for verb in (*imap.in_clear, *smtp.in_clear)]
        try:
            problems += place.recover(broken_promises)
        except Exception as fault:  # noqa: BLE001  # whatever it is, it is the finding
            problems.append(f"the daemon does not start again: {type(fault).__name__}: {fault}")
        hit = job.at is None or (imap if job.kind == IMAP else smtp).hit
        repeats = len(place.sink.mails) - len({mail.raw for mail in place.sink.mails})
        return Result(job, tuple(problems), hit, repeats, said if problems else "")


def _ending(code: int | None, said: str) -> Iterator[str]:
    if code is None:
        yield f"the daemon still ran after {LONGEST_RUN:.0f} s"
    elif code:
        yield f"the daemon ended with {code}"
    if "Traceback" in said:
        yield f"a fault that nobody told: {said.rpartition('Traceback')[2].strip().splitlines()[-1][:200]}"


def _run(place: World, job: Job | None) -> tuple[Proxy, Proxy, int | None, str]:
    imap, smtp = between(place, job)
    return imap, smtp, *run_through(place, imap, smtp, job)


def run_through(
    place: World, imap: Proxy, smtp: Proxy, job: Job | None = None, patience: int = 1
) -> tuple[int | None, str]:
    """Run `kesu run --once` through the proxies and return its exit code (None: it hung) and its log.

    `patience` is its own with the servers, in seconds.
    """
    with proxies(imap, smtp):
        whole = place.config.read_text("utf-8")
        place.config.write_text(_through(whole, place, job, {IMAP: imap.port, SMTP: smtp.port}, patience), "utf-8")
        try:
            command = [*KESU, "run", "--once", "--config", str(place.config)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=LONGEST_RUN, check=False)
        except subprocess.TimeoutExpired as hung:
            return None, (hung.stderr or b"").decode("utf-8", "replace")
        finally:
            place.config.write_text(whole, "utf-8")
    return done.returncode, done.stderr.decode("utf-8", "replace")


def _through(config: str, place: World, job: Job | None, ports: Mapping[str, int], patience: int) -> str:
    """Return the config with the proxies' ports; a part of it may believe in the harm's authority or host name."""
    head, imap, rest = config.partition("[mail_in]")
    incoming, smtp, rest = rest.partition("[mail_out]")
    outgoing, calendar, rest = rest.partition("[calendar]")
    parts = {IMAP: incoming, SMTP: outgoing}
    for kind, text in parts.items():
        (old,) = (number for number, name in place.ports.items() if name == kind)
        assert text.count(f"port = {old}\n") == 1
        parts[kind] = text.replace(f"port = {old}\n", f"port = {ports[kind]}\ntimeout_seconds = {patience}\n")
    if job and job.fault == OTHER_NAME:
        parts[job.kind] = parts[job.kind].replace('"localhost"', '"127.0.0.1"')
    if job and job.fault == EXPIRED:
        trusted = place.beginning.ground.dovecot.ca_file
        theirs = place.config.with_name("other-authority") / "ca.pem"
        parts[job.kind] = parts[job.kind].replace(str(trusted), str(theirs))
    return "".join((head, imap, parts[IMAP], smtp, parts[SMTP], calendar, rest))


def between(place: World, job: Job | None = None) -> tuple[Proxy, Proxy]:
    """Return the proxies before the world's IMAP and SMTP server, with the harm of a job."""
    dovecot, good = place.beginning.ground.dovecot, place.beginning.ground.authority.server_context()
    (smtp_port,) = (number for number, name in place.ports.items() if name == SMTP)
    both = {
        IMAP: Proxy(IMAP, dovecot.port, good, tls=True),
        SMTP: Proxy(SMTP, smtp_port, good, tls=False),
    }
    if job:
        both[job.kind] = _harmful(both[job.kind], job, place)
    return both[IMAP], both[SMTP]


def _harmful(one: Proxy, job: Job, place: World) -> Proxy:
    if job.fault in (STRANGER, EXPIRED):
        return replace(one, context=_authority(job, place).server_context())
    if job.at is None:
        return replace(one, strip_starttls=job.fault == STRIPPED)
    if job.fault == RENUMBER:
        return replace(one, renumber_from=job.at.number)
    not_done = NOT_DONE[job.kind] | (IN_DATA if job.kind == SMTP else {})
    harm = (BY_COMMAND[job.kind] | not_done | IN_LITERALS)[job.fault]
    return replace(one, at=job.at.number, harm=harm, passed_on=job.fault not in not_done)


def _authority(job: Job, place: World) -> Authority:
    """Return an authority that the config does not trust, or does trust and which gives what has expired."""
    days = -1 if job.fault == EXPIRED else 30
    return make_authority(place.config.with_name("other-authority"), job.fault, server_days=days)


def table(results: Sequence[Result]) -> str:
    """Return the counts in Markdown: a row a protocol and fault."""
    heads = ("server", "fault", "runs", "not reached", "mails repeated", "failed")
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for kind, fault in sorted({(one.job.kind, one.job.fault) for one in results}):
        some = [one for one in results if (one.job.kind, one.job.fault) == (kind, fault)]
        lines.append(f"| {kind} | {fault} | {' | '.join(map(str, _counts(some)))} |")
    lines.append(f"| all | | {' | '.join(map(str, _counts(results)))} |")
    return "\n".join(lines)


def _counts(results: Sequence[Result]) -> tuple[int, ...]:
    return (
        len(results),
        sum(1 for one in results if not one.hit),
        sum(one.repeats for one in results),
        sum(1 for one in results if one.problems),
    )


SWEEP = Sweep(jobs_of, carry_out, table)

if __name__ == "__main__":
    sys.exit(SWEEP.main(__doc__))
