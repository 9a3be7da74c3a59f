"""Category, grade and department by rows of words with weights: what ships, and what a company writes over it."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from daemon.cli import main
from daemon.config import BadConfig, load_config, load_directory
from daemon.intake.read import read
from daemon.intake.reading import Known, Said
from daemon.words import shipped_triage
from tests.cast import CONFIG

COMPANY = CONFIG.read_text("utf-8")
CHIPPED = "反馈\n\n端盖边缘崩边。"


def mail(text):
    message = EmailMessage()
    message["From"], message["Subject"] = "Bob <bob@cust.example>", "反馈"
    message.set_content(text)
    return message.as_bytes()


def judged(text, own=""):
    """Return what a complaint is judged to be by a company that wrote these rows, and what led to it."""
    directory = load_directory(directory_part() + own, "directory.toml")
    found = read(mail(text), directory, Known())
    keys = ("category", "severity", "department")
    return {key: found.facts[key] for key in keys}, {key: found.reasons[key] for key in keys}


def directory_part():
    """Return the shipped config without what is no part of the directory."""
    head, _, rest = COMPANY.partition("[service]")
    return head + rest[rest.index("[roles]") :]


def test_rows_of_a_name_are_added_and_ten_is_enough():
    half = '[[triage.grade]]\nname = "重要"\nweight = 5\nwords = ["{}"]\n'
    assert judged(CHIPPED, half.format("崩边"))[0]["severity"] == "一般"
    facts, said = judged(CHIPPED, half.format("崩边") + half.format("边缘"))
    assert facts["severity"] == "重要"
    assert said["severity"] == (Said("崩边", 5, "重要", "config.toml"), Said("边缘", 5, "重要", "config.toml"))


def test_a_row_counts_once_however_many_of_its_words_are_said():
    assert judged("又有开裂，再次断裂")[1]["severity"] == (Said("又有", 10, "重要"), Said("开裂", 10, "重要"))


def test_what_speaks_against_takes_one_reason_away():
    assert judged("外壳毛刺，要求退货，外观轻微")[0]["severity"] == "一般"
    assert judged("外壳毛刺，要求退货并赔偿，外观轻微")[0]["severity"] == "重要"
    assert judged("外壳毛刺，不良数量150件，外观轻微")[0]["severity"] == "重要"  # the figures weigh more


@pytest.mark.parametrize("word", ["费用", "費用"])
def test_a_word_of_the_company_takes_the_place_of_the_same_shipped_one(word):
    off = '[[triage.grade]]\nname = "重要"\nweight = 0\nwords = ["费用"]\n'
    assert judged(f"外壳毛刺，产生{word}")[0]["severity"] == "重要"
    assert judged(f"外壳毛刺，产生{word}", off)[0]["severity"] == "一般"
    assert judged("外壳毛刺，产生运费", off)[0]["severity"] == "重要"


def test_a_grade_reached_by_a_figure_of_the_company():
    few = '[[triage.figure]]\nname = "重大"\nfact = "quantity_defective"\nat_least = 20\nweight = 10\n'
    assert judged("外壳毛刺，不良数量30件")[0]["severity"] == "一般"
    facts, said = judged("外壳毛刺，不良数量30件", few)
    assert (facts["severity"], said["severity"]) == ("重大", (Said("30 ≥ 20", 10, "重大", "config.toml"),))


def test_a_category_and_a_matter_of_the_company():
    own = (
        '[[triage.category]]\nname = "售后维修"\nwords = ["崩边"]\n'
        '[[triage.matter]]\nname = "装配"\nwords = ["边缘崩边"]\n'
    )
    assert judged(CHIPPED)[0] == {"category": "产品质量", "severity": "一般", "department": "质量部"}
    facts, said = judged(CHIPPED, own)
    assert (facts["category"], facts["department"]) == ("售后维修", "生产部")
    assert said["department"] == (Said("边缘崩边", 10, "装配", "config.toml"),)


def test_the_shipped_tables_are_not_changed_by_a_company():
    before = shipped_triage().model_dump()
    judged("外壳毛刺，产生费用", '[[triage.grade]]\nname = "重要"\nweight = 0\nwords = ["费用"]\n')
    assert shipped_triage().model_dump() == before
    assert judged("外壳毛刺，产生费用")[0]["severity"] == "重要"


@pytest.mark.parametrize(
    ("rows", "say", "line"),
    [
        (
            '[[triage.grade]]\nname = "一般"\nwords = ["a"]\n',
            "triage.grade.0.name: Value error, '一般' is none of: ",
            2,
        ),
        ('[[triage.category]]\nname = "质量"\nwords = ["a"]\n', "'质量' is none of: 产品质量、", 2),
        ('[[triage.grade]]\nname = "重要"\n', "the row of 重要 needs `words` or `patterns`", 1),
        ('[[triage.grade]]\nname = "重要"\nwords = [""]\n', "triage.grade.0.words.0: ", 3),
        ('[[triage.grade]]\nname = "重要"\nwords = ["a"]\nweight = 1000\n', "less than or equal to 100", 4),
        ('[[triage.grade]]\nname = "重要"\npatterns = ["(漏"]\n', "put it into `words` to be taken as it stands", 3),
        ('[[triage.grade]]\nname = "重要"\npatterns = ["漏*"]\n', "matches a text without any word", 3),
        ('[[triage.grade]]\nname = "重要"\nwords = ["a"]\nwieght = 1\n', "there is no such key", 4),
        ('[[triage.matter]]\nname = "铸造"\nwords = ["砂眼"]\n', "no line of [[routing]] speaks of 铸造", 2),
        ('[[triage.figure]]\nname = "重要"\nfact = "loss"\nat_least = 1\n', "triage.figure.0.fact: ", 3),
    ],
)
def test_a_fault_names_file_line_and_what_to_do(tmp_path, rows, say, line):
    path = tmp_path / "config.toml"
    path.write_text(COMPANY + "\n" + rows, encoding="utf-8")
    with pytest.raises(BadConfig) as wrong:
        load_config(path)
    (fault,) = wrong.value.faults
    assert say.replace("、", ", ") in str(fault)
    assert (fault.file, fault.line) == (str(path), len(COMPANY.splitlines()) + 1 + line)


def test_explain_tells_weights_and_whose_table_a_word_stands_in(tmp_path, capsys):
    rows = '[[triage.grade]]\nname = "重要"\nweight = 5\nwords = ["崩边"]\n'
    (tmp_path / "config.toml").write_text(COMPANY + "\n" + rows, encoding="utf-8")
    (tmp_path / "a.eml").write_bytes(mail("端盖边缘崩边，已压坏。"))
    assert main(["explain", str(tmp_path / "a.eml"), "--config", str(tmp_path / "config.toml")]) == 0
    out = capsys.readouterr().out
    assert "  投诉等级：一般\n    ← 崩边 +5 ← 重要（config.toml）\n" in out
    assert "  责任部门：物流部\n    ← 压坏 +10 ← 运输损坏\n" in out
