from dataclasses import replace

import pytest

from daemon.config import load_config
from daemon.passes.copies import copies_pass
from daemon.seams import Copy
from tests.cast import CONFIG, LI
from tests.desk import office
from tests.scenarios.letters import FORM, SLIGHT


@pytest.fixture
def desk(tmp_path):
    config = load_config(CONFIG)
    mail_in = (config.mail_in[0].model_copy(update={"sent_folder": "已发送"}),)
    with office(tmp_path, config=config.model_copy(update={"mail_in": mail_in})) as opened:
        yield opened


def complain(desk):
    desk.mail(f"李娜 <{LI}>", "投诉：焊点脱落", FORM.format(bad=30, symptom=SLIGHT))


def filed(desk):
    return [raw for raw, _ in desk.mailbox.filed]


def test_every_mail_that_was_sent_is_filed_once_with_its_time(desk):
    complain(desk)
    assert sorted(filed(desk)) == sorted(one.raw for one in desk.sender.sent)
    assert {at for _, at in desk.mailbox.filed} == {desk.clock.now()}
    desk.tick()
    assert len(filed(desk)) == len(desk.sender.sent)


def test_after_a_broken_attempt_each_is_looked_for_before_it_is_filed(desk):
    desk.mailbox.lost_answers = 1
    complain(desk)
    assert len(filed(desk)) == 1
    desk.at("11-02 09:01")
    assert len(filed(desk)) == len(set(filed(desk))) == len(desk.sender.sent) > 1
    assert [one.event for one in desk.happened if one.event.startswith("mailbox.")] == [
        "mailbox.unreachable",
        "mailbox.well",
    ]


def test_a_killed_daemon_files_what_was_sent_and_nothing_twice(desk):
    complain(desk)
    store = desk.desk.store
    rows = store.outbox_of(store.case_numbered("2611001").id)
    store.mark_copies([row.id for row in rows], Copy.TRYING)  # it died after filing, before it noted that
    desk.tick()
    assert len(filed(desk)) == len(set(filed(desk)))
    assert store.copies(10) == ()


def test_a_copy_that_alone_is_refused_keeps_no_other_waiting(desk):
    desk.desk = replace(desk.desk, config=desk.desk.config.model_copy(update={"mail_in": load_config(CONFIG).mail_in}))
    complain(desk)
    assert filed(desk) == []  # none was wanted
    store = desk.desk.store
    rows = store.outbox_of(store.case_numbered("2611001").id)
    assert {row.copy for row in rows} == {None}
    folder = (desk.desk.config.mail_in[0].model_copy(update={"sent_folder": "已发送"}),)
    desk.desk = replace(desk.desk, config=desk.desk.config.model_copy(update={"mail_in": folder}))
    store.mark_copies([row.id for row in rows], Copy.WANTED)
    desk.mailbox.unfilable = {store.blob(rows[0].sha256)}
    said = list(copies_pass(desk.desk, desk.clock.now()))
    assert [one.event for one in said] == ["copy.refused"]
    assert store.copies(10) == ()


def test_while_all_are_refused_the_trouble_is_the_servers_and_they_wait(desk):
    complain(desk)
    store = desk.desk.store
    rows = store.outbox_of(store.case_numbered("2611001").id)
    store.mark_copies([row.id for row in rows], Copy.WANTED)
    desk.mailbox.unfilable = {store.blob(row.sha256) for row in rows}
    assert {one.event for one in copies_pass(desk.desk, desk.clock.now())} == {"copy.later"}
    assert len(store.copies(100)) == len(rows)
