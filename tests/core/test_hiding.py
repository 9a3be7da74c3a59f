"""The words by which somebody would be told, masked in every way people write them, and nothing else."""

from dataclasses import replace

import pytest

from daemon.core.case import Fact
from daemon.core.hiding import MASK, veil_for_all
from tests.core.play import PROCESS, registered


def veil(keys=("reporter",), **facts):
    case = registered().case
    told = {key: Fact(value) for key, value in facts.items()}
    case = replace(case, reporter="li.na@beifang.example", reporter_name="李娜", facts={**case.facts, **told})
    return veil_for_all(case, PROCESS.model_copy(update={"hides": {"ledger": keys}}))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("李娜说", f"{MASK}说"),
        ("李 娜", MASK),
        ("找李女士或李工", f"找{MASK}或{MASK}"),
        ("发到 Li.Na@Beifang.example", f"发到 {MASK}"),
        ("li.na", MASK),
        ("024-8888 1234", MASK),
        ("分机 8888-1234", f"分机 {MASK}"),
        ("李工厂的货", "李工厂的货"),
        ("桃李", "桃李"),
        ("批次 302488881234", "批次 302488881234"),
    ],
)
def test_a_text_is_masked(text, masked):
    assert veil(contact_phone="024-88881234").text(text) == masked


def test_a_name_of_several_words_is_masked_by_each_of_them():
    hidden = veil(contact_name="Jane Miller")
    assert hidden.text("Jane said, and Miller wrote; the miller's wheel") == (
        f"{MASK} said, and {MASK} wrote; the {MASK}'s wheel"
    )


def test_any_fact_can_be_hidden_and_values_of_a_mail_are_masked_whole():
    hidden = veil(("customer",), customer="北方电机")
    assert hidden.value({"reason": "北方电机催", "cases": [{"what": "北方电机"}], "n": 3}) == {
        "reason": f"{MASK}催", "cases": [{"what": MASK}], "n": 3,
    }  # fmt: skip
    assert hidden.tells("北方电机".encode("gb18030"))
    assert not hidden.tells(b"nothing")
