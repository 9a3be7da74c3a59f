import logging
from datetime import timedelta

import pytest

from daemon.core.notice import Notice
from daemon.notices.render import Renderer
from daemon.passes.rendering import TOLD_AFTER
from daemon.seams import OutboxState
from tests.cast import CONFIG, LI, QUALITY, WANG
from tests.desk import SHANGHAI
from tests.scenarios.letters import FORM, SLIGHT


@pytest.fixture
def own_templates(desk, tmp_path, caplog):
    """Let the company have a folder of templates of its own, before the shipped ones."""
    caplog.set_level(logging.CRITICAL)
    own = tmp_path / "own"
    (own / "zh-CN").mkdir(parents=True)
    desk.desk.renderer._folders = (own, CONFIG.parent / "mail_templates")
    assert isinstance(desk.desk.renderer, Renderer)
    return own / "zh-CN"


def complain(desk):
    desk.mail(f"李娜 <{LI}>", "投诉", FORM.format(bad=30, symptom=SLIGHT))


def waiting(desk):
    return desk.desk.store.outbox(OutboxState.PLANNED, desk.clock.now() + timedelta(hours=5), 99)


def test_a_template_that_fails_leaves_its_mail_waiting_and_the_others_go(desk, own_templates):
    (own_templates / "receipt.txt.j2").write_text("{{ view.nonsense.more }}")
    complain(desk)
    assert [row.notice.template for row in waiting(desk)] == ["receipt"]
    assert desk.to(QUALITY)
    told = [one.text for one in desk.happened if one.event == "mail.unwritten"]
    assert "receipt.txt.j2:1" in told[0]


def test_a_mended_template_is_used_at_the_next_tick(desk, own_templates):
    (own_templates / "receipt.txt.j2").write_text("{% broken")
    complain(desk)
    assert not desk.to(LI)
    (own_templates / "receipt.txt.j2").unlink()
    desk.desk.renderer._environments.clear()
    desk.at("11-02 09:05")
    assert len(desk.to(LI)) == 1
    assert not waiting(desk)


def test_a_form_that_cannot_be_used_keeps_no_mail_back(desk, caplog):
    caplog.set_level(logging.CRITICAL)
    object.__setattr__(desk.desk, "form", lambda: b"no Word file")
    complain(desk)
    assert desk.last(QUALITY).attachments == ()


def test_the_date_of_a_mail_is_that_of_the_companys_zone(desk):
    complain(desk)
    assert str(desk.last(LI).mail["Date"]).endswith("+0800")
    assert SHANGHAI.key == "Asia/Shanghai"


def test_a_mail_that_stays_unwritten_is_told_once_and_goes_out_in_the_end(desk, own_templates):
    (own_templates / "receipt.txt.j2").write_text("{{ view.nonsense.more }}")
    complain(desk)
    for _ in range(TOLD_AFTER + 3):
        assert len(desk.to(WANG, "无法送达")) == (waiting(desk)[0].attempts >= TOLD_AFTER)
        desk.clock.advance(timedelta(hours=4))
        desk.tick()
    told = desk.last(WANG, "无法送达")
    assert "receipt.txt.j2:1" in told.text
    assert "系统会继续重试" in told.text
    (own_templates / "receipt.txt.j2").unlink()
    desk.desk.renderer._environments.clear()
    desk.clock.advance(timedelta(hours=4))
    desk.tick()
    assert len(desk.to(LI)) == 1


def test_a_customer_with_dots_in_a_row_gets_the_mail(desk):
    desk.mail("李娜 <li..na@docomo.example>", "投诉", FORM.format(bad=30, symptom=SLIGHT))
    assert b'<"li..na"@docomo.example>' in desk.sender.to("li..na@docomo.example")[0]


def test_what_is_no_address_is_given_up_and_told(desk, caplog):
    caplog.set_level(logging.CRITICAL)
    complain(desk)
    store, now = desk.desk.store, desk.clock.now()
    case = store.case_numbered("2611001")
    notice = Notice("receipt", "li na@x.example", "李娜", case.id, "receipt", urgent=True)
    store.plan(desk.desk.envelopes([notice], case, now), now)
    desk.tick()
    (row,) = [row for row in store.outbox_of(case.id) if row.recipient == "li na@x.example"]
    assert row.state is OutboxState.REFUSED
    assert "no usable address" in desk.last(WANG, "无法送达").text
    assert store.case_numbered("2611001").dead_addresses == ("li na@x.example",)


def test_mails_set_aside_at_one_tick_are_one_mail_to_quality(desk):
    bounce = "From: MAILER-DAEMON@x{0}.example\r\nTo: c@x.example\r\nSubject: Undelivered Mail {0}\r\n"
    bounce += "Message-ID: <b{0}@x.example>\r\nX-Failed-Recipients: a{0}@spam.example\r\n\r\nunknown user"
    for number in range(30):
        desk.mailbox.put(bounce.format(number).encode())
    desk.tick()
    (told,) = desk.to(WANG)
    assert "30 封" in told.subject
    assert all(f"Undelivered Mail {number}" in told.text for number in range(30))


# ── evidence ──

PICTURE = b"%PDF-1.4" + b"x" * 50_000


def complain_with(desk, *files):
    writer = desk._writer(LI, "李娜")
    desk.put(writer.write("投诉", FORM.format(bad=30, symptom=SLIGHT), list(files)))


def filed(desk):
    return sorted(path.name for path in (desk.desk.shelf / "附件").rglob("*") if path.is_file())


def test_a_very_long_name_of_evidence_keeps_no_notice_back(desk):
    complain_with(desk, ("照" * 90 + ".pdf", PICTURE), ("照" * 90 + ".pdf", PICTURE + b"y"))
    assert len(desk.last(QUALITY).attachments) == 3
    one, two = filed(desk)
    assert one != two
    assert "-2.pdf" in one + two
    assert len(one.encode()) <= 255


def test_evidence_that_cannot_be_filed_goes_with_the_notice_and_is_filed_later(desk, caplog, monkeypatch):
    caplog.set_level(logging.CRITICAL)

    def offline(*_, **__):
        raise OSError(5, "the share is away")

    with monkeypatch.context() as patch:
        patch.setattr("daemon.passes.filing._place", offline)
        complain_with(desk, ("内径.pdf", PICTURE))
    assert "内径.pdf" in desk.last(QUALITY).attachments
    assert not filed(desk)
    desk.clock.advance(timedelta(hours=1))
    desk.tick()
    assert filed(desk) == ["内径.pdf"]


def test_bytes_that_cannot_be_kept_hold_up_no_other_mail(desk, monkeypatch, caplog):
    caplog.set_level(logging.CRITICAL)
    keep = desk.desk.store.make_ready

    def choosy(row, raw, merged=()):
        if LI.encode() in raw.partition(b"\r\n\r\n")[0]:
            raise ValueError("string or blob too big")
        keep(row, raw, merged)

    monkeypatch.setattr(desk.desk.store, "make_ready", choosy)
    complain(desk)
    assert [row.notice.template for row in waiting(desk)] == ["receipt"]
    assert desk.to(QUALITY)
