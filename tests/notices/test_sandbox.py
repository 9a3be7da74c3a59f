"""What a template may not do, whatever it is handed."""

import pytest
from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from daemon.notices.sandbox import HARMLESS, Sandbox


class Anything:
    """A value that has every name."""

    def __getattr__(self, name):
        return name


@pytest.mark.parametrize("value", [[], {}, set(), "", Anything(), Anything, len, Anything().__init__, (n for n in ())])
def test_no_name_of_ours_is_one_that_jinja_refuses(value):
    strict = ImmutableSandboxedEnvironment()
    assert all(strict.is_safe_attribute(value, name, getattr(value, name, None)) for name in HARMLESS)


@pytest.mark.parametrize(
    "template",
    [
        "{{ values.__class__.__mro__ }}",
        "{{ values.__reduce__() }}",
        "{{ values.append(1) }}",
        "{{ values.sort() }}",
        "{{ show.__globals__ }}",
        "{{ '{0.__class__}'.format(values) }}",
    ],
)
def test_a_template_leaves_and_changes_nothing(template):
    with pytest.raises(SecurityError):
        Sandbox(undefined=StrictUndefined).from_string(template).render(values=[2, 1], show=lambda: "")
