"""What the daemon and the child that reads a mail say to each other: JSON, and files as bytes beside it.

The child may be in the hands of whoever wrote the mail.  So nothing that it says is run or unpickled: it is bounded,
held against the types here, and file names are made safe once more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from daemon.core.directory import Directory
from daemon.intake.names import safe_name
from daemon.intake.reading import Attachment, Closed, Reading

if TYPE_CHECKING:
    from pydantic import TypeAdapter


READY = b"ready"  # what the child says first


class How(StrEnum):
    """What the child is to do with the mail."""

    READ = "read"
    AS_COMPLAINT = "as_complaint"
    CONTENT_KEY = "content_key"


class Asks(StrEnum):
    """What the child may ask of our own mails and cases."""

    MESSAGE_ID = "message_id"
    CODE = "code"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Task:
    """What the daemon says first; the mail follows.  `memory` are bytes, `work` seconds of it."""

    how: How
    directory: Directory | None
    memory: int
    work: int


@dataclass(frozen=True, slots=True)
class Question:
    """The child asks what we know under this key."""

    asks: Asks
    key: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The mail cannot be read."""

    unreadable: str


@dataclass(frozen=True, slots=True)
class Key:
    """What copies of the mail have in common."""

    content_key: str


@dataclass(frozen=True, slots=True)
class File:
    """An attachment; its bytes follow."""

    name: str
    media_type: str
    evidence: bool
    closed: Closed | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What was read, without the bytes of the attachments; `moments` names the facts that are times."""

    reading: Reading
    moments: Sequence[str]
    files: Sequence[File]


Said = Question | Refused | Key | Read


def words(said: Question | Refused | Key | Mapping[str, Any]) -> bytes:
    """Return what is said as JSON; characters that no text may hold become question marks."""
    plain = said if isinstance(said, Mapping) else asdict(said)
    return json.dumps(plain, ensure_ascii=False, default=_plain).encode("utf-8", "replace")


def words_of(reading: Reading) -> bytes:
    """Return what was read as JSON, without the bytes of the attachments."""
    bare = replace(reading, attachments=())
    moments = [key for key, value in reading.facts.items() if isinstance(value, datetime)]
    files = [asdict(File(one.name, one.media_type, one.evidence, one.closed)) for one in reading.attachments]
    return words({"reading": _shallow(bare), "moments": moments, "files": files})


def _shallow(value: Any) -> dict[str, Any]:
    return {one.name: getattr(value, one.name) for one in fields(value)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return dict(value) if isinstance(value, Mapping) else _shallow(value)


def understood(data: bytes) -> Said:
    """Return what the child says.  Raises ValueError for what it may not say."""
    return _said().validate_json(data)


def whole(said: Read, data: Sequence[bytes]) -> Reading:
    """Put a reading and the bytes of its attachments together.  Raises ValueError for times that are none."""
    facts = dict(said.reading.facts)
    for key in said.moments:
        facts[key] = datetime.fromisoformat(str(facts.get(key)))
    files = tuple(
        Attachment(safe_name(one.name) or "attachment", one.media_type, content, one.evidence, one.closed)
        for one, content in zip(said.files, data, strict=True)
    )
    return replace(said.reading, facts=facts, attachments=files)


@cache
def _said() -> TypeAdapter[Said]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - the child does without

    return TypeAdapter(Said)
