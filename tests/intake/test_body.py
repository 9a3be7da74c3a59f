"""Where a mail's own words end and its signature begins."""

import pytest

from daemon.intake.body import own_words


@pytest.mark.parametrize(
    "line", ["供应商物料：是", "责任部门处罚：无", "供应商部件：是", "客户名称：北方电机制造有限公司"]
)
def test_a_fact_under_its_title_at_the_end_of_a_reply_is_no_signature(line):
    assert own_words(f"影响范围：同批 3000 件。\n{line}") == f"影响范围：同批 3000 件。\n{line}"


@pytest.mark.parametrize("line", ["宏远精密部件有限公司", "质量部 王晓燕", "电话：024-8888 1234"])
def test_who_wrote_is_a_signature(line):
    assert own_words(f"影响范围：同批 3000 件。\n\n{line}", "王晓燕") == "影响范围：同批 3000 件。"


@pytest.mark.parametrize(
    "text",
    [
        "有损失\n埋怨性质：质量\n责任部门：生产部",
        "责任归属：物流部装卸组\n原因性质：设备",
        "处罚：包装组组长记过\n处罚金额：200",
    ],
)
def test_what_a_profile_asks_for_by_name_is_no_signature(text):
    assert own_words(text) == text
    assert own_words(f"{text}\n\n张敏\n质量部 工程师\n电话：0512-6000 0000", "张敏") == text


@pytest.mark.parametrize(
    "line",
    [
        "部门：质量部",
        "所在部门：质量部",
        "邮编：110000",
        "分机：8012",
        "职务：质量工程师",
        "公司：北方电机制造有限公司",
    ],
)
def test_a_signature_may_have_labels(line):
    assert own_words(f"收到，今天回复。\n\n张敏\n{line}\n电话：0512-6000 0000", "张敏") == "收到，今天回复。"
