from __future__ import annotations

import pytest

from daemon.core.fields import FIELDS
from daemon.ledger.headers import Found, header_of, is_enough, plain
from daemon.ledger.sheet import Wanted

WANTED = (
    *(Wanted(one.key, one.header, (one.header_en, *one.synonyms)) for one in FIELDS),
    Wanted("department_office", "部门科室"),
    Wanted("penalty", "处罚 2"),
)


def row(*headers):
    return dict(enumerate(headers, 1))


def columns(*headers):
    return header_of({1: row(*headers)}, WANTED).columns


@pytest.mark.parametrize(
    "header",
    [
        "客户名称",
        " 客户名称 ",
        "客户\n名称",
        "客户 名称*",
        "＊客户名称",
        "客户名称：",
        "客户　名称",
        "客\u200b户名称 *",
        "客户名称 2",
    ],
)
def test_a_header_is_known_however_people_wrote_it(header):
    assert columns("客诉编号", header)["customer"] == 2


def test_width_and_case_do_not_matter():
    assert columns("ＮＯ", "Ｄ３", "8d报告", "CASE NO.") == {"case_no": 4, "containment": 2, "report_file": 3}


def test_a_header_that_is_a_title_wins_over_a_synonym():
    assert columns("说明", "备注", "进度", "状态") == {"remarks": 2, "status": 4}
    assert columns("说明", "进度") == {"remarks": 1, "status": 2}


def test_a_longer_header_is_a_column_of_its_own():
    assert columns("部门科室", "部门") == {"department_office": 1, "department": 2}
    assert columns("部门科室") == {"department_office": 1}
    assert columns("原因分析会", "客户名称 (旧)", "内部备注") == {}


def test_the_first_of_a_header_that_stands_there_twice_is_taken():
    found = header_of({1: row("备注", "客诉编号", "备注 ", "状态")}, WANTED)
    assert found.columns["remarks"] == 1
    assert found.doubled == ("remarks",)


def test_a_synonym_beside_the_title_is_a_column_of_peoples_own():
    assert header_of({1: row("备注", "说明")}, WANTED) == Found(1, {"remarks": 1})


def test_of_two_synonyms_the_nearer_one_is_taken():
    assert columns("日期", "接收日期") == {"received_at": 2}


def test_a_title_with_a_number_of_its_own_is_itself():
    assert columns("处罚 2") == {"penalty": 1}
    assert columns("处罚") == {}


def test_a_number_is_an_addition_only_after_a_space():
    assert columns("客户名称2") == {}
    assert columns("D3", "D4") == {"containment": 1, "cause_occurrence": 2}


def test_the_header_is_the_row_with_most_of_the_headers():
    rows = {
        1: row("客诉台账"),
        3: row("日期", "2026-11-01"),
        5: row("客诉编号", "日期", "状态"),
        6: row("2611001", "", "状态"),
    }
    assert header_of(rows, WANTED) == Found(5, {"case_no": 1, "received_at": 2, "status": 3})


def test_of_equal_rows_the_upper_one_is_the_header():
    assert header_of({2: row("客诉编号", "状态"), 1: row("状态", "客诉编号")}, WANTED).row == 1
    assert header_of({}, WANTED) == Found()


def test_a_header_needs_its_first_column_and_some_of_the_others():
    assert is_enough(header_of({1: row("编号", "客户", "部门", "等级")}, WANTED), WANTED)
    assert not is_enough(header_of({1: row("编号", "客户", "部门")}, WANTED), WANTED)
    assert not is_enough(header_of({1: row("客户", "部门", "等级", "状态")}, WANTED), WANTED)
    assert is_enough(header_of({1: row("处罚 2")}, WANTED[-1:]), WANTED[-1:])
    assert not is_enough(Found(), ())


def test_what_is_no_header_is_none():
    assert plain("  \u200b* ") == ""
    assert len(plain("客" * 100_000)) <= 300
    assert columns("", " ", "*", "备注" * 500) == {}
