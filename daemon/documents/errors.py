"""What can be wrong with a Word form, said so that the person who edits it can mend it."""

from __future__ import annotations


class BadForm(Exception):
    """A Word form that cannot be filled in: where (part and text nearby), what is wrong, and what to do."""

    def __init__(self, place: str, fault: str, remedy: str, paragraph: int = 0) -> None:
        self.place = place
        self.fault = fault
        self.remedy = remedy
        self.paragraph = paragraph
        super().__init__(f"{place}: {fault}; {remedy}")
