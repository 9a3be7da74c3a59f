"""Design the 8D form that the daemon lays into the template folder once; from then on it belongs to the people."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from daemon.documents.layout import WIDTH, Cell, Look, Sheet, add_field, head, label, two_ends, value
from daemon.documents.package import pack, unpack

DESIGNED = datetime(2026, 1, 1, tzinfo=UTC)
PLACES = ("at_customer", "hub", "in_transit", "finished", "half_finished", "line", "incoming")
FACTORS = ("man", "machine", "material", "methods", "environment", "measurement")
DOCUMENTS = ("fmea", "control_plan", "work_instruction", "drawing", "error_proofing", "training", "deployment")
FACT_PAIRS = (
    ("customer", "site"),
    ("contact_name", "contact_phone"),
    ("product_name", "part_no"),
    ("batch_no", "order_no"),
    ("quantity_delivered", "quantity_defective"),
    ("defect_rate", "customer_due"),
)
QUESTIONS = ("what", "when", "where", "who", "why_problem", "how_found", "how_many")

# The places to fill in that every form must keep, so that a form that comes back can be read.
BOOKMARKS = (
    "d0_emergency", "d1_leader", "d1_sponsor", "d1_members", *(f"d2_{name}" for name in QUESTIONS),
    "d3_containment", "d3_containment_rows", "d3_proof", "d4_occurrence_cause", "d4_occurrence_proof",
    *(f"d4_occurrence_whys_{n}" for n in range(1, 6)), "d4_escape_cause", "d4_escape_proof",
    *(f"d4_escape_whys_{n}" for n in range(1, 6)), "d4_changes_rows", "d5_actions", "d5_actions_rows", "d6_results",
    "d6_results_rows", "d6_verified_by", "d7_prevention", "d7_prevention_rows", "d8_closing", "d8_lessons",
)  # fmt: skip


def build_form() -> bytes:
    """Return the 8D form as a Word file with tags and bookmarks."""
    sheet = Sheet()
    _header_and_footer(sheet)
    _title(sheet)
    for key, part in PARTS.items():
        sheet.heading(f"{{{{ title.{key} }}}}", f"{{{{ title_en.{key} }}}}")
        sheet.tag(f"{{%p if show.{key} %}}")
        sheet.tag(f"{{%p if hint.{key} %}}")
        sheet.line(f"{{{{ hint.{key} }}}}", size=7.5, keep=True)
        sheet.tag("{%p endif %}")
        part(sheet)
        sheet.tag("{%p else %}")
        sheet.line("{{ word.to_follow }} {{ word_en.to_follow }}")
        sheet.tag("{%p endif %}")
        sheet.gap(2, keep=key == "d8")  # ends the chain of rows that hold together; D8 holds to the signatures
    _signatures(sheet)
    return _saved(sheet)


def _saved(sheet: Sheet) -> bytes:
    core = sheet.document.core_properties
    core.title, core.author, core.comments, core.identifier = "8D 报告 / 8D Report", "kesu", "", "kesu/form/8d/1"
    core.created = core.modified = DESIGNED
    out = io.BytesIO()
    sheet.document.save(out)
    parts, _, _ = unpack(out.getvalue())
    return pack(parts)


def _header_and_footer(sheet: Sheet) -> None:
    section = sheet.document.sections[0]
    two_ends(section.header.paragraphs[0], "{{ company }}", "{{ word.report }} {{ number }} · r{{ revision }}")
    footer = section.footer.paragraphs[0]
    two_ends(footer, "{{ word[audience] }} {{ word_en[audience] }}", "{{ word.page }} ")
    add_field(footer, "PAGE")
    add_field(footer, "NUMPAGES", before=" / ")


def _title(sheet: Sheet) -> None:
    table = sheet.table((92, 32, 52), bordered=False)
    words = (label("case_no", "label"), label("revision"), label("date"), label("customer", "label"))
    for word, tag in zip(words, ("number", "revision", "made_on", "fact.customer"), strict=True):
        sheet.row(table, [Cell(), word, value(tag)], height=5.5)
    title = table.cell(0, 0).merge(table.cell(3, 0))
    _big_title(sheet, title)


def _big_title(sheet: Sheet, cell: Any) -> None:
    for paragraph in cell.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)  # noqa: SLF001 - python-docx cannot remove a paragraph
    sheet.write(cell.paragraphs[0], "{{ word.report }}", size=22, bold=True)
    sheet.write(cell.add_paragraph(), "{{ word_en.report }}", size=10)


def _summary(sheet: Sheet, table: Any, name: str) -> None:
    """Add the row in which what was said in words stands, across the table."""
    columns = len(table.columns)
    sheet.row(table, [label("summary"), value(f"section.{name}", name, columns - 1)], height=9, keep=True)


def _blank_rows(sheet: Sheet, table: Any, heads: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> None:
    """Add rows to be filled in, which a reader's edition leaves out."""
    sheet.tag_row(table, "{%tr if editable %}")
    sheet.row(table, heads, keep=True)
    for number, row in enumerate(rows, 1):
        sheet.row(table, row, keep=number < len(rows))
    sheet.tag_row(table, "{%tr endif %}")


def _rows(count: int, columns: int, bookmark: str = "") -> list[list[Cell]]:
    return [[value(bookmark=bookmark if not (row or at) else "") for at in range(columns)] for row in range(count)]


def _labelled(names: Sequence[str], columns: int, bookmark: str) -> list[list[Cell]]:
    """Return rows that begin with a word; the bookmark marks the first place to fill in."""
    rows = _rows(len(names), columns - 1, bookmark)
    return [[label(name), *row] for name, row in zip(names, rows, strict=True)]


def _emergency(sheet: Sheet) -> None:
    table = sheet.table((26, 62, 40, 24, 24))
    _summary(sheet, table, "d0_emergency")
    heads = [head("place"), head("action", 2), head("person"), head("time")]
    _blank_rows(sheet, table, heads, [[value(), value(span=2), value(), value()] for _ in range(2)])


def _team(sheet: Sheet) -> None:
    table = sheet.table((38, 36, 42, 60))
    sheet.row(table, [head("role"), head("name"), head("department"), head("duty")])
    for role, bookmark in (("leader", "d1_leader"), ("quality", "")):
        duty = Cell(f"{{{{ word.duty_{role} }}}}", f"{{{{ {role}.contact }}}}")
        cells = [label(role), value(f"{role}.name", bookmark), value(f"{role}.department"), duty]
        sheet.row(table, cells)
    sheet.tag_row(table, "{%tr if editable %}")
    sheet.row(table, [label("sponsor"), value("section.d1_sponsor", "d1_sponsor", 3)])
    sheet.tag_row(table, "{%tr endif %}")
    sheet.row(table, [label("members"), value("section.d1_members", "d1_members", 3)], height=12)


def _problem(sheet: Sheet) -> None:
    table = sheet.table((38, 50, 38, 50))
    for pair in FACT_PAIRS:
        sheet.row(table, _pair(*pair))
    sheet.tag_row(table, "{%tr if editable %}")
    sheet.row(table, _pair("severity", "department"))
    sheet.tag_row(table, "{%tr endif %}")
    for key in ("phenomenon", "demand"):
        sheet.row(table, [label(key, "label"), value(f"fact.{key}", span=3)], height=9)
    sheet.tag_row(table, "{%tr for extra in extras %}")
    sheet.row(table, [Cell("{{ extra.label }}", look=Look.LABEL), value("extra.value", span=3)])
    sheet.tag_row(table, "{%tr endfor %}")
    _questions(sheet)
    _pictures(sheet)


def _pair(*keys: str) -> list[Cell]:
    return [cell for key in keys for cell in (label(key, "label"), value(f"fact.{key}"))]


def _questions(sheet: Sheet) -> None:
    asked = " or ".join(f"section.d2_{name}" for name in QUESTIONS)
    sheet.tag(f"{{%p if editable or {asked} %}}")
    sheet.line("5W2H", space=6, keep=True)
    table = sheet.table((38, 138))
    for name in QUESTIONS:
        sheet.row(table, [label(name), value(f"section.d2_{name}", f"d2_{name}")], keep=name != QUESTIONS[-1])
    sheet.tag("{%p endif %}")


def _pictures(sheet: Sheet) -> None:
    sheet.tag("{%p if pictures %}")
    sheet.line("{{ word.pictures }} {{ word_en.pictures }}", space=6, keep=True)
    table = sheet.table((WIDTH / 2, WIDTH / 2))
    sheet.tag_row(table, "{%tr for row in picture_rows %}")
    both = ("left", "right")
    sheet.row(table, [Cell(f"{{{{ row.{side}.image }}}}", picture=True) for side in both], height=20)
    sheet.row(table, [Cell(f"{{{{ row.{side}.caption }}}}", look=Look.LABEL, picture=True) for side in both], height=5)
    sheet.tag_row(table, "{%tr endfor %}")
    sheet.tag("{%p endif %}")
    for name in ("unshown", "files"):
        sheet.tag(f"{{%p if {name} %}}")
        sheet.line(f"{{{{ word.{name} }}}} {{{{ word_en.{name} }}}}：{{{{ {name}|join('、') }}}}")
        sheet.tag("{%p endif %}")


def _containment(sheet: Sheet) -> None:
    table = sheet.table((28, 17, 19, 19, 32, 27, 16, 18))
    _summary(sheet, table, "d3_containment")
    names = ("place", "quantity", "checked", "bad", "method", "result", "person", "date")
    _blank_rows(sheet, table, [head(name) for name in names], _labelled(PLACES, 8, "d3_containment_rows"))
    sheet.tag_row(table, "{%tr if editable or section.d3_proof %}")
    sheet.row(table, [label("proof"), value("section.d3_proof", "d3_proof", 7)], height=9)
    sheet.tag_row(table, "{%tr endif %}")


def _causes(sheet: Sheet) -> None:
    table = sheet.table((28, 74, 74))
    both = ("occurrence", "escape")
    sheet.row(table, [Cell(look=Look.HEAD), *(head(key) for key in both)], keep=True)
    for n in range(5):
        sheet.tag_row(table, f"{{%tr if editable or whys.occurrence[{n}] or whys.escape[{n}] %}}")
        word = Cell(f"{{{{ word.why }}}} {n + 1}", "{{ word_en.why }}", Look.LABEL)
        sheet.row(table, [word, *(value(f"whys.{key}[{n}]", f"d4_{key}_whys_{n + 1}") for key in both)], keep=True)
        sheet.tag_row(table, "{%tr endif %}")
    causes = [value(f"section.d4_{key}_cause", f"d4_{key}_cause") for key in both]
    sheet.row(table, [label("cause"), *causes], height=12, keep=True)
    proofs = [value(f"section.d4_{key}_proof or (word.proved if editable else '')", f"d4_{key}_proof") for key in both]
    sheet.tag_row(table, "{%tr if editable or section.d4_occurrence_proof or section.d4_escape_proof %}")
    sheet.row(table, [label("cause_proof"), *proofs])
    sheet.tag_row(table, "{%tr endif %}")
    _changes(sheet)


def _changes(sheet: Sheet) -> None:
    sheet.tag("{%p if editable %}")
    sheet.line("4M1E {{ section.d4_changes }}", space=6, keep=True)
    table = sheet.table((28, 92, 28, 28))
    sheet.row(table, [head(name) for name in ("factor", "change", "time", "related")], keep=True)
    for row in _labelled(FACTORS, 4, "d4_changes_rows"):
        sheet.row(table, row, height=5.5, keep=row[0] != label(FACTORS[-1]))
    sheet.tag("{%p endif %}")


def _actions(sheet: Sheet) -> None:
    table = sheet.table((28, 60, 36, 26, 26))
    _summary(sheet, table, "d5_actions")
    heads = [head("action", 2), head("answers"), head("person"), head("due")]
    rows = [[value(bookmark="" if n else "d5_actions_rows", span=2), value(), value(), value()] for n in range(3)]
    _blank_rows(sheet, table, heads, rows)


def _results(sheet: Sheet) -> None:
    table = sheet.table((28, 34, 26, 36, 26, 26))
    _summary(sheet, table, "d6_results")
    heads = [head("action", 2), head("done"), head("evidence"), head("before"), head("after")]
    rows = [[value(bookmark="" if n else "d6_results_rows", span=2), *_rows(1, 4)[0]] for n in range(3)]
    _blank_rows(sheet, table, heads, rows)
    sheet.tag_row(table, "{%tr if editable or section.d6_verified_by %}")
    sheet.row(table, [label("verified_by"), value("section.d6_verified_by", "d6_verified_by", 5)])
    sheet.tag_row(table, "{%tr endif %}")


def _prevention(sheet: Sheet) -> None:
    table = sheet.table((46, 54, 24, 28, 24))
    _summary(sheet, table, "d7_prevention")
    heads = [head(name) for name in ("kind", "content", "person", "due", "evidence")]
    _blank_rows(sheet, table, heads, _labelled(DOCUMENTS, 5, "d7_prevention_rows"))


def _closing(sheet: Sheet) -> None:
    table = sheet.table((38, 50, 38, 50))
    sheet.tag_row(table, "{%tr if editable %}")
    closed = [label("closed_at", "label"), value("fact.closed_at")]
    sheet.row(table, [label("closing"), value("section.d8_closing", "d8_closing"), *closed], keep=True)
    sheet.row(table, _pair("effect", "customer_answer"), keep=True)
    sheet.row(table, [label("lessons"), value("section.d8_lessons", "d8_lessons", 3)], height=9, keep=True)
    sheet.tag_row(table, "{%tr else %}")
    sheet.row(table, [label("closed_at", "label"), value("fact.closed_at", span=3)], keep=True)
    sheet.tag_row(table, "{%tr endif %}")
    sheet.row(table, [label("thanks"), value("word.thanks_text", span=3)], keep=True)


def _signatures(sheet: Sheet) -> None:
    sheet.gap(9, keep=True)
    table = sheet.table((WIDTH / 3,) * 3)
    sheet.row(table, [head(name) for name in ("prepared", "examined", "approved")], keep=True)
    sheet.row(table, [value("leader.name"), value("quality.name"), value()], height=10, keep=True)
    sheet.row(table, [Cell("", "{{ word.sign }} {{ word_en.sign }}") for _ in range(3)], height=5)


PARTS = {
    "d0": _emergency,
    "d1": _team,
    "d2": _problem,
    "d3": _containment,
    "d4": _causes,
    "d5": _actions,
    "d6": _results,
    "d7": _prevention,
    "d8": _closing,
}
