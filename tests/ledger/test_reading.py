# ruff: noqa: DTZ001, E501  a cell holds wall time, without a zone; XML stands here as programs write it
from __future__ import annotations

import subprocess
from contextlib import suppress
from datetime import datetime, time
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from daemon.ledger import cells_xml, reading
from daemon.ledger.build import build_workbook
from daemon.ledger.columns import columns_of
from daemon.ledger.reading import open_workbook
from daemon.ledger.sheet import BadWorkbook, Flaw, Seen, SeenRow, Wanted
from daemon.ledger.text import escaped, legal
from tests.ledger.cast import LAYOUT, NOW
from tests.ledger.cast import row as case_row
from tests.ledger.sheets import HEADER, MAIN, SMALL, STRICT, STRICT_OFFICE, WANTED, book, packed, parts_of, sheet
from tests.servers.libreoffice import needs_libreoffice

DECORATED = Path(__file__).with_name("decorated.xlsx").read_bytes()
KEYS = [one.key for one in SMALL]


def rows_of(data, wanted=SMALL, **more):
    workbook = open_workbook(data)
    return list(workbook.rows(workbook.find(wanted), **more))


def cells_of(row, **more):
    """The cells of row 2, written in XML, by key."""
    (found,) = rows_of(book(sheet(f'<row r="2">{row}</row>'), **more))
    return dict(found.cells)


def cell_of(xml, **more):
    return cells_of(f'<c r="A2"><v>1</v></c>{xml}', **more).get("note")


def flaw_of(data, wanted=SMALL):
    with pytest.raises(BadWorkbook) as fault:
        rows_of(data, wanted)
    assert str(fault.value)
    return fault.value.flaw


# ── beside openpyxl ──────────────────────────────────────────────────────────────────────────────────────────────────


def seen_by_openpyxl(data, title, sheet):
    """Every cell of our columns below the header, as openpyxl has it: the cached value, else the formula."""
    values, formulas = (load_workbook(BytesIO(data), data_only=cached)[title] for cached in (True, False))
    for row in range(sheet.header_row + 1, values.max_row + 1):
        for key, column in sheet.columns.items():
            value, formula = values.cell(row, column).value, formulas.cell(row, column)
            if value is not None or formula.data_type == "f":
                yield (row, key), _as_people_see(value), formula.data_type == "f"


def _as_people_see(value):
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, time):
        return f"{value:%H:%M}" + (f":{value:%S}" if value.second else "")
    return legal(value) if isinstance(value, str) else value


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_decorated_ledger_reads_cell_by_cell_as_openpyxl_reads_it():
    wanted = [
        *WANTED,
        *(Wanted(one, one) for one in ("职务", "部门科室", "客户日用量", "装配方式", "处理方式", "处罚")),
    ]
    workbook = open_workbook(DECORATED)
    found = workbook.find(wanted, ("客诉台账",))
    ours = {(row.number, key): seen for row in workbook.rows(found) for key, seen in row.cells.items()}
    theirs = {at: (value, is_formula) for at, value, is_formula in seen_by_openpyxl(DECORATED, "客诉台账", found)}
    assert {at: (seen.value, bool(seen.formula)) for at, seen in ours.items()} == theirs
    assert len(ours) > 4000
    assert found.header_row == 1
    assert set(found.missing) == {"hint", "related"}
    assert [(one.title, one.hidden) for one in workbook.sheets] == [
        ("客诉台账", False),
        ("字典", False),
        ("我的透视", False),
    ]


def test_our_own_workbook_reads_as_openpyxl_reads_it():
    data = build_workbook(
        [case_row(), case_row("2611004", 4, quantity_defective=12, received_at=NOW, defect_rate=0.5)], LAYOUT
    )
    wanted = [Wanted(one.key, one.title) for one in columns_of(LAYOUT)]
    workbook = open_workbook(data)
    found = workbook.find(wanted)
    ours = {(row.number, key): seen.value for row in workbook.rows(found) for key, seen in row.cells.items()}
    assert ours == {at: value for at, value, _ in seen_by_openpyxl(data, found.title, found)}
    assert not found.missing
    assert ours


# ── one cell, as programs write it ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("xml", "seen"),
    [
        ('<c r="E2" t="inlineStr"><is><t>漏油</t></is></c>', Seen("漏油")),
        ('<c r="E2" t="inlineStr"><is><t xml:space="preserve"> 漏 油\n</t></is></c>', Seen(" 漏 油\n")),
        ('<c r="E2" t="inlineStr"><is><r><t>漏</t></r><r><rPr><b/></rPr><t>油</t></r></is></c>', Seen("漏油")),
        ('<c r="E2" t="str"><v>漏油</v></c>', Seen("漏油")),
        ('<c r="E2" t="str"><v>000123</v></c>', Seen("000123")),
        ("<c r='E2' s='0' t='str'><v>单引号</v></c>", Seen("单引号")),
        ('<c t="str" r="E2"><v>后写</v></c>', Seen("后写")),
        ('<c r="e2" t="str"><v>小写</v></c>', Seen("小写")),
        ('<c  r = "E2"\n t="str" ><v>空白</v></c >', Seen("空白")),
        ('<c r="E2" t="str" x="a>b/c"><v>5 > 3</v></c>', Seen("5 > 3")),
        ('<c r="E2"><v>5</v></c>', Seen(5)),
        ('<c r="E2" t="n"><v>5.0</v></c>', Seen(5)),
        ('<c r="E2"><v> 5.25 </v></c>', Seen(5.25)),
        ('<c r="E2"><v>1.5E-3</v></c>', Seen(0.0015)),
        ('<c r="E2"><v>12345678901234567890</v></c>', Seen(12345678901234567890)),
        ('<c r="E2"><v>十二</v></c>', Seen("十二")),
        ('<c r="E2" t="b"><v>1</v></c>', Seen("TRUE")),
        ('<c r="E2" t="b"><v>0</v></c>', Seen("FALSE")),
        ('<c r="E2" t="e"><v>#REF!</v></c>', Seen(error="#REF!")),
        ('<c r="E2" t="e" vm="1"><v>#VALUE!</v></c>', Seen(error="#VALUE!")),
        ('<c r="E2" t="d"><v>2026-11-23T09:11:00</v></c>', Seen(datetime(2026, 11, 23, 9, 11))),
        ('<c r="E2" t="d"><v>2026-11-23T09:11:00.000Z</v></c>', Seen(datetime(2026, 11, 23, 9, 11))),
        ('<c r="E2" t="d"><v>09:11</v></c>', Seen("09:11")),
        ('<c r="E2" t="s"><v>0</v></c>', Seen("共享")),
        ('<c r="E2"><f>B2*2</f><v>8</v></c>', Seen(8, "B2*2")),
        ('<c r="E2" t="str"><f>A2&amp;"x"</f><v>1x</v></c>', Seen("1x", 'A2&"x"')),
        ('<c r="E2"><f>B2*2</f></c>', Seen(None, "B2*2")),
        ('<c r="E2" t="str"><f>B2</f><v></v></c>', Seen(None, "B2")),
        ('<c r="E2" t="e"><f>B2/0</f><v>#DIV/0!</v></c>', Seen(None, "B2/0", "#DIV/0!")),
        ('<c r="E2" cm="1"><f t="array" ref="E2">_xlfn.UNIQUE(A2:A9)</f><v>3</v></c>', Seen(3, "_xlfn.UNIQUE(A2:A9)")),
        ('<c r="E2"><f t="dataTable" ref="E2:E9" dt2D="0" r1="B1"/><v>3</v></c>', Seen(3, "TABLE(B1)")),
        ('<c r="E2"><f t="shared" si="7"/><v>3</v></c>', Seen(3, "…")),
        ('<c r="E2"><f t="shared" ref="E2:E3" si="0">((</f><v>3</v></c>', Seen(3, "((")),
        ('<c r="E2"><v>5</v><extLst><ext uri="x"><x:a xmlns:x="y"/></ext></extLst></c>', Seen(5)),
        ('<c r="E2"/>', None),
        ('<c r="E2" s="0"></c>', None),
        ('<c r="E2"><v/></c>', None),
        ('<c r="E2"><v></v></c>', None),
        ('<c r="E2" t="s"><v></v></c>', None),
        ('<c r="E2" t="s"><v>1</v></c>', None),
        ('<c r="E2" t="inlineStr"><is><t/></is></c>', None),
        ('<c r="E2" t="inlineStr"><is/></c>', None),
    ],
)
def test_a_cell_is_read_as_people_see_it(xml, seen):
    assert cell_of(xml, strings="<si><t>共享</t></si><si><t/></si>") == seen


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("<si><t>漏油</t></si>", "漏油"),
        ('<si><t xml:space="preserve"> 漏\n油 </t></si>', " 漏\n油 "),
        ("<si>\n  <t>漏油</t>\n</si>", "漏油"),
        ("<si><r><rPr><sz val='9'/></rPr><t>漏</t></r><r><t xml:space='preserve'> 油</t></r></si>", "漏 油"),
        ('<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>', "東京"),
        ("<si><t>A &amp; B &lt;C&gt; &quot;D&apos; &#19968;&#x4E00;</t></si>", "A & B <C> \"D' 一一"),
        ("<si><t>_x0041_ _x005F_x0041_ _x00e9_ _x12_</t></si>", "A _x0041_ é _x12_"),
        ("<si><t>一_x000D_\n二&#13;三\r\n四\r五&#10;六</t></si>", "一\n二\n三\n四\n五\n六"),
        ("<si><t>坏_x0000__x0007_字</t></si>", "坏字"),
        ("<si><t>_xD83D__xDD27_</t></si>", "🔧"),
        ("<si><t>=1+1</t></si>", "=1+1"),
    ],
)
def test_a_shared_text_is_read_whole(item, text):
    others = "".join(f"<si><t>{number}</t></si>" for number in range(70))
    for strings, number in ((item + others, 0), (others + item, 70), (item, 0)):
        assert cell_of(f'<c r="E2" t="s"><v>{number}</v></c>', strings=strings).value == text


def test_every_shared_text_is_found_by_its_number():
    odd = {5: "<r><t>5</t></r>", 40: "<t>4&#48;</t>", 99: "<t xml:space='preserve'>99</t>", 199: "<t>199</t>"}
    strings = "".join(f"<si>{odd.get(number, f'<t>{number}</t>')}</si>" for number in range(200))
    rows = "".join(f'<row r="{at + 2}"><c r="E{at + 2}" t="s"><v>{at}</v></c></row>' for at in range(200))
    assert [row.cells["note"].value for row in rows_of(book(sheet(rows), strings=strings))] == [
        str(at) for at in range(200)
    ]


@pytest.mark.parametrize(
    ("style", "raw", "value"),
    [
        (1, "46028.22916666666", datetime(2026, 1, 6, 5, 30)),
        (2, "46028", datetime(2026, 1, 6)),
        (3, "123", "000123"),
        (4, "13812345678", "13812345678"),
        (5, "0.25", "06:00"),
        (6, "0.0533", 0.0533),
        (7, "46028", datetime(2026, 1, 6)),
        (99, "46028", 46028),
    ],
)
def test_a_number_is_read_by_the_format_of_its_style(style, raw, value):
    formats = '<numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot; hh:mm"/><numFmt numFmtId="170" formatCode="000000"/>'
    styles = "".join(f'<xf numFmtId="{number}"/>' for number in (164, 14, 170, 49, 20, 10, 31))
    assert cell_of(f'<c r="E2" s="{style}"><v>{raw}</v></c>', formats=formats, styles=styles) == Seen(value)


def test_a_workbook_of_1904_counts_from_then():
    more = {"styles": '<xf numFmtId="14"/>', "workbook": '<workbookPr date1904="1"/>'}
    assert cell_of('<c r="E2" s="1"><v>44566</v></c>', **more) == Seen(datetime(2026, 1, 6))


def test_a_shared_formula_is_told_of_each_cell():
    rows = '<row r="2"><c r="E2"><f t="shared" ref="E2:E4" si="0">B2*$D$1</f><v>1</v></c></row>' + "".join(
        f'<row r="{at}"><c r="E{at}"><f t="shared" si="0"/><v>{at}</v></c></row>' for at in (3, 4)
    )
    assert [row.cells["note"] for row in rows_of(book(sheet(rows)))] == [
        Seen(1, "B2*$D$1"), Seen(3, "B3*$D$1"), Seen(4, "B4*$D$1"),
    ]  # fmt: skip


def test_of_a_few_rows_the_formulas_are_told_that_began_in_others():
    rows = (
        '<row r="2"><c r="E2"><f t="shared" ref="E2:E9" si="0">B2*2</f><v>1</v></c></row>'
        '<row r="3"><c r="D3"><f t="array" ref="D3:D5">A1:A3</f><v>1</v></c></row><row r="4"><c r="D4"><v>2</v></c></row>'
        '<row r="5"><c r="D5"><v>3</v></c><c r="E5"><f t="shared" si="0"/><v>4</v></c></row>'
        '<row r="6"><c r="D6"><f>1+1</f><v>2</v></c></row>'
    )
    data = book(sheet(rows))
    every, few = rows_of(data), rows_of(data, where=lambda number: number == 5)
    assert {row.number for row in few} == {2, 3, 5}, "a plain formula says nothing of other rows"
    assert few == [row for row in every if row.number in (2, 3, 5)]
    assert [seen.formula for seen in few[-1].cells.values()] == ["A1:A3", "B5*2"]


def test_all_cells_of_an_array_have_its_formula():
    rows = (
        '<row r="2"><c r="D2"><f t="array" ref="D2:E3">A1:B2</f><v>1</v></c><c r="E2"><v>2</v></c></row>'
        '<row r="3"><c r="D3"><v>3</v></c><c r="E3"/></row><row r="4"><c r="D4"><v>5</v></c></row>'
    )
    assert [dict(row.cells) for row in rows_of(book(sheet(rows)))] == [
        {"count": Seen(1, "A1:B2"), "note": Seen(2, "A1:B2")}, {"count": Seen(3, "A1:B2")}, {"count": Seen(5)},
    ]  # fmt: skip


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_rows_and_cells_without_reference_are_counted():
    data = f"<row>{HEADER}</row><row/><row><c><v>1</v></c><c/><c><v>3</v></c></row><row r='9'><c r='D9'><v>4</v></c><c><v>5</v></c></row>"
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'
    assert rows_of(book(xml)) == [
        SeenRow(3, {"no": Seen(1), "who": Seen(3)}),
        SeenRow(9, {"count": Seen(4), "note": Seen(5)}),
    ]


def test_cells_out_of_order_stand_where_they_say():
    assert cells_of('<c r="E2"><v>5</v></c><c r="A2"><v>1</v></c>') == {"note": Seen(5), "no": Seen(1)}


def test_only_the_columns_that_are_asked_for_are_read():
    rows = '<row r="2"><c r="A2"><v>1</v></c><c r="E2"><v>5</v></c></row><row r="3"><c r="A3"><v>1</v></c></row>'
    assert rows_of(book(sheet(rows)), only=("note", "strange")) == [SeenRow(2, {"note": Seen(5)})]


def test_rows_with_nothing_in_our_columns_are_left_out():
    rows = '<row r="2"><c r="Z2"><v>1</v></c></row><row r="3" s="1"/><row r="4"><c r="A4" s="1"/></row><row r="5"><c r="B5"><v>1</v></c></row>'
    assert [row.number for row in rows_of(book(sheet(rows)))] == [5]


@pytest.mark.parametrize("row", ['<row r="{}" s="1" customFormat="1"/>', '<row r="{0}"><c r="A{0}" s="1"/></row>'])
def test_a_million_empty_rows_are_nothing(row):
    rows = "".join(row.format(number) for number in range(2, 300_000))
    data = book(sheet(rows + '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'))
    assert rows_of(data) == [SeenRow(1_048_576, {"no": Seen(1)})]


def test_an_empty_sheet_beside_the_ledger_is_passed_over():
    empty = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    assert rows_of(book(empty, sheet('<row r="2"><c r="A2"><v>1</v></c></row>'))) == [SeenRow(2, {"no": Seen(1)})]


def prefixed(xml):
    return xml.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")


def test_tags_with_a_prefix_are_the_same_tags():
    rows = '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="E2"><f>1+1</f><v>2</v></c></row><row r="3"><c r="E3"><v>3</v></c></row>'
    parts = parts_of(sheet(rows), strings="<si><t>1</t></si>")
    names = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml")
    data = packed(parts | {name: prefixed(parts[name]) for name in names})
    assert rows_of(data) == [SeenRow(2, {"no": Seen("1"), "note": Seen(2, "1+1")}), SeenRow(3, {"note": Seen(3)})]


@pytest.mark.parametrize(
    "target",
    [
        "worksheets/sheet{}.xml",
        "/xl/worksheets/sheet{}.xml",
        "../xl/worksheets/Sheet{}.XML",
        "worksheets%2Fsheet{}.xml",
        "worksheets\\sheet{}.xml",
    ],
)
def test_a_sheet_is_found_wherever_its_link_leads(target):
    assert len(rows_of(book(sheet('<row r="2"><c r="A2"><v>1</v></c></row>'), target=target))) == 1


def test_a_strict_workbook_is_a_workbook():
    rows = '<row r="2"><c r="A2" t="d" s="0"><v>2026-11-23</v></c></row>'
    data = book(sheet(rows, main=STRICT), main=STRICT, office=STRICT_OFFICE)
    assert rows_of(data) == [SeenRow(2, {"no": Seen(datetime(2026, 11, 23))})]


def test_what_stands_before_and_after_the_rows_is_passed_over():
    before = "<!-- <sheetData> --><sheetPr/><dimension ref='A1'/><cols><col min='1' max='1' width='9'/></cols>"
    after = "<!-- </sheetData> --><conditionalFormatting sqref='A1'/>"
    rows = '<row r="2"><c r="A2"><v>1</v></c></row>'
    assert rows_of(book(sheet(rows, before=before, after=after + "<pageMargins/>" * 5000))) == [
        SeenRow(2, {"no": Seen(1)})
    ]


def test_a_sheet_with_a_mark_of_its_encoding_is_read():
    assert len(rows_of(book(b"\xef\xbb\xbf" + sheet('<row r="2"><c r="A2"><v>1</v></c></row>').encode()))) == 1


# ── which sheet ──────────────────────────────────────────────────────────────────────────────────────────────────────


def headed(*headers, row=1, above=""):
    cells = "".join(f'<c t="inlineStr"><is><t>{one}</t></is></c>' for one in headers)
    return f'<worksheet xmlns="{MAIN}"><sheetData>{above}<row r="{row}">{cells}</row></sheetData></worksheet>'


TITLES = tuple(one.title for one in SMALL)


def test_the_header_is_found_below_titles_and_blank_rows():
    above = '<row r="1"><c r="B1" t="inlineStr"><is><t>2026 年客诉台账</t></is></c></row><row r="3"><c r="A3"/></row>'
    found = open_workbook(book(headed("序号", "备注 *", "客户\n名称", "我的列", "编号", row=7, above=above))).find(
        SMALL
    )
    assert (found.header_row, found.columns) == (7, {"no": 5, "who": 3, "note": 2})
    assert found.missing == ("at", "count")


def test_a_header_far_below_is_none():
    assert flaw_of(book(headed(*TITLES, row=31))) is Flaw.FOREIGN
    assert open_workbook(book(headed(*TITLES, row=30))).find(SMALL).header_row == 30


def test_a_sheet_that_was_renamed_is_found_by_its_header():
    data = book(("字典", headed("状态")), ("2026客诉", headed(*TITLES)), ("透视", headed("客户名称", "备注")))
    assert open_workbook(data).find(SMALL, ("客诉台账",)).title == "2026客诉"


def test_of_several_sheets_the_titled_one_is_taken_then_the_seen_one_then_the_first():
    copies = [(title, headed(*TITLES)) for title in ("旧", "客诉台账", "新")]
    assert open_workbook(book(*copies)).find(SMALL, ("客诉台账",)).title == "客诉台账"
    assert open_workbook(book(*copies)).find(SMALL).title == "旧"
    parts = parts_of(*copies)
    hidden = parts["xl/workbook.xml"].replace('name="旧"', 'name="旧" state="veryHidden"')
    workbook = open_workbook(packed(parts | {"xl/workbook.xml": hidden}))
    assert [one.hidden for one in workbook.sheets] == [True, False, False]
    assert workbook.find(SMALL).title == "客诉台账"


def test_a_copy_with_all_headers_does_not_replace_the_ledger_that_lost_one():
    data = book(("客诉台账 (2)", headed(*TITLES)), ("客诉台账", headed(*TITLES[:4])))
    assert open_workbook(data).find(SMALL, ("客诉台账",)).title == "客诉台账"


def test_a_sheet_so_titled_with_few_of_the_headers_is_not_the_ledger():
    data = book(("客诉台账", headed(*TITLES[:3])), ("明细", headed(*TITLES)))
    assert open_workbook(data).find(SMALL, ("客诉台账",)).title == "明细"


def test_a_chart_is_no_sheet_with_cells():
    parts = parts_of(("图", "<chartsheet/>"), ("台账", sheet("")))
    links = parts["xl/_rels/workbook.xml.rels"].replace("/worksheet", "/chartsheet", 1)
    assert [one.title for one in open_workbook(packed(parts | {"xl/_rels/workbook.xml.rels": links})).sheets] == [
        "台账"
    ]


def test_a_workbook_without_our_headers_says_what_it_looked_for():
    with pytest.raises(BadWorkbook, match="客诉编号") as fault:
        open_workbook(book(("工资", headed("姓名", "客户名称")))).find(SMALL)
    assert fault.value.flaw is Flaw.FOREIGN
    assert "工资（1）" in str(fault.value)


# ── what cannot be read ──────────────────────────────────────────────────────────────────────────────────────────────

ROW = '<row r="2"><c r="A2"><v>1</v></c><c r="B2"/></row>'
GOOD = sheet(ROW)


@pytest.mark.parametrize(
    ("xml", "flaw"),
    [
        (GOOD.removesuffix("</worksheet>"), Flaw.TRUNCATED),
        (GOOD.removesuffix("</sheetData></worksheet>"), Flaw.TRUNCATED),
        (GOOD.partition("</row>")[0], Flaw.TRUNCATED),
        (GOOD[:40], Flaw.TRUNCATED),
        ("", Flaw.TRUNCATED),
        (sheet('<row r="2"><c r="A2"><v>1</v></row>'), Flaw.TRUNCATED),
        (sheet('<row r="2"><c r="A2"><v>1</v><c r="B2"><v>2</v></c></row>'), Flaw.TRUNCATED),
        (sheet('<row r="2"><c r="A2"><v>1</w></c></row>'), Flaw.TRUNCATED),
        (sheet('<row r="2"><b r="A2"><v>1</v></c></row>'), Flaw.TRUNCATED),
        (sheet('<row r="2"><c r="A2" t="s"><v>0</v></c></row>'), Flaw.TRUNCATED),
        (sheet('<row r="2"><c r="A2" t="s"><v>-1</v></c></row>'), Flaw.TRUNCATED),
        (sheet('<row r="2"'), Flaw.TRUNCATED),
        (sheet("text"), Flaw.TRUNCATED),
        (GOOD.replace("<?xml", "<!DOCTYPE x><?xml"), Flaw.UNUSUAL),
        (GOOD.encode("utf-16"), Flaw.UNUSUAL),
        (GOOD.encode("utf-16-le"), Flaw.UNUSUAL),
        (GOOD.replace("UTF-8", "GBK").encode("gbk"), Flaw.UNUSUAL),
        (GOOD.encode("gbk"), Flaw.UNUSUAL),
        (sheet("<!-- x -->" + ROW), Flaw.UNUSUAL),
        (sheet('<row r="2"><c r="A2" t="str"><v><![CDATA[1]]></v></c></row>'), Flaw.UNUSUAL),
        (sheet("<?x y?>" + ROW), Flaw.UNUSUAL),
        (sheet('<row r="2"><c r="A2" t="str"><v>&nbsp;</v></c></row>'), Flaw.UNUSUAL),
        (sheet('<row r="2"><c r="A2" t="str"><v>&#x110000;</v></c></row>'), Flaw.UNUSUAL),
        (sheet('<row r="2"><c r="XFE2"><v>1</v></c><c><v>1</v></c></row>'), Flaw.UNUSUAL),
        (sheet('<row r="1048577"/>'), Flaw.UNUSUAL),
        (sheet('<row r="3"/><row r="2"/>'), Flaw.UNUSUAL),
        (sheet('<row r="3"/><row r="3"><c r="A3"><v>1</v></c></row>'), Flaw.UNUSUAL),
        (sheet('<row r="x"/>'), Flaw.UNUSUAL),
        (sheet(ROW, main="urn:other"), Flaw.UNUSUAL),
    ],
)
def test_a_sheet_that_cannot_be_read_safely_says_so(xml, flaw):
    assert flaw_of(book(xml)) is flaw


@pytest.mark.parametrize(
    ("part", "text", "flaw"),
    [
        ("xl/workbook.xml", f'<!DOCTYPE x><workbook xmlns="{MAIN}"/>', Flaw.UNUSUAL),
        ("xl/workbook.xml", f'<?xml version="1.0" encoding="GBK"?><workbook xmlns="{MAIN}"/>', Flaw.UNUSUAL),
        ("xl/workbook.xml", f'<workbook xmlns="{MAIN}"><sheets>', Flaw.TRUNCATED),
        ("xl/workbook.xml", f'<workbook xmlns="{MAIN}"/>', Flaw.FOREIGN),
        ("xl/workbook.xml", "<document/>", Flaw.FOREIGN),
        ("xl/workbook.xml", "<a>" * 300 + "</a>" * 300, Flaw.TOO_LARGE),
        ("xl/styles.xml", "", Flaw.TRUNCATED),
        ("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"><si><t>1</t></si>', Flaw.TRUNCATED),
        ("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"><si><t><![CDATA[1]]></t></si></sst>', Flaw.UNUSUAL),
        ("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"><si><t>1</t></si></sst>'.encode("utf-16"), Flaw.UNUSUAL),
        ("_rels/.rels", "<Relationships", Flaw.TRUNCATED),
    ],
)
def test_a_part_that_cannot_be_read_safely_says_so(part, text, flaw):
    parts = parts_of(sheet('<row r="2"><c r="A2" t="s"><v>0</v></c></row>'), strings="<si><t>1</t></si>")
    assert flaw_of(packed(parts | {part: text})) is flaw


def test_other_files_are_no_workbook():
    assert flaw_of(packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})) is Flaw.FOREIGN
    assert flaw_of(b"") is Flaw.EMPTY
    parts = parts_of(GOOD)
    binary = parts["_rels/.rels"].replace("workbook.xml", "workbook.bin")
    assert flaw_of(packed(parts | {"_rels/.rels": binary, "xl/workbook.bin": b"\x83\x01"})) is Flaw.UNUSUAL


def test_more_text_than_a_ledger_has_is_too_large(monkeypatch):
    monkeypatch.setattr(reading, "MOST_TEXT", 1000)
    text = "<si><t>" + "长" * 300 + "</t></si>"
    rows = "".join(f'<row r="{at}"><c r="E{at}" t="s"><v>0</v></c></row>' for at in range(2, 9))
    assert flaw_of(book(sheet(rows), strings=text)) is Flaw.TOO_LARGE


def test_more_cells_than_a_ledger_has_are_too_large(monkeypatch):
    monkeypatch.setattr(reading, "MOST_CELLS", 5)
    rows = "".join(f'<row r="{at}"><c r="E{at}"><v>0</v></c></row>' for at in range(2, 9))
    assert flaw_of(book(sheet(rows))) is Flaw.TOO_LARGE


def test_a_row_without_end_is_too_large(monkeypatch):
    monkeypatch.setattr(cells_xml, "LONGEST_ROW", 100_000)
    row = "".join(f'<c r="A2" s="{number}"/>' for number in range(40_000))
    assert flaw_of(book(sheet(f'<row r="2">{row}</row>'))) is Flaw.TOO_LARGE


# ── strange input ────────────────────────────────────────────────────────────────────────────────────────────────────

STRANGE = sheet(
    '<row r="2" spans="1:5"><c r="A2" s="1" t="s"><v>0</v></c><c r="B2" s="1"><v>46028.2</v></c><c r="C2"/></row>'
    '<row r="3"><c r="A3"><f t="shared" ref="A3:A4" si="0">B2+1</f><v>1</v></c><c r="E3" t="inlineStr"><is><r><t>x</t></r></is></c></row>'
    '<row r="4"/><row><c><f t="shared" si="0"/></c><c t="e"><v>#N/A</v></c></row>'
)
STRANGE_PARTS = parts_of(
    STRANGE, strings="<si><t>a&amp;_x0041_</t></si><si><r><t>b</t></r></si>", styles='<xf numFmtId="14"/>'
)
EDITED = [
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
]


@given(
    name=st.sampled_from(EDITED),
    at=st.floats(0, 1),
    cut=st.integers(0, 30),
    put=st.one_of(
        st.binary(max_size=12),
        st.sampled_from(
            [b"<", b">", b'"', b"<c ", b"</c>", b"<v>", b"</row>", b"<row r='5'>", b"<!--", b"&", b"9" * 40]
        ),
    ),
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_but_a_bad_workbook_comes_of_broken_parts(name, at, cut, put):
    raw = STRANGE_PARTS[name].encode()
    start = int(at * len(raw))
    _read_or_refused(packed(STRANGE_PARTS | {name: raw[:start] + put + raw[start + cut :]}))


@given(start=st.floats(0, 1), cut=st.integers(0, 3), put=st.binary(max_size=3))
@settings(max_examples=200, deadline=None)
def test_nothing_but_a_bad_workbook_comes_of_broken_files(start, cut, put):
    data = packed(STRANGE_PARTS)
    at = int(start * len(data))
    _read_or_refused(data[:at] + put + data[at + cut :])
    _read_or_refused(data[:at])


def _read_or_refused(data):
    with suppress(BadWorkbook):
        rows = rows_of(data)
        assert all(not seen.is_empty for row in rows for seen in row.cells.values())


# ── what was written is what is read ─────────────────────────────────────────────────────────────────────────────────

TEXTS = (
    st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)
    .map(legal)
    .filter(lambda text: text.strip(" \t\n"))
)
MOMENTS = st.datetimes(datetime(1900, 3, 1), datetime(2099, 12, 31)).map(lambda at: at.replace(microsecond=0))
NUMBERS = st.one_of(st.integers(-(10**15), 10**15), st.integers(-(10**9), 10**9).map(lambda one: one / 1000))
VALUES = st.one_of(st.none(), TEXTS, MOMENTS, NUMBERS)


@given(st.lists(st.lists(VALUES, min_size=5, max_size=5), max_size=12))
@settings(max_examples=60, deadline=None)
def test_what_openpyxl_writes_is_read_back(table):
    workbook = Workbook()
    workbook.active.append(TITLES)
    for number, row in enumerate(table, 2):
        for column, value in enumerate(row, 1):
            cell = workbook.active.cell(number, column)
            cell.value = escaped(value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
    out = BytesIO()
    workbook.save(out)
    ours = {row.number: {key: seen.value for key, seen in row.cells.items()} for row in rows_of(out.getvalue())}
    theirs = {
        number: {key: value for key, value in zip(KEYS, row, strict=True) if value is not None}
        for number, row in enumerate(table, 2)
    }
    assert ours == {number: row for number, row in theirs.items() if row}


@needs_libreoffice
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_libreoffice_saves_is_read_as_it_was(tmp_path):
    data = build_workbook(
        [case_row(), case_row("2611004", 4, quantity_defective=12, received_at=NOW, remarks="一\n二 _x0041_ <&>")],
        LAYOUT,
    )
    (tmp_path / "in.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path / "out"),
        str(tmp_path / "in.xlsx"),
    ]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    wanted = [Wanted(one.key, one.title) for one in columns_of(LAYOUT)]
    saved = (tmp_path / "out" / "in.xlsx").read_bytes()
    assert rows_of(saved, wanted) == rows_of(data, wanted)
