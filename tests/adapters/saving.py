"""A program that saves a file of tokens again and again, in every way that programs save; a process of its own.

The file is whole when its last line is the checksum of what stands before it.  Run as `saving.py FILE EDITS`: each
edit adds a token to what stands in the file.  From its standard input it learns that the file was replaced: a byte each
time.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from select import select
from zlib import crc32

EVERY = 5  # so often a save waits, with the file open, until the file was replaced under its hands


def packed(tokens: set[str]) -> bytes:
    body = "\n".join(sorted(tokens)).encode()
    return body + b"\n%08x" % crc32(body)


def is_whole(data: bytes) -> bool:
    body, _, check = data.rpartition(b"\n")
    return bool(data) and check == b"%08x" % crc32(body)


def tokens_of(data: bytes) -> set[str]:
    return set(data.rpartition(b"\n")[0].decode().split("\n")) - {""}


def rename_over(path: Path, token: str) -> None:
    data = packed(tokens_of(path.read_bytes()) | {token})
    temporary = path.with_name("~temporary.tmp")
    temporary.write_bytes(data)
    temporary.replace(path)


def truncate_and_write(path: Path, token: str) -> None:
    data = packed(tokens_of(path.read_bytes()) | {token})
    with path.open("r+b", buffering=0) as file:
        file.truncate()
        file.write(data[: len(data) // 2])
        os.sched_yield()
        file.write(data[len(data) // 2 :])


def write_in_place(path: Path, token: str, *, wait: bool = False) -> None:
    with path.open("r+b", buffering=0) as file:
        data = packed(tokens_of(file.read()) | {token})
        if wait:
            until_replaced()
        file.seek(0)
        file.write(data[: len(data) // 2])
        os.sched_yield()
        file.write(data[len(data) // 2 :])
        file.truncate(len(data))


def until_replaced() -> None:
    while select([0], [], [], 0)[0] and os.read(0, 4096):
        pass  # what was replaced before the file was opened
    os.read(0, 1)


def save(path: Path, number: int) -> None:
    token = f"edit{number}"
    if number % EVERY == 0:
        write_in_place(path, token, wait=True)
    else:
        (rename_over, truncate_and_write, write_in_place)[number % 3](path, token)


def main(path: Path, edits: int) -> None:
    number = 0
    while number < edits:
        try:
            save(path, number)
        except FileNotFoundError:  # it is replaced in two steps in this moment
            continue
        number += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
