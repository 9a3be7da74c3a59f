"""Words in several languages, and which of them a person gets to read."""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]
FALLBACKS = {"zh-TW": ("zh-TW", "zh-CN", "en"), "zh-CN": ("zh-CN", "en"), "en": ("en", "zh-CN")}


def in_language(words: Mapping[str, str], language: str) -> str:
    """Return the words in the language asked for, or in the next best there is."""
    for choice in (*FALLBACKS.get(language, ("en", "zh-CN")), *words):
        if choice in words:
            return words[choice]
    return ""
