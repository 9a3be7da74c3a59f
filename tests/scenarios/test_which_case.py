"""To which case a mail belongs: by what it answers, by its subject, and what people are told when it could be two."""

from daemon.seams import MailOutcome
from tests.cast import LI, QUALITY, WANG
from tests.scenarios.letters import CONTAINMENT, SLIGHT
from tests.scenarios.test_default_profile import CASE, complain

NEW = "2611002"


def two_cases(desk):
    complain(desk)
    desk.at("11-02 10:00")
    complain(desk, SLIGHT, "投诉：包装划伤")
    assert list(desk.rows) == [CASE, NEW]


def mails_of(desk, number):
    return desk.desk.store.mails_of(desk.desk.store.case_numbered(number).id)


def test_a_subject_in_peoples_own_words_files_a_mail_and_proves_nothing(desk):
    complain(desk)
    for subject in (f"关于客诉{CASE}的补充", f"客诉编号：{CASE}", f"{CASE}#补充照片"):
        desk.forget()
        desk.mail(LI, subject, "产品名称：前端盖\n产品型号：BF-2207\n同批还有 20 件在途，内径同样超差。")
        assert "未能证实身份" in desk.last(WANG, "20 件在途").text
    assert list(desk.rows) == [CASE]
    assert len(mails_of(desk, CASE)) == 4


def test_a_number_that_is_a_batch_or_longer_is_no_cases(desk):
    complain(desk)
    text = "产品名称：编码器盖\n产品型号：EC-1180\n不良数量：25\n问题描述：卡扣开裂，无法装配"
    for subject in (f"批次{CASE}#开裂", f"投诉1{CASE}", f"客诉{CASE}-7"):
        desk.mail(LI, subject, text)
    assert len(mails_of(desk, CASE)) == 1


def test_references_alone_count_only_under_the_same_subject(desk):
    complain(desk)
    desk.press(WANG, desk.last(WANG, "核实"), "成立")
    notice = desk.last(QUALITY, "处理")
    message_id = str(notice.mail["Message-ID"])
    desk.mail(QUALITY, "本周计划", CONTAINMENT, References=message_id)
    assert "3000" not in str(desk.row(CASE)["containment"])
    desk.mail(QUALITY, f"答复: 转发：【内部】{notice.subject}", CONTAINMENT, References=f"<x@y.example> {message_id}")
    assert "3000" in str(desk.row(CASE)["containment"])


def test_of_two_cases_the_newest_gets_the_mail_and_quality_is_told(desk):
    two_cases(desk)
    desk.forget()
    desk.mail(LI, f"关于客诉{CASE}、{NEW}的补充", "两批都还有在途，请一并处理。")
    assert [one.outcome for one in mails_of(desk, NEW)][-1] is MailOutcome.THREAD
    assert len(mails_of(desk, CASE)) == 1
    told = desk.last(WANG, "一并处理").text
    assert "还提到别的客诉" in told
    assert CASE in told


def test_an_answer_stays_with_what_it_answers_and_quality_is_told_of_another_number_in_its_subject(desk):
    two_cases(desk)
    desk.press(WANG, desk.last(WANG, f"{CASE}] 应急"), "成立", number=CASE)
    notice = desk.last(QUALITY, CASE)
    message_id = str(notice.mail["Message-ID"])
    desk.forget()
    desk.mail(QUALITY, f"客诉{NEW}也一样", CONTAINMENT, In_Reply_To=message_id)
    assert "3000" in str(desk.row(CASE)["containment"])
    assert NEW in desk.last(WANG, "还提到别的客诉").text


def test_an_answer_under_its_own_subject_is_about_nothing_else(desk):
    two_cases(desk)
    desk.reply(LI, desk.last(LI, NEW), "请问什么时候有结果？")
    assert not desk.to(WANG, "还提到别的客诉")


def test_a_bare_word_to_a_digest_changes_nothing_though_its_thread_was_lost(desk):
    complain(desk)
    complain(desk, SLIGHT, "投诉：包装划伤")
    desk.at("11-03 10:00")
    digest = desk.last(QUALITY)
    assert {CASE, NEW} <= set(digest.text.replace("]", " ").split())
    quoted = "\n".join(f"> {line}" for line in digest.text.splitlines())
    desk.forget()
    desk.mail(QUALITY, "答复: 客诉", f"收到\n\n{quoted}")
    assert [desk.row(one)["containment"] for one in (CASE, NEW)] == [None, None]
    assert not [one for one in desk.happened if "→ 收到" in one.text]
    assert all(number in desk.last(QUALITY).text for number in (CASE, NEW))
    assert not desk.to(WANG, "还提到别的客诉")
