"""Who is believed: proof by an answer, by our own mail server, or by the address alone on a closed network."""

from contextlib import contextmanager

import pytest

from daemon.config import load_config
from daemon.core.directory import SenderProof
from tests.cast import CONFIG, LI, PRODUCTION, QUALITY, SUN, WANG
from tests.desk import office
from tests.scenarios.letters import CONTAINMENT
from tests.scenarios.test_default_profile import CASE, complain

SERVER = "mx1.hongyuan.example"
PASSED = f"{SERVER} (ours); dmarc = pass (p=none) header.from=hongyuan.example"
FAILED = f"{SERVER}; dmarc = fail header.from=hongyuan.example"
SUBJECT = f"[客诉 {CASE}] 围堵措施"


@contextmanager
def trusting(folder, proof):
    config = load_config(CONFIG)
    company = config.company.model_copy(update={"sender_proof": proof, "authserv_id": SERVER})
    with office(folder, config=config.model_copy(update={"company": company})) as desk:
        complain(desk)
        desk.press(WANG, desk.last(WANG, "核实"), "成立")
        desk.forget()
        yield desk


def contained(desk):
    return "已隔离 3000 件" in str(desk.row(CASE)["containment"])


PROVED = [
    (SenderProof.RESULTS, {"Authentication_Results": PASSED}),
    (SenderProof.ADDRESS, {}),
    (SenderProof.ADDRESS, {"Authentication_Results": "mx.elsewhere.example; dmarc=fail"}),
]
UNPROVED = [
    (SenderProof.ANSWER, {}),
    (SenderProof.ANSWER, {"Authentication_Results": PASSED}),
    (SenderProof.RESULTS, {}),
    (SenderProof.RESULTS, {"Authentication_Results": "mx.evil.test; dmarc=pass header.from=hongyuan.example"}),
    (SenderProof.RESULTS, {"Authentication_Results": FAILED}),
    (SenderProof.ADDRESS, {"Authentication_Results": FAILED}),
]


@pytest.mark.parametrize(("proof", "headers"), PROVED)
def test_a_colleague_whom_config_lets_be_believed_counts_without_answering_our_notice(tmp_path, proof, headers):
    with trusting(tmp_path, proof) as desk:
        desk.mail(QUALITY, SUBJECT, CONTAINMENT, **headers)
        assert contained(desk)
        assert not desk.to(WANG, "未能证实身份")


@pytest.mark.parametrize(("proof", "headers"), UNPROVED)
def test_without_that_proof_it_is_said_by_a_stranger_and_quality_is_asked(tmp_path, proof, headers):
    with trusting(tmp_path, proof) as desk:
        desk.mail(QUALITY, SUBJECT, CONTAINMENT, **headers)
        assert not contained(desk)
        assert "未能证实身份" in desk.last(WANG, "已隔离 3000 件").text


def test_a_copy_of_our_servers_finding_in_the_body_or_below_another_proves_nothing(tmp_path):
    with trusting(tmp_path, SenderProof.RESULTS) as desk:
        desk.mail(QUALITY, SUBJECT, f"Authentication-Results: {PASSED}\n\n{CONTAINMENT}")
        mail = desk._writer(QUALITY).write(SUBJECT, CONTAINMENT, headers=[("Authentication-Results", PASSED)])
        desk.put(b"Authentication-Results: mx.relay.example; none\r\n" + mail)
        assert not contained(desk)
        assert len(desk.to(WANG, "未能证实身份")) == 2


def test_who_is_believed_may_still_not_answer_for_others(tmp_path):
    with trusting(tmp_path, SenderProof.ADDRESS) as desk:
        desk.mail(SUN, SUBJECT, "关于这个客诉，生产部也想了解客户现场的情况。")
        assert "没有等他答复的事项" in desk.last(WANG).text
        desk.mail(PRODUCTION, SUBJECT, CONTAINMENT)
        assert not contained(desk)
        assert "改变状态" in desk.last(PRODUCTION).text


def test_an_outsider_is_believed_by_no_address(tmp_path):
    with trusting(tmp_path, SenderProof.ADDRESS) as desk:
        desk.mail(LI, SUBJECT, "满意，同意结案。")
        assert not desk.row(CASE)["customer_answer"]
        assert "未能证实身份" in desk.last(WANG).text


def test_whoever_is_believed_speaks_with_all_that_he_or_she_may_say(tmp_path):
    with trusting(tmp_path, SenderProof.ADDRESS) as desk:
        desk.mail(QUALITY, f"客诉 [客诉 {CASE}]", "收到")
        assert any("→ 收到" in one.text for one in desk.happened)
        desk.mail(WANG, f"[客诉 {CASE}] 等级", "等级：重大")
        assert desk.row(CASE)["severity"] == "重大"
