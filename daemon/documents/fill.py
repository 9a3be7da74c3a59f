"""Fill a Word form with a report: the same template and report always give the same bytes.  Touches no disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from markupsafe import Markup

from daemon.documents.errors import BadForm
from daemon.documents.package import pack, relations_of
from daemon.documents.pictures import Shown, choose
from daemon.documents.report import Report
from daemon.documents.template import Form, Program, broken_into_lines, prepare
from daemon.documents.text import FACT_LIMIT, SECTION_LIMIT, clean, clean_line

EMU_PER_MM = 36_000
PICTURE_MM = (80, 60)  # the room of one picture, two in a row
LONG_FACTS = frozenset({"phenomenon", "demand", "remarks", "review_comment", "containment", "prevention"})
IMAGE_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{title}</dc:title><dc:subject>{number}</dc:subject><dc:creator>{company}</dc:creator>"
    "<dc:identifier>{identifier}</dc:identifier><dc:language>{language}</dc:language>"
    "<cp:lastModifiedBy>{company}</cp:lastModifiedBy><cp:revision>{revision}</cp:revision>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{at}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{at}</dcterms:modified></cp:coreProperties>'
)

# A run of its own inside a run, as docxtpl places pictures (ECMA-376, 20.4.2.8).
DRAWING = (
    '</w:t></w:r><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:extent cx="{cx}" cy="{cy}"/><wp:docPr id="{id}" name="kesu {n}" descr={alt}/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:nvPicPr><pic:cNvPr id="{id}" name="kesu {n}"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="rIdKesu{n}"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
    "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
    '</w:drawing></w:r><w:r><w:t xml:space="preserve">'
)


def fill_8d(template: bytes, report: Report) -> bytes:
    """Return the form filled in as a Word file.  Raises BadForm for every fault of the template."""
    form = prepare(template)
    shown, unshown = choose(report.pictures)
    values = values_of(report, shown, unshown)
    return pack({**_filled(form, values), **_media(form, shown), form.core: _core(report)}, form.packed)


def values_of(report: Report, shown: tuple[Shown, ...] = (), unshown: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what the tags of a form may name; every text is clean and bounded."""
    pictures = tuple(_picture(number, one) for number, one in enumerate(shown, 1))
    plain = {name: clean_line(getattr(report, name)) for name in ("number", "company", "identifier", "made_on")}
    return plain | {
        "revision": report.revision,
        "audience": report.audience.value,
        "editable": report.editable,
        "label": _lines(report.labels),
        "label_en": _lines(report.labels_en),
        "title": _lines(report.titles),
        "title_en": _lines(report.titles_en),
        "word": dict(report.words),
        "word_en": dict(report.words_en),
        "hint": dict(report.hints),
        "fact": {key: clean(text, _limit(key)) for key, text in report.facts.items()},
        "section": {key: clean(text) for key, text in report.sections.items()},
        "whys": {key: _whys(report, key) for key in ("occurrence", "escape")},
        "show": dict(report.shows),
        "leader": _lines(asdict(report.leader)),
        "quality": _lines(asdict(report.quality)),
        "extras": tuple({"label": clean_line(label), "value": clean(text)} for label, text in report.extras),
        "files": tuple(clean_line(name, 120) for name in report.files[:40]),
        "pictures": pictures,
        "picture_rows": tuple(_pair(pictures, first) for first in range(0, len(pictures), 2)),
        "unshown": tuple(clean_line(name, 120) for name in unshown[:40]),
    }


def _limit(key: str) -> int:
    return SECTION_LIMIT if key in LONG_FACTS else FACT_LIMIT


def _lines(texts: Mapping[str, str]) -> dict[str, str]:
    return {key: clean_line(text) for key, text in texts.items()}


def _whys(report: Report, key: str) -> tuple[str, ...]:
    """Return five whys, one a line; a sixth line and more belong to the fifth."""
    lines = [line.strip() for line in clean(report.sections.get(f"d4_{key}_whys", "")).split("\n") if line.strip()]
    five = [*lines[:4], "\n".join(lines[4:])]
    return (*five, *("",) * (5 - len(five)))


def _picture(number: int, shown: Shown) -> dict[str, object]:
    width, height = _scaled(shown)
    caption = clean_line(shown.picture.caption or shown.picture.name, 200)
    alt = quoteattr(caption).replace("{", "&#123;")
    image = DRAWING.format(cx=width, cy=height, id=1000 + number, n=number, alt=alt)
    return {"image": Markup(image), "caption": caption, "number": number}  # noqa: S704 - the caption is quoted above


def _pair(pictures: tuple[dict[str, object], ...], first: int) -> dict[str, dict[str, object]]:
    nothing: dict[str, object] = {"image": "", "caption": "", "number": ""}
    right = pictures[first + 1] if first + 1 < len(pictures) else nothing
    return {"left": pictures[first], "right": right}


def _scaled(shown: Shown) -> tuple[int, int]:
    """Return the size in EMU that fits the room; a small picture grows to at most three pixels a millimetre."""
    scale = min(PICTURE_MM[0] / shown.width, PICTURE_MM[1] / shown.height, 1 / 3)
    width, height = (max(1, round(side * scale * EMU_PER_MM)) for side in (shown.width, shown.height))
    return width, height


def _filled(form: Form, values: Mapping[str, Any]) -> dict[str, bytes]:
    beside = {**values, "pictures": (), "picture_rows": ()}  # pictures belong to the main part alone
    return {one.part: filled_part(one, values if one.part == form.main else beside) for one in form.programs}


def filled_part(program: Program, values: Mapping[str, Any]) -> bytes:
    """Return one part of a form filled in.  Raises BadForm when its tags tear the document apart."""
    data = (XML + broken_into_lines(program.render(values))).encode()
    try:
        expat.ParserCreate().Parse(data, True)  # noqa: FBT003 - the name of that argument cannot be given
    except expat.ExpatError as fault:
        remedy = "put a paragraph tag ({%p …%}) into a paragraph of its own, a row tag ({%tr …%}) into a row of its own"
        raise BadForm(program.part, f"the tags tear the document apart ({fault})", remedy) from fault
    return data


def _media(form: Form, shown: Iterable[Shown]) -> dict[str, bytes]:
    folder = form.main.rpartition("/")[0]
    found, relations = {}, ""
    for number, one in enumerate(shown, 1):
        name = f"media/kesu{number}.{one.kind}"
        found[f"{folder}/{name}".lstrip("/")] = one.picture.data
        relations += f'<Relationship Id="rIdKesu{number}" Type="{IMAGE_RELATION}" Target="{name}"/>'
    head, end, tail = form.relations.rpartition(b"</Relationships>")
    return found | {relations_of(form.main): head + relations.encode() + end + tail}


def _core(report: Report) -> bytes:
    texts = {
        "title": f"{report.words['report']} {report.number}",
        "number": report.number,
        "company": report.company,
        "identifier": report.identifier,
        "language": report.language,
        "revision": str(report.revision),
        "at": f"{report.made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    return (XML + CORE.format_map({key: escape(clean_line(text, 200)) for key, text in texts.items()})).encode()
