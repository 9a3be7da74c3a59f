"""What docs/running.md and docs/deploy promise is there."""

import ast
import re
from pathlib import Path

from daemon.adapters.logs import event_of

ROOT = Path(__file__).parent.parent
RUNNING = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")


def spoken_events():
    """Yield every event that stands in the code: of a Happening, or of a line of the log itself."""
    for path in (ROOT / "daemon").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Happening":
                event = node.args[0] if node.args else next(k.value for k in node.keywords if k.arg == "event")
                first = event.values[0] if isinstance(event, ast.JoinedStr) else event
                assert isinstance(first, ast.Constant), f"{path}:{node.lineno}: the event has no plain word"
                yield first.value + "*" * (first is not event)
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                yield from (v.value for k, v in pairs if getattr(k, "value", "") == "event" and hasattr(v, "value"))


def test_every_event_is_listed_and_every_listed_one_there_is():
    table = RUNNING.partition("| event |")[2].partition("\n\n")[0]
    listed = {word for line in table.splitlines()[2:] for word in re.findall(r"`([a-z._]+\*?)`", line.split("|")[1])}
    spoken = {event for event in spoken_events() if isinstance(event, str)} | {event_of(n) for n in (20, 30, 40)}
    assert "case.registered" in spoken
    assert listed == spoken
