"""A large mail is read in a child process as it would be here; what the mail does to the child is told, and no more."""

import sys
from dataclasses import replace
from io import BytesIO

import pytest

from daemon.adapters.frames import BadFrame, receive, send
from daemon.adapters.reading_apart import Bounds, ReadApart, ReaderNotStarted
from daemon.adapters.reading_words import understood
from daemon.intake.limits import UnreadableMail
from daemon.intake.read import read, read_as_complaint
from daemon.intake.reading import Known, MailKind, SentNotice
from daemon.intake.sameness import content_key
from tests.intake.conftest import CODE, CORPUS, NOTICE, company_of

ALL_APART = ReadApart(large=0)
DIRECTORY, KNOWN = company_of(CORPUS)
CHOSEN = ("003", "013", "024", "025", "026", "028", "036", "038", "041", "044")  # files, forwards, replies, reports
HEAD = b"From: Bob <bob@cust.example>\r\nSubject: broken parts\r\n"


def corpus(number):
    (path,) = (CORPUS / "mails").glob(f"{number}-*.eml")
    return path.read_bytes()


def unwalked(known: Known) -> Known:
    """What the store lets intake ask: by key, but not the whole of it."""

    class Asked(dict):
        def values(self):
            return ()

    return Known(Asked(known.by_message_id), Asked(known.by_code), known.is_number)


@pytest.mark.parametrize("number", CHOSEN)
def test_the_child_reads_what_is_read_here(number):
    raw, known = corpus(number), unwalked(KNOWN)
    assert ALL_APART.read(raw, DIRECTORY, known) == read(raw, DIRECTORY, known)


def test_the_child_reads_as_a_complaint_and_knows_copies():
    raw = corpus("038")
    assert ALL_APART.read_as_complaint(raw, DIRECTORY) == read_as_complaint(raw, DIRECTORY)
    assert ALL_APART.content_key(raw) == content_key(raw)


def test_files_come_back_byte_by_byte_and_times_as_times():
    reading = ALL_APART.read(corpus("003"), DIRECTORY, Known())
    assert reading.attachments
    assert reading.attachments == read(corpus("003"), DIRECTORY, Known()).attachments
    raw = corpus("001")
    assert ALL_APART.read(raw, DIRECTORY, Known()).facts == read(raw, DIRECTORY, Known()).facts


def test_small_mails_are_read_here():
    class Here:
        def read(self, *_mail):
            return "read here"

    apart = ReadApart(large=100, here=Here(), command=("none",))
    assert apart.read(b"x" * 100, DIRECTORY, KNOWN) == "read here"
    with pytest.raises(ReaderNotStarted, match="none"):
        apart.read(b"x" * 101, DIRECTORY, KNOWN)


def test_a_mail_over_a_limit_is_refused_for_the_reason_that_it_has_here():
    raw = HEAD + b"X-A: b\r\n" * 5000 + b"\r\nx"
    with pytest.raises(UnreadableMail) as here:
        read(raw, DIRECTORY, KNOWN)
    with pytest.raises(UnreadableMail) as apart:
        ALL_APART.read(raw, DIRECTORY, KNOWN)
    assert apart.value.reason == here.value.reason


def test_the_child_is_told_only_what_it_asks_for():
    asked = []

    class Asked(dict):
        def __getitem__(self, key):
            asked.append(key)
            return super().__getitem__(key)

        def get(self, key, default=None):
            asked.append(key)
            return super().get(key, default)

    notice = SentNotice("2611003", "notice", ("production@hongyuan.example",), CODE)
    raw = f"From: production@hongyuan.example\r\nIn-Reply-To: {NOTICE}\r\nSubject: Re\r\n\r\n收到\r\n".encode()
    reading = ALL_APART.read(raw, DIRECTORY, Known(Asked({NOTICE: notice, "<other@x>": notice})))
    assert reading.case_ref == "2611003"
    assert reading.reply.answers == notice
    assert NOTICE in asked
    assert "<other@x>" not in asked


# ── what can become of a child ───────────────────────────────────────────────────────────────────────────────────────

PROGRAM = """
import sys, pickle, os, time
from daemon.adapters.frames import BadFrame, receive, send
says, hears = sys.stdout.buffer, sys.stdin.buffer
send(says, b"ready")
receive(hears, 10**9); receive(hears, 10**9)
"""
FILE = '{"name": "../../a.txt", "media_type": "a/b", "evidence": true}'
READING = '{"kind": "complaint", "subject": "x", "from_email": null, "facts": {"a": "x"}}'


def childlike(then: str, **bounds) -> ReadApart:
    """A reader whose child does this once it has the mail."""
    return ReadApart(large=0, bounds=Bounds(**bounds), command=(sys.executable, "-P", "-c", PROGRAM + then))


def said(words: str) -> str:
    return f"send(says, {words!r}.encode())\n"


HARM = {
    "it ends": ("os._exit(3)", "ended with 3"),
    "it is killed": ("os.kill(os.getpid(), 9)", "ended with -9"),
    "it says nothing that we know": (said('{"kind": "complaint"}'), "ValidationError"),
    "it says no JSON": (said("\x00"), "ValidationError"),
    "its JSON nests without end": ("send(says, b'[' * 200_000)", "ValidationError"),
    "it says more than it may": ("says.write((1 << 40).to_bytes(8, 'big')); says.flush(); time.sleep(60)", "BadFrame"),
    "it asks without end": (
        'while True:\n send(says, b\'{"asks": "code", "key": "x"}\'); receive(hears, 999)',
        "20000",
    ),
    "it answers another question": (said('{"content_key": "x"}'), "Key"),
    "its times are none": (
        said(f'{{"reading": {READING}, "moments": ["a"], "files": []}}'),
        "ValueError",
    ),
    "its files are larger than the mail": (
        said(f'{{"reading": {READING}, "moments": [], "files": [{FILE}]}}') + "send(says, bytes(1000))",
        "BadFrame",
    ),
    "it promises files": (said(f'{{"reading": {READING}, "moments": [], "files": [{FILE}]}}'), "BadFrame"),
}


@pytest.mark.parametrize(("then", "why"), HARM.values(), ids=HARM.keys())
def test_whatever_a_child_does_the_mail_is_refused(then, why):
    with pytest.raises(UnreadableMail, match=why):
        childlike(then).read(HEAD + b"\r\nx", DIRECTORY, KNOWN)


def test_a_child_that_takes_too_long_is_ended():
    with pytest.raises(UnreadableMail, match="takes longer than"):
        childlike("time.sleep(600)", seconds=3.0).read(b"x", DIRECTORY, KNOWN)


def test_names_of_files_are_made_safe_once_more():
    told = said(f'{{"reading": {READING}, "moments": [], "files": [{FILE}]}}') + "send(says, b'abc')"
    (file,) = childlike(told).read(HEAD + b"\r\nx", DIRECTORY, KNOWN).attachments
    assert (file.name, file.data) == ("a.txt", b"abc")


def test_a_child_that_does_not_start_is_not_the_mails_fault():
    broken = ReadApart(large=0, command=(sys.executable, "-c", "raise SystemExit(7)"))
    with pytest.raises(ReaderNotStarted, match="7"):
        broken.read(b"x", DIRECTORY, KNOWN)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the system holds no process to these bounds")
class TestWhatTheSystemBounds:
    def test_memory(self):
        raw = HEAD + b"\r\n" + b"a\n" * 1_500_000
        narrow = replace(ALL_APART, bounds=Bounds(memory=150 * 1024 * 1024))
        with pytest.raises(UnreadableMail, match="more memory"):
            narrow.read(raw, DIRECTORY, KNOWN)
        assert ALL_APART.read(raw, DIRECTORY, KNOWN).kind is MailKind.COMPLAINT

    def test_work(self):
        bounded = "from daemon.adapters.reading_child import _bound\n_bound(1 << 40, 1)\nwhile True: pass"
        with pytest.raises(UnreadableMail, match="1 s of work"):
            childlike(bounded, work=1).read(b"x", DIRECTORY, KNOWN)


def test_the_child_knows_nothing_of_our_environment(monkeypatch):
    monkeypatch.setenv("KESU_SECRET", "hunter2")
    told = "import json\nsend(says, json.dumps({'unreadable': ' '.join(os.environ)}).encode())"
    with pytest.raises(UnreadableMail) as refused:
        childlike(told).read(b"x", DIRECTORY, KNOWN)
    assert "PYTHONPATH" in refused.value.reason
    assert "KESU" not in refused.value.reason


def test_what_a_child_says_is_data_only():
    assert understood(b'{"unreadable": "x"}').unreadable == "x"
    for odd in (b"", b"null", b'{"asks": "file", "key": "/etc/passwd"}', b"cos\nsystem\n(S'true'\ntR."):
        with pytest.raises(ValueError, match="valid"):
            understood(odd)


def test_messages_are_bounded():
    send(pipe := BytesIO(), b"abc")
    assert receive(BytesIO(pipe.getvalue()), 3) == b"abc"
    with pytest.raises(BadFrame, match="3 bytes"):
        receive(BytesIO(pipe.getvalue()), 2)
    with pytest.raises(BadFrame, match="gone"):
        receive(BytesIO(pipe.getvalue()[:-1]), 3)
