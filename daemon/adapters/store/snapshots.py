"""Values to JSON text and back.  No database here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from pydantic import TypeAdapter

from daemon.adapters.store.types import without_surrogates
from daemon.core.alike import beginnings
from daemon.core.case import Case
from daemon.core.notice import Notice
from daemon.seams import CellValue

_CASE = TypeAdapter(Case)
_NOTICE = TypeAdapter(Notice)
_MOMENT = "moment"


def json_text(value: Any) -> str:
    """Return a value as JSON text, keys in their given order.

    Raises TypeError for what JSON cannot hold, ValueError for NaN and infinity.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)
    return without_surrogates(text)


def _plain(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not plain JSON: {value!r}")


def case_text(case: Case) -> str:
    """Return a case's snapshot."""
    return json_text(_CASE.dump_python(case, mode="json"))


def case_of(text: str) -> Case:
    """Return the case of a snapshot.

    Raises pydantic.ValidationError.
    """
    return _CASE.validate_json(text)


def about_text(case: Case) -> str:
    """Return what is compared of a case with later complaints: when it was closed, and how its facts begin."""
    closed_at = case.closed_at and case.closed_at.isoformat()
    return json_text([closed_at, beginnings(case)])


def about_of(text: str) -> tuple[datetime | None, dict[str, str]]:
    """Return when a case was closed, None while it is open, and how its facts begin."""
    closed_at, texts = json.loads(text)
    return closed_at and datetime.fromisoformat(closed_at), texts


def notice_text(notice: Notice) -> str:
    """Return a notice as JSON text."""
    return json_text(_NOTICE.dump_python(notice, mode="json"))


def notice_of(text: str) -> Notice:
    """Return the notice of a JSON text.

    Raises pydantic.ValidationError.
    """
    return _NOTICE.validate_json(text)


def cells_text(values: Mapping[str, CellValue]) -> str:
    """Return a ledger row's cells as JSON text; instants are marked so that they are not read back as text."""
    return json_text({key: _cell_json(value) for key, value in values.items()})


def cells_of(text: str) -> dict[str, CellValue]:
    """Return the cells of a JSON text."""
    return {key: _cell(value) for key, value in json.loads(text).items()}


def _cell_json(value: CellValue) -> Any:
    return {_MOMENT: value.isoformat()} if isinstance(value, datetime) else value


def _cell(value: Any) -> CellValue:
    return datetime.fromisoformat(value[_MOMENT]) if isinstance(value, dict) else cast("CellValue", value)
