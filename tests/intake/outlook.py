"""Files of Outlook, written byte by byte: a winmail.dat (MS-OXTNEF), a .msg (MS-OXMSG in MS-CFB), compressed RTF."""

import struct

SUBJECT, HEADERS, BODY, RTF, HTML = 0x0037, 0x007D, 0x1000, 0x1009, 0x1013
SENDER_NAME, SENDER_EMAIL = 0x0C1A, 0x0C1F
DATA, LONG_NAME, TAG = 0x3701, 0x3707, 0x370E
CODEPAGE = 0x3FFD
FREE, END, FATS = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
IID = bytes(16)  # the kind of an object


def _padded(data):
    return data + bytes(-len(data) % 4)


def stored_rtf(rtf):
    """Return RTF as Outlook keeps it, not compressed."""
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf


def _property(key, value):
    if isinstance(value, int):
        return struct.pack("<HHI", 3, key, value)
    kind, data = (0x1F, value.encode("utf-16-le") + b"\0\0") if isinstance(value, str) else (0x102, value)
    return struct.pack("<HHII", kind, key, 1, len(data)) + _padded(data)


def _properties(values):
    named = struct.pack("<HH16sIII", 3, 0x8001, IID, 0, 7, 1)  # one with a name of its own, which is skipped
    both = struct.pack("<HHI", 0x1003, 0x6001, 2) + bytes(8)  # and one of several values
    return struct.pack("<I", len(values) + 2) + named + both + b"".join(_property(*one) for one in values.items())


def _attribute(level, name, data):
    return struct.pack("<BHHI", level, name, 6, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def tnef(values, *files):
    """Return a winmail.dat of a mail with these properties; a file is its properties, or another winmail.dat."""
    out = struct.pack("<IH", 0x223E9F78, 1) + _attribute(1, 0x9007, struct.pack("<II", 936, 0))
    out += _attribute(1, 0x9003, _properties(values))
    for file in files:
        out += _attribute(2, 0x9002, bytes(14))
        if isinstance(file, bytes):
            out += _attribute(2, 0x9005, _object(file))
        else:
            out += _attribute(2, 0x8010, file[LONG_NAME].encode("gbk") + b"\0")
            out += _attribute(2, 0x800F, file[DATA])
            out += _attribute(2, 0x9005, _properties({LONG_NAME: file[LONG_NAME]}))
    return out


def _object(mail):
    data = IID + mail
    return struct.pack("<IHHII", 1, 0x0D, DATA, 1, len(data)) + _padded(data)


def msg(values, *files):
    """Return a .msg of a mail with these properties; a file is its properties, or (properties, files) of a mail."""
    tree = {("Root Entry",): None}
    _mail(tree, ("Root Entry",), values, files, 32)
    return _compound(tree)


def _mail(tree, place, values, files, head):
    numbers = {key: value for key, value in values.items() if isinstance(value, int)}
    rows = b"".join(struct.pack("<HHIQ", 3, key, 6, value) for key, value in numbers.items())
    tree[(*place, "__properties_version1.0")] = bytes(head) + rows
    for key, value in values.items():
        kind, data = ("001F", value.encode("utf-16-le")) if isinstance(value, str) else ("0102", value)
        if not isinstance(value, int):
            tree[(*place, f"__substg1.0_{key:04X}{kind}")] = data
    for number, file in enumerate(files):
        folder = (*place, f"__attach_version1.0_#{number:08X}")
        tree[folder] = None
        if isinstance(file, tuple):
            tree[(*folder, "__properties_version1.0")] = bytes(8)
            tree[(*folder, "__substg1.0_3701000D")] = None
            _mail(tree, (*folder, "__substg1.0_3701000D"), file[0], file[1], 24)
        else:
            _mail(tree, folder, file, (), 8)


def _compound(tree):
    """Return a compound file (MS-CFB): sectors of 512 bytes, and of 64 within one stream for what is short."""
    paths, sectors, chains, short, short_chains, starts = list(tree), [], [], [], [], {}
    for path, data in tree.items():
        if data:
            long = len(data) >= 4096
            starts[path] = _add(data, *((sectors, chains, 512) if long else (short, short_chains, 64)))
    root = paths[0]
    tree[root] = b"".join(short)
    starts[root] = _add(tree[root], sectors, chains, 512) if short else END
    table = _add(struct.pack(f"<{len(short)}I", *short_chains), sectors, chains, 512) if short else END
    entries = b"".join(_entry(path, paths, tree, starts) for path in paths)
    directory = _add(entries, sectors, chains, 512)
    tables = -(-(len(sectors) + 4) // 127)
    places = [len(sectors) + number for number in range(tables)]
    chains += [FATS] * tables
    fat = struct.pack(f"<{128 * tables}I", *(chains + [FREE] * (128 * tables - len(chains))))
    head = struct.pack("<8s16sHHHHH6xIIIIIIIII", bytes.fromhex("d0cf11e0a1b11ae1"), bytes(16), 0x3E, 3, 0xFFFE, 9, 6,
                       0, tables, directory, 0, 4096, table, -(-len(short) // 128), END, 0)  # fmt: skip
    head += struct.pack("<109I", *(places + [FREE] * (109 - tables)))
    return head + b"".join(sectors) + fat


def _add(data, sectors, chains, size):
    """Append a stream in sectors of a size, and its chain; return where it begins."""
    start, count = len(sectors), -(-len(data) // size)
    chains += [*range(start + 1, start + count), END]
    sectors += [data[at : at + size].ljust(size, b"\0") for at in range(0, len(data), size)]
    return start


def _entry(path, paths, tree, starts):
    inside = [one for one in paths if one[:-1] == path]
    beside = [one for one in paths if one[:-1] == path[:-1]]
    later = beside[beside.index(path) + 1 :] if len(path) > 1 else []
    kind = 5 if len(path) == 1 else 1 if tree[path] is None else 2
    name = path[-1].encode("utf-16-le") + b"\0\0"
    ids = (FREE, paths.index(later[0]) if later else FREE, paths.index(inside[0]) if inside else FREE)
    return name.ljust(64, b"\0") + struct.pack(
        "<HBBIII36xIQ", len(name), kind, 1, *ids, starts.get(path, 0), len(tree[path] or b"")
    )
