import io
import re
import zipfile

import docx
import pytest

from daemon.documents.errors import BadForm
from daemon.documents.fill import fill_8d
from daemon.documents.form import BOOKMARKS, build_form
from daemon.documents.pictures import Picture
from daemon.documents.report import Audience
from tests.documents.factory import PICTURES, a_case, a_report, png

FORM = build_form()


def form_saying(text):
    document = docx.Document()
    document.add_paragraph("first")
    document.add_paragraph(text)
    return saved(document)


def saved(document):
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def words_of(data):
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def body_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read("word/document.xml").decode()


def bookmark_text(data, name):
    found = re.search(rf'<w:bookmarkStart [^>]*w:name="{name}"/>(.*?)<w:bookmarkEnd', body_of(data), re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1].replace("<w:br/>", "\n"))


def test_fills_in_what_the_case_knows():
    words = words_of(fill_8d(FORM, a_report()))
    for told in (
        "东风汽车",
        "12,000",
        "0.3 %",
        "2026-11-23 17:00",
        "张伟",
        "王敏",
        "镶件磨损",
        "D3 临时措施（围堵）",
        "客户日用量",
    ):
        assert told in words


def test_leaves_no_tag_behind():
    for audience in Audience:
        assert not re.search(r"{{|{%|}}|%}", body_of(fill_8d(FORM, a_report(audience, pictures=PICTURES))))


def test_the_same_report_gives_the_same_bytes():
    report = a_report(pictures=PICTURES)
    assert fill_8d(FORM, report) == fill_8d(bytes(bytearray(FORM)), report)
    assert build_form() == FORM


def test_names_the_revision_in_the_properties():
    core = docx.Document(io.BytesIO(fill_8d(FORM, a_report()))).core_properties
    assert core.identifier == "12345678-90ab-cdef-1234-567890abcdef/internal/3"
    assert core.created == core.modified
    assert (core.revision, core.author) == (3, "华新精密零部件有限公司")


def test_bookmarks_survive_filling_and_hold_the_text():
    data = fill_8d(FORM, a_report())
    names = re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', body_of(data))
    assert sorted(names) == sorted(BOOKMARKS)
    assert bookmark_text(data, "d3_containment") == "客户端：600 件全检\n中转库：2400 件全检"
    assert bookmark_text(data, "d4_occurrence_whys_2") == "间隙大"
    assert bookmark_text(data, "d5_actions") == ""


def test_empty_rows_and_hints_are_for_the_house_only():
    internal, external = (words_of(fill_8d(FORM, a_report(audience))) for audience in Audience)
    assert "逐处填写" in internal
    assert "逐处填写" not in external
    assert "半成品" not in external
    assert "后续回复" in external


def test_header_and_footer_tell_company_number_and_pages():
    section = docx.Document(io.BytesIO(fill_8d(FORM, a_report()))).sections[0]
    assert section.header.paragraphs[0].text == "华新精密零部件有限公司\t8D 报告 2611003 · r3"
    assert "NUMPAGES" in section.footer.paragraphs[0]._p.xml


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ 7*7 }}",
        "{% for x in y %}",
        "{#",
        "{_{ company }_}",
        "<w:p><w:r/></w:p>",
        "]]> & \" ' </w:t>",
        "&lt;w:p&gt;",
    ],
)
def test_a_strangers_text_stays_text(hostile):
    case = a_case(facts={"phenomenon": hostile, "customer": hostile}, sections={"d3.containment": hostile})
    assert bookmark_text(fill_8d(FORM, a_report(case=case)), "d3_containment").count("<") == 0
    assert hostile in words_of(fill_8d(FORM, a_report(case=case)))


def test_control_characters_go_and_line_ends_are_one():
    text = "a\x00b\x0bc\fd\ae\r\nf\rg\ufffe\ud800h\u202ei\U0001ffffj\tk"
    data = fill_8d(FORM, a_report(case=a_case(sections={"d5.actions": text})))
    assert "ab\nc\nde\nf\ng" in words_of(data)
    assert "ghij\tk" in words_of(data)


def test_a_megabyte_is_bounded():
    for text in ("长" * 1_000_000, "x\n" * 500_000):
        data = fill_8d(FORM, a_report(case=a_case(facts={"customer": text}, sections={"d5.actions": text})))
        assert len(data) < 200_000
        assert "已截断" in words_of(data)


def test_pictures_stand_two_in_a_row_with_captions():
    data = fill_8d(FORM, a_report(pictures=(*PICTURES, Picture("第三张.png", png()))))
    document = docx.Document(io.BytesIO(data))
    assert len(document.inline_shapes) == 3
    assert document.inline_shapes[0].width.mm == pytest.approx(8 / 3, abs=0.1)
    assert "图1 毛刺" in words_of(data)
    assert "第三张.png" in words_of(data)


def test_pictures_that_cannot_be_shown_are_named():
    broken = (
        Picture("坏图.png", b"\x89PNG\r\n\x1a\n123"),
        Picture("炸弹.png", png(60_000, 60_000)),
        Picture("a.tif", b"II*\0"),
    )
    data = fill_8d(FORM, a_report(pictures=broken))
    assert len(docx.Document(io.BytesIO(data)).inline_shapes) == 0
    assert "坏图.png、炸弹.png、a.tif" in words_of(data)


def test_a_hostile_caption_stays_in_its_place():
    picture = Picture('"><x {{ 1 }}.png', png(), "<w:p>{% if %}\"'&")
    data = fill_8d(FORM, a_report(pictures=(picture,)))
    assert "<w:p>{% if %}\"'&" in words_of(data)


@pytest.mark.parametrize(
    "tag",
    [
        "{{ company.__class__ }}",
        "{{ company['__class__'] }}",
        "{{ fact.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ fact|attr('__class__') }}",
        "{{ lipsum.__globals__ }}",
        "{{ cycler.__init__ }}",
        "{{ fact.update({'a': 1}) }}",
        "{{ section.d5_actions|safe }}",
        "{% autoescape false %}{{ section.d5_actions }}{% endautoescape %}",
        "{% include '/etc/passwd' %}",
        "{% for i in range(999999999) %}x{% endfor %}",
        "{{ 'x' * 999999999 }}",
        "{{ '%999999999d'|format(1) }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)
def test_a_form_may_show_and_repeat_and_nothing_else(tag):
    with pytest.raises(BadForm):
        fill_8d(form_saying(tag), a_report())


def test_an_unknown_name_is_told_with_its_place():
    with pytest.raises(BadForm, match=r"word/document.xml, paragraph 2, near “客户：{{ fact.custmer }}”.*custmer"):
        fill_8d(form_saying("客户：{{ fact.custmer }}"), a_report())


@pytest.mark.parametrize("tag", ["{{ company", "{% if company %}", "{{ company | nofilter }}", "{%tr if company %}"])
def test_a_broken_tag_is_told_with_its_place(tag):
    with pytest.raises(BadForm, match=r"word/document\.xml") as caught:
        fill_8d(form_saying(tag), a_report())
    assert "correct the tag" in caught.value.remedy


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", b"PK\x03\x04" + b"\0" * 99])
def test_what_is_no_word_file_is_refused(data):
    with pytest.raises(BadForm, match="not a Word document"):
        fill_8d(data, a_report())


def test_a_zip_bomb_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"\0" * 100_000_000)
    with pytest.raises(BadForm, match="too large"):
        fill_8d(out.getvalue(), a_report())


def test_a_form_that_loads_from_outside_is_refused():
    document = docx.Document()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    document.part.relate_to("http://evil.example/x.dotm", kind, is_external=True)
    with pytest.raises(BadForm, match="from outside"):
        fill_8d(saved(document), a_report())


def test_tags_that_tear_the_document_apart_are_told():
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "{%p if fact.cost %}"
    document.add_paragraph("{%p endif %}")
    with pytest.raises(BadForm, match="tear the document apart"):
        fill_8d(saved(document), a_report(Audience.EXTERNAL))


def test_a_form_that_people_edited_still_fills():
    document = docx.Document(io.BytesIO(FORM))
    document.add_paragraph("损失：{{ fact.cost }} 元，{{ fact.disposal or '未定' }}")
    assert "损失：5200.5 元，未定" in words_of(fill_8d(saved(document), a_report()))
