"""The sheets beside the complaints: their columns, as they are shown and as they are looked for.  Values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daemon.core.fields import Kind, Who
from daemon.ledger.columns import Column, Layout, Look
from daemon.ledger.sheet import Wanted


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a further sheet: its key, its headers, whose it is, its look, width and list."""

    key: str
    zh: str
    en: str
    who: Who
    look: Look
    width: float
    values: tuple[str, ...] = ()
    values_en: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    hidden: bool = False

    def wanted(self, layout: Layout) -> Wanted:
        """Return the column as it is looked for; the header of the other language finds it too."""
        title = layout.say(self.zh, self.en)
        others = dict.fromkeys((self.zh, self.en, *self.synonyms))
        return Wanted(self.key, title, tuple(one for one in others if one != title))

    def column(self, layout: Layout) -> Column:
        """Return the column as it is shown."""
        values = self.values_en if self.values_en and layout.say("", "en") else self.values
        kind = _KINDS.get(self.look, Kind.TEXT)
        return Column(self.key, layout.say(self.zh, self.en), self.who, kind, self.look, self.width, values)


_KINDS = {Look.DAY: Kind.MOMENT, Look.MOMENT: Kind.MOMENT, Look.CHOICE: Kind.LIST}


def columns_for(headings: Sequence[Heading], layout: Layout) -> tuple[Column, ...]:
    """Return the columns of a sheet as they are shown."""
    return tuple(one.column(layout) for one in headings)


def wanted_for(headings: Sequence[Heading], layout: Layout) -> tuple[Wanted, ...]:
    """Return the columns of a sheet as they are looked for."""
    return tuple(one.wanted(layout) for one in headings)
