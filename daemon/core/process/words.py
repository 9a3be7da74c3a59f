"""Words in several languages, and which of them a person gets to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, ValidationInfo

Words = Mapping[str, str]
FALLBACKS = {"zh-TW": ("zh-TW", "zh-CN", "en"), "zh-CN": ("zh-CN", "en"), "en": ("en", "zh-CN")}
DEFAULT_LANGUAGE = "zh-CN"


def in_language(words: Mapping[str, str], language: str) -> str:
    """Return the words in the language asked for, or in the next best there is."""
    for choice in (*FALLBACKS.get(language, ("en", "zh-CN")), *words):
        if choice in words:
            return words[choice]
    return ""


def _spoken(value: object, info: ValidationInfo) -> object:
    """Read a plain text as words in the profile's own language."""
    own = (info.context or {}).get("language", DEFAULT_LANGUAGE)
    return {own: value} if isinstance(value, str) else value


# What a profile says to people: a text in the profile's own language, or one for each language.
Spoken = Annotated[Words, BeforeValidator(_spoken)]
