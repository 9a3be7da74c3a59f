"""What a profile says of letters: mails and forms of its own, beside the ones that every process has."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from daemon.core.process.parts import Names, Part
from daemon.core.process.words import Spoken


class Letter(Part):
    """A mail whose words and lines the profile gives; `template = "NAME"` sends it wherever a mail may be named.

    `shows` are facts and sections, each a line with its title as far as it is known.  `copies` says what the copy of a
    role is called (原件, 副本, 客服部联).  With `word` it comes as a Word file too, and is filed.
    """

    title: Spoken
    says: Spoken = Field(default_factory=dict)
    shows: Names = ()
    closes: Spoken = Field(default_factory=dict)
    copies: Mapping[str, Spoken] = Field(default_factory=dict)
    word: bool = False
