"""Files as people attach them: forms in Excel, Word and PDF, made here cell by cell, and mails that carry them."""

import io
import zipfile
import zlib
from email.message import EmailMessage

import docx
import openpyxl

from tests.intake.conftest import CUSTOMER


def letter(subject, text, *files, sender=CUSTOMER, **headers):
    """Return a mail with files: pairs of a name and bytes, or another mail."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "complaints@hongyuan.example", subject
    mail["Date"] = "Tue, 10 Nov 2026 10:00:00 +0800"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    for file in files:
        if isinstance(file, EmailMessage):
            mail.add_attachment(file)
        else:
            mail.add_attachment(file[1], maintype="application", subtype="octet-stream", filename=file[0])
    return mail


def sheet(*rows, merged=(), formats=(), hidden=()):
    """Return a workbook with these rows; `merged` are ranges, `formats` pairs of a cell and its number format."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    for cell, code in formats:
        book.active[cell].number_format = code
    for row in hidden:
        book.create_sheet("列表", 0).append(row)
        book.worksheets[0].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def word(*rows, paragraphs=(), merged=()):
    """Return a Word file with these paragraphs and a table; `merged` are pairs of cells (row, column)."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(len(rows), max(map(len, rows)))
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                table.cell(number, column).text = text or ""
        for first, last in merged:
            table.cell(*first).merge(table.cell(*last))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(*pieces, fields=()):
    """Return a PDF of one page with these pieces of text, each (x, y, text), and fields (name, value) filled in."""
    letters = sorted({letter for *_, text in pieces for letter in text})
    code = {letter: number for number, letter in enumerate(letters, 1)}
    shown = "\n".join(
        f"BT /F1 10 Tf {x} {y} Td <{''.join(f'{code[letter]:04X}' for letter in text)}> Tj ET" for x, y, text in pieces
    )
    mapped = "\n".join(f"<{code[one]:04X}> <{one.encode('utf-16-be').hex()}>" for one in letters)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange <0000> <FFFF> "
        f"endcodespacerange\n{len(letters)} beginbfchar\n{mapped}\nendbfchar\nendcmap end end"
    )
    numbers = [f"{8 + n} 0 R" for n in range(len(fields))]
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{' '.join(numbers)}] >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            "/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        _stream(shown),
        (
            "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /Identity-H /DescendantFonts [6 0 R] "
            "/ToUnicode 7 0 R >>"
        ),
        (
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /DW 1000 "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
        ),
        _stream(cmap),
        *(f"<< /FT /Tx /T {_string(name)} /V {_string(value)} >>" for name, value in fields),
    ]
    return _file(objects)


def _string(text):
    return f"<{(chr(0xFEFF) + text).encode('utf-16-be').hex()}>"


def _stream(text):
    data = zlib.compress(text.encode())
    return (f"<< /Length {len(data)} /Filter /FlateDecode >>\nstream\n").encode() + data + b"\nendstream"


def _file(objects):
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + (content if isinstance(content, bytes) else content.encode())
        out += b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode()


def with_part(data, name, content):
    """Return an Office file with one part more, or in the place of another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in {*old.namelist(), name}:
            new.writestr(one, content if one == name else old.read(one))
    return out.getvalue()
