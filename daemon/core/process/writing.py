"""Plain TOML data as a TOML text, by which a case pins a profile that was put together from several."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(data: Mapping[str, Any]) -> str:
    """Return data of texts, numbers, dates, lists and tables as TOML that reads back the same."""
    return "\n".join(_table(data, ())) + "\n"


def _table(data: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    deep = any(_is_deep(value, path) for value in data.values())  # then every table here, or their order would change
    below = {
        key: value for key, value in data.items() if (deep and isinstance(value, Mapping)) or _is_deep(value, path)
    }
    for key, value in data.items():
        if key not in below:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in below.items():
        here = (*path, key)
        many = isinstance(value, list)
        for one in value if many else (value,):
            name = ".".join(map(_key, here))
            yield from ("", f"[[{name}]]" if many else f"[{name}]")
            yield from _table(one, here)


def _is_deep(value: Any, path: tuple[str, ...]) -> bool:
    """Tell whether a value gets headings of its own: a table of tables, or a list of them at the top."""
    if isinstance(value, Mapping):
        return any(isinstance(one, Mapping | list) for one in value.values())
    return not path and isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower() if isinstance(value, bool) else str(value)
