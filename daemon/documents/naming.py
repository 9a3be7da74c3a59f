"""Names of the files in the shared folder, and which attachments may lie there.  Pure; touches no disk."""

from __future__ import annotations

import re
import unicodedata

from daemon.core.case import Case
from daemon.documents.report import Audience

MAX_PATH = 180  # the whole path, counted in UTF-16 units as Windows does; Office fails at 218
MAX_NAME_BYTES = 240  # file systems of Linux and NAS boxes end at 255 bytes
SHORTEST_NAME = 24
REPORT_FOLDER = "8D"
EVIDENCE_FOLDER = "附件"
FORBIDDEN = re.compile(
    r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]'
)
RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)")
MARK = {Audience.INTERNAL: "", Audience.EXTERNAL: "客户版-"}

# What runs, or makes something run, when somebody double-clicks it in the shared folder.
PROGRAMS = frozenset((
    "exe", "com", "scr", "pif", "cpl", "msi", "msp", "mst", "msix", "appx", "dll", "ocx", "sys", "drv", "gadget",
    "application", "bat", "cmd", "ps1", "ps1xml", "ps2", "psm1", "psc1", "psd1", "sh", "bash", "command", "vb", "vbe",
    "vbs", "js", "jse", "mjs", "ws", "wsf", "wsh", "wsc", "sct", "hta", "jar", "jnlp", "class", "py", "pyc", "pyw",
    "pyz", "pl", "rb", "php", "lua", "ahk", "au3", "apk", "deb", "rpm", "run", "bin", "elf", "app", "dmg", "pkg",
    "workflow", "lnk", "url", "website", "scf", "desktop", "inf", "reg", "chm", "hlp", "msc", "job", "ins", "isp",
    "crt", "rdp", "library-ms", "search-ms", "settingcontent-ms", "appref-ms", "xll", "xla", "xlam", "xlsm", "xltm",
    "xlm", "xlsb", "docm", "dotm", "pptm", "potm", "ppam", "ppsm", "ppa", "sldm", "mdb", "mde", "accdb", "accde",
    "accda", "ade", "adp", "wll", "iso", "img", "vhd", "vhdx", "vmdk", "cab", "arj", "ace", "one", "onepkg", "theme",
    "themepack", "diagcab", "iqy", "oqy", "dqy", "rqy", "slk", "prf", "udl", "html", "htm", "xhtml", "mht", "mhtml",
    "shtml", "swf",
))  # fmt: skip
# Endings that give a name away even when another follows: `photo.exe.jpg`.
GIVEAWAYS = frozenset((
    "exe", "scr", "pif", "msi", "bat", "cmd", "ps1", "vbe", "vbs", "js", "jse", "wsf", "hta", "jar", "lnk", "docm",
    "dotm", "xlsm", "xltm", "pptm", "iso",
))  # fmt: skip
PROGRAM_STARTS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"L\x00\x00\x00\x01\x14\x02\x00",  # .lnk
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xfe\xed\xfa",
    b"ITSF",  # .chm
    b"MSCF",  # .cab
)
MACRO_PARTS = (b"vbaProject.bin", b"xl/macrosheets/", b"word/vbaData.xml")
OLD_MACROS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA\0", "Macros\0"))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ISO_MARK, ISO_AT = b"CD001", 0x8001


def report_name(case: Case, audience: Audience, revision: int) -> str:
    """Return the file name of a revision of the 8D: `8D-2611003-r2.docx`, `8D-2611003-客户版-r1.docx`."""
    return f"8D-{_number(case)}-{MARK[audience]}r{revision}.docx"


def report_path(case: Case, audience: Audience, revision: int) -> str:
    """Return where a revision of the 8D lies below the ledger's folder."""
    return f"{REPORT_FOLDER}/{report_name(case, audience, revision)}"


def evidence_folder(case: Case) -> str:
    """Return the folder of a case's evidence below the ledger's folder: `附件/2611003`."""
    return f"{EVIDENCE_FOLDER}/{_number(case)}"


def evidence_path(case: Case, name: str, root: str = "") -> str:
    """Return where a piece of evidence lies below `root`, the whole path within 180 characters."""
    folder = evidence_folder(case)
    room = MAX_PATH - _units(f"{root}/{folder}/")
    return f"{folder}/{safe_file_name(name, max(SHORTEST_NAME, room))}"


def safe_file_name(name: str, room: int = 100) -> str:
    """Return the last component of a name fit for Windows, Linux and a NAS, at most `room` UTF-16 units long."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    plain = " ".join(FORBIDDEN.sub("_", last).split()).strip(" .") or "未命名"
    return _shortened(f"_{plain}" if RESERVED.match(plain) else plain, room)


def may_be_filed(name: str, data: bytes) -> bool:
    """Tell whether a file may lie in the shared folder: no program, script, shortcut or macro, by name and content."""
    return not (_names_program(name) or _is_program(data) or _has_macros(data))


def _number(case: Case) -> str:
    return safe_file_name(case.number or case.id.hex[:8], 40)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _shortened(name: str, room: int) -> str:
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 10:
        stem, dot, ending = name, "", ""
    stem = stem[:MAX_NAME_BYTES]
    while _units(stem + dot + ending) > room or len((stem + dot + ending).encode()) > MAX_NAME_BYTES:
        stem = stem[:-1]
    return (stem.rstrip(" .") or "_") + dot + ending


def _names_program(name: str) -> bool:
    """Judge by every ending: `8D报告.pdf.exe`, `photo.exe.`, `photo.exe.jpg` and `a.txt:b.exe` are all programs."""
    plain = unicodedata.normalize("NFKC", FORBIDDEN.sub("", name.replace(":", "."))).lower().rstrip(" .")
    endings = [part.strip() for part in plain.split(".")[1:]]
    return bool(endings) and (endings[-1] in PROGRAMS or not GIVEAWAYS.isdisjoint(endings))


def _is_program(data: bytes) -> bool:
    return data[:16].lstrip(b"\xef\xbb\xbf").startswith(PROGRAM_STARTS) or data[ISO_AT : ISO_AT + 5] == ISO_MARK


def _has_macros(data: bytes) -> bool:
    if data.startswith(b"PK"):
        return any(part in data for part in MACRO_PARTS)
    return data.startswith(OLE) and any(mark in data for mark in OLD_MACROS)
