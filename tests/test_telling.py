from datetime import UTC, datetime
from uuid import UUID

import pytest

from daemon.core.events import Event, EventType, Via
from daemon.telling import SENTENCES, VIAS, Teller
from tests.cast import LI, PRODUCTION, WANG
from tests.core.play import DIRECTORY, PROCESS, SHANGHAI
from tests.desk import office
from tests.scenarios.letters import CONTAINMENT, FORM, GRAVE, bounce

LANGUAGES = ("zh-CN", "en")


def teller(language):
    return Teller(PROCESS, DIRECTORY, SHANGHAI, language)


def event(kind, **data):
    return Event(UUID(int=1), 1, datetime(2026, 11, 2, 1, tzinfo=UTC), kind, "wang.xiaoyan", Via.LEDGER, "cell", data)


def test_every_event_and_way_has_its_words():
    assert set(SENTENCES) == set(EventType)
    assert set(VIAS) == set(Via)
    assert all(all(pair) for pair in (*SENTENCES.values(), *VIAS.values()))


@pytest.fixture(scope="module")
def journal(tmp_path_factory):
    """What is written when much happens to one case."""
    with office(tmp_path_factory.mktemp("office")) as desk:
        desk.mail(f"李娜 <{LI}>", "投诉：焊点脱落", FORM.format(bad=30, symptom=f"焊接不良，焊点脱落。{GRAVE}"))
        notice = desk.last(PRODUCTION)
        desk.press(PRODUCTION, notice, "收到")
        desk.reply(PRODUCTION, notice, CONTAINMENT)
        desk.press(PRODUCTION, notice, "转其他部门", reason="图纸问题，请转技术部")
        desk.press(WANG, desk.last(WANG, "技术部"), "同意")
        desk.press(WANG, desk.last(WANG, "核实"), "成立")
        desk.put(bounce(desk.last(LI)))
        desk.mail("王总 <boss@mail.example>", "答复: [客诉 2611001] 请处理", "同意结案，批准。")
        desk.at("11-06 09:00")
        store = desk.desk.store
        yield store.events(store.case_numbered("2611001").id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_real_journal_is_told_whole(journal, language):
    told = list(teller(language).tell(journal))
    assert len(told) == len(journal)
    assert len({one.type for one in journal}) >= 10
    assert all(one.text and one.who and one.via for one in told)
    assert not [one.text for one in told if "{" in one.text or "None" in one.text]
    assert told[0].at == "2026-11-02 09:00"
    assert {"kesu", "王晓燕", PRODUCTION} <= {one.who for one in told}


OTHERS = [
    (event(EventType.FACTS_SET, facts={"customer": ["北方", "stated", ""], "disposal": ["换货", "stated", ""]}),
     "更正：客户名称 北方；处理方式 换货"),
    (event(EventType.REGISTERED, number="2611001", facts={
        "part_no": ["BF-2207", "stated", "mail:1", ["text", 19, 26, "BF-2207"]],
        "quantity_defective": [35, "inferred", "mail:1", ["forwarded", 55, 58, "三十五"]]}),
     "登记客诉 2611001：产品编号 BF-2207（正文 19–26）；不良数量 35（转发的原文 55–58 “三十五”，请核对）"),
    (event(EventType.STEP_MOVED, step="team", due_at="2026-11-03T01:00:00+00:00"),
     "“D1 成立小组”的截止时间改为 2026-11-03 09:00"),
    (event(EventType.STEP_SKIPPED, step="approve_director"), "“总监审批”不需要"),
    (event(EventType.STEP_OPENED, step="gone", due_at=None, round=1, status="处理中"), "“gone”开始，截止 —"),
    (event(EventType.ROUND_STARTED, back_to=["action"], again=[], round=2, reason="没有措施"),
     "开始第 2 轮，从“D5 永久措施”重做：没有措施"),
    (event(EventType.TRANSFER_DECLINED, reason=""), "不同意转部门"),
    (event(EventType.CHOSEN, step="check", choice="gone", reason="{x}", sets={}), "“审核”：gone {x}"),
    (event(EventType.REMINDED, step="team", rungs=["0.0"], template="reminder", to=["owner"]),
     "“D1 成立小组”提醒，通知 责任人"),
    (event(EventType.CLOSED, status="已结案", reason=""), "已结案"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "text"), OTHERS, ids=[one.type for one, _ in OTHERS])
def test_what_else_can_happen_is_told(one, text):
    (chinese,) = teller("zh-CN").tell([one])
    (english,) = teller("en").tell([one])
    assert (chinese.text, chinese.who, chinese.via, english.via) == (text, "王晓燕", "台账", "ledger")
    assert english.text


def test_a_long_text_is_cut():
    (told,) = teller("en").tell([event(EventType.FILED, text="长 \n" * 500, sender=LI, trusted=True, why="")])
    assert len(told.text) < 150
    assert told.text.endswith("…")
