"""Documents, the ledger as it was written last, and the texts of profiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from daemon.adapters.store.blobs import keep_blob
from daemon.adapters.store.chain import sha256_text
from daemon.adapters.store.database import Database
from daemon.adapters.store.dialect import insert_new
from daemon.adapters.store.memory import keep
from daemon.adapters.store.tables import documents, ledger_rows, profiles
from daemon.seams import Document

_ROW_OLD = update(ledger_rows).where(ledger_rows.c.case == bindparam("which")).values(seq=-1)  # it links to the report
_DOCUMENTS = (
    select(documents).where(documents.c.case == bindparam("which")).order_by(documents.c.kind, documents.c.revision)
)


class RecordVerbs(Database):
    """The verbs of `Store` about documents, ledger and profiles."""

    def add_document(self, document: Document, data: bytes = b"", marks: Mapping[str, str] | None = None) -> None:
        """Record a revision of a document, keep its bytes and values about it (as `remember` does), all at once.

        Raises sqlalchemy.exc.IntegrityError when this revision is there already.
        """
        with self._writing() as connection:
            if data:
                keep_blob(connection, data)
            for key, value in (marks or {}).items():
                keep(connection, key, value)
            connection.execute(insert(documents), asdict(document))
            connection.execute(_ROW_OLD, {"which": document.case})

    def documents(self, case: UUID) -> tuple[Document, ...]:
        """Return the documents of a case, by kind and revision."""
        with self._reading() as connection:
            rows = connection.execute(_DOCUMENTS, {"which": case})
            return tuple(Document(**row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name

    def put_profile(self, text: str) -> str:
        """Keep a profile's text; return its hash."""
        sha256 = sha256_text(text)
        with self._writing() as connection:
            insert_new(connection, profiles, {"sha256": sha256, "text": text})
        return sha256

    def profile(self, sha256: str) -> str:
        """Return a profile's text.

        Raises KeyError.
        """
        with self._reading() as connection:
            text = connection.scalar(select(profiles.c.text).where(profiles.c.sha256 == sha256))
        if text is None:
            raise KeyError(sha256)
        return str(text)
