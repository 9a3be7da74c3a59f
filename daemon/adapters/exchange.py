"""Two files swapped in one step, as the system can: renameat2 on Linux, ReplaceFileW on Windows (not run there)."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from errno import EBUSY, EINVAL, ENOSYS, ENOTSUP, ENOTTY, EOPNOTSUPP, ETXTBSY
from functools import cache
from pathlib import Path
from typing import Any

CANNOT = frozenset({ENOSYS, EINVAL, EOPNOTSUPP, ENOTSUP, ENOTTY})  # what a file system says that cannot exchange
BUSY = frozenset({EBUSY, ETXTBSY})  # what Linux says when a Windows server has it open for somebody
SHARING = frozenset({32, 33, 1175})  # what Windows says of a file that a program has open
_AT_FDCWD, _RENAME_NOREPLACE, _RENAME_EXCHANGE = -100, 1, 2
_HIDDEN, _GENERIC_READ, _OPEN_EXISTING = 2, 0x80000000, 3
# linux/arch/*/include/…/unistd.h; for a C library that is older than its kernel
_RENAMEAT2 = {
    "x86_64": 316, "aarch64": 276, "riscv64": 276, "loongarch64": 276, "i386": 353, "i686": 353, "armv7l": 382,
    "ppc64le": 357, "ppc64": 357, "s390x": 347,
}  # fmt: skip


def exchange(one: Path, other: Path) -> None:
    """Let two files of one folder change names in one step.

    Raises OSError, with an errno of CANNOT where the system or the file system has no such thing; both are as they
    were then.
    """
    _rename(one, other, _RENAME_EXCHANGE)


def rename_new(one: Path, other: Path) -> None:
    """Rename a file, never over another one.

    Raises FileExistsError, and OSError as `exchange` does.
    """
    if sys.platform == "win32":
        one.rename(other)
    else:
        _rename(one, other, _RENAME_NOREPLACE)


def replace_with_backup(path: Path, fresh: Path, backup: Path) -> None:
    """Put `fresh` in the place of `path` and keep what stood there as `backup`, as Windows does it (ReplaceFileW).

    Raises OSError; FileNotFoundError when there is no file to replace.
    """
    if sys.platform == "win32":
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        if not kernel.ReplaceFileW(str(path), str(fresh), str(backup), 0, None, None):
            raise ctypes.WinError(ctypes.get_last_error())
    else:
        raise OSError(ENOSYS, os.strerror(ENOSYS), str(path), None, str(backup))


def is_held(path: Path) -> bool | None:
    """Tell whether a program has the file open, None where the system does not say: only Windows does."""
    if sys.platform == "win32":
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateFileW.restype = ctypes.c_void_p
        handle = kernel.CreateFileW(str(path), _GENERIC_READ, 0, None, _OPEN_EXISTING, 0, None)
        if handle not in (None, ctypes.c_void_p(-1).value):
            kernel.CloseHandle(ctypes.c_void_p(handle))
            return False
        return True if ctypes.get_last_error() in SHARING else None
    return None


def hide(path: Path) -> None:
    """Let the file not be shown in the folder; a name that begins with a dot does that elsewhere than on Windows."""
    if sys.platform == "win32":
        ctypes.WinDLL("kernel32").SetFileAttributesW(str(path), _HIDDEN)


def _rename(one: Path, other: Path, flags: int) -> None:
    names = (ctypes.c_int(_AT_FDCWD), os.fsencode(one), ctypes.c_int(_AT_FDCWD), os.fsencode(other))
    if _renameat2()(*names, ctypes.c_uint(flags)) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), str(other))


@cache
def _renameat2() -> Any:
    """Return renameat2 with its first four arguments and the flags, from the C library or by its number."""
    if not sys.platform.startswith("linux"):
        return _unknown
    library = ctypes.CDLL(None, use_errno=True)
    return library.renameat2 if hasattr(library, "renameat2") else _by_number(library)


def _by_number(library: Any) -> Any:
    number = _RENAMEAT2.get(platform.machine())
    return (lambda *arguments: library.syscall(ctypes.c_long(number), *arguments)) if number else _unknown


def _unknown(*_: object) -> int:
    ctypes.set_errno(ENOSYS)
    return -1
