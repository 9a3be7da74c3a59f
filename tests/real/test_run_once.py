"""`kesu run` as it is shipped, with nothing but files: once until all is quiet, and as a daemon that takes mail."""

from __future__ import annotations

import smtplib
import socket
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from daemon.adapters.maildir import MaildirDrop
from daemon.demo.people import Writer
from tests.cast import COMPLAINTS, LI, QUALITY
from tests.cast import CONFIG as SHIPPED
from tests.real.factory import WRITTEN_AT, ledger_rows
from tests.real.process import kesu, looking, running
from tests.scenarios.letters import FORM, GRAVE


@pytest.fixture
def config(tmp_path) -> Path:
    """The shipped config.toml on a free port, in a shop that never closes and a folder of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in (
        ("listen_port = 2525", f"listen_port = {port}"),
        ('country = "CN"', 'country = ""'),
        ('hours = ["08:00-12:00", "13:00-17:30"]', 'hours = ["00:00-00:00"]'),
        ('"Thursday", "Friday"]', '"Thursday", "Friday", "Saturday", "Sunday"]'),
        ("[service]", "[service]\ntick_seconds = 1"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    return path


def complaint(serial: int = 1) -> bytes:
    writer = Writer("李娜", LI, COMPLAINTS, WRITTEN_AT, serial)
    photos = [("照片.jpg", b"\xff\xd8\xff\xe0 " + text) for text in (b"one", b"another")]
    return writer.write("投诉：前端盖内径超差", FORM.format(bad=30, symptom=GRAVE), photos)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return what lies in the folders that people see, with every mail that was sent."""
    roots = (folder / "ledger", folder / "state" / "sent", folder / "state" / "mail" / "已处理")
    return {
        str(path.relative_to(folder)): path.read_bytes() for root in roots for path in root.rglob("*") if path.is_file()
    }


def sent_by(folder: Path):
    paths = (folder / "state" / "sent").rglob("*.eml")
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def test_once_deals_with_what_lies_there_and_a_second_time_changes_nothing(config):
    folder = config.parent
    MaildirDrop(folder / "state" / "mail").put(complaint())
    first = kesu(config, "run", "--once")
    assert first.returncode == 0, first.stderr
    assert "ERROR" not in first.stderr
    (row,) = ledger_rows(folder / "ledger" / "客诉台账.xlsx")
    assert row["客户名称"] == "北方电机制造有限公司"
    number = str(row["客诉编号"])
    assert [mail["Subject"] for mail in sent_by(folder) if LI in mail["To"] and number in mail["Subject"]]
    (notice,) = (mail for mail in sent_by(folder) if QUALITY in mail["To"])
    assert f"8D-{number}-r1.docx" in [part.get_filename() for part in notice.iter_attachments()]
    assert (folder / "ledger" / "8D" / f"8D-{number}-r1.docx").is_file()
    photos = sorted((folder / "ledger" / "附件" / number).iterdir())
    assert [path.name for path in photos] == ["照片-2.jpg", "照片.jpg"]
    assert [path.read_bytes()[5:] for path in photos] == [b"another", b"one"]
    assert not list((folder / "state" / "mail" / "new").iterdir())
    before = files_of(folder)
    assert kesu(config, "run", "--once").returncode == 0
    assert files_of(folder) == before


def test_status_says_that_nobody_is_at_work_after_once(config):
    assert kesu(config, "run", "--once").returncode == 0
    status = kesu(config, "status")
    assert status.returncode == 1
    assert "not running" in status.stdout


def test_a_mail_by_smtp_becomes_a_case_and_the_daemon_stops_when_asked(config):
    folder = config.parent
    with running(config) as daemon:
        daemon.until("it listens", lambda: "is taken on" in daemon.said())
        port = int(daemon.said().partition("is taken on 127.0.0.1:")[2].split()[0])
        with smtplib.SMTP("127.0.0.1", port, timeout=30) as server:
            server.sendmail(LI, [COMPLAINTS], complaint())
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                server.sendmail(LI, ["nobody@hongyuan.example"], complaint())
        daemon.settle(lambda: list((folder / "state" / "mail" / "new").iterdir()))
        (row,) = ledger_rows(folder / "ledger" / "客诉台账.xlsx")
        with looking(config) as store:
            assert store.case_numbered(str(row["客诉编号"]))
        assert [mail for mail in sent_by(folder) if LI in mail["To"]]
        assert daemon.stop() == 0
        assert "ERROR" not in daemon.said()
