"""Login by a token in place of a password (SASL XOAUTH2); where tokens come from stands in oauth.py."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Protocol

from daemon.adapters.findings import hide, one_line


class TokenSource(Protocol):
    """Hands out the access token of one mailbox, fresh whenever it is asked for."""

    def token(self) -> str:
        """Return a token that is valid for minutes at least.

        Raises NoToken.
        """
        ...

    def forget(self) -> None:
        """Drop the present token, because a server refused it; the next one is asked for anew."""
        ...


class Xoauth2:
    """One login by XOAUTH2: what is sent, and what the server gave as the reason for refusing it.

    A refusing server first sends its reason as JSON in a challenge, which wants an empty answer before the refusal
    proper comes (as in RFC 7628, 3.2.2 and 3.2.3).  An answer with the token again would leave both sides waiting.
    """

    def __init__(self, user: str, token: str) -> None:
        self._user = user
        self._token = token
        self.reason = ""

    def __call__(self, challenge: bytes | None = None) -> str:
        """Return the answer to a challenge; an empty one, or none yet, asks for the token."""
        if challenge:
            self.reason = _reason(challenge)
            return ""
        return f"user={self._user}\x01auth=Bearer {self._token}\x01\x01"

    def explained(self, words: str) -> str:
        """Return a server's words with its reason and without the token, should it repeat that."""
        said = base64.b64encode(self().encode()).decode()
        text = f"{words} ({self.reason})" if self.reason else words
        return hide(hide(text, said), self._token)


def _reason(challenge: bytes) -> str:
    """Return the status that a challenge names; some servers wrap it in base64 a second time."""
    try:
        text = challenge if challenge.lstrip().startswith(b"{") else base64.b64decode(challenge, validate=True)
        said = json.loads(text)
    except (ValueError, binascii.Error, RecursionError):
        return "the server gave no reason"
    status = said.get("status", "") if isinstance(said, dict) else ""
    return f"status {one_line(str(status), 40)}" if status else "the server gave no reason"
