"""Where in a mail each fact stands, and which facts are no more than a guess; found once they are read.  Reads none.

A fact is sure beside its label, and in free text where nothing else can be meant.  Unsure is what was cut out of a
sentence and said nowhere else, what was computed or put together, and one of several numbers that could be it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from daemon.core.places import Part, Place
from daemon.intake.body import FIRM_LINE
from daemon.intake.dates import Due, dues_in
from daemon.intake.labels import labelled, pairs
from daemon.intake.limits import MAX_FACTS
from daemon.intake.people import PREFIXED_COMPANY
from daemon.intake.products import batches_in, orders_in, parts_in
from daemon.intake.quantities import Figure, defective_in, delivered_in, numbers_in, shares_in
from daemon.intake.words import COMPANY, LATIN_COMPANY, SITE_WORDS

Value = str | int | float | datetime
MOST_WORDS = 200  # characters of a place that are kept
LEAST_WORDS = 4  # characters of a text put together that tell where it begins
RUN = re.compile(r"[^\s，,、；;]+")  # what is compared: sentences are joined without what stood at their ends
WORD = re.compile(r"[A-Za-z0-9\-]")  # what goes on beyond the end of a code or a Latin word


@dataclass(frozen=True, slots=True)
class Told:
    """What facts were read from: the parts of the mail, the main one first, and what its labels say.

    `main` is the first part without greeting and signature, `sent` the instant from which spans of time are counted.
    """

    parts: Mapping[str, str]
    fields: Mapping[str, str]
    main: str
    sent: datetime | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """Where each fact stands, as far as it stands anywhere, and the keys of those that a person should confirm."""

    of: Mapping[str, Place] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()


def find_places(facts: Mapping[str, Value], told: Told) -> Places:
    """Return where the facts of a mail stand, and which of them are unsure."""
    search = _Search(facts, told)
    found = {key: place for key, value in facts.items() if (place := search.place(key, value))}
    unsure = (key for key, value in facts.items() if not (key in found and search.is_sure(key, value, found[key])))
    return Places(found, frozenset(unsure))


def place_of(words: str, texts: Mapping[str, str]) -> Place | None:
    """Return the first place in these texts, by part, that has the words."""
    spans = ((part, span) for part, text in texts.items() for span in _Text(text[:MAX_FACTS]).written(words))
    return next((_placed(part, texts[part], span) for part, span in spans), None)


def _placed(part: str, text: str, span: slice) -> Place:
    return Place(str(part), span.start, span.stop, text[span][:MOST_WORDS])


class _Text:
    """A text in which words are looked for whatever blanks, line ends and commas stand between their characters."""

    def __init__(self, text: str) -> None:
        runs = [run.span() for run in RUN.finditer(text)]
        self.text = text
        self._plain = "".join(text[start:end] for start, end in runs)
        self._at = [at for run in runs for at in range(*run)]

    def written(self, words: str) -> Iterator[slice]:
        """Yield where these words stand."""
        wanted, at = _bare(words), -1
        while wanted and (at := self._plain.find(wanted, at + 1)) >= 0:
            span = slice(self._at[at], self._at[at + len(wanted) - 1] + 1)
            before, behind = self.text[max(0, span.start - 1) : span.start], self.text[span.stop : span.stop + 1]
            if not (_goes_on(before, wanted[0]) or _goes_on(behind, wanted[-1])):
                yield span

    def beginning(self, words: str) -> slice | None:
        """Return where the longest beginning of these words stands."""
        wanted = _bare(words)
        low, high = 0, len(wanted)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if wanted[:middle] in self._plain else (low, middle - 1)
        at = self._plain.find(wanted[:low])
        return slice(self._at[at], self._at[at + low - 1] + 1) if low >= LEAST_WORDS else None


def _bare(words: str) -> str:
    return "".join(RUN.findall(words))


def _goes_on(beyond: str, edge: str) -> bool:
    return bool(WORD.match(beyond) and WORD.match(edge))


class _Search:
    """The search for the facts of one mail."""

    def __init__(self, facts: Mapping[str, Value], told: Told) -> None:
        self.facts, self.told = facts, told
        self._texts = {part: _Text(text) for part, text in told.parts.items()}
        labelled = told.fields.keys() & facts.keys()
        self._labels = {part: _labels_of(text, labelled) for part, text in told.parts.items() if labelled}

    def place(self, key: str, value: Value) -> Place | None:
        """Return the place beside the fact's label, else the first one at all; of sentences that of their beginning."""
        beside = (
            (part, span)
            for part, labels in self._labels.items()
            if key in labels
            for span in self._spans(key, value, self._texts[part])
            if span.start >= labels[key]
        )
        parts = sorted(self._texts, key=FROM_SENDER.get(key, ()).__contains__, reverse=True)
        anywhere = ((part, span) for part in parts for span in self._spans(key, value, self._texts[part]))
        found = next(chain(beside, anywhere), None) or (self._beginning(str(value)) if key in SENTENCES else None)
        return _placed(found[0], self.told.parts[found[0]], found[1]) if found else None

    def _spans(self, key: str, value: Value, text: _Text) -> Iterator[slice]:
        """Yield where a text writes a value, however it is written."""
        if isinstance(value, datetime):
            words = (due.words for due in self.dues(key) if due.at == value)
            yield from chain.from_iterable(map(text.written, words))
        elif isinstance(value, str):
            yield from text.written(value)
        else:
            figures = chain.from_iterable(read(text.text) for read in FIGURES[key])
            yield from (slice(one.start, one.end) for one in figures if one.value == value)

    def dues(self, key: str) -> Iterator[Due]:
        """Yield the times that the mail asks to be met, beside their label or in what is asked for."""
        return dues_in(self.told.fields.get(key) or str(self.facts.get("demand", "")), self.told.sent)

    def _beginning(self, words: str) -> tuple[str, slice] | None:
        spans = ((part, text.beginning(words)) for part, text in self._texts.items())
        return next(((part, span) for part, span in spans if span), None)

    def is_sure(self, key: str, value: Value, place: Place) -> bool:
        """Tell whether a fact that stands at this place needs no person's look."""
        if key == "product_name" and value == self.facts.get("part_no"):
            return False
        said = _Text("\n".join(filter(None, map(self.told.fields.get, LABELS_OF.get(key, (key,))))))
        if place.part == Part.NOTE or next(self._spans(key, value, said), None):
            return True
        return RULES.get(key, _is_as_written)(key, value, self)

    def parts_that_say(self, words: str) -> int:
        """Return how many parts of the mail have these words."""
        return sum(next(text.written(words), None) is not None for text in self._texts.values())


def _labels_of(text: str, keys: Iterable[str]) -> dict[str, int]:
    """Return where the first line begins that bears a label of each of these facts."""
    found: dict[str, int] = {}
    start, wanted = 0, set(keys)
    for line in text.split("\n"):
        for key, _ in filter(None, map(labelled, pairs(line))):
            if key in wanted:
                found.setdefault(key, start)
        if wanted == found.keys():
            break
        start += len(line) + 1
    return found


Rule = Callable[[str, Value, _Search], bool]


def _is_as_written(_: str, value: Value, search: _Search) -> bool:
    """Tell whether each line of the fact stands in the mail as it is: nothing was put together or computed."""
    return not isinstance(value, str) or all(map(search.parts_that_say, value.split("\n")))


def _is_said_twice(_: str, value: Value, search: _Search) -> bool:
    return search.parts_that_say(str(value)) > 1


def _is_whole_company(key: str, value: Value, search: _Search) -> bool:
    """Tell whether the customer is written with its legal form, or named in two parts of the mail."""
    legal = any(form.fullmatch(str(value)) for form in (COMPANY, LATIN_COMPANY, FIRM_LINE, PREFIXED_COMPANY))
    return legal or _is_said_twice(key, value, search)


def _names_a_plant(key: str, value: Value, search: _Search) -> bool:
    return bool(SITE_WORDS.search(str(value))) or _is_said_twice(key, value, search)


def _is_sender(key: str, value: Value, search: _Search) -> bool:
    sender = search.told.parts.get(Part.SENDER, "")
    return sender.startswith(f"{value} <") or _is_said_twice(key, value, search)


def _is_only_part(key: str, value: Value, search: _Search) -> bool:
    others = (str(search.facts.get("batch_no")), str(search.facts.get("order_no")))
    return {*parts_in(search.told.main, *others)} <= {value} or _is_said_twice(key, value, search)


def _is_only_due(key: str, value: Value, search: _Search) -> bool:
    return {due.at for due in search.dues(key)} == {value}


def _is_only(read: Callable[[str], Iterable[object]]) -> Rule:
    """Make the rule that free text offers nothing else for the fact."""
    return lambda _, value, search: {*read(search.told.main)} == {value}


def _values(read: Callable[[str], Iterable[Figure]]) -> Callable[[str], Iterable[object]]:
    return lambda text: (one.value for one in read(text))


SENTENCES = frozenset({"phenomenon", "demand"})  # they may be put together from what stands apart
# How the figures of a fact are found, the surest way first.
FIGURES: Mapping[str, tuple[Callable[[str], Iterable[Figure]], ...]] = {
    "quantity_defective": (defective_in, numbers_in),
    "quantity_delivered": (delivered_in, numbers_in),
    "defect_rate": (shares_in,),
}
# Who wrote is read from the head of the mail before its text.
FROM_SENDER: Mapping[str, tuple[Part, ...]] = dict.fromkeys(("contact_name", "contact_email"), (Part.SENDER,))
# The labels under which a fact may stand beside its own: `品名：端盖 / HY-118`.
LABELS_OF = {"part_no": ("part_no", "product_name")}
# When a fact that no label names is sure; what is not listed is when it stands there as it is.
RULES: Mapping[str, Rule] = {
    "customer": _is_whole_company,
    "site": _names_a_plant,
    "product_name": _is_said_twice,
    "part_no": _is_only_part,
    "batch_no": _is_only(batches_in),
    "order_no": _is_only(orders_in),
    "quantity_defective": _is_only(_values(defective_in)),
    "quantity_delivered": _is_only(_values(delivered_in)),
    "contact_name": _is_sender,
    "customer_due": _is_only_due,
}
