"""Bytes kept once by their hash, packed where that helps."""

from __future__ import annotations

import hashlib
import zlib

from sqlalchemy import Connection, bindparam, select

from daemon.adapters.store.database import Database
from daemon.adapters.store.dialect import insert_new
from daemon.adapters.store.tables import blobs

SAMPLE = 1024

_KNOWN = select(blobs.c.sha256).where(blobs.c.sha256 == bindparam("which"))
_BYTES = select(blobs.c.packed, blobs.c.data).where(blobs.c.sha256 == bindparam("which"))


def keep_blob(connection: Connection, data: bytes) -> str:
    """Store bytes unless they are there; return their sha256."""
    sha256 = hashlib.sha256(data).hexdigest()
    if connection.scalar(_KNOWN, {"which": sha256}) is None:
        packed = _is_loose(data)
        kept = zlib.compress(data, level=1) if packed else data
        insert_new(connection, blobs, {"sha256": sha256, "packed": packed, "data": kept})
    return sha256


def _is_loose(data: bytes) -> bool:
    """Tell whether bytes become half as long by packing, as their beginning shows.

    Nearly all that is kept does not: mails are base64 of pictures, of packed files and of Chinese, and a quarter less
    on the disk costs more time than all else that happens to them here.
    """
    sample = data[:SAMPLE]
    return 2 * len(zlib.compress(sample, level=1)) < len(sample)


class BlobVerbs(Database):
    """The verbs of `Store` about bytes."""

    def blob(self, sha256: str) -> bytes:
        """Return bytes stored by hash.

        Raises KeyError.
        """
        with self._reading() as connection:
            row = connection.execute(_BYTES, {"which": sha256}).first()
        if row is None:
            raise KeyError(sha256)
        return zlib.decompress(row.data) if row.packed else bytes(row.data)

    def put_blob(self, data: bytes) -> str:
        """Store bytes once; return their sha256."""
        with self._writing() as connection:
            return keep_blob(connection, data)
