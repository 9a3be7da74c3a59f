"""The store: the journal and everything that must survive a restart, in SQLite or another SQL database."""

from daemon.adapters.store.address import Address, address_of, sqlite_file
from daemon.adapters.store.errors import (
    NotPlanned,
    NumberTaken,
    StoreMissing,
    StoreTooNew,
    StoreTooOld,
    StoreUnreachable,
    UpgradeWaits,
)
from daemon.adapters.store.sql import SqlStore, open_store

__all__ = [
    "Address",
    "NotPlanned",
    "NumberTaken",
    "SqlStore",
    "StoreMissing",
    "StoreTooNew",
    "StoreTooOld",
    "StoreUnreachable",
    "UpgradeWaits",
    "address_of",
    "open_store",
    "sqlite_file",
]
