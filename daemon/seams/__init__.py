"""The narrow interfaces between the passes and the world, and the values that cross them.  No code of its own."""

from daemon.seams.ledger import CellValue, LedgerFile, LedgerNotWritable, LedgerRow, LedgerWrite
from daemon.seams.mail import (
    Delivery,
    IncomingMail,
    Known,
    Mailbox,
    MailboxUnreachable,
    MailKey,
    MailSender,
    NotFiled,
    SendResult,
    Shelf,
    nothing_known,
)
from daemon.seams.records import (
    Copy,
    Decision,
    Document,
    Envelope,
    LeaseLost,
    MailOutcome,
    MailRecord,
    OutboxRow,
    OutboxState,
    StaleCase,
)
from daemon.seams.store import Store
from daemon.seams.time import Clock, Mint

__all__ = [
    "CellValue",
    "Clock",
    "Copy",
    "Decision",
    "Delivery",
    "Document",
    "Envelope",
    "IncomingMail",
    "Known",
    "LeaseLost",
    "LedgerFile",
    "LedgerNotWritable",
    "LedgerRow",
    "LedgerWrite",
    "MailKey",
    "MailOutcome",
    "MailRecord",
    "MailSender",
    "Mailbox",
    "MailboxUnreachable",
    "Mint",
    "NotFiled",
    "OutboxRow",
    "OutboxState",
    "SendResult",
    "Shelf",
    "StaleCase",
    "Store",
    "nothing_known",
]
