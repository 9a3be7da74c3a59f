"""Several working calendars side by side, and which of them counts for a step of a case or for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from daemon.core.case import Case
from daemon.core.process import Step
from daemon.core.roles import DEPARTMENT_ROLES
from daemon.core.worktime import WorkCalendar


@dataclass(frozen=True, slots=True)
class Calendars:
    """The company's calendar, and those that have a name.

    `of_department`, `of_role` and `of_address` (in small letters) give names; whoever is not in them works by `usual`.
    """

    usual: WorkCalendar
    named: Mapping[str, WorkCalendar] = field(default_factory=dict)
    of_department: Mapping[str, str] = field(default_factory=dict)
    of_role: Mapping[str, str] = field(default_factory=dict)
    of_address: Mapping[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """Return the company's zone, in which times are shown."""
        return self.usual.zone

    def of(self, step: Step, case: Case) -> WorkCalendar:
        """Return the calendar of a step: the one that the profile names, else that of the department that owns it."""
        return self.named.get(step.calendar or self._owner(step, case), self.usual)

    def at(self, address: str) -> WorkCalendar:
        """Return the calendar by which whoever has this address works."""
        return self.named.get(self.of_address.get(address.lower(), ""), self.usual)

    def _owner(self, step: Step, case: Case) -> str:
        if DEPARTMENT_ROLES & set(step.owner):
            return self.of_department.get(case.text("department"), "")
        return next((self.of_role[role] for role in step.owner if role in self.of_role), "")
