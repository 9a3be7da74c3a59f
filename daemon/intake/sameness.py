"""Whether two mails are copies of one, whatever way each took.  Compares; decides nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from email.message import Message as Mime

from daemon.intake.headers import decode_words, halves, message_id_of
from daemon.intake.message import leaves, parsed

# The headers, with their folded lines, that every server on the way adds.
ADDED_ON_THE_WAY = re.compile(rb"(?im)^(?:Received|Delivered-To|X-Original-To):[^\n]*(?:\n[ \t][^\n]*)*")
# Those that no server on the way changes, but in how they are folded and encoded.
SAME_IN_COPIES = re.compile(rb"(?im)^(From|Date|Subject|Message-ID):([^\n]*(?:\n[ \t][^\n]*)*)")

MOST_READ = 2000  # bytes of a header


def called(raw: bytes) -> str | None:
    """Return the name under which copies of a mail are looked for: its Message-ID, or else who, when, what about.

    A mail that has neither a Message-ID nor a Date has no name: two such may be two.  Nothing is parsed.
    """
    named = message_id_of(raw)
    if named:
        return named
    said = _envelope(raw)
    return f"no-id:{_hash(said)}" if any(line.startswith("date:") for line in said) else None


def content_key(raw: bytes) -> str:
    """Return what two copies of one mail have in common: a hash of who, when, what, and of the decoded content.

    Received, Delivered-To and other marks of the way are left out, and what relays change: how lines end and are
    folded, how text is encoded for the way.  A mail that cannot be parsed is taken byte by byte.
    """
    try:
        content = list(_content(parsed(raw)))
    except Exception:  # noqa: BLE001  # whatever the parser chokes on, the bytes can be compared
        return content_key_of_bytes(raw)
    return _hash(_envelope(raw), *content)


def content_key_of_bytes(raw: bytes) -> str:
    """Return what copies of a mail have in common that cannot be parsed: who, when, what, and its bytes."""
    return _hash(_envelope(raw), halves(raw)[1])


def way_key(raw: bytes) -> tuple[bytes, ...]:
    """Return what two deliveries of one mail differ in: the lines of the servers on its way.  Nothing is parsed."""
    return tuple(ADDED_ON_THE_WAY.findall(halves(raw)[0]))


def _envelope(raw: bytes) -> list[str]:
    found = SAME_IN_COPIES.findall(halves(raw)[0])
    return sorted(f"{name.decode().lower()}:{decode_words(value[:MOST_READ])}" for name, value in found)


def _content(mime: Mime) -> Iterator[bytes]:
    for part in leaves(mime):
        yield part.get_content_type().encode()
        inside = part.get_payload()
        if isinstance(inside, list):  # a mail attached to the mail
            for mail in (one for one in inside if isinstance(one, Mime)):
                yield str(mail.items()).encode("utf-8", "replace")
                yield from _content(mail)
        else:
            yield _unwrapped(part) if part.get_content_maintype() == "text" else _data(part)


def _data(part: Mime) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _unwrapped(part: Mime) -> bytes:
    """Return a text without what no reader sees: how its lines end, and spaces there and behind the last one."""
    return b"\n".join(line.rstrip() for line in _data(part).splitlines()).rstrip()


def _hash(envelope: list[str], *content: bytes) -> str:
    key = hashlib.sha256("\n".join(envelope).encode())
    for part in content:
        key.update(b"\0%d\0" % len(part) + part)
    return key.hexdigest()
