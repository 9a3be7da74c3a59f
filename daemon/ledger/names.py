"""What the ledger's files are called in the shared folder.  Words only."""

from __future__ import annotations

LEDGER_NAME = "客诉台账.xlsx"
BACKUPS = "备份"
LIVE_NAME = "客诉台账-实时(只读).xlsx"
