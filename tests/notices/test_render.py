import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from daemon.core.case import Case, Certainty, Fact, StepStatus
from daemon.core.notice import Notice
from daemon.notices.needs import CASELESS, NEEDS, SEVERAL
from daemon.notices.render import Item, NotRenderable, Renderer
from daemon.notices.sample import CODES, OPENED, SAMPLE_DIRECTORY, sample_case, sample_notice
from daemon.notices.view import view

GOLDEN = Path(__file__).parent / "golden"
TEMPLATES = Path(__file__).parents[2] / "mail_templates"
LANGUAGES = ("zh-CN", "en", "zh-TW")
ZONE = ZoneInfo("Asia/Shanghai")
WITH_ALL_FACTS = ("notice", "task", "review", "alarm", "reminder", "escalation", "closed", "withdrawn")


def read(html):
    text = re.sub(r"<(head|style)[\s>].*?</\1>|<!--.*?-->", "", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", text))


def squeezed(text):
    return re.sub(r"\s+", "", text)


def item(process, template="notice", case=None, language="zh-CN", code=CODES[0], steps=()):
    case = case or sample_case(process, template=template, language=language)
    return Item(sample_notice(template, case, process, language, steps), code, case, process)


def test_the_shipped_templates_have_no_fault(renderer):
    assert renderer.check() == ()
    assert renderer.languages == ("en", "zh-CN", "zh-TW")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NEEDS)
def test_every_mail_can_be_written(renderer, name, language):
    mail = renderer.preview(name, language)
    assert mail.subject
    assert not re.search(r"[\r\n]|\s$|^\s", mail.subject)
    for body in (mail.html, mail.text):
        assert CODES[0] in body
        assert "None" not in body
        assert "{{" not in body
    company = SAMPLE_DIRECTORY.company_en if language == "en" else SAMPLE_DIRECTORY.company
    assert company.rstrip(".") in mail.text
    assert not re.search(r"\n{3,}|[ \t]\n", mail.text)
    if name not in CASELESS:
        assert "2611003" in mail.subject


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("name", sorted(set(NEEDS) - SEVERAL))
def test_either_part_says_the_same(renderer, name, language):
    """Every line of the text part that is not about how to answer stands in the HTML part too."""
    mail = renderer.preview(name, language)
    shown = squeezed(read(mail.html))
    answering = re.compile(r"^-{8,}|^  [·-] |：$|:$")
    for line in mail.text.splitlines():
        for word in re.split(r"[\s：:，,、；;（）()【】=·]+", line) if not answering.search(line) else ():
            assert word in shown, line


@pytest.mark.parametrize("name", ["receipt", "notice", "answer"])
def test_mails_that_may_be_answered_say_where(renderer, name):
    mail = renderer.preview(name, "zh-CN")
    assert mail.text.startswith("—— 请在此线以上回复 ——")
    assert read(mail.html).split("——")[1].strip() == "请在此线以上回复"


def test_reports_do_not_ask_for_an_answer(renderer):
    assert "请在此线以上回复" not in renderer.preview("summary", "zh-CN").text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WITH_ALL_FACTS)
def test_both_parts_hold_every_fact(renderer, process, name, language):
    one = item(process, name, language=language)
    mail = renderer.render([one])
    seen = view(one.notice, one.code, one.case, process, SAMPLE_DIRECTORY, ZONE)
    assert len(seen.facts) == 20
    for fact in seen.facts:
        for body in (mail.text, read(mail.html)):
            assert fact.label in body
            assert squeezed(fact.value) in squeezed(body)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NEEDS)
def test_a_case_of_which_nothing_is_known_surprises_no_template(renderer, process, name, language):
    full = sample_case(process)
    case = Case(id=full.id, number="2611003", profile="", seq=1, opened_at=OPENED)
    for steps in ((), ("team", "containment"), ("no_such_step",)):
        notice = Notice(name, "somebody@else.example", steps=steps, language=language, form="internal", evidence=True)
        assert renderer.render([Item(notice, CODES[0], case, process)]).subject
        assert renderer.render([Item(notice, CODES[0], None, process)]).subject


def test_the_notice_reads_as_agreed(renderer, process):
    mail = renderer.render([item(process)])
    assert f"{mail.subject}\n\n{mail.text}" == (GOLDEN / "notice.txt").read_text(encoding="utf-8")


def test_markup_in_facts_is_shown_and_never_run(renderer, process):
    evil = '<script>alert(1)</script>{{ 7*7 }}{% raw %}"\'><a href="https://evil.example">'
    case = sample_case(process)
    facts = {key: Fact(evil, Certainty.STATED, evil) for key in case.facts if key not in ("severity", "department")}
    case = replace(case, facts=facts, reporter_name=evil, subject=evil)
    for name in NEEDS:
        notice = replace(sample_notice(name, case, process, "zh-CN"), name=evil)
        if name not in ("recorded", "summary", "duty", "split"):
            notice = replace(notice, values=dict.fromkeys(notice.values, evil))
        mail = renderer.render([Item(notice, CODES[0], case, process)])
        assert "<script" not in mail.html
        assert '<a href="https://evil' not in mail.html
        assert "49" not in mail.html.replace("149", "")
        assert not re.search(r"[\r\n]", mail.subject)
    assert evil in renderer.render([Item(sample_notice("task", case, process, "zh-CN"), "", case, process)]).text


def test_a_digest_has_two_cases_each_with_its_own_code(renderer, process):
    items = [
        item(process, "reminder", sample_case(process, number), code=code, steps=("team",))
        for number, code in zip(("2611003", "2611005"), CODES, strict=True)
    ]
    mail = renderer.render(items)
    assert mail.subject == "客诉待办 2 项：2611003、2611005"
    links = [unescape(url) for url in re.findall(r'href="(mailto:[^"]+)"', mail.html)]
    assert len(links) == 4
    for url, code in zip(links, (CODES[0], CODES[0], CODES[1], CODES[1]), strict=True):
        assert url.count(code) == 2
        assert sum(other in url for other in CODES) == 1
    assert "不会改变任何一项的状态" in mail.text
    assert f"[客诉 2611005] 收到 {CODES[1]}" in mail.text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("count", [1, 3])
def test_mails_set_aside_are_told_in_one_mail(renderer, process, language, count):
    notices = [
        Notice(
            "aside",
            "wang.xiaoyan@hongyuan.example",
            language=language,
            digest="aside",
            values={"sender": f"daemon@x{n}.example", "subject": f"Returned {n}", "why": f"why {n}", "mail": str(n)},
        )
        for n in range(count)
    ]
    mail = renderer.render([Item(one, CODES[n % 2], None, process) for n, one in enumerate(notices)])
    assert ("3" in mail.subject) == (count == 3)
    assert ("Returned 0" in mail.subject) == (count == 1)
    for body in (mail.text, read(mail.html)):
        assert CODES[0] in body
        for one in notices:
            assert all(one.values[key] in body for key in ("sender", "subject", "why"))


@pytest.mark.parametrize(
    ("why", "say"),
    [("", "请核对地址"), ("mail", "不在地址"), ("unwritten", "系统会继续重试"), ("mail again", "已改发一封")],
)
def test_what_did_not_get_out_says_why(renderer, process, why, say):
    values = {"address": "a@b.example", "detail": "552", "template": "notice", "why": why.split(" ")[0] if why else ""}
    notice = Notice("undeliverable", "w@hongyuan.example", values={**values, "again": "again" in why})
    mail = renderer.render([Item(notice, CODES[0], None, process)])
    assert say in mail.text
    assert say in read(mail.html)


def test_evidence_that_could_not_go_along_is_named_with_its_place(renderer, process):
    one = item(process)
    smaller = replace(one.notice, evidence=False, values={"filed": "附件/2611003"})
    mail = renderer.render([replace(one, notice=smaller)])
    for body in (mail.text, read(mail.html)):
        assert "请在共享文件夹 附件/2611003 中查看" in body
        assert "内径测量记录" not in body


def test_the_help_for_a_digest_lists_the_cases(renderer, process):
    mail = renderer.render([item(process, "digest_help", sample_case(process, n)) for n in ("2611003", "2611005")])
    assert mail.subject == "请逐件确认：2611003、2611005"


def test_a_customer_is_told_nothing_internal(renderer, process):
    for name in (
        "receipt",
        "first_answer",
        "answer",
        "explanation",
        "ask_again",
        "task",
        "refused",
        "recorded",
        "closed",
    ):
        one = item(process, name, sample_case(process))
        mail = renderer.render([replace(one, notice=replace(one.notice, recipient="z@lingke.example", values={}))])
        for word in ("生产部", "投诉等级", "（重要）", "系统推断", "部门科室"):
            assert word not in mail.text
            assert word not in read(mail.html)


def test_the_first_answer_holds_no_cause(renderer, process):
    mail = renderer.render([item(process, "first_answer", sample_case(process))])
    assert "D3 临时措施" in mail.text
    assert "D4" not in mail.text
    assert "D5" not in mail.text


def test_work_that_came_back_says_why(renderer, process):
    case = sample_case(process)
    again = replace(case.steps["action"], reason="措施未对应流出原因", status=StepStatus.OPEN)
    mail = renderer.render(
        [item(process, "task", replace(case, steps={**case.steps, "action": again}), steps=("action",))]
    )
    assert "退回，请重新处理：D5 永久措施\n  措施未对应流出原因" in mail.text


def test_a_reminder_knows_whether_the_time_is_over(renderer, process):
    case = sample_case(process)
    for fired, say in (
        ((), "尚未完成"),
        (("0.0",), "尚未完成"),
        (("0.0", "1.0"), "已超过截止时间"),
        (("x",), "尚未完成"),
    ):
        step = replace(case.steps["containment"], fired=fired)
        one = item(
            process, "reminder", replace(case, steps={**case.steps, "containment": step}), steps=("containment",)
        )
        assert say in renderer.render([one]).text


def test_an_escalation_says_what_is_late_since_when_and_who_was_asked(renderer, process):
    text = renderer.render([item(process, "escalation", steps=("containment",))]).text
    assert "D3 围堵 · 已逾期，原定完成时间：11月26日（周四）17:30" in text
    assert "责任人：8D组长 孙大鹏" in text


def test_an_administrators_file_wins_and_the_rest_stays(tmp_path):
    own = tmp_path / "zh-CN"
    own.mkdir()
    (own / "closed.txt.j2").write_text("自定主题 {{ view.number }}\n\n正文 {{ view.code }}\n", encoding="utf-8")
    renderer = Renderer([tmp_path, TEMPLATES], SAMPLE_DIRECTORY, ZONE)
    assert renderer.preview("closed", "zh-CN").subject == "自定主题 2611003"
    assert "已结案" in renderer.preview("closed", "zh-CN").html
    assert renderer.check() == ()


@pytest.mark.parametrize(
    ("text", "line", "say"),
    [
        ("主题\n{% if %}\n", 2, "Expected an expression"),
        ("主题\n\n{{ view.no_such }} {{ view.code }}\n", 3, "no_such"),
        ("主题\n{{ ''.__class__.__mro__ }}\n", 2, "unsafe"),
        ("主题\n{{ 1 / 0 }}\n", 2, "ZeroDivisionError"),
        ("主题\n{% include 'gone.j2' %}\n", 1, "there is no such template"),
        ("主题\n没有校验码\n", 1, "proof code is not in the mail"),
        ("{{ '' }}\n", 1, "proof code is not in the mail"),
    ],
)
def test_a_fault_is_told_with_file_and_line(tmp_path, text, line, say):
    own = tmp_path / "zh-CN"
    own.mkdir()
    (own / "closed.txt.j2").write_text(text, encoding="utf-8")
    faults = Renderer([tmp_path, TEMPLATES], SAMPLE_DIRECTORY, ZONE).check()
    assert len(faults) <= 2
    assert faults[-1].line == line
    assert say in faults[-1].text
    assert faults[-1].file.startswith(str(tmp_path))


def test_a_missing_template_is_a_fault_that_says_what_to_add(tmp_path, process):
    empty = Renderer([tmp_path], SAMPLE_DIRECTORY, ZONE)
    with pytest.raises(NotRenderable, match=r"notice\.html\.j2:1: there is no such template; add it"):
        empty.render([item(process)])
