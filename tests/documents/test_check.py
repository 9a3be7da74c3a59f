import io
import re

import docx

from daemon.documents.check import check_form, sample_reports
from daemon.documents.form import build_form
from tests.documents.factory import DIRECTORY, PROCESS

SAMPLES = sample_reports(PROCESS, DIRECTORY)


def check(change):
    document = docx.Document(io.BytesIO(build_form()))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return [str(fault) for fault in check_form(out.getvalue(), "8D报告.docx", SAMPLES)]


def test_the_form_that_is_delivered_has_no_fault():
    assert check_form(build_form(), "8D报告.docx", SAMPLES) == ()


def test_every_unknown_name_is_found_at_once():
    faults = check(lambda document: document.add_paragraph("{{ fact.custmer }} {{ nobody }}"))
    assert len(faults) == 2
    assert re.search(r"^8D报告.docx:\d+: word/document.xml, paragraph \d+, near .*'fact.custmer'", faults[1])
    assert "'nobody'" in faults[0]


def test_a_broken_tag_is_found():
    (fault,) = check(lambda document: document.add_paragraph("{% if company %}"))
    assert "8D报告.docx" in fault


def test_a_missing_bookmark_is_found():
    def remove(document):
        for start in document.element.body.iter("{*}bookmarkStart"):
            if "d5_actions" in start.attrib.values():
                start.getparent().remove(start)
                return

    (fault,) = check(remove)
    assert "'d5_actions' is missing" in fault


def test_what_only_shows_when_filled_is_found():
    (fault,) = check(lambda document: document.add_paragraph("{{ pictures[0].caption }}"))
    assert "pictures" in fault or "no element 0" in fault


def test_a_file_that_is_no_form_is_found():
    (fault,) = check_form(b"nothing", "8D报告.docx", SAMPLES)
    assert "not a Word document" in str(fault)
