"""What people have made of the lists in 字典."""

from __future__ import annotations

from dataclasses import replace

from daemon.core.commands import Choose, Context, Correct, Refusal
from daemon.core.decide import decide
from daemon.core.events import Via
from daemon.ledger.choices import added_values, lists_patch, read_lists, unknown_departments, wanted_lists
from daemon.ledger.columns import columns_of
from daemon.ledger.sheet import Seen, SeenRow, Sheet
from tests.cast import WANG
from tests.core.play import CALENDARS, DIRECTORY, actor_at, registered
from tests.ledger.cast import ENGLISH, LAYOUT, opened

COLUMNS = columns_of(LAYOUT)


class Book:
    """字典 as people have it: a column of values by key, below a title row and a header in row 2."""

    def __init__(self, **lists):
        self.lists = lists

    def rows(self, _sheet=None):
        for number in range(max(map(len, self.lists.values()))):
            cells = {key: Seen(some[number]) for key, some in self.lists.items() if number < len(some)}
            yield SeenRow(number + 3, {key: seen for key, seen in cells.items() if not seen.is_empty})


SHEET = Sheet("字典", "xl/worksheets/sheet4.xml", 2, {"category": 1, "channel": 2, "department": 3, "satisfaction": 5})


def test_a_list_is_headed_as_its_column():
    wanted = {one.key: one for one in wanted_lists(COLUMNS)}
    heads = [cell.value for cell in opened()["字典"][1]]
    assert {one.title for one in wanted.values()} <= set(heads)
    assert {"类别", "Category"} <= set(wanted["category"].synonyms)
    assert "投诉类别" in {one.key: one for one in wanted_lists(columns_of(ENGLISH))}["category"].synonyms


def test_values_are_read_as_they_stand_there():
    book = Book(category=["产品质量", None, " 包装 ", "包装", "长" * 99], satisfaction=[1, 2])
    assert read_lists(book, SHEET) == {"category": ("产品质量", "包装"), "satisfaction": ("1", "2")}
    broken = SeenRow(3, {"category": Seen(5, formula="SUM(A1)"), "channel": Seen(error="#REF!")})
    rows = type("", (), {"rows": lambda *_: [SeenRow(2, {"category": Seen("投诉类别")}), broken]})()
    assert read_lists(rows, SHEET) == {}
    assert len(read_lists(Book(category=[f"类{n}" for n in range(9999)]), SHEET)["category"]) == 500


def is_department(name):
    return name in ("注塑", "注塑车间")


def test_what_people_added_to_open_lists_counts_and_a_department_when_it_is_known():
    lists = {"category": ("产品质量", "包装"), "severity": ("特急",), "department": ("注塑车间", "注塑", "新部门")}
    assert added_values(lists, COLUMNS, is_department) == {"category": ("包装",), "department": ("注塑",)}
    assert unknown_departments(lists, COLUMNS, is_department) == ["新部门"]
    assert added_values({}, COLUMNS, is_department) == {}


def test_what_people_added_stays_when_the_ledger_is_made_anew():
    layout = replace(LAYOUT, added={"category": ("包装", "产品质量"), "severity": ("特急",)})
    lists = {
        line[0].value: [c.value for c in line[1:] if c.value is not None]
        for line in opened(layout=layout)["字典"].columns
    }
    assert lists["投诉类别"] == [*LAYOUT.categories, "包装"]
    assert "特急" not in lists["投诉等级"]


def test_values_that_settings_have_got_since_are_put_below_and_none_is_taken_out():
    rows = list(Book(category=["包装", None, "其他"], channel=["电话"], department=["注塑车间"]).rows())
    known = {
        "category": LAYOUT.categories,
        "channel": ("邮件", "微信", "传真", "现场", "平台", "驻线", "营销部", "其他"),
    }
    patch = lists_patch(rows, SHEET, COLUMNS, known)
    assert {number: {key: put.value for key, put in cells.items()} for number, cells in patch.cells.items()} == {
        3: {"satisfaction": 1},
        4: {"department": "质量部", "satisfaction": 2},
        5: {"department": "销售部", "satisfaction": 3},
        6: {"satisfaction": 4},
        7: {"satisfaction": 5},
    }
    everything = {column.key: column.values for column in COLUMNS}
    assert lists_patch(rows, SHEET, COLUMNS, everything).is_empty


def test_the_decider_takes_a_value_that_people_added():
    play = registered()
    play.must(Choose("verify", "founded"), WANG)

    def corrected(**added):
        context = Context(play.process, DIRECTORY, CALENDARS, play.now, actor_at(WANG), Via.LEDGER, "cell", added=added)
        return decide(play.case, Correct({"channel": "展会"}), context)

    assert isinstance(corrected(), Refusal)
    assert isinstance(corrected(category=("展会",)), Refusal)
    assert not isinstance(corrected(channel=("展会",)), Refusal)
