"""New ids and proof codes: random in earnest, seeded where a story must come out the same every time."""

from __future__ import annotations

import secrets
from random import Random
from uuid import UUID, uuid4

from daemon.notices.threading import new_code


class RandomMint:
    """Unguessable, from the operating system."""

    def case_id(self) -> UUID:
        """Return a new random UUID (RFC 9562, version 4)."""
        return uuid4()

    def code(self) -> str:
        """Return a proof code of 80 random bits."""
        return new_code(secrets.token_bytes(10))


class SeededMint:
    """The same ids and codes every time: for the demo and for simulations, never for a real mailbox."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311  # reproducible on purpose; see the class docstring

    def case_id(self) -> UUID:
        """Return the next UUID of the sequence."""
        return UUID(int=self._random.getrandbits(128), version=4)

    def code(self) -> str:
        """Return the next proof code of the sequence."""
        return new_code(self._random.randbytes(10))
