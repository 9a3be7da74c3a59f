"""A part of `make fuzz`: whatever bytes come, a mail is read or refused with a reason."""

from tests.fuzz.mails import run_seed

MAILS = 400


def test_whatever_comes_is_read_or_refused():
    count, _, failed = run_seed(0, MAILS)
    assert not failed, failed
    assert count >= MAILS
