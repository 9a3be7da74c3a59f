"""Copies of a mail, and mails that only look alike."""

from __future__ import annotations

from base64 import b64encode

import pytest

from daemon.intake.sameness import called, content_key

COPY = (
    b"From: Li <li@cust.example>\r\nSubject: =?utf-8?Q?a?=\r\n b\r\n"
    b"Date: Mon, 2 Nov 2026 09:00:00 +0800\r\nMessage-ID: <a@b>\r\n"
)
BODY = b"\r\nfront cover\r\n\r\nSubject: no header\r\n"


@pytest.mark.parametrize(
    "copy",
    [
        b"Received: from a by b\r\n\tfor c\r\n" + COPY + BODY,
        b"Delivered-To: x@y.example\r\n" + COPY + b"X-Spam: From: no\r\n" + BODY,
        COPY.replace(b"\r\n", b"\n") + BODY.replace(b"\r\n", b"\n", 1),
        (COPY + BODY).replace(b"\r\n", b"\n"),
        COPY + BODY + b" \r\n",
        COPY.replace(b"=?utf-8?Q?a?=\r\n b", b"=?utf-8?B?YSBi?=") + BODY,
        COPY + b"Content-Transfer-Encoding: base64\r\n\r\n" + b64encode(BODY[2:]),
    ],
)
def test_two_copies_of_a_mail_have_one_key(copy):
    assert content_key(copy) == content_key(COPY + BODY)


@pytest.mark.parametrize(
    "other",
    [
        COPY.replace(b"<a@b>", b"<c@d>") + BODY,
        COPY.replace(b"\r\n b", b"\r\n c") + BODY,
        COPY.replace(b"09:00", b"09:01") + BODY,
        COPY + BODY.replace(b"front", b"back"),
        COPY + BODY.replace(b"no header", b"another"),
        COPY,
        b"",
    ],
)
def test_another_mail_has_another_key(other):
    assert content_key(other) != content_key(COPY + BODY)


def with_attached(inner):
    return COPY + b"Content-Type: message/rfc822\r\n\r\nSubject: " + inner


def test_an_attached_mail_counts():
    assert content_key(with_attached(b"a\r\n\r\nb")) == content_key(with_attached(b"a\n\nb\n"))
    others = {content_key(with_attached(inner)) for inner in (b"a\r\n\r\nb", b"c\r\n\r\nb", b"a\r\n\r\nd")}
    assert len(others) == 3


def test_what_must_not_be_parsed_is_compared_byte_by_byte():
    deep = COPY + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(500))
    assert content_key(b"Received: x\r\n" + deep) == content_key(deep)
    assert content_key(deep + b"x") != content_key(deep)


def test_a_mail_without_message_id_is_called_by_who_when_and_what_about():
    nameless = COPY.replace(b"Message-ID: <a@b>\r\n", b"")
    assert called(COPY + BODY) == "<a@b>"
    assert called(b"Received: x\r\n" + nameless + BODY) == called(nameless.replace(b"\r\n b", b" b"))
    assert called(nameless) != called(nameless.replace(b"09:00", b"09:01"))
    assert called(b"From: a@b\r\nSubject: x\r\n\r\n") is None, "without a date two such may be two"
