"""The word of a button: what stands between the case's tag and the proof code in the subject that we gave it."""

from __future__ import annotations

import re

BUTTON = re.compile(r"\[[^\]]+\]\s*(?P<word>.+?)\s+KS-(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}\s*$", re.IGNORECASE)


def word_of(subject: str) -> str:
    """Return the word of the button whose mail has this subject, empty when it is not a button's."""
    found = BUTTON.search(subject)
    return found["word"] if found else ""
