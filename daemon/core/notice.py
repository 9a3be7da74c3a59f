"""A notice that has been decided on: who is to be told what.  How it looks stands in notices/ and mail_templates/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Notice:
    """One mail to one addressee.

    `template` names a pair of files in mail_templates; `purpose` says what a proof code is good for, and `about` what
    was asked of whom (notice: the department; review: quality; close: the customer; ack: nothing), by which intake
    knows in what capacity a reply speaks.  `steps` are the open steps that a reply or a button of this mail may
    answer.  `form` is the document to attach (`internal`, `external` or nothing); `values` are what the template needs
    beside the case, plain JSON.  One that `answers` a mail says so in its headers (RFC 3834).  A notice that is not
    `urgent` waits for working time.  Notices with the same `digest` word to the same addressee that are ready at the
    same tick are merged into one mail.
    """

    template: str
    recipient: str
    name: str = ""
    case: UUID | None = None
    purpose: str = ""
    steps: tuple[str, ...] = ()
    language: str = "zh-CN"
    urgent: bool = False
    form: str = ""
    evidence: bool = False
    digest: str = ""
    about: str = "ack"
    answers: bool = False
    round: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
