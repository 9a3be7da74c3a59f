from dataclasses import replace

import pytest

from daemon.notices.sample import sample_case
from daemon.notices.threading import (
    CODE,
    MESSAGE_ID,
    WrongEntropy,
    code_in,
    message_id,
    new_code,
    tag,
    thread_of,
    thread_root,
)

CODE_OF_BYTES = new_code(bytes(range(10)))


def test_a_code_is_eighty_bits_in_four_groups():
    assert CODE_OF_BYTES == "KS-AAAQ-EAYE-AUDA-OCAJ"
    assert CODE.fullmatch(new_code(b"\xff" * 10))


@pytest.mark.parametrize("count", [0, 9, 11])
def test_a_code_needs_exactly_ten_bytes(count):
    with pytest.raises(WrongEntropy, match=f"not of {count}"):
        new_code(bytes(count))


def test_the_code_is_found_again_in_the_message_id():
    own = message_id("2611003", "notice", CODE_OF_BYTES, "Hongyuan.Example")
    assert own == "<2611003.notice.ksaaaqeayeaudaocaj@hongyuan.example>"
    assert MESSAGE_ID.fullmatch(own)
    assert code_in(own) == CODE_OF_BYTES
    assert code_in("no code here") is None


def test_a_message_id_of_no_case_and_a_hostile_purpose_is_still_well_formed():
    own = message_id("", "sum mary\r\nBcc: x@y <>", CODE_OF_BYTES, "hongyuan.example")
    assert own == "<sum-mary-bcc-x-y.ksaaaqeayeaudaocaj@hongyuan.example>"


def test_colleagues_share_a_root_and_the_customer_gets_his_own_thread(process):
    case = sample_case(process)
    root = thread_root("2611003", "hongyuan.example")
    assert thread_of(case, "hongyuan.example", outsider=False).references == (root,)
    assert thread_of(case, "hongyuan.example", outsider=True).in_reply_to == case.message_id
    assert thread_of(None, "hongyuan.example", outsider=True).references == ()


@pytest.mark.parametrize("foreign", ["", "<>", "<a b@c>", "<a@b>\r\nBcc: x@y.example", "a@b", "<a@b> <c@d>"])
def test_a_foreign_message_id_that_is_not_well_formed_is_left_out(process, foreign):
    case = replace(sample_case(process), message_id=foreign)
    assert thread_of(case, "hongyuan.example", outsider=True).in_reply_to == ""


def test_the_tag_speaks_the_readers_language():
    assert tag("2611003") == "[客诉 2611003]"
    assert tag("2611003", "en") == "[Complaint 2611003]"
    assert tag("") == ""
