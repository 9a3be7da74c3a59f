"""The house keeps its shape: imports point downward, the core is pure, functions stay short, only one room prints."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DAEMON = ROOT / "daemon"
MODULES = sorted(DAEMON.rglob("*.py"))

# A room may import from itself and from rooms further down.
FLOORS = (
    ("daemon.cli", "daemon.__main__"),
    ("daemon.demo",),
    ("daemon.explaining",),
    (
        "daemon.service",
        "daemon.checks",
        "daemon.backup",
        "daemon.status",
        "daemon.parsing",
        "daemon.requeue",
        "daemon.ledgering",
        "daemon.migrating",
        "daemon.telling",
        "daemon.understanding",
        "daemon.setup",
    ),
    ("daemon.wiring",),
    ("daemon.passes",),
    ("daemon.config",),
    ("daemon.adapters",),
    ("daemon.intake", "daemon.ledger", "daemon.documents", "daemon.notices"),
    ("daemon.seams", "daemon.processes", "daemon.words"),
    ("daemon.core",),
)
PURE = ("daemon.core",)
PURE_MAY_IMPORT = {
    "__future__", "bisect", "calendar", "collections", "copy", "dataclasses", "datetime", "enum", "functools",
    "hashlib", "itertools", "json", "math", "operator", "re", "tomllib", "types", "typing", "unicodedata", "uuid",
    "zoneinfo", "pydantic",
}  # fmt: skip
LONGEST_FUNCTION = 50


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def floor_of(module: str) -> int | None:
    return next(
        (n for n, rooms in enumerate(FLOORS) for room in rooms if module == room or module.startswith(room + ".")), None
    )


def room_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_downward(path):
    here = name_of(path)
    for module in imports_of(path):
        if (
            not module.startswith("daemon.")
            or room_of(module) == room_of(here)
            or here in ("daemon", "daemon.__main__")
        ):
            continue
        assert floor_of(module) is not None, f"{module} has no floor; add it to FLOORS"
        assert floor_of(here) < floor_of(module), f"{here} must not import {module}"


@pytest.mark.parametrize("path", [one for one in MODULES if name_of(one).startswith(PURE)], ids=name_of)
def test_the_core_is_pure(path):
    foreign = {m for m in imports_of(path) if not m.startswith("daemon.core")}
    assert {module.partition(".")[0] for module in foreign} <= PURE_MAY_IMPORT


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_function_is_longer_than_fifty_lines(path):
    functions = (n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.FunctionDef))
    too_long = [
        f"{n.name} ({n.end_lineno - n.lineno + 1})" for n in functions if n.end_lineno - n.lineno >= LONGEST_FUNCTION
    ]
    assert not too_long


def test_everything_imports_where_unix_is_not():
    """Import every module with the modules blocked that Windows lacks."""
    names = [name_of(path) for path in MODULES if path.name != "__main__.py"]
    program = (
        "import sys\n"
        "for name in ('fcntl', 'pwd', 'resource', 'grp'): sys.modules[name] = None\n"
        "import importlib\n"
        f"for name in {names!r}:\n"
        "    if 'migrations' not in name: importlib.import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


def test_only_the_command_line_prints():
    for path in MODULES:
        calls = (n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call))
        printed = [n.lineno for n in calls if isinstance(n.func, ast.Name) and n.func.id == "print"]
        assert not printed or name_of(path).startswith("daemon.cli"), f"{path}:{printed}"
