"""The tables of config.toml in both READMEs hold every key, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from daemon.config import Config
from daemon.config.people import PersonEntry

ROOT = Path(__file__).parent.parent
PERSON = "a person"
# Written under their own rows, or as a whole: a person's keys stand once, roles and overrides have no fixed keys.
OTHERWISE = {"roles", "override"}


def model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model that a type holds, alone or in a list or table."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := model_in(one))), None)


def told() -> Iterator[tuple[str, str]]:
    """Yield section and key, as config.toml has them, of all that it may hold."""
    for name, field in Config.model_fields.items():
        section, model = field.alias or name, model_in(field.annotation)
        if section in OTHERWISE or model is None or section == "calendars":
            continue
        for key, inner in model.model_fields.items():
            yield section, inner.alias or key
    yield from ((PERSON, key) for key in PersonEntry.model_fields)


def table(text: str) -> set[tuple[str, str]]:
    """Return section and key of each row; a row without a section belongs to the one above."""
    rows, section = set(), ""
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 4:
            names = re.findall(r"\[+([\w.]+)\]+", cells[0])
            section = names[0] if names else PERSON if cells[0].strip("*") in (PERSON, "人") else section
            rows |= {(section, key) for key in re.findall(r"`([\w]+)`", cells[1])}
    return rows


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_every_key_stands_in_the_table(readme):
    rows = table((ROOT / readme).read_text("utf-8"))
    missing = [one for one in told() if one not in rows]
    assert missing == []
