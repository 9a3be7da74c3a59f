"""Compile a Word form once: docxtpl's tags, a sandbox in which a form may show, choose and repeat, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from traceback import walk_tb
from typing import Any

import docxtpl
from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from daemon.documents.errors import BadForm
from daemon.documents.package import CONTENT_TYPES, pack, relations_of, unpack, with_default_types

RENDERED = re.compile(r"(?:^|/)(?:header\d*|footer\d*|footnotes|endnotes)\.xml$")
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>\s*")
PARAGRAPH = re.compile(r"<w:p([ >])")
LONGEST = 8_000_000
IMAGE_TYPES = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp"}
NO_RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
FILTERS = (
    "capitalize", "count", "d", "default", "e", "escape", "first", "join", "last", "length", "lower", "replace",
    "round", "title", "trim", "truncate", "upper",
)  # fmt: skip
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.NSRef, nodes.Const, nodes.Getattr,
    nodes.Getitem, nodes.Filter, nodes.Test, nodes.If, nodes.For, nodes.CondExpr, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.Assign, nodes.Concat, nodes.Add, nodes.Sub, nodes.Neg, nodes.Tuple,
    nodes.List, nodes.Keyword,
)  # fmt: skip
FAULTS = (TemplateError, TypeError, ValueError, AttributeError, KeyError, IndexError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class Program:
    """One compiled part of a form; a line of `source` is a paragraph of the document."""

    part: str
    source: str
    tree: nodes.Template
    template: Template

    def render(self, values: Mapping[str, Any]) -> str:
        """Return the part filled in, not yet with Word's line breaks.  Raises BadForm."""
        found, size = [], 0
        try:
            for piece in self.template.generate(values):
                found.append(piece)
                size += len(piece)
                if size > LONGEST:
                    raise BadForm(self.part, "the filled form becomes far too long", "look for a loop in a loop")
        except FAULTS as fault:
            raise self.bad(fault) from fault
        return "".join(found)

    def bad(self, fault: Exception) -> BadForm:
        """Return the fault with its place in the document."""
        return _bad(self.part, self.source, fault)

    def place(self, line: int) -> str:
        """Return how to find a line in Word."""
        return _place(self.part, self.source, line)


@dataclass(frozen=True, slots=True)
class Form:
    """A form that is ready to be filled: its compiled parts, the relations of the main one, all others packed."""

    main: str
    core: str
    programs: tuple[Program, ...]
    relations: bytes
    packed: bytes


@lru_cache(maxsize=8)
def prepare(template: bytes) -> Form:
    """Read and compile a Word form; kept for the next time.  Raises BadForm."""
    parts, main, core = unpack(template)
    names = [main, *(name for name in parts if RENDERED.search(name))]
    programs = tuple(compile_part(name, parts[name].decode("utf-8", "replace")) for name in names)
    rest = {name: data for name, data in parts.items() if name not in {*names, core}}
    rest[CONTENT_TYPES] = with_default_types(rest[CONTENT_TYPES], IMAGE_TYPES)
    relations = rest.pop(relations_of(main), NO_RELATIONS)
    return Form(main, core, programs, relations, pack(rest))


def compile_part(part: str, xml: str) -> Program:
    """Compile the XML of one part.  Raises BadForm."""
    source = PARAGRAPH.sub(r"\n<w:p\1", _docxtpl().patch_xml(DECLARATION.sub("", xml)))
    try:
        tree = SANDBOX.parse(source)
        for node in _refused(tree):
            raise TemplateSyntaxError(f"`{type(node).__name__}` is not allowed in a form", node.lineno or 0)
        return Program(part, source, tree, SANDBOX.from_string(source))
    except (TemplateError, RecursionError) as fault:
        raise _bad(part, source, fault) from fault


def broken_into_lines(xml: str) -> str:
    """Turn the line ends and tabs of filled-in text into Word's."""
    pieces = xml.replace("\n<w:p", "<w:p").split("</w:p>")
    return "</w:p>".join([_broken(piece) if "\n" in piece or "\t" in piece else piece for piece in pieces])


def _broken(piece: str) -> str:
    """Break the lines of one paragraph, which lacks its end; docxtpl's own search over a whole document is slow."""
    start = max(piece.rfind("<w:p>"), piece.rfind("<w:p "), 0)
    resolved: str = _docxtpl().resolve_listing(piece[start:] + "</w:p>")
    return piece[:start] + resolved.removesuffix("</w:p>")


def _docxtpl() -> docxtpl.DocxTemplate:
    return docxtpl.DocxTemplate("")


def _sandbox() -> SandboxedEnvironment:
    sandbox = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    sandbox.globals.clear()
    sandbox.filters = {name: sandbox.filters[name] for name in FILTERS}
    return sandbox


def _refused(tree: nodes.Template) -> Iterator[nodes.Node]:
    return (node for node in tree.find_all(nodes.Node) if not isinstance(node, ALLOWED))


def _bad(part: str, source: str, fault: Exception) -> BadForm:
    line = _line(fault)
    remedy = "correct the tag in Word, or delete the file and let kesu make a new one"
    return BadForm(_place(part, source, line), f"{fault}", remedy, line)


def _line(fault: Exception) -> int:
    if isinstance(fault, TemplateSyntaxError):
        return fault.lineno
    lines = [line for frame, line in walk_tb(fault.__traceback__) if frame.f_code.co_filename == "<template>"]
    return lines[-1] if lines else 0


def _place(part: str, source: str, line: int) -> str:
    lines = source.split("\n")
    near = re.sub(r"<[^>]+>", "", lines[line - 1]).strip() if 0 < line <= len(lines) else ""
    return f"{part}, paragraph {max(line - 1, 0)}" + (f", near “{near[:80]}”" if near else "")


SANDBOX = _sandbox()
