"""What a database server says when it cannot be used, and what to mend: a table."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

DRIVER_MISSING = 'install the driver: pip install "kesu[postgresql]"'

# The server tells no code when it refuses a connection, so its words are looked for; those of libpq are English.
ADVICE = (
    # said                               what to mend
    ("password authentication failed", "check user and password: database_password_env or database_password_file"),
    ("no password supplied", "name the password in database_password_env or database_password_file"),
    ("no pg_hba.conf entry", "let this machine and user in: a line in the server's pg_hba.conf"),
    ("does not exist", "create the database and its user, or correct the names in [service] database"),
    ("connection refused", "start the database server, or correct host and port in [service] database"),
    ("resolve host", "correct the host in [service] database, or mend the name service"),
    ("translate host name", "correct the host in [service] database, or mend the name service"),
    ("timeout", "check host, port and firewall between this machine and the database server"),
    ("root certificate", "name the authority's certificate: ?sslrootcert=/path/ca.pem (or =system) in the address"),
    ("certificate verify failed", "name the authority that signed the server's certificate: ?sslrootcert=/path/ca.pem"),
    ("server certificate", "write the host as it stands in the server's certificate"),
    ("does not support ssl", "switch TLS on at the server; ?sslmode=disable only on a network that nobody listens in"),
    ("permission denied", "grant it to the user of [service] database"),
    ("too many", "let the server take more connections, or close some"),
    ("database or disk is full", "make room on the disk of the state folder; nothing that was accepted is lost"),
    ("disk i/o error", "look whether the disk of the state folder is full or broken; what was accepted is not lost"),
    ("unable to open database file", "see that the disk of the state folder has room and that kesu may write there"),
    ("readonly database", "see that kesu may write the file and its folder, and that the disk is sound"),
    ("no space left", "make room on the database server"),
)
LATER = "the daemon tries again at the next tick; if it stays so, ask who runs the database"


def said_by(fault: BaseException) -> str:
    """Return what the server or the driver said, on one line, without statement or values."""
    origin = fault.orig if isinstance(fault, DBAPIError) and fault.orig is not None else fault
    return " ".join(str(origin).split())


def advice_on(said: str) -> str:
    """Return what to mend when the server said this."""
    words = said.lower()
    return next((advice for mark, advice in ADVICE if mark in words), LATER)
