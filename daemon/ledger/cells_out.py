"""One value as the XML of a cell: text always as text, moments as numbers where the cell shows dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

from daemon.core.fields import CellValue
from daemon.ledger.formats import Format, Kind
from daemon.ledger.markup import quoted
from daemon.ledger.text import clean, escaped

LARGEST = 10**15  # a number of more digits is kept as text: Excel keeps fifteen
DATES = (Kind.MOMENT, Kind.CLOCK, Kind.ELAPSED)

_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - a cell has no zone
_MARCH_1900 = datetime(1900, 3, 1)  # noqa: DTZ001 - before, Excel's calendar is one day off
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Looks:
    """What the writer of cells knows of the workbook: its number formats by style, its calendar, its tags' prefix."""

    formats: Sequence[Format]
    date1904: bool
    prefix: bytes = b""
    date_style: bytes | None = None

    def shows_dates(self, style: bytes | None) -> bool:
        """Tell whether a cell of this style shows a number as a date."""
        number = int(style or 0)
        return number < len(self.formats) and self.formats[number].kind in DATES

    def cell(self, ref: str, style: bytes | None, value: CellValue) -> bytes:
        """Return a cell; one without value has its style alone."""
        kind, content = self._content(value, style)
        attributes = b' r="%s"' % ref.encode()
        if style is not None:
            attributes += b' s="%s"' % style
        if not content:
            return b"<%sc%s/>" % (self.prefix, attributes)
        return b"<%(p)sc%(a)s%(k)s>%(c)s</%(p)sc>" % {b"p": self.prefix, b"a": attributes, b"k": kind, b"c": content}

    def formula(self, ref: str, style: bytes | None, formula: str) -> bytes:
        """Return a cell with a formula, which the program computes when it opens the file."""
        look = b' s="%s"' % style if style is not None else b""
        values = {b"p": self.prefix, b"r": ref.encode(), b"s": look, b"f": quoted(formula)}
        return b'<%(p)sc r="%(r)s"%(s)s><%(p)sf>%(f)s</%(p)sf></%(p)sc>' % values

    def _content(self, value: CellValue, style: bytes | None) -> tuple[bytes, bytes]:
        """Return the type's attribute and what stands in the cell."""
        if isinstance(value, bool):
            return b' t="b"', self._value(b"%d" % value)
        if isinstance(value, datetime):
            number = serial(value, date1904=self.date1904)
            if number is not None and self.shows_dates(style):
                return b"", self._value(number.encode())
            return self._text(told(value))
        if isinstance(value, int | float) and isfinite(value) and abs(value) < LARGEST:
            return b"", self._value(written(value).encode())
        return self._text("" if value is None else str(value))

    def _value(self, raw: bytes) -> bytes:
        return b"<%(p)sv>%(v)s</%(p)sv>" % {b"p": self.prefix, b"v": raw}

    def _text(self, text: str) -> tuple[bytes, bytes]:
        legal = clean(text)
        if not legal:
            return b"", b""
        space = b' xml:space="preserve"' if legal != legal.strip() or "\n" in legal else b""
        values = {b"p": self.prefix, b"s": space, b"t": quoted(escaped(legal))}
        return b' t="inlineStr"', b"<%(p)sis><%(p)st%(s)s>%(t)s</%(p)st></%(p)sis>" % values


def serial(moment: datetime, *, date1904: bool) -> str | None:
    """Return a naive wall time as the number of days that a workbook holds, None when its calendar does not reach."""
    wall = moment.replace(tzinfo=None, microsecond=0)
    epoch = _EPOCH_1904 if date1904 else _EPOCH if wall >= _MARCH_1900 else _EPOCH + _DAY
    days = (wall - epoch) / _DAY
    return written(days) if days >= (0 if date1904 else 1) else None


def told(moment: datetime) -> str:
    """Return a moment as people write it, for a cell that shows no dates."""
    return f"{moment:%Y-%m-%d %H:%M}" if (moment.hour or moment.minute) else f"{moment:%Y-%m-%d}"


def written(number: float) -> str:
    """Return a number as XML has it, with all its digits and no point where there is none."""
    return str(int(number)) if number == int(number) else repr(number)
