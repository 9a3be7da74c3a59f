"""Where a store lies: a database address, the schema in it, and the password, which is shown nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

POSTGRESQL = "postgresql+psycopg"
EXAMPLE = "postgresql://kesu@db.example/kesu"
_SCHEMA = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}")
_DRIVERS = ("postgresql", POSTGRESQL)
_PASSWORDS = ("password", "sslpassword")
_TLS = ("disable", "verify-ca", "verify-full")
_LOCAL = ("", "localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Address:
    """A database address, with the password in it, and the schema on PostgreSQL (empty: the user's own)."""

    url: URL
    schema: str = ""

    def __str__(self) -> str:
        """Return it as messages show it, without password and options."""
        plain = self.url.set(query={}).render_as_string(hide_password=True).replace(":***@", "@")
        return f"{plain} (schema {self.schema})" if self.schema else plain

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the store is an SQLite file (or in memory)."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def is_in_memory(self) -> bool:
        """Tell whether it is gone with its connection."""
        return self.is_sqlite and self.url.database in (None, "", ":memory:")


def address_of(address: str | Address, schema: str = "", password: str = "") -> Address:
    """Return an address from its text, such as `sqlite:////var/lib/kesu/kesu.db`, and what stands elsewhere."""
    if isinstance(address, Address):
        return address
    url = make_url(address)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername=POSTGRESQL, query={**_verified(url), **url.query})
    return Address(url.set(password=password) if password else url, schema)


def sqlite_file(path: Path) -> Address:
    """Return the address of an SQLite file."""
    return Address(URL.create("sqlite", database=str(path)))


def _verified(url: URL) -> dict[str, str]:
    """Return what makes a connection over the network an encrypted one, to a server that proves who it is."""
    host = url.host or url.query.get("host", "")
    local = isinstance(host, str) and (host in _LOCAL or host.startswith("/"))
    return {} if local else {"sslmode": "verify-full"}


def checked_database(text: str) -> str:
    """Return a database address of config.toml as it is.

    Raises ValueError, in words that repeat nothing of the address: a password may stand in it.
    """
    if not text:
        return text
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as fault:
        raise ValueError(f"this is no database address; write it like {EXAMPLE}") from fault
    if url.password is not None or any(key in url.query for key in _PASSWORDS):
        raise ValueError("take the password out of it; name database_password_env or database_password_file instead")
    if url.drivername not in _DRIVERS:
        raise ValueError(f"write it like {EXAMPLE}, or leave it empty: then it is the SQLite file in the state folder")
    if url.query.get("sslmode", _TLS[0]) not in _TLS:
        raise ValueError("this sslmode verifies nothing; write verify-full (with sslrootcert), verify-ca or disable")
    return text


def checked_schema(text: str) -> str:
    """Return a schema's name of config.toml as it is.  Raises ValueError."""
    if text and not _SCHEMA.fullmatch(text):
        raise ValueError("write a schema's name in small letters, digits and _, beginning with a letter")
    return text
