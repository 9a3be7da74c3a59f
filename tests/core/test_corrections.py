"""Numbers in what people write under a title."""

import pytest

from daemon.core.corrections import facts_in
from daemon.processes import shipped_process


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("1,200 元", 1200.0),
        ("9,999.99", 9999.99),
        ("12万", 120000.0),
        ("1.5 万元", 15000.0),
        ("约 3 千元", 3000.0),
        ("2亿", 200000000.0),
        ("面议", "面议"),
    ],
)
def test_an_amount_of_money_is_read_with_its_chinese_unit(said, amount):
    facts, rest = facts_in(f"赔偿金额：{said}", ["claim_amount"], shipped_process("logistics"))
    assert facts == {"claim_amount": amount}
    assert rest == ""
