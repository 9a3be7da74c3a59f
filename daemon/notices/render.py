"""From notices to subject, HTML and plain text, by templates that an administrator may replace one by one."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from markupsafe import Markup, escape

from daemon.core.case import Case
from daemon.core.directory import Directory
from daemon.core.notice import Notice
from daemon.core.process import FALLBACKS, Fault, Process
from daemon.notices.formats import Format, percent
from daemon.notices.needs import CASELESS, NEEDS, SEVERAL, TOGETHER
from daemon.notices.plain import one_line, plain
from daemon.notices.sample import CODES, NUMBERS, SAMPLE_DIRECTORY, sample_case, sample_notice, sample_process
from daemon.notices.sandbox import Sandbox
from daemon.notices.view import View, view


@dataclass(frozen=True, slots=True)
class Item:
    """One notice to be told, with the proof code it was planned with and what it is about."""

    notice: Notice
    code: str
    case: Case | None
    process: Process


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a person will read."""

    subject: str
    html: str
    text: str


class NotRenderable(Exception):
    """A template that cannot be used; the message names its file and line."""

    def __init__(self, template: str, language: str, fault: Fault) -> None:
        self.fault = fault
        super().__init__(f"the mail {template!r} in {language} cannot be written: {fault}")


# What a template can do wrong, beside what Jinja finds itself.
WRONG = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)


class Renderer:
    """Writes mails from the template folders; in each language the first folder that has a file wins.

    A folder holds one folder per language (`zh-CN/notice.html.j2`) and, at its top, the layouts and macros.
    """

    def __init__(self, folders: Sequence[Path], directory: Directory, zone: ZoneInfo) -> None:
        self._folders = tuple(folders)
        self._directory = directory
        self._zone = zone
        self._environments: dict[tuple[str, bool], Environment] = {}

    def render(self, items: Sequence[Item]) -> Rendered:
        """Return the mail that tells of these notices, several of them as a digest.

        Raises NotRenderable when a template is missing, wrong, or asks for what is not there.
        """
        return self._render(items, self._directory)

    def preview(self, name: str, language: str, process: Process | None = None) -> Rendered:
        """Return this mail about a made-up case.  Raises NotRenderable."""
        company = self._directory
        made_up = replace(
            SAMPLE_DIRECTORY, company=company.company, company_en=company.company_en, mailbox=company.mailbox
        )
        return self._render(_samples(name, language, process or sample_process()), made_up)

    def check(self, process: Process | None = None) -> tuple[Fault, ...]:
        """Return every fault of every template in every language, found by writing each mail about a made-up case."""
        process = process or sample_process()
        found = (fault for language in self.languages for fault in self._check(language, process))
        return tuple(dict.fromkeys(found))

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that there is a folder for."""
        return tuple(sorted({p.name for folder in self._folders for p in folder.glob("*") if p.is_dir()}))

    def _render(self, items: Sequence[Item], directory: Directory) -> Rendered:
        first = items[0].notice
        name = first.template
        if len(items) > 1 and name not in SEVERAL:
            name = TOGETHER.get(name, "digest")
        try:
            views = [view(i.notice, i.code, i.case, i.process, directory, self._zone) for i in items]
            return self._fill(name, first.language, views)
        except WRONG as fault:
            raise NotRenderable(name, first.language, _place(fault, self._folders[0], first.language)) from fault

    def _template(self, name: str, language: str, *, html: bool) -> Template:
        """Return a template; all that an HTML part imports escapes what it shows, the words of a language too."""
        key = (language, html)
        if key not in self._environments:
            self._environments[key] = _environment(self._folders, language, self._zone, html=html)
        return self._environments[key].get_template(f"{name}.{'html' if html else 'txt'}.j2")

    def _fill(self, name: str, language: str, views: Sequence[View]) -> Rendered:
        context = {"view": views[0], "items": views}
        html = self._template(name, language, html=True).render(context)
        text = self._template(name, language, html=False).render(context)
        subject, _, body = text.lstrip().partition("\n")
        return Rendered(one_line(subject), _tidy(html), _tidy(body))

    def _check(self, language: str, process: Process) -> Iterator[Fault]:
        own = {path.name.split(".")[0] for folder in self._folders for path in (folder / language).glob("*.html.j2")}
        for name in sorted(own | set(NEEDS)):
            try:
                mail = self.preview(name, language, process)
            except NotRenderable as wrong:
                yield wrong.fault
            else:
                yield from self._lacking(name, language, mail)

    def _lacking(self, name: str, language: str, mail: Rendered) -> Iterator[Fault]:
        """Yield what no template may leave out: a subject, and the proof code in either part."""
        html, text = (self._template(name, language, html=kind).filename or name for kind in (True, False))
        if not mail.subject:
            yield Fault(text, 1, "the subject is empty; write it in {% block subject %}")
        for file, body in ((html, mail.html), (text, mail.text)):
            if CODES[0] not in body:
                yield Fault(file, 1, "the proof code is not in the mail; extend the layout, or show view.code")


def _samples(name: str, language: str, process: Process) -> list[Item]:
    cases = [sample_case(process, number, name, language) for number in NUMBERS[: 2 if name in SEVERAL else 1]]
    notices = [sample_notice("reminder" if name == "digest" else name, case, process, language) for case in cases]
    known = None if name in CASELESS else cases
    return [Item(notice, CODES[i], known[i] if known else None, process) for i, notice in enumerate(notices)]


def _environment(folders: Sequence[Path], language: str, zone: ZoneInfo, *, html: bool) -> Environment:
    """Return the environment of a language: its own files, then those it falls back to, then the layouts."""
    languages = dict.fromkeys((language, *FALLBACKS.get(language, ("en", "zh-CN"))))
    search = [*(folder / one for one in languages for folder in folders), *folders]
    environment = Sandbox(
        loader=FileSystemLoader(search),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = Format(language, zone)
    environment.filters |= {
        "moment": words.moment,
        "day": words.day,
        "word": words.word,
        "percent": percent,
        "lines": _lines,
        "indented": _indented,
    }
    return environment


def _lines(text: str) -> Markup:
    """Return a text for HTML with its line breaks kept; Outlook knows no `white-space: pre-line`."""
    return Markup("<br>").join(escape(line) for line in plain(str(text)).split("\n"))


def _indented(text: str, blanks: int = 2) -> str:
    """Return a text for the plain part, its further lines set in under the first."""
    return plain(str(text)).replace("\n", "\n" + " " * blanks)


def _tidy(body: str) -> str:
    """Return the body without blanks at line ends and without runs of empty lines."""
    lines = "\n".join([line.rstrip(" \t") for line in body.split("\n")])
    while "\n\n\n" in lines:
        lines = lines.replace("\n\n\n", "\n\n")
    return lines.strip() + "\n"


def _place(fault: BaseException, folder: Path, language: str) -> Fault:
    """Return a fault of a template with its file and line."""
    if isinstance(fault, TemplateNotFound):
        return Fault(str(folder / language / str(fault.name)), 1, "there is no such template; add it")
    if isinstance(fault, TemplateSyntaxError):
        return Fault(fault.filename or str(fault.name), fault.lineno, str(fault.message))
    frames = [f for f in traceback.extract_tb(fault.__traceback__) if f.filename.endswith(".j2")]
    file, line = (frames[-1].filename, frames[-1].lineno or 1) if frames else (str(folder), 1)
    return Fault(file, line, f"{type(fault).__name__}: {fault}")
