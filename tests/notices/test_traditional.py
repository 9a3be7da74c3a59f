"""The mails in traditional Chinese: every mail has them, and says the same there, in no simplified sign."""

import re

import pytest

from daemon.core.refusals import WORDS
from daemon.core.refusals_tw import TRADITIONAL
from daemon.documents import words as of_form
from daemon.documents import words_tw as form_tw
from tests.cast import CONFIG

TEMPLATES = CONFIG.parent / "mail_templates"
NAMES = sorted(path.name for path in (TEMPLATES / "zh-CN").glob("*.j2"))
CODE = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
WRITING = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”「」]+")


def is_simplified(char):
    """Tell whether a character stands in GB 2312 and not in Big5: only simplified writing has it."""
    return can_write(char, "gb2312") and not can_write(char, "big5")


def can_write(char, charset):
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def text(language, name):
    return (TEMPLATES / language / name).read_text(encoding="utf-8")


def code_of(source):
    """What a template does, whatever it says."""
    return [WRITING.sub("", part) for part in CODE.findall(source)]


@pytest.mark.parametrize("name", NAMES)
def test_every_mail_is_there_and_does_the_same(name):
    assert (TEMPLATES / "zh-TW" / name).is_file(), f"write mail_templates/zh-TW/{name}, or Taiwan gets simplified mails"
    assert code_of(text("zh-TW", name)) == code_of(text("zh-CN", name))


@pytest.mark.parametrize("name", NAMES)
def test_no_mail_holds_a_simplified_character(name):
    assert not {char for char in text("zh-TW", name) if "㐀" <= char <= "鿿" and is_simplified(char)}


@pytest.mark.parametrize("word", ["質量", "信息", "軟件", "回復本", "默認", "發送", "郵箱"])
def test_the_mails_use_the_words_of_taiwan(word):
    assert not [name for name in NAMES if word in text("zh-TW", name)]


def test_every_refusal_has_traditional_words():
    assert set(TRADITIONAL) == set(WORDS)
    said = "".join(TRADITIONAL.values())
    assert not {char for char in said if "㐀" <= char <= "鿿" and is_simplified(char)}


def test_the_words_of_the_8d_form_are_traditional_where_they_differ():
    chinese = [
        *(words[0] for words in (*of_form.WORDS.values(), *of_form.HINTS.values())),
        *(words[0] for words, _ in of_form.TITLES.values()),
    ]
    assert set(form_tw.TRADITIONAL) <= set(chinese)
    said = "".join(form_tw.TRADITIONAL.get(one, one) for one in chinese)
    assert not {char for char in said if "㐀" <= char <= "鿿" and is_simplified(char)}
