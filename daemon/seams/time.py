"""Time and chance: what the service reads once a tick, and what must be unique or unguessable."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """Tells the time; read once a tick by the service and nowhere else."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class Mint(Protocol):
    """Makes what must be unique or unguessable; random in earnest, seeded in a simulation."""

    def case_id(self) -> UUID:
        """Return a new case's id."""
        ...

    def code(self) -> str:
        """Return a new proof code of 80 random bits, KS-XXXX-XXXX-XXXX-XXXX."""
        ...
