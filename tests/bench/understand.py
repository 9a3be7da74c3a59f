"""From bytes to facts, mail by mail: `python -m tests.bench.understand`, part of `make bench`.  Prints a table.

Each line is a set of mails, read in this process as the daemon reads small ones: what it does of them in a second of
one core, beside the floor (the parser of the standard library and one decoded text) and beside what a script does.
"""

from __future__ import annotations

import email
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from time import process_time

from daemon.core.directory import Directory
from daemon.intake.read import read
from daemon.intake.reading import Known
from tests.bench.letters import letters
from tests.bench.script import facts_of, text_of
from tests.intake.conftest import CORPUS, company_of

SMALL = 3000  # bytes of a mail of about 2 KB
REPEATED = 5
LETTERS = 300
AIM = "≥ 300"


def corpus(folder: str) -> list[bytes]:
    """Return the mails of a corpus."""
    return [path.read_bytes() for path in sorted((CORPUS / folder).glob("mails/*.eml"))]


def sets() -> Iterator[tuple[str, list[bytes], tuple[Directory, Known], str]]:
    """Yield the sets of mails: their name, the company they were written to, and the aim."""
    for folder, name in ((".", "the first corpus"), ("second", "the second corpus")):
        mails, company = corpus(folder), company_of(CORPUS / folder)
        yield f"{name}, mails of 2 KB", [raw for raw in mails if len(raw) < SMALL], company, AIM
        yield f"{name}, all", mails, company, ""
    made = [one.bytes() for one in letters(LETTERS) if not one.pictures]
    yield "the letters of this bench", made, company_of(CORPUS), ""


def rate(work: Callable[[bytes], object], mails: Sequence[bytes]) -> float:
    """Return the mails in a second of CPU time, the median of several rounds after a first one."""
    took = []
    for _ in range(REPEATED + 1):
        since = process_time()
        for raw in mails:
            work(raw)
        took.append(process_time() - since)
    return len(mails) / median(took[1:])


def by_parser(raw: bytes) -> str:
    """Parse a mail and decode its first text, as the floor does."""
    return text_of(email.message_from_bytes(raw))


def by_script(raw: bytes) -> dict[str, str]:
    """Read a mail as the script does, whose ten regexes know the wording of this bench's letters alone."""
    return facts_of(email.message_from_bytes(raw))


def main() -> None:
    """Measure, and print the table."""
    print("| mails | how many | bytes, median | read, mails/s | aim | parser alone, mails/s | × | script, mails/s |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, mails, (directory, known), aim in sets():
        ours = rate(lambda raw, who=directory, what=known: read(raw, who, what), mails)
        floor, script = (rate(work, mails) for work in (by_parser, by_script))
        size = median(map(len, mails))
        shown = f"{ours:.0f} | {aim} | {floor:.0f} | {floor / ours:.1f} | {script:.0f}"
        print(f"| {name} | {len(mails)} | {size:.0f} | {shown} |", flush=True)


if __name__ == "__main__":
    main()
