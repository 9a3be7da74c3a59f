"""The store: the journal and everything that must survive a restart, in SQLite or another SQL database."""

from daemon.adapters.store.errors import NotPlanned, NumberTaken, StoreMissing, StoreTooNew, StoreTooOld
from daemon.adapters.store.sql import SqlStore, open_store

__all__ = ["NotPlanned", "NumberTaken", "SqlStore", "StoreMissing", "StoreTooNew", "StoreTooOld", "open_store"]
