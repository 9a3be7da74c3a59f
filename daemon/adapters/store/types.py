"""Column types that mean the same on every database: instants, enums and text that every database accepts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")

Id = BigInteger().with_variant(Integer, "sqlite")
"""A row's own number; SQLite counts only in a column of type INTEGER."""


class NaiveMoment(ValueError):
    """An instant without a time zone says nothing and is never stored."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(f"the instant {moment.isoformat()} has no time zone")


def microseconds(moment: datetime) -> int:
    """Return an aware instant as microseconds since 1970 in UTC.

    Raises NaiveMoment.
    """
    if moment.utcoffset() is None:
        raise NaiveMoment(moment)
    return (moment - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """Return the instant, in UTC, that stands so many microseconds after 1970."""
    return _EPOCH + value * _MICROSECOND


def without_surrogates(text: str) -> str:
    """Return the text with U+FFFD for half characters, which no database and no UTF-8 file can hold."""
    return _LONE_SURROGATES.sub("\ufffd", text)


def clean(text: str) -> str:
    """Return the text without half characters and without NUL, which PostgreSQL refuses."""
    return without_surrogates(text).replace("\0", "\ufffd")


class Moment(TypeDecorator[datetime]):
    """An instant as microseconds since 1970 in UTC: aware in, aware UTC out."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the integer to store.

        Raises NaiveMoment.
        """
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - likewise
        """Return the instant in UTC."""
        return None if value is None else moment(value)


class CleanText(TypeDecorator[str]):
    """Text from mails and people: half characters and NUL become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the text to store."""
        return None if value is None else clean(value)


class Word(TypeDecorator[StrEnum]):
    """A word of one enum, stored as its value so that a person can read the table."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the word to store.

        Raises ValueError for a word that the enum does not have.
        """
        return None if value is None else str(self.words(value).value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002 - likewise
        """Return the member of the enum."""
        return None if value is None else self.words(value)
