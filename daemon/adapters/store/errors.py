"""What can be wrong with a store as a whole.  Each message says what to do next."""

from __future__ import annotations


class StoreTooNew(Exception):
    """The store was upgraded by a newer kesu than this one."""

    def __init__(self, url: str, revision: str) -> None:
        self.revision = revision
        super().__init__(
            f"the store {url} has revision {revision}, which this kesu does not know: "
            "install the newer kesu again, or restore the copy made before the upgrade"
        )


class StoreTooOld(Exception):
    """The store is opened for reading only and was not upgraded yet."""

    def __init__(self, url: str, revision: str | None) -> None:
        self.revision = revision
        super().__init__(
            f"the store {url} has revision {revision or 'none'} and is opened for reading only: "
            "start the daemon once, it upgrades the store"
        )


class StoreUnreachable(Exception):
    """The database cannot be used now; the message says why and what to mend, and shows no password."""

    def __init__(self, address: object, said: str, advice: str) -> None:
        self.said, self.advice = said, advice
        super().__init__(f"the database {address} cannot be used: {said}: {advice}")


class UpgradeWaits(Exception):
    """The store needs an upgrade, and a daemon of an older kesu works with it."""

    def __init__(self, address: object, owner: str) -> None:
        self.owner = owner
        super().__init__(
            f"{address} is at work in an older kesu ({owner}): stop that one, then this one upgrades the store"
        )


class StoreMissing(Exception):
    """There is no store to read."""

    def __init__(self, url: str) -> None:
        super().__init__(f"there is no store at {url}: start the daemon once, or correct the path in config.toml")


class NumberTaken(Exception):
    """Another case has this number."""

    def __init__(self, number: str) -> None:
        super().__init__(f"the number {number} belongs to another case")


class NotPlanned(Exception):
    """The bytes of a mail are fixed once; this row of the outbox is not (or no longer) planned."""

    def __init__(self, row: int) -> None:
        super().__init__(f"row {row} of the outbox is not planned; its bytes cannot be fixed again")
