"""How like two rows are, cell by cell: which are the very same, and how much of one still stands in another.  Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from daemon.core.fields import BY_KEY, Kind
from daemon.ledger.merge import Row, look, standing
from daemon.ledger.sheet import SeenRow

TELLING = ("product_name", "part_no", "batch_no", "phenomenon")  # a row that has two of them otherwise is another's
ALIKE = 0.5  # of the cells that were there: less is another row
MARGIN = 0.2  # by which the best must be better than the next

Cells = Mapping[str, str]  # what stands in a row, as it looks, by key; neither the number nor empty cells


@dataclass(frozen=True, slots=True)
class Known:
    """A case that has, or had, a row: its number, the cells of the row when it was read last, and where it stood.

    The base may lack the number: a row that a person typed is registered at once, and numbered when the file is free.
    """

    number: str
    base: Row
    position: int = 0


# ── the very same cells ──────────────────────────────────────────────────────────────────────────────────────────────


def cells_of(row: Row, columns: Collection[str]) -> Cells:
    """Return what stands in a row, as it looks, in these columns."""
    looks = ((key, look(value)) for key, value in row.items() if key in columns)
    return {key: text for key, text in looks if text}


def cells_in(row: SeenRow, columns: Collection[str]) -> Cells:
    """Return what stands in a row of the sheet, as it looks, in these columns."""
    return cells_of({key: standing(seen) for key, seen in row.cells.items()}, columns)


def twins_of(
    rows: Iterable[SeenRow], known: Mapping[UUID, Known], columns: Collection[str], *, in_part: bool = False
) -> Mapping[int, tuple[UUID, ...]]:
    """Return the cases whose cells each row has, by the row's number, `in_part` also those of which it has some.

    The longest cell of a row finds the few to try.
    """
    anchors: dict[str, dict[str, list[tuple[int, Cells]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        cells = cells_in(row, columns)
        if cells:
            key = max(cells, key=lambda key: (len(cells[key]), key))
            anchors[key][cells[key]].append((row.number, cells))
    found: dict[int, list[UUID]] = defaultdict(list)
    for case, one in known.items():
        for key, texts in anchors.items():
            tried = texts.get(look(one.base.get(key)), ())
            base = cells_of(one.base, columns) if tried else {}
            for number, cells in tried:
                if cells == base or (in_part and cells.items() <= base.items()):
                    found[number].append(case)
    return {number: tuple(cases) for number, cases in found.items()}


def grouped(
    twins: Mapping[int, tuple[UUID, ...]], rows: Mapping[int, SeenRow]
) -> Iterator[tuple[tuple[UUID, ...], list[SeenRow]]]:
    """Yield those of these rows that have the same twins together."""
    groups: dict[tuple[UUID, ...], list[SeenRow]] = defaultdict(list)
    for number in sorted(set(twins) & set(rows)):
        groups[twins[number]].append(rows[number])
    yield from groups.items()


def paired(
    cases: Iterable[UUID], rows: Iterable[SeenRow], known: Mapping[UUID, Known]
) -> Iterator[tuple[UUID, SeenRow]]:
    """Yield each case with one of these rows, that at its place where there is one; all of them are alike."""
    left = {row.number: row for row in rows}
    waiting = sorted(cases, key=lambda case: known[case].position)
    placed = [(case, row) for case in waiting if (row := left.pop(known[case].position, None))]
    others = [case for case in waiting if case not in {case for case, _ in placed}]
    yield from (*placed, *zip(others, left.values(), strict=False))


REWRITTEN = frozenset(key for key, field in BY_KEY.items() if field.kind is not Kind.TEXT)
WORDS = 3  # cells of a row: fewer may be another complaint's by chance


def beginnings_of(
    rows: Iterable[SeenRow], cases: Mapping[UUID, Known], columns: Collection[str]
) -> Iterator[tuple[UUID, int]]:
    """Yield each case with the row of which all words stand in it, where there is one such row and one such case.

    It was typed, and is saved once more from the state before the rest of it was filled in, and before numbers, days
    and choices were written as the ledger writes them.
    """
    columns = [key for key in columns if key not in REWRITTEN]
    bases = {case: set(cells_of(one.base, columns).items()) for case, one in cases.items()}
    typed = {row.number: set(cells_in(row, columns).items()) for row in rows}
    pairs = [
        (case, number)
        for number, cells in typed.items()
        if len(cells) >= WORDS
        for case, base in bases.items()
        if cells <= base
    ]
    of_case, of_row = Counter(case for case, _ in pairs), Counter(number for _, number in pairs)
    yield from ((case, number) for case, number in pairs if of_case[case] == of_row[number] == 1)


# ── what is still there ──────────────────────────────────────────────────────────────────────────────────────────────

Scores = Mapping[tuple[UUID, int], float]


def scores_of(
    rows: Iterable[SeenRow],
    cases: Mapping[UUID, Known],
    columns: Collection[str],
    known: Mapping[UUID, Known] | None = None,
) -> Scores:
    """Return how much of each case still stands in each row, as a share; less than half is left out.

    A row that names another product and symptom is not the case's, however much else it has of it.  With `known`, a
    cell that many of these cases have alike, such as a state, tells as much less.  What is added to a row costs it
    nothing.
    """
    index: dict[tuple[str, str], list[int]] = defaultdict(list)
    seen = {row.number: cells_in(row, columns) for row in rows}
    for number, cells in seen.items():
        for pair in cells.items():
            index[pair].append(number)
    if not index:
        return {}
    bases = {case: cells_of(one.base, columns) for case, one in (known or cases).items()}
    times = Counter(pair for base in bases.values() for pair in base.items()) if known else {}
    scores: dict[tuple[UUID, int], float] = {}
    for case in cases:
        weights = {pair: 1 / times.get(pair, 1) for pair in bases[case].items()}
        hits: dict[int, float] = defaultdict(float)
        for pair, weight in weights.items():
            for number in index.get(pair, ()):
                hits[number] += weight
        whole = sum(weights.values())
        found = {number: n / whole for number, n in hits.items() if n / whole >= ALIKE}
        scores |= {(case, n): score for n, score in found.items() if not _tells_of_another(seen[n], bases[case])}
    return scores


def _tells_of_another(cells: Cells, base: Cells) -> bool:
    """Tell whether a row speaks of something else than a case, and so is what somebody made of a copy of its row."""
    return sum(1 for key in TELLING if key in cells and key in base and cells[key] != base[key]) > 1


def clearest(scores: Scores) -> tuple[UUID, int] | None:
    """Return a case and a row that are the best for each other, and clearly better than any other."""
    of_case, of_row = _ranked(scores)
    for (case, number), score in scores.items():
        rivals = [of_case[case], of_row[number]]
        if all(one[0] == score and (len(one) == 1 or score - one[1] >= MARGIN) for one in rivals):
            return case, number
    return None


def at_its_place(scores: Scores, known: Mapping[UUID, Known]) -> tuple[UUID, int] | None:
    """Return a case and the row at its old place, where nothing else is clearly better for either."""
    of_case, of_row = _ranked(scores)
    for (case, number), score in scores.items():
        best = max(of_case[case][0], of_row[number][0])
        if number == known[case].position and best - score < MARGIN:
            return case, number
    return None


def _ranked(scores: Scores) -> tuple[Mapping[UUID, list[float]], Mapping[int, list[float]]]:
    """Return the scores of each case and of each row, the best first."""
    of_case: dict[UUID, list[float]] = defaultdict(list)
    of_row: dict[int, list[float]] = defaultdict(list)
    for (case, number), score in sorted(scores.items(), key=lambda one: -one[1]):
        of_case[case].append(score)
        of_row[number].append(score)
    return of_case, of_row
