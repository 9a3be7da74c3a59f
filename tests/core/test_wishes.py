import pytest

from daemon.core.case import Severity
from daemon.core.commands import Assign, Cancel, Hold, Link, Merge, Note, Raise, Reopen, Resume
from daemon.core.wishes import assigned_in, grade_in, wish_in
from tests.core.play import PROCESS


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("暂停：等客户寄样品", Hold("等客户寄样品")),
        ("暂停\n等客户寄样品", Hold("等客户寄样品")),
        ("暂停案件: 等样品\n下周到", Hold("等样品\n下周到")),
        ("Put on hold: waiting for samples", Hold("waiting for samples")),
        ("暂停", Hold("")),
        ("恢复", Resume("")),
        ("恢复处理：样品已到", Resume("样品已到")),
        ("取消：重复登记", Cancel("重复登记")),
        ("撤销本案：登记错了", Cancel("登记错了")),
        ("重新打开：又发生", Reopen("又发生")),
        ("合并到 2611003", Merge("2611003")),
        ("合并到2611003，同一批货", Merge("2611003", "同一批货")),
        ("并入客诉 KS-2026-0003。同一批", Merge("KS-2026-0003", "同一批")),
        ("重复投诉：2611001", Link("2611001")),
        ("备注：夜班的料在3号库", Note("夜班的料在3号库")),
        ("暂停使用该批物料，已隔离 200 件", None),
        ("取消原工艺，改为双人复核", None),
        ("恢复生产后再检查", None),
        ("合并到一起分析", None),
        ("我们先暂停：等一下", None),
        ("成立", None),
        ("", None),
    ],
)
def test_a_wish_is_the_first_line_and_nothing_else(text, wish):
    assert wish_in(text) == wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("等级：重大", Raise(Severity.CRITICAL)),
        ("升级为重大\n客户停线", Raise(Severity.CRITICAL, "客户停线")),
        ("等级：很高", None),
        ("等级：重大吗？", None),
    ],
)
def test_a_grade_is_asked_for_by_its_word(text, wish):
    assert grade_in(text) == wish


@pytest.mark.parametrize(
    ("text", "found", "rest"),
    [
        ("责任人：孙大鹏", (Assign("owner", "孙大鹏"),), ""),
        ("组长改为李秀梅", (Assign("leader", "李秀梅"),), ""),
        ("8D组长：sun.dapeng", (Assign("leader", "sun.dapeng"),), ""),
        ("成立，责任人：孙大鹏", (Assign("owner", "孙大鹏"),), "成立"),
        ("质量工程师：刘志强\n其余照旧", (Assign("quality_engineer", "刘志强"),), "其余照旧"),
        ("增加首件检查，责任人：王晓燕，11月16日完成。", (), "增加首件检查，责任人：王晓燕，11月16日完成。"),
        ("部门：技术部", (), "部门：技术部"),
        ("责任人正在出差", (), "责任人正在出差"),
    ],
)
def test_people_are_named_by_the_titles_of_the_profile(text, found, rest):
    assert assigned_in(text, PROCESS) == (found, rest)
