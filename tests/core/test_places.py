"""Where a mail says a fact, as the journal keeps it: beside the fact, and not at all for what is older."""

import pytest

from daemon.core.case import Certainty, Fact
from daemon.core.evolve import facts_data, facts_of
from daemon.core.places import TITLES, Part, Place


def test_the_journal_keeps_where_a_fact_was_read():
    facts = {
        "quantity_defective": Fact(35, Certainty.INFERRED, "mail:7", place=Place(Part.FORWARDED, 57, 60, "三十五")),
        "severity": Fact("一般", Certainty.INFERRED, "mail:7"),
    }
    data = facts_data(facts)
    assert data["quantity_defective"] == [35, "inferred", "mail:7", ["forwarded", 57, 60, "三十五"]]
    assert facts_of(data) == facts


def test_a_journal_from_before_is_read_as_it_was():
    assert facts_of({"customer": ["北方", "stated", "mail:1"]}) == {"customer": Fact("北方", source="mail:1")}


@pytest.mark.parametrize("part", Part)
def test_every_part_of_a_mail_has_a_name(part):
    place = Place(part.value, 0, 1, "a")
    assert (place.title("zh-CN"), place.title("en")) == TITLES[part]
    assert all(TITLES[part])


def test_a_file_is_called_by_its_name():
    place = Place("客诉单.xlsx", 0, 1, "a")
    assert place.is_in_file
    assert (place.title("zh-CN"), place.title("en")) == ("附件 客诉单.xlsx", "file 客诉单.xlsx")
