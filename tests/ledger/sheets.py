# ruff: noqa: E501  XML stands here as programs write it
"""Workbooks for the tests of reader and patcher: written by hand, as Excel, WPS and others write them."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from daemon.core.fields import FIELDS
from daemon.ledger.sheet import Wanted

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

WANTED = tuple(Wanted(one.key, one.header, one.synonyms) for one in FIELDS)
SMALL = (
    Wanted("no", "客诉编号", ("编号",)),
    Wanted("at", "接收时间"),
    Wanted("who", "客户名称", ("客户",)),
    Wanted("count", "不良数量"),
    Wanted("note", "备注", ("说明",)),
)
HEADER = "".join(
    f'<c r="{at}1" t="inlineStr"><is><t>{one.title}</t></is></c>' for at, one in zip("ABCDE", SMALL, strict=True)
)


def sheet(rows, *, main=MAIN, before="", after=""):
    """Return a worksheet's XML with the small header and these rows of XML."""
    data = f'<row r="1">{HEADER}</row>{rows}'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{main}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def packed(parts):
    """Return a zip of these parts."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text if isinstance(text, bytes) else text.encode())
    return out.getvalue()


def parts_of(
    *sheets, strings="", formats="", styles="", workbook="", main=MAIN, office=OFFICE, target="worksheets/sheet{}.xml"
):
    """Return the parts of a workbook: sheets as XML, or as (title, XML); the others as the elements inside."""
    titled = [one if isinstance(one, tuple) else (f"表{at}", one) for at, one in enumerate(sheets, 1)]
    listed = "".join(
        f'<sheet name="{title}" sheetId="{at}" r:id="rId{at}"/>' for at, (title, _) in enumerate(titled, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{office}/worksheet" Target="{target.format(at)}"/>'
        for at in range(1, len(titled) + 1)
    )
    links += f'<Relationship Id="rId98" Type="{office}/styles" Target="styles.xml"/>'
    links += f'<Relationship Id="rId99" Type="{office}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">{workbook}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><numFmts>{formats}</numFmts><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>',
    } | {f"xl/worksheets/sheet{at}.xml": text for at, (_, text) in enumerate(titled, 1)}


def book(*sheets, **more):
    """Return a workbook's bytes; see `parts_of`."""
    return packed(parts_of(*sheets, **more))
