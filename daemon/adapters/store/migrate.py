"""Bring a store to the tables of this code, step by step; refuse one that is ahead of it."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

_FOLDER = Path(__file__).parent / "migrations"


def migration_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration for the migrations in this package."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def migrate(connection: Connection) -> None:
    """Carry out the migrations that are missing, within the transaction of `connection`."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    command.upgrade(migration_config(connection), "head")
