"""The documents of the process are made from the profile, and held true."""

from pathlib import Path

import pytest

from daemon.core.process import described, load_sources, mermaid, source
from daemon.processes import profile_sources, shipped, shipped_process

DOCS = Path(__file__).parents[2] / "docs"
MADE = "<!-- Made by `kesu process show {name} --language {language}`; do not edit: `make docs` makes it anew. -->\n\n"


@pytest.mark.parametrize(("path", "name", "language"), [("process.md", "8d", "en"), ("zh-CN/流程.md", "8d", "zh-CN")])
def test_the_document_of_the_process_is_true(path, name, language):
    head = MADE.format(name=name, language=language)
    assert (DOCS / path).read_text(encoding="utf-8") == head + described(shipped_process(name), language), "make docs"


@pytest.mark.parametrize("name", shipped())
@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
def test_every_step_verdict_and_ladder_is_told(name, language):
    process = shipped_process(name)
    told, drawn = described(process, language), mermaid(process, language)
    for step in process.step:
        assert f"\n  {step.id}" in drawn
        assert all(f"{step.id} -. " in drawn for choice in step.choices.values() if choice.ends or choice.back_to)
    assert all(f": {ladder}" in told for ladder in process.ladder)


MORE = """\
[facts.arrived]
header = "样品到达"
kind = "date"
[grades.critical]
when = [{ defect_rate = { at_least = 0.2 } }, { channel = "驻线", batch_no = { known = true } }]
[[step]]
id = "extra"
title = "加办 \\"A|B\\""
owner = "sales"
with = "general_manager"
phase = "处理中"
after = "verify"
takes = "meetings"
unless = { channel = ["邮件", "电话"] }
clock_starts = "arrived"
due = "5th of next month"
documents = ["会议记录"]
"""


def test_conditions_clocks_and_documents_are_told_in_words():
    process = load_sources((*profile_sources("8d"), source(MORE, "own.toml")))
    told = described(process, "zh-CN")
    assert "不良率 ≥ 0.2；或 投诉渠道 驻线且不良批次已知" in told
    assert "投诉渠道 邮件、电话 时不需要" in told
    assert "从“样品到达”起算" in told
    assert "次月5日" in told
    assert "文件：会议记录" in told
    assert "参加：总经理" in told
    assert '**加办 "A\\|B"**' in told
    assert "#quot;A|B#quot;" in mermaid(process, "zh-CN")
