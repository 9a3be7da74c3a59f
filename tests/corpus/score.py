#!/usr/bin/env python3
"""Score what a program reads in complaint mails against what a careful quality clerk read.

    score.py MAILS_DIR -- COMMAND [ARG ...]

COMMAND gets the paths of all .eml files appended, and prints one JSON object per mail (one a line), in
the same order, with the keys described in README.md.  Prints a line per miss, then a table of fields.
Exit status 0 when every bar in BARS holds, else 1.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

BARS = {  # the share that must be right, by group
    "kind": 1.0,
    "case_ref": 1.0,
    "contact.email": 1.0,
    "forwarded": 1.0,
    "reply.trusted": 1.0,
    "reply.intent": 0.95,
    "reply.sections": 0.97,
    "reply.excludes": 1.0,
    "facts": 0.95,
    "triage": 0.90,
    "attachments": 0.97,
    "phenomenon": 0.95,
}
FACTS = ("customer", "site", "product_name", "part_no", "batch_no", "order_no")
COUNTS = ("quantity_delivered", "quantity_defective")


def norm(text: object) -> str:
    """Fold width, case, spaces and punctuation, so that only the substance is compared."""
    if text is None:
        return ""
    folded = unicodedata.normalize("NFKC", str(text)).casefold()
    return re.sub(r"[\s,，、;；:：()（）\[\]【】\"'“”‘’<>《》.。/\\_-]+", "", folded)


def same(want: object, got: object) -> bool:
    return norm(want) == norm(got)


def holds(needle: str, text: object) -> bool:
    return norm(needle) in norm(text)


def alternatives(expected: dict, key: str) -> list:
    extra = expected.get(f"{key}_alt", [])
    return [expected.get(key), *(extra if isinstance(extra, list) else [extra])]


def close(want: float | None, got: float | None) -> bool:
    if want is None or got is None:
        return want is None and got is None
    return abs(float(want) - float(got)) <= max(1e-6, 0.02 * abs(float(want)))


def compare(expected: dict, got: dict):
    """Yield (group, field, right, wanted, found) for every judged field of one mail."""

    def row(group, field, right, want, found):
        return group, field, bool(right), want, found

    yield row("kind", "kind", expected["kind"] == got.get("kind"), expected["kind"], got.get("kind"))
    yield row(
        "facts",
        "from_email",
        same(expected.get("from_email"), got.get("from_email")),
        expected.get("from_email"),
        got.get("from_email"),
    )
    wants = alternatives(expected, "forwarded")
    yield row("forwarded", "forwarded", got.get("forwarded") in wants, wants, got.get("forwarded"))
    if expected["kind"] != "complaint" or "case_ref" in expected:
        yield row(
            "case_ref",
            "case_ref",
            same(expected.get("case_ref"), got.get("case_ref")),
            expected.get("case_ref"),
            got.get("case_ref"),
        )
    if "evidence_attachments" in expected:
        wants = [
            sorted(map(norm, w))
            for w in [
                expected["evidence_attachments"],
                *([expected["evidence_alt"]] if "evidence_alt" in expected else []),
            ]
            if isinstance(w, list)
        ]
        found = sorted(map(norm, got.get("evidence_attachments") or []))
        yield row(
            "attachments",
            "evidence_attachments",
            found in wants,
            expected["evidence_attachments"],
            got.get("evidence_attachments"),
        )
    if expected["kind"] == "complaint":
        yield from compare_complaint(expected, got, row)
    if expected.get("reply"):
        yield from compare_reply(expected["reply"], got.get("reply") or {}, expected, row)
    if expected["kind"] == "bounce":
        for key in ("failed_recipient", "permanent"):
            if key in expected:
                yield row("facts", key, same(expected[key], got.get(key)), expected[key], got.get(key))


def compare_complaint(expected, got, row):
    contact, found = expected.get("contact") or {}, got.get("contact") or {}
    whole = expected.get("contact_alt")
    for key in ("name", "email", "phone"):
        wants = [
            contact.get(key),
            *(
                [a.get(key) for a in (whole if isinstance(whole, list) else [whole]) if isinstance(a, dict)]
                if whole
                else []
            ),
        ]
        extra = expected.get(f"contact_{key}_alt", [])
        wants += extra if isinstance(extra, list) else [extra]
        if key == "phone":
            right = re.sub(r"\D", "", str(found.get(key) or "")) in [re.sub(r"\D", "", str(w or "")) for w in wants]
        else:
            right = any(same(w, found.get(key)) for w in wants)
        yield row("contact.email" if key == "email" else "facts", f"contact.{key}", right, wants, found.get(key))
    for key in FACTS:
        wants = alternatives(expected, key)
        yield row("facts", key, any(same(w, got.get(key)) for w in wants), wants, got.get(key))
    for key in COUNTS:
        wants = alternatives(expected, key)
        yield row("facts", key, any(close(w, got.get(key)) for w in wants), wants, got.get(key))
    wants = alternatives(expected, "defect_rate")
    bad, all_ = expected.get("quantity_defective"), expected.get("quantity_delivered")
    if expected.get("defect_rate") is None and bad and all_:
        wants.append(bad / all_)
    yield row(
        "facts", "defect_rate", any(close(w, got.get("defect_rate")) for w in wants), wants, got.get("defect_rate")
    )
    yield row(
        "phenomenon",
        "phenomenon short",
        within(got.get("phenomenon"), expected.get("phenomenon_contains"), 6, 240),
        "no more than what is wrong",
        len(norm(got.get("phenomenon"))),
    )
    yield row(
        "facts",
        "demand short",
        within(got.get("demand"), expected.get("demand_contains"), 4, 120),
        "no more than what is asked",
        len(norm(got.get("demand"))),
    )
    yield from compare_items(expected, got, row)
    for needle in expected.get("phenomenon_contains") or []:
        yield row("phenomenon", "phenomenon has", holds(needle, got.get("phenomenon")), needle, "(not there)")
    for needle in expected.get("phenomenon_excludes") or []:
        yield row(
            "phenomenon", "phenomenon lacks", not holds(needle, got.get("phenomenon")), f"without {needle}", "(there)"
        )
    for needle in expected.get("demand_contains") or []:
        yield row("facts", "demand has", holds(needle, got.get("demand")), needle, got.get("demand"))
    for key in ("category", "severity", "department"):
        wants = alternatives(expected, key)
        yield row("triage", key, got.get(key) in wants, wants, got.get(key))


def within(text: object, needles: list | None, factor: int, slack: int) -> bool:
    """A field that swallowed the whole mail is not an extract."""
    return len(norm(text)) <= factor * sum(len(norm(n)) for n in needles or []) + slack


def compare_items(expected, got, row):
    """Score each product of a mail about several; mails about one product have no items."""
    wanted, found = expected.get("items") or [], got.get("items") or []
    if not wanted:
        return
    yield row("facts", "items count", len(found) == len(wanted), len(wanted), len(found))
    for want, have in zip(wanted, [*found, *[{}] * len(wanted)]):
        for key in ("product_name", "part_no", "batch_no", "quantity_defective", "department"):
            if key in want:
                yield row("facts", f"items {key}", same(want[key], have.get(key)), want[key], have.get(key))


def compare_reply(want, found, expected, row):
    trusted = want["from_role"] != "stranger"
    yield row(
        "reply.trusted",
        "from_role",
        found.get("from_role") == want["from_role"],
        want["from_role"],
        found.get("from_role"),
    )
    if not trusted:
        return  # what a stranger says changes nothing; how it is read does not matter
    wants = [
        want["intent"],
        *(
            [expected["intent_alt"]]
            if isinstance(expected.get("intent_alt"), str)
            else expected.get("intent_alt") or []
        ),
    ]
    yield row("reply.intent", "intent", found.get("intent") in wants, wants, found.get("intent"))
    sections = found.get("sections") or {}
    wanted = want.get("sections") or {}
    in_word = expected.get("sections_in_word", False)
    for name, needles in wanted.items():
        others = [n for other, many in wanted.items() if other != name for n in many]
        for needle in needles:
            yield row(
                "reply.sections", f"section {name}", holds(needle, sections.get(name)), needle, sections.get(name)
            )
            if not in_word:
                yield row("reply.sections", "text has", holds(needle, found.get("text")), needle, "(not there)")
        strays = [n for n in others if n not in needles and holds(n, sections.get(name))]
        yield row("reply.sections", f"section {name} alone", not strays, "nothing of other sections", strays)
    extra = [k for k, v in sections.items() if v and k not in wanted]
    yield row("reply.sections", "no other sections", not (extra and want["intent"] != "answer"), list(wanted), extra)
    for needle in want.get("text_excludes") or []:
        yield row("reply.excludes", "reply lacks", not holds(needle, found.get("text")), f"without {needle}", "(there)")
    for key in ("transfer_to",):
        if key in expected:
            yield row("reply.intent", key, same(expected[key], found.get(key)), expected[key], found.get(key))


def main() -> int:
    split = sys.argv.index("--")
    folder, command = Path(sys.argv[1]), sys.argv[split + 1 :]
    mails = sorted(folder.glob("*.eml"))
    if not mails:
        print(f"no mails in {folder}")
        return 1
    run = subprocess.run([*command, *map(str, mails)], capture_output=True, text=True, check=False)
    lines = [line for line in run.stdout.splitlines() if line.strip()]
    if len(lines) != len(mails):
        print(run.stderr[-2000:], file=sys.stderr)
        print(f"{len(lines)} answers for {len(mails)} mails (exit status {run.returncode})")
        return 1
    groups, fields = defaultdict(lambda: [0, 0]), defaultdict(lambda: [0, 0])
    for mail, line in zip(mails, lines, strict=True):
        expected = json.loads(mail.with_suffix(".json").read_text(encoding="utf-8"))
        for group, field, right, want, found in compare(expected, json.loads(line)):
            for table, key in ((groups, group), (fields, field)):
                table[key][0] += right
                table[key][1] += 1
            if not right and "-q" not in sys.argv[:split]:
                print(f"{mail.stem}: {field}: wanted {want!r}, found {str(found)[:120]!r}")
    print("\nfield                     right   of")
    for key in sorted(fields):
        print(f"{key:24}{fields[key][0]:7}{fields[key][1]:5}")
    print("\ngroup              share    bar")
    short = False
    for key, bar in BARS.items():
        right, of = groups.get(key, [0, 0])
        share = right / of if of else 1.0
        short |= share < bar
        print(f"{key:16}{share:8.3f}{bar:7.2f}{'' if share >= bar else '   falls short'}")
    right, of = (sum(v[i] for v in groups.values()) for i in (0, 1))
    print(f"all              {right / of:8.3f}   ({right} of {of})")
    return int(short)


if __name__ == "__main__":
    sys.exit(main())
