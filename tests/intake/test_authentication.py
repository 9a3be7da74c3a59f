"""Authentication-Results of our own server, as RFC 8601 lets servers write them."""

from email import message_from_bytes

import pytest

from daemon.intake.authentication import findings, is_forged, vouches_for

SERVER, SUN = "mx1.hongyuan.example", "sun.dapeng@hongyuan.example"


def found(*headers, body="text"):
    lines = "".join(f"Authentication-Results: {one}\r\n" for one in headers)
    return findings(message_from_bytes(f"{lines}From: x@y.example\r\n\r\n{body}".encode()), SERVER)


FAILED = [
    "mx1.hongyuan.example; dmarc=fail",
    "mx1.hongyuan.example; dmarc = fail",
    "mx1.hongyuan.example ; dmarc\r\n\t=\r\n\tfail",
    "MX1.Hongyuan.Example 1; spf=pass smtp.mailfrom=x@y.example; DMARC=FAIL (p=none) header.from=hongyuan.example",
    '"mx1.hongyuan.example"; dmarc="fail"',
    "(our own) mx1.hongyuan.example (really; dmarc=pass); dmarc (policy (p=none); \\) of them)=(so)fail",
    "mx1.hongyuan.example; dmarc/1=fail header.from=hongyuan.example",
    "mx1.hongyuan.example; dmarc=fail (never ending",
    'mx1.hongyuan.example; spf=pass smtp.mailfrom="; dmarc=pass x=@y.example; dmarc=fail',
]
NOT_FAILED = [
    "mx1.hongyuan.example; dmarc=pass",
    "mx1.hongyuan.example; none",
    "mx1.hongyuan.example; dkim=fail; dmarc=pass header.from=hongyuan.example",
    'mx1.hongyuan.example; dmarc=pass reason="no dmarc=fail; dmarc=fail"',
    "mx1.hongyuan.example; dmarc=pass (dmarc=fail)",
    "mx1.hongyuan.example.evil.test; dmarc=fail",
    "mx.evil.test; dmarc=fail",
    "",
]


@pytest.mark.parametrize("header", FAILED)
def test_a_failure_is_read_however_it_is_written(header):
    assert is_forged(found(header))
    assert not vouches_for(SUN, found(header))


@pytest.mark.parametrize("header", NOT_FAILED)
def test_what_is_no_failure_of_our_server(header):
    assert not is_forged(found(header))


VOUCHED = [
    "mx1.hongyuan.example; dmarc=pass header.from=hongyuan.example",
    "mx1.hongyuan.example; dmarc = pass (p = reject) header . from = HONGYUAN.example",
    "mx1.hongyuan.example; spf=pass smtp.mailfrom=sun.dapeng@hongyuan.example; dkim=none",
    "mx1.hongyuan.example; spf=pass smtp.mailfrom=bounces@mail.hongyuan.example; dmarc=none",
    'mx1.hongyuan.example; dkim=pass header.d=hongyuan.example header.b="a/b; c=="',
    "mx1.hongyuan.example; dkim=pass header.b=a/ header.i=@hongyuan.example",
    "mx1.hongyuan.example; dkim=fail header.d=list.test; dkim=pass header.d=hongyuan.example",
    "mx1.hongyuan.example; auth=pass (plain) smtp.auth=sun.dapeng@hongyuan.example",
]
NOT_VOUCHED = [
    "mx1.hongyuan.example; none",
    "mx1.hongyuan.example; dmarc=none; spf=none",
    "mx1.hongyuan.example; dmarc=pass header.from=evil.test",
    "mx1.hongyuan.example; spf=pass smtp.mailfrom=sun.dapeng@evil.test",
    "mx1.hongyuan.example; spf=pass smtp.helo=hongyuan.example",
    "mx1.hongyuan.example; spf=softfail smtp.mailfrom=sun.dapeng@hongyuan.example",
    "mx1.hongyuan.example; spf=pass smtp.mailfrom=x@nothongyuan.example",
    "mx1.hongyuan.example; spf=pass smtp.mailfrom=x@example",
    "mx1.hongyuan.example; dkim=pass header.d=evil.test; dmarc=fail header.from=hongyuan.example",
    "mx1.hongyuan.example; spf=pass smtp.mailfrom=hongyuan.example; dmarc=temperror",
    "mx1.hongyuan.example; auth=pass smtp.auth=wang.xiaoyan@hongyuan.example",
    "mx1.hongyuan.example; dmarc=none; dmarc=pass",
    "mx.evil.test; dmarc=pass header.from=hongyuan.example",
    "mx1.hongyuan.example x; dmarc=pass header.from=hongyuan.example",
    'mx1.hongyuan.example; x="; dmarc=pass header.from=hongyuan.example"',
    "mx1.hongyuan.example; (dmarc=pass header.from=hongyuan.example)",
    "mx1.hongyuan.example; dmarc=pass header.from=hongyuan.example (open",
]


@pytest.mark.parametrize("header", VOUCHED)
def test_for_whom_our_server_vouches(header):
    assert vouches_for(SUN, found(header))


@pytest.mark.parametrize("header", NOT_VOUCHED)
def test_for_whom_it_does_not(header):
    assert not vouches_for(SUN, found(header))


def test_only_the_topmost_header_counts():
    passed = "mx1.hongyuan.example; dmarc=pass header.from=hongyuan.example"
    assert not vouches_for(SUN, found("mx.other.example; dmarc=pass", passed))
    assert not vouches_for(SUN, found("mx1.hongyuan.example; dmarc=fail", passed))
    assert not vouches_for(SUN, found(body=f"Authentication-Results: {passed}\r\n\r\ntext"))
    assert vouches_for(SUN, found(passed, "mx1.hongyuan.example; dmarc=fail"))


def test_comments_without_end_are_read_in_time_and_say_nothing():
    assert found("mx1.hongyuan.example; dmarc=pass " + "(" * 15000) == ()
    assert found("mx1.hongyuan.example; dmarc=pass" + ' "' * 7001) == ()
