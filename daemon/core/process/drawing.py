"""A process as a Mermaid flow chart: steps, what they wait for, and where verdicts lead."""

from __future__ import annotations

from collections.abc import Iterator

from daemon.core.process.language import Process, Step
from daemon.core.process.words import in_language

BEGIN = {"zh-CN": "登记", "zh-TW": "登記", "en": "registered"}
ENDS = {"zh-CN": "结案", "zh-TW": "結案", "en": "closed"}


def mermaid(process: Process, language: str) -> str:
    """Return the chart; solid lines lead on, dotted ones back or to the end, each with the verdict's word."""
    return "\n".join(("flowchart TD", *(f"  {line}" for line in _lines(process, language)))) + "\n"


def _lines(process: Process, language: str) -> Iterator[str]:
    yield f"begin_([{_quoted(in_language(BEGIN, language))}])"
    for step in process.step:
        yield f"{step.id}{_shape(step, process, language)}"
    yield f"end_([{_quoted(in_language(ENDS, language))}])"
    for step in process.step:
        yield from (f"{before} --> {step.id}" for before in step.after or ("begin_",))
        for choice in step.choices.values():
            word = _quoted(in_language(choice.words, language))
            yield from (f"{step.id} -. {word} .-> {target}" for target in choice.back_to)
            if choice.ends:
                yield f"{step.id} -. {word} .-> end_"


def _shape(step: Step, process: Process, language: str) -> str:
    owners = " / ".join(process.role_title(role, language) for role in step.owner)
    text = _quoted(f"{in_language(step.title, language)}<br/>{owners}")
    if step.sends:
        return f"[/{text}/]"
    return f"{{{{{text}}}}}" if step.choices and not step.gives and not step.takes else f"[{text}]"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "#quot;").replace("\n", " ") + '"'
