"""What 系统提示 says of a cell that was typed in: refused, not understood, understood so.  A table."""

from __future__ import annotations

from collections.abc import Mapping

from daemon.core.process import Words, in_language

OURS = {
    "zh-CN": "“{title}”由系统填写，已恢复",
    "zh-TW": "「{title}」由系統填寫，已恢復",
    "en": "“{title}” is kept by the system and was put back",
}
UNREADABLE = {
    "zh-CN": "“{title}”没有看懂“{text}”，已原样保留，请改写",
    "zh-TW": "「{title}」看不懂「{text}」，已原樣保留，請改寫",
    "en": "“{text}” in “{title}” was not understood and stays as it is; please write it differently",
}
REASON_FIRST = {
    "zh-CN": "选“{value}”须写明原因，请填在“{titles}”；填写后生效",
    "zh-TW": "選「{value}」須寫明原因，請填在「{titles}」；填寫後生效",
    "en": "“{value}” needs a reason in “{titles}”; it counts once that is there",
}
NO_VERDICT = {
    "zh-CN": "“{title}”填的“{value}”没有生效：目前没有等待这一判定的步骤，已恢复",
    "zh-TW": "「{title}」填的「{value}」沒有生效：目前沒有等待這一判定的步驟，已恢復",
    "en": "“{value}” in “{title}” changed nothing: no step waits for such a verdict now; it was put back",
}
AMBIGUOUS = {
    "zh-CN": "“{title}”填的“{value}”有几种含义，已恢复。请在邮件中选择：{choices}",
    "zh-TW": "「{title}」填的「{value}」有幾種含義，已恢復。請在郵件中選擇：{choices}",
    "en": "“{value}” in “{title}” may mean several things and was put back; please choose by mail: {choices}",
}
NOT_OURS_TO_SET = {
    "zh-CN": "“{title}”随流程变化，不能直接改为“{value}”，已恢复。可填：暂停、已取消、已结案",
    "zh-TW": "「{title}」隨流程變化，不能直接改為「{value}」，已恢復。可填：暂停、已取消、已结案",
    "en": "“{title}” follows the process, not “{value}”; it was put back. 暂停, 已取消, 已结案 can be set",
}
NO_DEPARTMENT = {
    "zh-CN": "部门名单中没有“{name}”，请从列表中选择",
    "zh-TW": "部門名單中沒有「{name}」，請從清單中選擇",
    "en": "There is no department “{name}”; please choose one from the list",
}
TWO_PEOPLE = {
    "zh-CN": "通讯录中有几位“{name}”，请通过邮件指定是哪一位",
    "zh-TW": "通訊錄中有幾位「{name}」，請透過郵件指定是哪一位",
    "en": "There are several people called “{name}”; please name the one by mail",
}
NO_PERSON = {
    "zh-CN": "“{title}”已记为“{name}”；通讯录中没有此人，邮件仍发给原来的人",
    "zh-TW": "「{title}」已記為「{name}」；通訊錄中沒有此人，郵件仍寄給原來的人",
    "en": "“{title}” is now “{name}”, who is not in the directory; mails still go to whom they went before",
}
ABOUT = {
    "zh-CN": "“{text}”按“{value}”记录",
    "zh-TW": "「{text}」按「{value}」記錄",
    "en": "“{text}” was taken down as “{value}”",
}
SET_HERE = {
    "zh-CN": "台账中改为“{value}”",
    "zh-TW": "在台帳中改為「{value}」",
    "en": "set to “{value}” in the ledger",
}


def say(words: Words, **values: object) -> Words:
    """Return the words in every language; a value may be words in several languages, or a tuple of such."""
    return {
        language: text.format(**{name: _spoken(value, language) for name, value in values.items()})
        for language, text in words.items()
    }


def _spoken(value: object, language: str) -> object:
    if isinstance(value, Mapping):
        return in_language(value, language)
    if isinstance(value, tuple):
        return ("、" if language.startswith("zh") else ", ").join(str(_spoken(one, language)) for one in value)
    return value
