"""Hostile mails of any size, each made of what costs a reader most.

A shape is a function from bytes to a mail of about that size; SHAPES names them.
"""

from __future__ import annotations

import base64
import os
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

from daemon.intake.limits import MAX_MAIL
from tests.intake.conftest import CODE, NOTICE

HEAD = b"From: Bob <bob@cust.example>\r\nSubject: broken parts\r\nMIME-Version: 1.0\r\n"
ANSWER = (
    b"From: <production@hongyuan.example>\r\nSubject: Re: [2611003] %b\r\nIn-Reply-To: %b\r\nMIME-Version: 1.0\r\n"
    % (CODE.encode(), NOTICE.encode())
)
MIXED = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\0\0\0\2\0" + b"\0" * 90
MOST_PARTS = 490
ATTACHED = b"Content-Type: message/rfc822\r\n\r\n"
LONG_NAME = b"Content-Disposition: attachment" + b"; name*0=a" * 1600 + b"\r\n\r\n"
MERGED = b"<mergeCells>" + b'<mergeCell ref="A1:ZZ9999"/>' * 29_000 + b"</mergeCells>"
OPENED = b"".join(b"Content-Type: multipart/mixed; boundary=d%d\r\n\r\n--d%d\r\n" % (n, n) for n in range(19)) + b"\r\n"

Shape = Callable[[int], bytes]


def repeated(piece: bytes, size: int) -> bytes:
    """Return a piece as often as it fits."""
    return piece * (size // len(piece))


def part_head(kind: str, encoding: str) -> bytes:
    """Return the head of a part."""
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()


def plain(kind: str, piece: bytes, encoding: str = "8bit", before: bytes = b"") -> Shape:
    """Return the shape of a text that repeats these bytes."""
    return lambda size: HEAD + part_head(kind, encoding) + before + repeated(piece, size)


def text(piece: str, charset: str = "utf-8", more: str = "", encoding: str = "8bit") -> Shape:
    """Return the shape of a plain text that repeats a piece."""
    head = (
        HEAD
        + f"Content-Type: text/plain; charset={charset}{more}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
    )
    return lambda size: head + repeated(piece.encode(charset), size)


def html(piece: str, before: str = "", after: str = "") -> Shape:
    """Return the shape of an HTML text that repeats a piece."""
    head = part_head("text/html; charset=utf-8", "8bit")
    return lambda size: HEAD + head + before.encode() + repeated(piece.encode(), size) + after.encode()


def parts(part: Callable[[int], bytes], head: bytes = HEAD, first: bytes = b"", count: int = MOST_PARTS) -> Shape:
    """Return the shape of so many parts, each made for its share of the size."""
    return lambda size: (
        head + MIXED + first + b"".join(b"--b\r\n" + part(size // count) + b"\r\n" for _ in range(count)) + b"--b--\r\n"
    )


def wrapped(data: bytes) -> bytes:
    """Return base64 in lines."""
    return base64.encodebytes(data)


def nested_mails(size: int) -> bytes:
    """Mails within mails, as deep as may be, the innermost of this size."""
    inner = text("料号：A-1\n")(size)
    for _ in range(18):
        inner = HEAD + b"Content-Type: message/rfc822\r\n\r\n" + inner
    return inner


def nested_parts(size: int) -> bytes:
    """Parts within parts, as deep as may be, some text at each depth."""
    inner = text("料号：A-1\n")(size // 19)
    for depth in range(18):
        mark, own = b"d%d" % depth, b"\r\n" + text("x\n")(size // 19)
        head = HEAD + b'Content-Type: multipart/mixed; boundary="%b"\r\n\r\n' % mark
        inner = head + b"--%b\r\n" % mark + own.lstrip() + b"\r\n--%b\r\n" % mark + inner + b"\r\n--%b--\r\n" % mark
    return inner


def packed_mails(size: int) -> bytes:
    """Mails attached as base64, each in the next."""
    inner = text("料号：A-1\n")(int(size * 0.73**6))
    head = b'Content-Type: application/octet-stream; name="a.eml"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    for _ in range(6):
        inner = HEAD + head + wrapped(inner)
    return inner


def package(members: dict[str, bytes]) -> bytes:
    """Return an Office file, whose parts are much larger than the file."""
    with zipfile.ZipFile(out := BytesIO(), "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in members.items():
            whole.writestr(name, content)
    return out.getvalue()


def attached(name: str, data: bytes, count: int = 50, head: bytes = HEAD) -> Shape:
    """Return the shape of a mail with so many copies of a file, whatever size is asked for."""
    own = b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "见附件8D报告".encode() + b"\r\n"
    file = part_head(f'application/x; name="{name}"', "base64") + wrapped(data)
    return parts(lambda _: file, head, own, count)


def word_files(content: bytes) -> Shape:
    """Return the shape of an answer with Word files."""
    space = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    return attached("8d.docx", package({"word/document.xml": space + content + b"</w:body></w:document>"}), head=ANSWER)


def excel_files(rows: bytes, more: bytes = b"") -> Shape:
    """Return the shape of a complaint with Excel files of three sheets with these rows."""
    main, relations = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    )
    sheets = b"".join(b'<sheet name="%d" sheetId="%d" r:id="r1"/>' % (n, n) for n in range(1, 4))
    book = b'<workbook xmlns="%b" xmlns:r="%b"><sheets>%b</sheets></workbook>' % (main, relations, sheets)
    linked = b'<Relationship Id="r1" Target="a.xml"/>'
    space = b"http://schemas.openxmlformats.org/package/2006/relationships"
    members = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="%b">%b</Relationships>' % (space, linked),
        "xl/a.xml": b'<worksheet xmlns="%b"><sheetData>%b</sheetData>%b</worksheet>' % (main, rows, more),
    }
    return attached("8d.xlsx", package(members))


def pdf_files(operators: bytes) -> Shape:
    """Return the shape of a complaint with PDF files whose pages draw this."""
    stream = zlib.compress(operators, 9)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 3 0 R 3 0 R]/Count 3>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%b\nendobj\n" % (number, one)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 6\n%btrailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (table, len(out))
    return attached("form.pdf", out)


def header_lines(size: int) -> bytes:
    """Lines like boundaries amid lines like headers: every one may begin the head of a part."""
    block = b"--x\r\nX: " + b"1" * 244 + b"\r\n"
    return HEAD + MIXED + repeated(repeated(block, 240_000) + b"\r\n\r\n", size)


SHAPES: dict[str, Shape] = {
    "text: one line of digits": text("1"),
    "text: one line of blanks": text(" "),
    "text: blank lines": text("\n"),
    "text: bare CR": text("\r"),
    "text: <": text("<"),
    "text: &": text("&"),
    "text: quotes, > ": text("> "),
    "text: quoted lines": text("> a\n"),
    "text: lines like headers": text("From: a@b.example\n"),
    "text: heads of forwards": text("发件人: a@b.example\n收件人: c@d.example\n主题: x\n\n"),
    "text: 【】 labels": text("【料号】A-1\n"),
    "text: labels on one line": text("客户：甲 "),
    "text: encoded words": text("=?utf-8?B?5L2g?= "),
    "text: addresses": text("a@b.example "),
    "text: phone numbers": text("0512-5550 "),
    "text: counted pieces": text("抽检50件不良6件，"),
    "text: ways of asking": text("请处理，"),
    "text: lines of words": text("The clip is broken again and we want it replaced by Friday.\n"),
    "text: cells": text("a\t|"),
    "text: rules": text("-----\n"),
    "text: format=flowed": text("a \n", more="; format=flowed"),
    "text: flowed quotes": text(">a \n", more="; format=flowed"),
    "text: hz shifts": plain("text/plain; charset=hz-gb-2312", b"~{VP~}"),
    "text: iso-2022-jp shifts": plain("text/plain; charset=iso-2022-jp", b"\x1b$B0!\x1b(B"),
    "text: utf-7": plain("text/plain; charset=utf-7", b"+Tk8-"),
    "text: no charset explains it": plain("text/plain; charset=gbk", b"\xff\xfe\x81"),
    "text: uuencoded": plain("text/plain", b"M" + b"86%A" * 15 + b"\r\n", "x-uuencode", b"begin 644 a\r\n"),
    "text: base64 with rubbish": plain("text/plain", b"QU!B*\xff\n", "base64"),
    "text: quoted-printable": plain("text/plain", b"==\n=3D", "quoted-printable"),
    "html: <": html("<"),
    "html: &": html("&"),
    "html: entities": html("&#20320;"),
    "html: one table": html("<tr><td>料号<td>A-1</tr>", "<table>", "</table>"),
    "html: one row": html("<td>a</td>", "<table><tr>", "</table>"),
    "html: rows without end": html("<tr><td>a<td>b", "<table>"),
    "html: tables in tables": html("<table><tr><td>a<td>"),
    "html: wide and high cells": html("<tr><td rowspan=9999 colspan=9999>a<td>b</tr>", "<table>", "</table>"),
    "html: nested div": html("<div>"),
    "html: nested span": html("<span>a"),
    "html: nested list": html("<ul><li>a"),
    "html: comments without end": html("<!--"),
    "html: comments": html("<!-- a -->a"),
    "html: scripts without end": html("<script>"),
    "html: styles without end": html("<style "),
    "html: breaks without end": html("<br "),
    "html: links without end": html("<a href=mailto:a@b.example>x"),
    "html: links": html("<a href='mailto:a@b.example'>x</a> "),
    "html: attributes": html(" a=b", "<p ", ">x"),
    "html: styled": html("<p style='padding:9em;margin:9em;white-space:pre'>a</p>"),
    "html: paragraphs": html("<p class=MsoNormal><span lang=ZH-CN>料号：A-1</span></p>"),
    "html: no tag at all": html("料号"),
    "parts: many texts": parts(lambda size: b"Content-Type: text/plain\r\n\r\n" + repeated(b"a b\n", size)),
    "parts: many HTML": parts(lambda size: b"Content-Type: text/html\r\n\r\n" + repeated(b"<p>a", size)),
    "parts: many files": parts(lambda size: part_head("a/b", "base64") + wrapped(b"x" * (size * 3 // 4))),
    "parts: heads alone": parts(lambda size: repeated(b"X: " + b"y" * 300 + b"\r\n", min(size, 250_000)) + b"\r\n"),
    "parts: long names": parts(lambda size: LONG_NAME + repeated(b"a\n", max(0, size - len(LONG_NAME)))),
    "parts: pictures in large HTML": parts(
        lambda size: b"Content-ID: <c>\r\n" + part_head("image/png", "base64") + wrapped(PNG + b"x" * (size // 4)),
        first=b"--b\r\nContent-Type: text/html\r\n\r\n<p>tel 0512-5550 1<img src=cid:c>" + b"<i " * 300_000 + b"\r\n",
    ),
    "parts: one file": lambda size: (
        HEAD + part_head("image/jpeg; name=a.jpg", "base64") + wrapped(os.urandom(size * 73 // 100))
    ),
    "parts: one file, 8-bit": lambda size: HEAD + part_head("image/jpeg; name=a.jpg", "binary") + os.urandom(size),
    "parts: nested": nested_parts,
    "parts: lines like boundaries": lambda size: HEAD + MIXED + repeated(b"--x\r\n", size),
    "parts: boundaries amid headers": header_lines,
    "parts: boundaries closed": lambda size: HEAD + b"\r\n" + repeated(b"boundary=a\r\n--a--\r\n", size),
    "parts: blank lines, nested": lambda size: HEAD + OPENED + b"\r\n" * min(95_000, size // 2),
    "parts: boundaries declared": lambda size: HEAD + b"\r\n" + repeated(b"boundary", size),
    "mails: their heads": parts(
        lambda size: ATTACHED + b"Subject: " + repeated(b"=?utf-8?B?5L2g?=\r\n ", size) + b"\r\n\r\nx", count=1
    ),
    "mails: nested": nested_mails,
    "mails: nested, as base64": packed_mails,
    "mails: many": parts(lambda size: ATTACHED + text("料号：A-1\n")(size)),
    "mails: many, as base64": parts(
        lambda size: part_head("a/b; name=a.eml", "base64") + wrapped(text("料号：A-1\n")(size * 73 // 100))
    ),
    "word: paragraphs": word_files(b"<w:p/>" * 1_300_000),
    "word: text": word_files(b"<w:p><w:r><w:t>D3: a</w:t></w:r></w:p>" * 33_000),
    "word: runs": word_files(b"<w:p>" + b"<w:r/>" * 90_000 + b"</w:p>"),
    "word: tables in tables": word_files(
        b"<w:tbl><w:tr><w:tc>" * 3 + b"<w:p/>" * 29_000 + b"</w:tc></w:tr></w:tbl>" * 3
    ),
    "word: cells": word_files(b"<w:tbl>" + b"<w:tr><w:tc><w:p/></w:tc></w:tr>" * 30_000 + b"</w:tbl>"),
    "word: very deep": word_files(b"<w:tbl><w:tr><w:tc>" * 100_000 + b"</w:tc></w:tr></w:tbl>" * 100_000),
    "excel: cells": excel_files(b"<row>" + b'<c t="str"><v>a</v></c>' * 45_000 + b"</row>"),
    "excel: rows of labels": excel_files(
        b'<row><c t="str"><v>Batch</v></c><c t="str"><v>Part no</v></c><c t="str"><v>Qty</v></c></row>' * 14_000
    ),
    "excel: merged": excel_files(
        b'<row><c t="str"><v>a</v></c></row>', MERGED
    ),
    "pdf: text": pdf_files(b"BT /F 9 Tf " + b"1 2 Td (a b) Tj " * 9_000 + b"ET"),
    "pdf: states": pdf_files(b"q " * 200_000),
}  # fmt: skip


def made(name: str, size: int) -> bytes:
    """Return the mail of a shape, no larger than a mail may be."""
    return SHAPES[name](size - 2000)[: min(size, MAX_MAIL)]
