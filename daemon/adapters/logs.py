"""How a line of the log is written: for people, or as one JSON object.

No value of a mail ever begins a new line, and no secret stands in one.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

from daemon.adapters.findings import one_line
from daemon.adapters.secrets import without_secrets

LogKind = Literal["text", "json"]
LONGEST = 4000
NOISY = ("alembic", "mail.log", "asyncio")
# The event of a line that is no happening of a pass, by its level.
_EVENTS = ((logging.ERROR, "fault"), (logging.WARNING, "warning"), (logging.NOTSET, "note"))


class TextLines(logging.Formatter):
    """Lines for people: time, level, text; a traceback follows below."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Return the line, without control characters."""
        record.message = one_line(without_secrets(record.message), LONGEST)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """Return the traceback set in, so that no text in it looks like a line of the log."""
        told = without_secrets(super().formatException(ei))
        return "\n".join(f"    {_printable(line)}" for line in told.splitlines())


class JsonLines(logging.Formatter):
    """One JSON object a line: time (ISO 8601, UTC), level, event, case, text, and exception where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", "") or event_of(record.levelno),
            "case": getattr(record, "case", ""),
            "text": one_line(without_secrets(getattr(record, "text", "") or record.getMessage()), LONGEST),
        }
        if record.exc_info:
            said["exception"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False)


def _printable(line: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in line)


def event_of(level: int) -> str:
    """Return the event of a line that names none."""
    return next(event for least, event in _EVENTS if level >= least)


def set_up_log(kind: LogKind, stream: TextIO) -> None:
    """Let everything that is logged go to a stream, in this kind of lines."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines() if kind == "json" else TextLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
