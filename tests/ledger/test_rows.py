from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from daemon.core.case import Case, Fact, Section, Severity, Status
from daemon.core.fields import FIELDS
from daemon.ledger.rows import CaseFiles, row_of
from tests.ledger.cast import CLOSED, DIRECTORY, FACTS, FILES, LATE, NEW, NOW, OPENED, PROCESS, open_step


def values(case: Case, files: CaseFiles = FILES) -> dict[str, object]:
    return dict(row_of(case, PROCESS, DIRECTORY, NOW, files).values)


def with_facts(**facts: object) -> Case:
    return replace(NEW, facts={**FACTS, **{key: Fact(value) for key, value in facts.items()}})  # type: ignore[arg-type]


def test_every_fact_has_a_value_or_none():
    assert set(values(NEW)) == {field.key for field in FIELDS} | set(PROCESS.facts)


def test_a_new_case():
    row = values(NEW)
    assert row["case_no"] == "2611003"
    assert row["received_at"] == OPENED
    assert row["channel"] == "邮件"
    assert row["forwarded_by"] == "孙晓"
    assert (row["contact_name"], row["contact_email"]) == ("陈工", "chen@huayue.example")
    assert (row["status"], row["validity"], row["round"]) == ("待核实", "待核实", 1)
    assert row["next_step"] == "核实、D1 成立小组"
    assert row["due_at"] == NOW + timedelta(hours=4)
    assert (row["overdue"], row["closed_at"]) == ("", None)
    assert row["customer_due"] == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    assert row["defect_rate"] == pytest.approx(0.0065)
    assert (row["owner"], row["quality_engineer"]) == ("王建国", "李敏")
    assert row["part_no"] == "0012345"


def test_a_late_case():
    row = row_of(LATE, PROCESS, DIRECTORY, NOW, FILES)
    assert row.values["overdue"] == "逾期 2天"
    assert row.overdue
    assert row.severity == "重大"
    assert row.values["due_at"] == NOW - timedelta(days=2, hours=3, minutes=5)
    assert row.values["owner"] == "赵磊"
    assert str(row.values["containment"]).startswith("成品库 1200 件")


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (timedelta(minutes=5), "逾期 不到1小时"),
        (timedelta(hours=3, minutes=59), "逾期 3小时"),
        (timedelta(days=2, minutes=5), "逾期 2天"),
    ],
)
def test_how_late_is_said_to_the_hour(late, words):
    assert values(replace(LATE, steps={"cause": open_step(-late)}))["overdue"] == words


def test_a_closed_case_waits_for_nothing():
    row = row_of(CLOSED, PROCESS, DIRECTORY, NOW, FILES)
    assert (row.values["next_step"], row.values["due_at"], row.values["overdue"]) == ("", None, "")
    assert (row.values["closed_at"], row.values["round"], row.values["hint"]) == (NOW, 2, "")
    assert not row.overdue


def test_links_are_relative_with_a_short_text():
    row = row_of(NEW, PROCESS, DIRECTORY, NOW, FILES)
    assert row.links == {"report_file": "8D/2611003/8D-2611003-r2.docx", "evidence_folder": "附件/2611003"}
    assert (row.values["report_file"], row.values["evidence_folder"]) == ("8D-2611003-r2", "附件")
    bare = row_of(NEW, PROCESS, DIRECTORY, NOW, CaseFiles())
    assert (bare.links, bare.values["report_file"], bare.values["evidence_folder"]) == ({}, "", "")


def test_a_leader_may_be_a_name_outside_the_directory():
    assert values(replace(LATE, sections={"d1.leader": Section("周工", "x", NOW)}))["owner"] == "周工"


def test_a_stranger_who_forwards_is_shown_by_address():
    assert values(replace(NEW, forwarded_by="x@trade.example"))["forwarded_by"] == "x@trade.example"
    assert values(replace(NEW, forwarded_by="sales@hengyue.example"))["forwarded_by"] == "销售部"


def test_what_a_person_filled_in_wins():
    row = values(with_facts(owner="钱工", validity="成立", channel="电话", defect_rate="2%"))
    assert (row["owner"], row["validity"], row["channel"], row["defect_rate"]) == ("钱工", "成立", "电话", 0.02)


def test_what_does_not_fit_its_column_stays_text():
    row = values(with_facts(quantity_defective="约十件", customer_due="下周五", quantity_delivered="0", meeting=True))
    assert (row["quantity_defective"], row["customer_due"], row["meeting"]) == ("约十件", "下周五", "是")
    assert (row["quantity_delivered"], row["defect_rate"]) == (0, None)


def test_an_ungraded_case_counts_as_general():
    row = values(with_facts(severity=""))
    assert row["severity"] == Severity.GENERAL


def test_hints_say_what_is_missing_and_unsure():
    facts = {key: fact for key, fact in FACTS.items() if key not in ("department", "batch_no")}
    asked = replace(NEW, facts=facts, dead_addresses=("a@b.example",), transfer_asked="质量部")
    assert str(values(asked)["hint"]).splitlines() == [
        "责任部门未定，请质量部在核实邮件中指定",
        "责任部门要求转给“质量部”，请质量部决定",
        "邮件送不到 a@b.example，请核对地址",
        "缺少：不良批次",
    ]
    assert values(NEW)["hint"] == "系统推断，请核对：责任部门"


def test_hints_on_departments_and_transfers():
    odd = replace(with_facts(department="锻造厂"), transfer_asked="?", transfers=3)
    hint = str(values(odd)["hint"])
    assert "“锻造厂”不在部门名单中" in hint
    assert "未说明转给谁" in hint
    assert "已转部门 3 次" in hint


def test_a_cancelled_case_is_not_late():
    assert values(replace(LATE, status=Status.CANCELLED))["overdue"] == ""
