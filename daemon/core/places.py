"""Where in a mail a fact stands, as the journal keeps it.  Values only; how it is found stands in intake/places.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """The parts of a mail that facts are read from; an attached file is called by its name."""

    TEXT = "text"
    FORWARDED = "forwarded"  # the text of the mail that was forwarded
    NOTE = "note"  # what those wrote above it who passed it on
    SUBJECT = "subject"
    SENDER = "sender"


TITLES = {
    Part.TEXT: ("正文", "text"),
    Part.FORWARDED: ("转发的原文", "forwarded text"),
    Part.NOTE: ("转发人的附言", "note of who forwarded it"),
    Part.SUBJECT: ("主题", "subject"),
    Part.SENDER: ("发件人", "sender"),
}
FILE = ("附件 {}", "file {}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands: the part of the mail, its characters from `start` to before `end`, and the words there.

    The characters are those of the part as it was decoded, without quote marks and blank edges.
    """

    part: str
    start: int
    end: int
    words: str

    @property
    def is_in_file(self) -> bool:
        """Tell whether it is an attached file."""
        return self.part not in set(Part)

    def title(self, language: str) -> str:
        """Return what people call the part; a file is called by its name."""
        chinese, english = FILE if self.is_in_file else TITLES[Part(self.part)]
        return (chinese if language.startswith("zh") else english).format(self.part)
