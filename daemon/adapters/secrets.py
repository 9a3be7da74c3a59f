"""Passwords, client secrets and tokens that this process has read, so that nothing it says repeats one of them."""

from __future__ import annotations

import math
from base64 import b64encode
from urllib.parse import quote, quote_plus

SHORTEST = 6  # a shorter one cannot be told from ordinary text
HIDDEN = "***"
_known: set[str] = set()


def learn(secret: str) -> str:
    """Keep a secret in mind for `without_secrets`, and return it."""
    if len(secret) >= SHORTEST:
        _known.add(secret)
    return secret


def without_secrets(text: str) -> str:
    """Return a text without the secrets that were read: plain, as URLs write them, and in base64, alone or in a login.

    For what nobody has foreseen: the words of a fault of our own, or of a library.
    """
    for secret in tuple(_known):
        for look in disguises(secret):
            text = text.replace(look, HIDDEN)
    return text


def disguises(secret: str) -> tuple[str, ...]:
    """Return how a secret may be written, the longest first."""
    plain = {secret, repr(secret)[1:-1], quote(secret, safe=""), quote_plus(secret)}
    return tuple(sorted(plain | set(_in_base64(secret.encode())), key=len, reverse=True))


def _in_base64(secret: bytes) -> list[str]:
    """Return the letters of base64 that are this secret's alone, wherever it stands among other bytes."""
    found = []
    for before in range(3):
        first, after = math.ceil(before * 4 / 3), (before + len(secret)) * 4 // 3
        found.append(b64encode(bytes(before) + secret).decode()[first:after])
    return [letters for letters in found if len(letters) >= SHORTEST]
