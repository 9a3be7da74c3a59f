import pytest

from daemon.intake.read import read
from daemon.intake.reading import Known, MailKind

FORM = ("产品名称：端盖", "产品型号：AB-100", "不良数量：30", "问题描述：内径超差，无法装配。", "处理要求：请换货。")
BODY = "\r\n\r\n" + "\r\n".join(FORM) + "\r\n"


def mail(*headers: str) -> bytes:
    lines = ("From: erp@customer.example", "Subject: 投诉 AB-100", "Content-Type: text/plain; charset=utf-8", *headers)
    return ("\r\n".join(lines) + BODY).encode()


@pytest.mark.parametrize("header", ["Auto-Submitted: auto-generated", "Precedence: bulk", "Return-Path: <>"])
def test_a_machine_may_complain_but_is_never_answered(header, directory):
    found = read(mail(header), directory, Known())
    assert found.kind is MailKind.COMPLAINT
    assert found.automatic


@pytest.mark.parametrize("header", ["Auto-Submitted: no", "X-Auto-Response-Suppress: All", "X-Priority: 1"])
def test_a_person_is_a_person(header, directory):
    assert not read(mail(header), directory, Known()).automatic
