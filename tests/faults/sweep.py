"""The fault sweep: what is between the daemon and its servers does harm at every command of a whole cycle.

Run by `make faults`; tests/faults/test_share.py runs a share of it.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from tests.crash.promises import broken_promises
from tests.crash.sweep import WORKERS, ground
from tests.crash.world import Beginning, World, first_start, second_day, world
from tests.faults import proxy
from tests.faults.proxy import Command, Harm, Proxy, proxies, saying
from tests.real.process import KESU, ROOT
from tests.servers.certificates import Authority, make_authority

LONGEST_RUN = 90.0  # seconds, with a patience of one second an answer
IMAP, SMTP = "IMAP", "SMTP"
BY_COMMAND: dict[str, dict[str, Harm]] = {
    IMAP: {
        "stall": proxy.stall,
        "stall midway": proxy.stall_midway,
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
        "cut": proxy.cut,
        "cut midway": proxy.cut_midway,
        "rubbish": proxy.rubbish,
        "endless line": proxy.endless,
        "451": saying(b"451 4.3.0 not now"),
        "550": saying(b"550 5.7.1 no"),
        "421": saying(b"421 4.3.2 shutting down", last=True),
    },
}
STRANGER, EXPIRED, OTHER_NAME = "stranger's certificate", "expired certificate", "certificate for another name"
STRIPPED = "STARTTLS stripped"
WHOLE = (*((kind, name) for kind in (IMAP, SMTP) for name in (STRANGER, EXPIRED, OTHER_NAME)), (SMTP, STRIPPED))
RENUMBER, WRONG_LENGTH, CUT_BODY = "UIDs renumbered", "wrong literal length", "cut in DATA"


@dataclass(frozen=True, slots=True)
class Job:
    """One harm at one command, or to a whole connection (`at` is None)."""

    beginning: Beginning
    kind: str
    fault: str
    at: Command | None = None

    def __str__(self) -> str:
        return f"{self.beginning.name}: {self.kind} {self.fault} at {self.at or 'every connection'}"


@dataclass(frozen=True, slots=True)
class Result:
    """What a run and the recovery after it came to; `hit` is false when the run ended before that command."""

    job: Job
    problems: tuple[str, ...]
    hit: bool
    repeats: int
    said: str = ""


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
    yield from (Job(beginning, IMAP, RENUMBER, one) for one in imap.commands if one.verb == "SELECT")
    yield from (Job(beginning, IMAP, WRONG_LENGTH, one) for one in imap.commands if one.verb == "UID FETCH")
    yield from (Job(beginning, SMTP, CUT_BODY, one) for one in smtp.commands if one.verb == "BODY")


def carry_out(job: Job) -> Result:
    """Run with the harm, heal, start again, and look at what was promised."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # the SMTP server's words on what is done to it
    with world(job.beginning, f"w{os.getpid()}-{time.monotonic_ns()}") as place:
        imap, smtp, code, said = _run(place, job)
        problems = list(_ending(code, said))
        problems += [f"{verb} was said in clear" for verb in (*imap.in_clear, *smtp.in_clear)]
        try:
            problems += place.recover(broken_promises)
        except Exception as fault:  # noqa: BLE001  # whatever it is, it is the finding
            problems.append(f"the daemon does not start again: {type(fault).__name__}: {fault}")
        at = job.at.number if job.at else 0
        hit = len((imap if job.kind == IMAP else smtp).commands) > at or job.at is None
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
    """Run `kesu run --once` through the proxies; return them, its exit code (None: it hung) and its log."""
    imap, smtp = _proxies(place, job)
    with proxies(imap, smtp):
        whole = place.config.read_text("utf-8")
        place.config.write_text(_through(whole, place, job, {IMAP: imap.port, SMTP: smtp.port}), "utf-8")
        try:
            command = [*KESU, "run", "--once", "--config", str(place.config)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=LONGEST_RUN, check=False)
        except subprocess.TimeoutExpired as hung:
            return imap, smtp, None, (hung.stderr or b"").decode("utf-8", "replace")
        finally:
            place.config.write_text(whole, "utf-8")
    return imap, smtp, done.returncode, done.stderr.decode("utf-8", "replace")


def _through(config: str, place: World, job: Job | None, ports: Mapping[str, int]) -> str:
    """Return the config with the proxies' ports; a part of it may believe in the harm's authority or host name."""
    head, imap, rest = config.partition("[mail_in]")
    incoming, smtp, rest = rest.partition("[mail_out]")
    outgoing, calendar, rest = rest.partition("[calendar]")
    parts = {IMAP: incoming, SMTP: outgoing}
    for kind, text in parts.items():
        (old,) = (number for number, name in place.ports.items() if name == kind)
        assert text.count(f"port = {old}\n") == 1
        parts[kind] = text.replace(f"port = {old}\n", f"port = {ports[kind]}\ntimeout_seconds = 1\n")
    if job and job.fault == OTHER_NAME:
        parts[job.kind] = parts[job.kind].replace('"localhost"', '"127.0.0.1"')
    if job and job.fault == EXPIRED:
        trusted = place.beginning.ground.dovecot.ca_file
        theirs = place.config.with_name("other-authority") / "ca.pem"
        parts[job.kind] = parts[job.kind].replace(str(trusted), str(theirs))
    return "".join((head, imap, parts[IMAP], smtp, parts[SMTP], calendar, rest))


def _proxies(place: World, job: Job | None) -> tuple[Proxy, Proxy]:
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
    more: dict[str, Harm] = {WRONG_LENGTH: proxy.wrong_length, CUT_BODY: proxy.cut_body}
    return replace(one, at=job.at.number, harm=(BY_COMMAND[job.kind] | more)[job.fault])


def _authority(job: Job, place: World) -> Authority:
    """Return an authority that the config does not trust, or does trust and which gives what has expired."""
    days = -1 if job.fault == EXPIRED else 30
    return make_authority(place.config.with_name("other-authority"), job.fault, server_days=days)


# ── the whole ────────────────────────────────────────────────────────────────────────────────────────────────────────


def sweep(choose: Callable[[Sequence[Job]], Sequence[Job]], tell: Callable[[str], object]) -> tuple[Result, ...]:
    """Carry out the jobs that are chosen from all, two side by side, and return what they came to."""
    with ground() as there:
        first = first_start(there)
        jobs = choose([job for begin in (first, second_day(there, first, broken_promises)) for job in jobs_of(begin)])
        results: list[Result] = []
        started = time.monotonic()
        with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as pool:
            for done in as_completed([pool.submit(carry_out, job) for job in jobs]):
                results.append(done.result())
                for problem in results[-1].problems:
                    tell(f"  {results[-1].job}: {problem}")
                if len(results) % 50 == 0 or len(results) == len(jobs):
                    failed = sum(1 for one in results if one.problems)
                    tell(f"{len(results)} of {len(jobs)} runs, {failed} failed, {time.monotonic() - started:.0f} s")
        return tuple(results)


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Sweep, print the counts, and return 0 when every promise held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="only every nth fault")
    parser.add_argument("--only", default="", help="only those whose name holds this")
    parser.add_argument("--logs", type=Path, help="write what failing runs said into this folder")
    said = parser.parse_args(arguments)
    results = sweep(lambda jobs: [job for job in jobs if said.only in str(job)][:: said.every], _say)
    _say(table(results))
    failed = [one for one in results if one.problems]
    for problem, times in Counter(problem for one in failed for problem in one.problems).most_common():
        _say(f"{times} × {problem}")
    if said.logs:
        said.logs.mkdir(parents=True, exist_ok=True)
        for number, one in enumerate(failed):
            (said.logs / f"{number:03}.log").write_text("\n".join((str(one.job), *one.problems, one.said)), "utf-8")
    return 1 if failed else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
