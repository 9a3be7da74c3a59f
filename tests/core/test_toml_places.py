import pytest

from daemon.core.toml_places import line_of

TEXT = """\
top = 1

[one]  # a remark
"quoted.key" = 2
[[many]]
name = "a"
[many.part.x]
deep = 1
[[many]]
name = "b"
rows = [
  { a = 1 },
]
[many.part.x]
deep = 2
[[many.more]]
id = 1
[[many.more]]
id = 2
['other'.two]
k.l = 3
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 1),
        (("one",), 3),
        (("one", "quoted.key"), 4),
        (("many", 0), 5),
        (("many", 0, "name"), 6),
        (("many", 0, "part", "x", "deep"), 8),
        (("many", 1), 9),
        (("many", 1, "name"), 10),
        (("many", 1, "rows", 0, "a"), 11),
        (("many", 1, "part", "x", "deep"), 15),
        (("many", 1, "part", "x", "missing"), 14),
        (("many", 1, "more", 1, "id"), 19),
        (("many", 1, "missing"), 9),
        (("other", "two", "k", "l"), 21),
        (("nowhere", "at all"), 1),
        ((), 1),
    ],
)
def test_the_line_of_the_deepest_part_that_is_there(path, line):
    assert line_of(TEXT, path) == line
