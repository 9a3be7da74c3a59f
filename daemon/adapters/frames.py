"""Messages through a pipe, each with its length before it.  Knows nothing of what they say."""

from __future__ import annotations

import struct
from typing import BinaryIO

_LENGTH = struct.Struct("!Q")
_BLOCK = 1 << 20


class BadFrame(Exception):
    """What came through the pipe is no message: the other end is gone, or sends more than it may."""


def send(stream: BinaryIO, data: bytes) -> None:
    """Send one message.  Raises OSError when the other end is gone."""
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: BinaryIO, most: int) -> bytes:
    """Take one message of at most `most` bytes.  Raises BadFrame and OSError."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > most:
        raise BadFrame(f"a message of {length} bytes, where {most} are allowed")
    return _exactly(stream, length)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    """Read so many bytes, block by block: what is announced takes no memory before it comes."""
    blocks: list[bytes] = []
    while length > 0:
        block = stream.read(min(length, _BLOCK))
        if not block:
            raise BadFrame("the other end is gone")
        blocks.append(block)
        length -= len(block)
    return b"".join(blocks)
