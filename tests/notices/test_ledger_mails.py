"""What the mails of the shared ledger must say: what happened, what was typed, where the file lies, what to do."""

import re
from dataclasses import replace
from html import unescape

import pytest

from daemon.ledger.sheet import Flaw
from daemon.notices.needs import CASELESS
from daemon.notices.render import Item
from daemon.notices.sample import CODES, sample_case, sample_notice
from daemon.notices.whys import SORTED_APART

LANGUAGES = ("zh-CN", "zh-TW", "en")
WHYS = (*(flaw.value for flaw in Flaw), "broken")


def parts(renderer, process, name, language, **values):
    """Return the text and the visible HTML of a mail with these values in place of the sample's."""
    case = sample_case(process, template=name, language=language)
    notice = sample_notice(name, case, process, language)
    told = replace(notice, values={**notice.values, **values})
    mail = renderer.render([Item(told, CODES[0], None if name in CASELESS else case, process)])
    return mail.text, unescape(re.sub(r"<[^>]+>", " ", mail.html))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_flaw_has_words_of_its_own(renderer, process, language):
    mails = {why: parts(renderer, process, "ledger_aside", language, why=why) for why in WHYS}
    for at in (0, 1):
        assert len({mail[at] for mail in mails.values()}) == len(WHYS)
        assert not [why for why, mail in mails.items() if re.search(rf"[（(]{why}[）)]", mail[at])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whether_the_ledger_was_made_anew_is_told(renderer, process, language):
    for anew, kept in zip(
        parts(renderer, process, "ledger_aside", language, rebuilt=True),
        parts(renderer, process, "ledger_aside", language, rebuilt=False),
        strict=True,
    ):
        assert anew != kept
        assert "客诉台账-无法读取-20261123-0911.xlsx" in anew
        assert "客诉台账-无法读取-20261123-0911.xlsx" in kept


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_that_vanished_are_named_with_both_ways_out(renderer, process, language):
    for part in parts(renderer, process, "ledger_gone", language, count=31, numbers=("2611004", "2611005")):
        assert "31" in part
        assert "2611004" in part
        assert "2611005" in part
        assert "备份" in part
        assert {"zh-CN": "确认删除", "zh-TW": "確認刪除", "en": "delete"}[language] in part
        assert {"zh-CN": "恢复", "zh-TW": "恢復", "en": "restore"}[language] in part


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_the_ledger_open_is_told_since_when_and_where_others_look(renderer, process, language):
    for part in parts(renderer, process, "ledger_open", language):
        assert "王晓燕" in part
        assert "11-23 08:12" in part
        assert "客诉台账-实时(只读).xlsx" in part


def test_somebody_unknown_who_has_the_ledger_open_is_somebody(renderer, process):
    for part in parts(renderer, process, "ledger_open", "zh-CN", who=""):
        assert "有人从 11-23 08:12 起" in part


@pytest.mark.parametrize(("language", "no"), [("zh-CN", "驳回"), ("zh-TW", "駁回"), ("en", "Reject")])
def test_a_verdict_typed_comes_with_the_buttons_of_its_step(renderer, process, language, no):
    for part in parts(renderer, process, "ledger_request", language):
        named = part.index("审批结果")
        assert named < part.index("批准", named) < part.index(no, named)
        assert "措施已验证" in part


@pytest.mark.parametrize(("language", "no"), [("zh-CN", "不满意"), ("zh-TW", "不滿意"), ("en", "not satisfied")])
def test_a_customer_hears_of_no_ledger(renderer, process, language, no):
    for part in parts(renderer, process, "ledger_request_customer", language):
        assert "满意" in part
        assert no in part.lower()
        assert not re.search(r"台账|台帳|ledger|表格|cell|typed", part, re.IGNORECASE)


@pytest.mark.parametrize(
    ("language", "words"), [("zh-CN", "单独排序"), ("zh-TW", "單獨排序"), ("en", "sorted without the others")]
)
def test_what_was_not_clear_in_the_ledger_is_said_in_the_language_of_the_reader(renderer, process, language, words):
    for part in parts(renderer, process, "ledger_row", language, row="不良批次", why=SORTED_APART):
        assert words in part
        assert "不良批次" in part
