"""How a connection is secured; there is no way here to leave a certificate unverified."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path


class Security(StrEnum):
    """What the configuration says outright; nothing falls back to something weaker."""

    TLS = "tls"  # from the first byte: 993, 465
    STARTTLS = "starttls"  # after a plain greeting: 143, 587; refused when the server does not offer it
    NONE = "none"  # for a server on the same machine


class CaFileUnusable(OSError):
    """The file with the certificate authority cannot be used."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"the CA file {path} cannot be used: {why}; give a PEM file in ca_file, or leave it empty")


def context(ca_file: Path | None = None) -> ssl.SSLContext:
    """Return a client context that verifies certificate and host name, by `ca_file` or else by the system's CAs.

    Raises CaFileUnusable.
    """
    if ca_file is None:
        return ssl.create_default_context()
    try:
        return ssl.create_default_context(cafile=str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise CaFileUnusable(ca_file, error.strerror or "no certificate in it") from error


def valid_until(line: object) -> datetime | None:
    """Return until when the certificate is valid that the server showed on this connection; None without TLS."""
    shown = line.getpeercert() if isinstance(line, ssl.SSLSocket) else None
    text = shown.get("notAfter") if shown else None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC) if isinstance(text, str) else None
