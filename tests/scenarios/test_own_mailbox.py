"""Quality staff write from the complaint mailbox itself; our own mails that come back are ended there."""

import pytest

from daemon.seams import MailOutcome
from tests.cast import COMPLAINTS, LI, QUALITY, SUN, WANG
from tests.scenarios.letters import FORM, GRAVE
from tests.scenarios.test_default_profile import CASE, complain

FORWARDED = f"""请登记。

-----原始邮件-----
发件人: 李娜 <{LI}>
发送时间: 2026年11月2日 8:12
收件人: 张三
主题: 前端盖内径超差

{FORM.format(bad=30, symptom=GRAVE)}"""


def test_a_complaint_that_quality_forwards_from_the_very_mailbox_is_registered_and_nobody_writes_to_ourselves(desk):
    desk.mail(f"质量部 <{COMPLAINTS}>", "转发: 前端盖内径超差", FORWARDED)
    assert desk.row(CASE)["customer"] == "北方电机制造有限公司"
    assert "李娜" in desk.row(CASE)["contact_name"]
    desk.at("11-05 09:00")
    assert desk.to(QUALITY, CASE)
    assert not desk.to(COMPLAINTS)
    assert not desk.to(LI)


def test_a_complaint_that_quality_types_there_after_a_call_is_registered(desk):
    desk.mail(
        f"质量部 <{COMPLAINTS}>", "电话投诉", f"刚接到客户电话投诉，记录如下。\n{FORM.format(bad=3, symptom=GRAVE)}"
    )
    assert desk.row(CASE)["part_no"] == "BF-2207"
    desk.at("11-03 09:00")
    assert not desk.to(COMPLAINTS)


def test_an_answer_to_the_customer_with_a_copy_to_the_mailbox_is_filed_with_its_case(desk):
    desk.put(desk._writer(LI, "李娜").write("投诉：前端盖", text := FORM.format(bad=30, symptom=GRAVE)))
    store = desk.desk.store
    first = store.mails_of(store.case_numbered(CASE).id)[0].message_id
    said = f"李工您好，我们已安排人员到现场挑选。\n\n在 2026年11月2日，李娜写道：\n{text}"
    desk.mail(COMPLAINTS, "回复: 投诉：前端盖", said, In_Reply_To=first)
    assert list(desk.rows) == [CASE]
    assert [one.outcome for one in store.mails_of(store.case_numbered(CASE).id)] == [
        MailOutcome.CASE,
        MailOutcome.THREAD,
    ]
    assert "到现场挑选" in desk.last(WANG).text


def test_what_is_written_there_about_a_case_proves_nothing_by_itself(desk):
    complain(desk)
    desk.mail(COMPLAINTS, f"[客诉 {CASE}] 更正", "等级：重大")
    assert desk.row(CASE)["severity"] != "重大"
    assert "未能证实身份" in desk.last(WANG, "等级：重大").text


@pytest.mark.parametrize("kept", ["Message-ID", "Auto-Submitted", "code"])
def test_a_mail_of_ours_that_comes_back_is_ended_by_any_of_its_marks(desk, kept):
    complain(desk)
    notice = desk.last(WANG, "核实")
    marks = {"Message-ID": b"X-Id", "Auto-Submitted": b"X-Auto", "code": b"X"}
    raw = notice.raw
    for name, other in marks.items():
        raw = raw if name == kept else raw.replace(name.encode() + b":", other + b":", 1)
    desk.forget()
    for _ in range(3):
        desk.put(raw)
    desk.put(raw.replace(notice.to.encode(), SUN.encode(), 1))
    assert list(desk.rows) == [CASE]
    assert not desk.sent
