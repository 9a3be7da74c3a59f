import logging
from datetime import timedelta

import pytest

from daemon.notices.render import Renderer
from daemon.seams import OutboxState
from tests.cast import CONFIG, LI, QUALITY
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
