"""Where a mail's own words end and its signature begins."""

import pytest

from daemon.intake.body import own_words


@pytest.mark.parametrize("line", ["供应商物料：是", "责任部门处罚：无", "供应商部件：是"])
def test_a_fact_under_its_title_at_the_end_of_a_reply_is_no_signature(line):
    assert own_words(f"影响范围：同批 3000 件。\n{line}") == f"影响范围：同批 3000 件。\n{line}"


@pytest.mark.parametrize("line", ["宏远精密部件有限公司", "质量部 王晓燕", "电话：024-8888 1234"])
def test_who_wrote_is_a_signature(line):
    assert own_words(f"影响范围：同批 3000 件。\n\n{line}", "王晓燕") == "影响范围：同批 3000 件。"
