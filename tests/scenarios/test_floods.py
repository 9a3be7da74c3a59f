"""Mail bombs and loops: held, never dropped; told once; read when a person wants it; ordinary traffic passes."""

from contextlib import contextmanager

import pytest

from daemon.config import load_config
from daemon.config.parts import Limits
from daemon.passes.commands import requeue
from daemon.seams import MailOutcome, Shelf
from daemon.status import status_of
from tests.cast import CONFIG, LI, LIN, WANG
from tests.desk import office
from tests.scenarios.letters import FORM, GRAVE, SLIGHT

SMALL = Limits(sender_hour=3, sender_day=5, domain_hour=6, domain_day=0, known=10, answers_day=0)


@contextmanager
def limited(folder, limits=SMALL, start="11-02 09:00", **more):
    config = load_config(CONFIG)
    with office(folder, start, config=config.model_copy(update={"limits": limits}), **more) as desk:
        yield desk


def write(desk, sender, number, text=""):
    body = (
        text or f"产品型号：P-{number}\n批次号：L{number}\n不良数量：{number + 1}\n问题描述：第{number}处开裂，请处理。"
    )
    desk.mail(sender, f"投诉 {number}", body)


def held(desk):
    return desk.desk.store.counts()["mails.held"]


def test_a_bomb_of_one_sender_is_held_and_told_in_one_mail(tmp_path):
    with limited(tmp_path) as desk:
        for number in range(10):
            write(desk, "bob@flood.example", number)
        assert (len(desk.rows), held(desk)) == (3, 7)
        assert len(desk.mailbox.shelves[Shelf.ASIDE]) == 7
        told = desk.to(WANG, "一小时内来信超过 3 封")
        assert len(told) == 1
        assert "没有丢失" in told[0].text
        lines = {one.what: one.says for one in status_of(desk.desk.config, desk.desk.store, desk.clock.now())}
        assert lines["来信过多暂存 held mails"].startswith("7 ")


def test_an_hour_later_the_sender_is_read_again_and_the_day_has_a_limit_of_its_own(tmp_path):
    with limited(tmp_path) as desk:
        for number in range(4):
            write(desk, "bob@flood.example", number)
        desk.at("11-02 10:30")
        write(desk, "bob@flood.example", 4)
        assert (len(desk.rows), held(desk)) == (4, 1)
        write(desk, "bob@flood.example", 5)
        assert (len(desk.rows), held(desk)) == (4, 2)
        assert len(desk.to(WANG, "来信超过")) == 1


def test_a_bomb_of_many_senders_of_one_domain_is_held(tmp_path):
    with limited(tmp_path) as desk:
        for number in range(9):
            write(desk, f"u{number}@flood.example", number)
        write(desk, "u@other.example", 9)
        assert (len(desk.rows), held(desk)) == (7, 3)
        assert len(desk.to(WANG, "flood.example 一小时内来信超过 6 封")) == 1


def test_mails_without_a_usable_from_are_one_sender(tmp_path):
    with limited(tmp_path) as desk:
        for number in range(5):
            mail = desk._writer("a@b.example").write(f"投诉 {number}", f"开裂 {number}，请处理")
            desk.put(mail.replace(b"From: a@b.example", b"From: a@b.example, c%d@d.example" % number))
        assert held(desk) == 2


def test_what_a_person_moves_back_or_releases_is_read_as_what_it_is(tmp_path):
    with limited(tmp_path) as desk:
        for number in range(6):
            write(desk, "bob@flood.example", number)
        store = desk.desk.store
        assert held(desk) == 3
        fourth = next(one for one in store.mails_aside(10) if one.outcome is MailOutcome.HELD)
        desk.put(store.blob(fourth.sha256))
        assert len(desk.rows) == 4
        waiting = [one.id for one in store.mails_aside(10) if one.outcome is MailOutcome.HELD and one.id != fourth.id]
        assert "is read anew" in requeue(store, {"mail": str(waiting[0])}, desk.clock.now())
        desk.tick()
        assert len(desk.rows) == 5


def test_the_count_survives_a_restart(tmp_path):
    database = f"sqlite:///{tmp_path}/kesu.db"
    with limited(tmp_path, database=database) as desk:
        for number in range(3):
            write(desk, "bob@flood.example", number)
    with limited(tmp_path, start="11-02 09:20", database=database, seed=8) as desk:
        desk.mailbox.uidvalidity, desk.serial = 2, 50
        write(desk, "bob@flood.example", 7)
        assert held(desk) == 1


@pytest.mark.parametrize("sender", [LIN, "徐斌 <xu.bin@hongyuan.example>"])
def test_a_colleague_who_forwards_many_on_monday_is_not_held(tmp_path, sender):
    with limited(tmp_path) as desk:
        for number in range(25):
            head = f"发件人: 王工 <w{number}@c{number}.example>\n主题: 投诉 {number}\n\n客户名称：客户{number}"
            facts = f"产品型号：P-{number}\n不良数量：3\n问题描述：开裂{number}"
            write(desk, sender, number, f"请登记。\n\n-----原始邮件-----\n{head}\n{facts}")
        assert held(desk) == 0
        assert len(desk.rows) == 25


def test_a_customer_of_before_may_write_much(tmp_path):
    with limited(tmp_path) as desk:
        desk.mail(f"李娜 <{LI}>", "投诉", FORM.format(bad=30, symptom=GRAVE))
        desk.jump("11-05 09:00")
        for number in range(12):
            write(desk, f"李娜 <{LI}>", number)
        assert held(desk) == 0


def test_what_lay_in_the_inbox_while_the_daemon_was_down_is_no_flood(tmp_path):
    config = load_config(CONFIG)
    inbox = config.mail_in[0].model_copy(update={"kind": "imap", "name": "test"})
    config = config.model_copy(update={"limits": SMALL, "mail_in": (inbox,)})
    with office(tmp_path, config=config) as desk:
        for number in range(12):
            came = f"Received: from mx by imap; Sun, 01 Nov 2026 {number + 1:02}:00:00 +0800\r\n"
            mail = desk._writer(f"bob@c{number % 3}.example").write(f"投诉 {number}", f"开裂 {number} 件，请处理")
            desk.mailbox.put(came.encode() + b"Received: by x; Mon, 02 Nov 2026 09:00:00 +0800\r\n" + mail)
        desk.tick()
        assert held(desk) == 0
        for number in range(12, 18):
            came = b"Received: from mx by imap; Mon, 02 Nov 2026 08:59:%02d +0800\r\n" % number
            desk.mailbox.put(came + desk._writer("bob@d.example").write(f"投诉 {number}", f"开裂 {number} 件，请处理"))
        desk.tick()
        assert held(desk) == 3


def test_the_shipped_limits_let_a_busy_monday_through(tmp_path):
    with limited(tmp_path, Limits()) as desk:
        for number in range(25):
            desk.mail(f"李娜 <{LI}>", f"投诉 {number}", FORM.format(bad=number + 1, symptom=SLIGHT))
        assert held(desk) == 0


ANSWERED = Limits(answers_day=3)


def test_one_address_gets_so_many_automatic_mails_a_day_and_the_rest_the_next(tmp_path):
    with limited(tmp_path, ANSWERED) as desk:
        for number in range(6):
            write(desk, "王五 <wu@c.example>", number)
        assert len(desk.rows) == 6
        assert len(desk.to("wu@c.example")) == 3
        told = desk.to(WANG, "今天已达上限")
        assert len(told) == 1
        assert "11-03 08:00" in told[0].text.replace("2026-", "")
        lines = {one.what: one.says for one in status_of(desk.desk.config, desk.desk.store, desk.clock.now())}
        assert lines["自动邮件暂缓 put off"].startswith("3 ")
        desk.at("11-03 08:30")
        assert len(desk.to("wu@c.example")) == 6
        assert "outbox.put_off" not in desk.desk.store.counts()


def test_colleagues_get_all_their_mails(tmp_path):
    with limited(tmp_path, ANSWERED) as desk:
        for number in range(6):
            write(desk, f"王五 <w{number}@c.example>", number)
        assert len({one.subject for one in desk.to(WANG)}) >= 6
