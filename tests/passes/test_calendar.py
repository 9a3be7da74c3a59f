from datetime import timedelta

from daemon.passes.calendar import calendar_pass, guessed


def said(desk, days):
    now = desk.clock.now() + timedelta(days=days)
    return [one.text for one in calendar_pass(desk.desk, now)]


def test_days_off_that_are_only_guessed_stand_in_the_log_once_a_week(desk):
    assert said(desk, -2) == []  # Saturday the 31st of October
    (word,) = said(desk, 0)
    assert "2027 年（CN）" in word
    assert "days_off" in word
    assert said(desk, 0) == said(desk, 6) == []
    assert said(desk, 7) == [word]
    assert [guess.year for guess in guessed(desk.desk, desk.clock.now())] == [2027]
