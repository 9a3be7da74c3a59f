"""How old versions of events are read: a table of functions, each raising the data by one version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from daemon.core.events import Event, EventType

Upcast = Callable[[Mapping[str, Any]], Mapping[str, Any]]

# (type, version as stored) → the data of the next version.  Stored rows are never rewritten.
UPCASTS: dict[tuple[EventType, int], Upcast] = {}


def upcast(event: Event) -> Event:
    """Return the event in the present version of its type."""
    while step := UPCASTS.get((event.type, event.version)):
        event = replace(event, data=step(event.data), version=event.version + 1)
    return event
