import io
import json
import logging

import pytest

from daemon.adapters.logs import set_up_log

EVIL = "投诉\n2026-11-02 09:00:00,000 CRITICAL forged\r\x1b[2J\u2028end"


@pytest.fixture
def logged():
    """Return a function that logs in one kind of lines and returns what was written."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def log(kind, write):
        stream = io.StringIO()
        set_up_log(kind, stream)
        write(logging.getLogger("daemon.test"))
        return stream.getvalue()

    yield log
    root.handlers[:] = before
    root.setLevel(level)


def test_a_line_for_people_stays_one_line(logged):
    said = logged("text", lambda log: log.info("%s %s", "[2611001]", EVIL, extra={"event": "mail.aside"}))
    assert len(said.splitlines()) == 1
    assert "INFO [2611001] 投诉 2026-11-02 09:00:00,000 CRITICAL forged" in said
    assert said.rstrip("\n").isprintable()


def test_a_line_for_machines_is_one_object(logged):
    happening = {"event": "mail.aside", "case": "2611001", "text": EVIL}
    said = logged("json", lambda log: log.info("%s %s", "[2611001]", EVIL, extra=happening))
    (line,) = said.splitlines()
    found = json.loads(line)
    assert set(found) == {"time", "level", "event", "case", "text"}
    assert (found["level"], found["event"], found["case"]) == ("info", "mail.aside", "2611001")
    assert found["text"].startswith("投诉 2026")
    assert found["text"].isprintable()
    assert found["time"].endswith("+00:00")


def fail(log):
    try:
        {}[EVIL]
    except KeyError:
        log.exception("mail %s could not be dealt with", 7)


def test_a_traceback_for_people_is_set_in(logged):
    first, *rest = logged("text", fail).splitlines()
    assert first.endswith("ERROR mail 7 could not be dealt with")
    assert all(line.startswith("    ") and line.isprintable() for line in rest)


def test_an_exception_is_one_string(logged):
    (line,) = logged("json", fail).split("\n")[:-1]
    found = json.loads(line)
    assert (found["event"], found["case"]) == ("fault", "")
    assert "Traceback" in found["exception"]
    assert "KeyError" in found["exception"]


@pytest.mark.parametrize(("level", "event"), [(30, "warning"), (20, "note"), (50, "fault")])
def test_a_line_without_an_event_has_that_of_its_level(logged, level, event):
    assert json.loads(logged("json", lambda log: log.log(level, "x")))["event"] == event
