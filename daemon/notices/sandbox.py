"""The sandbox in which the templates of mails run: Jinja's own, which is asked only about names that are not ours."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment

from daemon.notices.buttons import Button
from daemon.notices.letter import LetterView
from daemon.notices.rows import FactRow, HintRow, SectionRow, StepView
from daemon.notices.view import View

# What we hand to templates ourselves.  Jinja refuses names that begin with `_`, lead into the interpreter or change a
# value, whatever the value is; none of these is such a name (a test asks), so it need not look at the value each time.
KINDS = (View, StepView, FactRow, HintRow, SectionRow, Button, LetterView)
HARMLESS = frozenset(one.name for kind in KINDS for one in fields(kind) if not one.name.startswith("_"))


class Sandbox(ImmutableSandboxedEnvironment):
    """A sandbox that lets templates show values and call nothing that changes or leaves them."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Tell whether a template may see this attribute."""
        return attr in HARMLESS or super().is_safe_attribute(obj, attr, value)
