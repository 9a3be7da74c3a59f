"""Who may do what is one table: each wish has an entry in [may] or an owner, a rule, and a line in the document."""

from pathlib import Path
from typing import get_args

import pytest

from daemon.core.commands import Command, Register, TakeOver
from daemon.core.decide import RULES
from daemon.core.handling import TITLES
from daemon.core.process.describing import WISHES
from daemon.core.process.language import MAY

TABLE = (Path(__file__).parents[1] / "docs" / "writing-a-profile.md").read_text(encoding="utf-8")
TABLE = TABLE[TABLE.index("## Who may do what") :]


@pytest.mark.parametrize("wish", MAY)
def test_a_wish_has_a_title_for_its_refusal_and_is_shown_and_documented(wish):
    assert MAY[wish]
    assert wish in TITLES
    assert all(WISHES[wish])
    assert f"`{wish}`" in TABLE
    assert f"`may.{wish}`" in TABLE


def test_every_command_has_a_rule():
    assert set(get_args(Command)) - {Register, TakeOver} == set(RULES)
