"""Who reads mails: the seam between what is done with them and where they are read.  Reads nothing itself."""

from __future__ import annotations

from typing import Protocol

from daemon.core.directory import Directory
from daemon.intake.read import read, read_as_complaint
from daemon.intake.reading import Known, Reading
from daemon.intake.sameness import content_key


class MailReader(Protocol):
    """Reads mails; each verb as the function of its name says."""

    def read(self, raw: bytes, directory: Directory, known: Known) -> Reading:
        """Read a mail.  Raises UnreadableMail."""
        ...

    def read_as_complaint(self, raw: bytes, directory: Directory) -> Reading:
        """Read a mail that people say is a complaint.  Raises UnreadableMail."""
        ...

    def content_key(self, raw: bytes) -> str:
        """Return what copies of the mail have in common."""
        ...


class ReadHere:
    """Reads in this process."""

    def read(self, raw: bytes, directory: Directory, known: Known) -> Reading:
        """Read a mail.  Raises UnreadableMail."""
        return read(raw, directory, known)

    def read_as_complaint(self, raw: bytes, directory: Directory) -> Reading:
        """Read a mail that people say is a complaint.  Raises UnreadableMail."""
        return read_as_complaint(raw, directory)

    def content_key(self, raw: bytes) -> str:
        """Return what copies of the mail have in common."""
        return content_key(raw)
