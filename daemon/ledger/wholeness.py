"""Whether a file's bytes are a whole workbook, or may be one that is being saved at this moment."""

from __future__ import annotations

from daemon.ledger.container import Container
from daemon.ledger.sheet import BadWorkbook


def is_whole(data: bytes) -> bool:
    """Tell whether every part of a workbook is there and as its checksum says.

    What is written over an older file may have its beginning from the new one and its end from the old one, so the
    directory alone says little.  A file of another kind is not whole either: it has to stay as it is for a while, like
    one that is cut short, before anybody judges it.
    """
    try:
        container = Container.of(data)
        for name in container.names:
            for _ in container.chunks(name):
                pass
    except BadWorkbook:
        return False
    return True
