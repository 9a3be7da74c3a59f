import json
import re
from contextlib import closing
from pathlib import Path

import pytest

from daemon import cli
from daemon.adapters.clock import VirtualClock
from daemon.adapters.files import StateLock
from daemon.adapters.maildir import MaildirMailbox
from daemon.adapters.store import open_store
from daemon.cli import FINE, TO_MEND, WRONG_USAGE, main
from daemon.config import load_config
from daemon.demo.people import Writer
from daemon.seams import MailKey, MailOutcome
from daemon.service import run
from daemon.wiring import store_address
from tests.cast import COMPLAINTS, CONFIG, LI
from tests.core.play import at
from tests.scenarios.letters import FORM, GRAVE

COMPLAINT = Writer("李娜", LI, COMPLAINTS, at("11-02 09:00"), 1).write("投诉", FORM.format(bad=30, symptom=GRAVE))


def put_config(folder, **changes):
    text = CONFIG.read_text(encoding="utf-8")
    for old, new in changes.items():
        text = text.replace(f"{old} = ", f"{old} = {new} # ", 1)
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def config(tmp_path):
    return put_config(tmp_path)


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    """A daemon that has registered one complaint and stopped."""
    path = put_config(tmp_path_factory.mktemp("worked"))
    config = load_config(path)
    inbox = config.path(config.mail_in[0].maildir)
    MaildirMailbox("embedded", inbox, "done", "aside").close()
    (inbox / "new").mkdir(parents=True, exist_ok=True)
    (inbox / "new" / "1.eml").write_bytes(COMPLAINT)
    run(config, VirtualClock(at("11-02 09:00")), once=True)
    return path


def usage(*arguments):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return left.value.code


@pytest.mark.parametrize("verb", [[], *([verb] for verb in cli.VERBS)], ids=lambda verb: " ".join(verb) or "kesu")
def test_help_prints(capsys, verb):
    assert usage(*verb, "--help") == FINE
    assert "usage: kesu" in capsys.readouterr().out


def test_the_version_prints(capsys):
    assert usage("--version") == FINE
    assert capsys.readouterr().out.startswith("kesu ")


@pytest.mark.parametrize(
    "arguments",
    [(), ("dance",), ("case",), ("parse",), ("preview",), ("run", "--twice"), ("case", "1", "--language", "fr")],
    ids=str,
)
def test_wrong_usage_is_explained(capsys, arguments):
    assert usage(*arguments) == WRONG_USAGE
    assert "usage: kesu" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--once"),
        ("check",),
        ("status",),
        ("case", "2611001"),
        ("explain", "2611001"),
        ("parse", "x.eml"),
        ("preview", "receipt"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_config_that_cannot_be_used_is_named(capsys, tmp_path, arguments):
    assert main([*arguments, "--config", str(tmp_path / "none.toml")]) == TO_MEND
    captured = capsys.readouterr()
    assert "none.toml:1: cannot be read" in captured.out + captured.err


@pytest.mark.parametrize("verb", [("status",), ("case", "2611001"), ("explain", "2611001")], ids=lambda verb: verb[0])
def test_a_store_that_is_not_there_is_named(capsys, config, verb):
    assert main([*verb, "--config", str(config)]) == TO_MEND
    assert capsys.readouterr().err.startswith("kesu: ")


def test_check_says_what_to_mend(capsys, tmp_path):
    assert main(["check", "--config", str(put_config(tmp_path, process='"own.toml"'))]) == TO_MEND
    out = capsys.readouterr().out
    assert "MEND" in out
    assert "own.toml" in out
    assert out.rstrip().endswith("to mend")


def test_a_case_is_told(capsys, worked):
    assert main(["case", "2611001", "--config", str(worked)]) == FINE
    assert "登记客诉 2611001" in capsys.readouterr().out
    assert main(["case", "2611001", "--language", "en", "--config", str(worked)]) == FINE
    assert "registered case 2611001" in capsys.readouterr().out


def test_a_case_is_explained(capsys, worked):
    assert main(["explain", "2611001", "--config", str(worked)]) == FINE
    assert "规则 " in capsys.readouterr().out
    assert main(["explain", "2611001", "--language", "en", "--config", str(worked)]) == FINE
    assert "rule for " in capsys.readouterr().out


CORPUS = Path(__file__).parent / "corpus"
CAST = ["--directory", str(CORPUS / "directory.toml"), "--known", str(CORPUS / "known.json")]


@pytest.mark.parametrize(
    ("mail", "language", "said"),
    [
        ("001", "zh-CN", ("投诉：", "客户名称：", "    ← 正文第 5 行第 6 字 “客户名称：", "    ← 发件人 “")),
        (
            "016",
            "en",
            (
                "a complaint: ",
                "forwarded by a colleague; who complains: ",
                "    ← forwarded text, line ",
                " (please check)",
            ),
        ),
        ("004", "zh-CN", ("投诉等级：重大",)),
        ("028", "zh-CN", ("对案件的答复：", "归入案件 ", "意思：回复措施")),
        ("041", "en", ("from ",)),
    ],
)
def test_a_mail_is_explained(capsys, mail, language, said):
    path = next((CORPUS / "mails").glob(f"{mail}-*.eml"))
    assert main(["explain", str(path), "--language", language, *CAST]) == FINE
    out = capsys.readouterr().out
    assert all(words in out for words in said), out


def test_a_judgement_is_explained_by_its_words(capsys):
    path = next((CORPUS / "mails").glob("004-*.eml"))
    main(["explain", str(path), *CAST])
    lines = capsys.readouterr().out.split("\n")
    grade = next(number for number, line in enumerate(lines) if "投诉等级：重大" in line)
    assert re.search(r"← .*(?:line|stop|down)", lines[grade + 1], re.IGNORECASE)


@pytest.mark.parametrize(("mail", "language"), [("001", "zh-CN"), ("016", "en"), ("031", "zh-CN")])
def test_the_page_shows_it_as_it_is_printed(capsys, mail, language):
    path = next((CORPUS / "mails").glob(f"{mail}-*.eml"))
    main(["explain", str(path), "--language", language, *CAST])
    page = Path(__file__).parents[1] / "docs" / "understanding.md"
    assert f"\n{capsys.readouterr().out}```\n" in page.read_text("utf-8")


def test_a_mail_that_is_not_there_is_named(capsys):
    assert main(["explain", "no.eml", *CAST]) == TO_MEND
    assert "no.eml" in capsys.readouterr().err


def test_an_unknown_case_is_no_case(capsys, worked):
    assert main(["case", "9999999", "--config", str(worked)]) == TO_MEND
    assert main(["explain", "9999999", "--config", str(worked)]) == TO_MEND
    assert "there is no case 9999999" in capsys.readouterr().err


def test_status_tells_what_waits(capsys, worked):
    assert main(["status", "--config", str(worked)]) == TO_MEND, "no daemon runs"
    assert "not running" in capsys.readouterr().out


def test_a_second_daemon_is_refused(capsys, worked):
    with StateLock(worked.parent / "state" / "kesu.lock").held(at("11-02 09:00")):
        assert main(["run", "--once", "--config", str(worked)]) == TO_MEND
    assert "kesu: " in capsys.readouterr().err


def test_a_password_that_is_not_there_is_named(capsys, tmp_path, monkeypatch):
    monkeypatch.delenv("KESU_TEST_PASSWORD", raising=False)
    path = put_config(tmp_path)
    more = '[mail_out]\nkind = "smtp"\npassword_env = "KESU_TEST_PASSWORD"\n'
    path.write_text(path.read_text("utf-8").replace('[mail_out]\nkind = "folder"', more, 1), encoding="utf-8")
    assert main(["run", "--once", "--config", str(path)]) == TO_MEND
    assert "KESU_TEST_PASSWORD" in capsys.readouterr().err


# ── parse ──


@pytest.fixture
def mails(tmp_path):
    (tmp_path / "1.eml").write_bytes(COMPLAINT)
    (tmp_path / "2.eml").write_bytes(b"Subject: x\r\n" + b"X-A: 1\r\n" * 2000 + b"\r\nhello")
    (tmp_path / "4.eml").mkdir()
    (tmp_path / "5.eml").write_bytes(b"")
    (tmp_path / "6.eml").write_bytes(b"From: a@b.example\r\nSubject: \xff\xfe\xed\xa0\x80\r\n\r\n\x00\xed\xb0\x80\xff")
    return [str(tmp_path / f"{number}.eml") for number in range(1, 7)]


def test_parse_gives_one_line_a_file_in_order(capfd, config, mails):
    assert main(["parse", "--json", *mails, "--config", str(config)]) == TO_MEND
    rows = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert len(rows) == len(mails)
    assert (rows[0]["kind"], "error" in rows[0]) == ("complaint", False)
    for number in (1, 2, 3):
        assert rows[number]["kind"] == "noise"
        assert rows[number]["error"].startswith(mails[number])


def test_parse_for_people(capsys, config, mails):
    assert main(["parse", mails[0], "--config", str(config)]) == FINE
    assert "── 1.eml" in capsys.readouterr().out


def test_parse_takes_a_directory_of_its_own(capsys, tmp_path, mails):
    text = CONFIG.read_text(encoding="utf-8")
    people = "[company]" + text.partition("[company]")[2].partition("[service]")[0] + text[text.index("[escalation]") :]
    (tmp_path / "directory.toml").write_text(people, encoding="utf-8")
    arguments = ["parse", "--json", mails[0], "--config", str(tmp_path / "none.toml")]
    assert main([*arguments, "--directory", str(tmp_path / "directory.toml")]) == FINE
    assert json.loads(capsys.readouterr().out)["kind"] == "complaint"
    assert main([*arguments, "--directory", str(tmp_path / "none.toml")]) == TO_MEND


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"<a@b>": {"case": "2611001", "about": "notice", "to": ["x@y.example"]}}', FINE),
        ("{", TO_MEND),
        ("[]", TO_MEND),
        ('{"<a@b>": {}}', TO_MEND),
    ],
)
def test_parse_takes_known_mails_of_its_own(capsys, config, tmp_path, mails, text, code):
    (tmp_path / "known.json").write_text(text)
    known = ["--known", str(tmp_path / "known.json")]
    assert main(["parse", "--json", mails[0], *known, "--config", str(config)]) == code
    assert ("must be a JSON object" in capsys.readouterr().err) is (code == TO_MEND)


# ── process ──


def test_a_process_is_shown_in_words_and_drawn(capsys, config):
    assert main(["process", "show", "--config", str(config)]) == FINE
    shown = capsys.readouterr().out
    assert shown.startswith("# 8D 客诉处理流程")
    assert "```mermaid" in shown
    assert main(["process", "show", "8d", "--mermaid", "--language", "en"]) == FINE
    drawn = capsys.readouterr().out
    assert drawn.startswith("flowchart TD")
    assert 'approve -. "reject" .-> action' in drawn


def test_a_process_with_faults_is_named_with_its_lines(capsys, tmp_path):
    (tmp_path / "own.toml").write_text('id = "own"\nextends = "8d"\n[[step]]\nid = "check"\nafter = "frist"\n')
    assert main(["process", "show", str(tmp_path / "own.toml")]) == TO_MEND
    assert "own.toml:5: step 'check' waits for 'frist', which is no step" in capsys.readouterr().err
    assert main(["process", "show", "none"]) == TO_MEND
    assert "none" in capsys.readouterr().err


# ── preview ──


def test_preview_shows_a_notice(capsys, config, tmp_path):
    html = tmp_path / "out.html"
    arguments = ["preview", "receipt", "--language", "en", "--html", str(html), "--config", str(config)]
    assert main(arguments) == FINE
    assert capsys.readouterr().out.strip()
    assert "<html" in html.read_text(encoding="utf-8")


def test_preview_of_what_is_not_there(capsys, config, tmp_path):
    assert main(["preview", "nonsense", "--config", str(config)]) == TO_MEND
    assert "nonsense" in capsys.readouterr().err
    elsewhere = ["--html", str(tmp_path / "no" / "folder.html")]
    assert main(["preview", "receipt", *elsewhere, "--config", str(config)]) == TO_MEND


# ── requeue ──


@pytest.fixture
def put_aside(tmp_path):
    """A store in which a complaint was set aside, and no daemon runs."""
    path = put_config(tmp_path)
    config = load_config(path)
    config.path("state").mkdir()
    with closing(open_store(store_address(config))) as store:
        mail = store.remember_mail(MailKey("embedded", "INBOX", 1, "1"), COMPLAINT, None, at("11-02 09:00"))
        store.finish_mail(mail.id, MailOutcome.ASIDE, "试了三次")
        done = store.remember_mail(MailKey("embedded", "INBOX", 1, "2"), b"x", None, at("11-02 09:00"))
        store.finish_mail(done.id, MailOutcome.THREAD)
    return path


def outcome_of(path, mail):
    with closing(open_store(store_address(load_config(path)), read_only=True)) as store:
        return store.mail(mail).outcome, store.take_commands(9)


def test_what_was_set_aside_is_listed(capsys, put_aside):
    assert main(["requeue", "--config", str(put_aside)]) == FINE
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("1  2026-11-02")
    assert all(word in line for word in (LI, "投诉", "试了三次"))


@pytest.mark.parametrize("which", ["1", "--aside"])
def test_a_mail_is_read_anew_when_no_daemon_runs(capsys, put_aside, which):
    assert main(["requeue", which, "--config", str(put_aside)]) == FINE
    assert outcome_of(put_aside, 1) == (MailOutcome.NEW, ())
    assert outcome_of(put_aside, 2)[0] is MailOutcome.THREAD
    assert "is read anew" in capsys.readouterr().out


def test_beside_a_daemon_the_wish_is_queued(capsys, put_aside):
    with StateLock(put_aside.parent / "state" / "kesu.lock").held(at("11-02 09:00")):
        assert main(["requeue", "1", "--config", str(put_aside)]) == FINE
    assert outcome_of(put_aside, 1) == (MailOutcome.ASIDE, ((1, "requeue", {"mail": "1"}),))
    assert "by the running daemon" in capsys.readouterr().out


def test_what_was_not_set_aside_is_refused(capsys, put_aside):
    assert main(["requeue", "2", "99", "--config", str(put_aside)]) == TO_MEND
    said = capsys.readouterr().err
    assert "mail 2 was not set aside" in said
    assert "there is no mail 99" in said
