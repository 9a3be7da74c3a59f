import shutil
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest

from daemon.checks import NETWORK_FILE_SYSTEMS, check_all, file_system
from tests.cast import CONFIG
from tests.core.play import PROFILE, at

NOW = at("10-05 09:00")
TEXT = CONFIG.read_text(encoding="utf-8")


@pytest.fixture
def found(tmp_path):
    """Run every check on this text as config.toml."""

    def check(text):
        (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        findings = tuple(check_all(tmp_path / "config.toml", NOW))
        return findings, [one for one in findings if not one.ok]

    return check


def test_the_shipped_config_is_well(found):
    findings, wrong = found(TEXT)
    assert not wrong, list(map(str, wrong))
    assert any("8D" in one.what for one in findings)


def test_it_tells_who_gets_the_mails_of_trouble(found):
    own = TEXT.replace("[service]\n", '[service]\nadministrator = "it@hongyuan.example"\n', 1)
    nobody, somebody = (next(one for one in found(text)[0] if "administrator" in one.what) for text in (TEXT, own))
    assert "nobody would get a mail" in nobody.what
    assert "[service]" in nobody.advice
    assert (somebody.what, somebody.advice) == ("administrator: it@hongyuan.example", "")


def test_every_fault_of_config_is_named(found, tmp_path):
    _, wrong = found(TEXT.replace('zone = "Asia/Shanghai"', 'zone = "Asia/Nowhere"').replace('["王晓燕"]', '["某人"]'))
    assert len(wrong) == 2
    assert all(one.what.startswith(f"{tmp_path / 'config.toml'}:") and one.advice for one in wrong)


def test_a_profile_that_is_missing_is_named_and_the_rest_is_looked_at(found):
    findings, (wrong,) = found(TEXT.replace('process = "8d"', 'process = "own.toml"'))
    assert "own.toml" in wrong.what
    assert len(findings) > 4


def test_every_fault_of_a_profile_is_named(found, tmp_path):
    own = PROFILE.replace('after = ["cause"]', 'after = ["course"]').replace('owner = "sales"', 'owner = "seller"', 1)
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    _, wrong = found(TEXT.replace('process = "8d"', 'process = "own.toml"'))
    assert all(any(name in one.what for one in wrong) for name in ("course", "seller"))
    assert all(one.what.startswith(f"{tmp_path / 'own.toml'}:") for one in wrong)
    (tmp_path / "own.toml").write_bytes(PROFILE.encode("gbk"))
    _, (wrong,) = found(TEXT.replace('process = "8d"', 'process = "own.toml"'))
    assert "UTF-8" in wrong.what


def test_a_role_that_nobody_holds_is_named(found):
    lines = [line for line in TEXT.splitlines() if not line.startswith("general_manager")]
    _, (wrong,) = found("\n".join(lines))
    assert "general_manager（" in wrong.what.replace(" (", "（")


def test_a_role_that_the_profile_does_not_know_is_named(found):
    _, wrong = found(TEXT.replace("quality_engineer = [", "quality_enginer = ["))
    assert "[roles] quality_enginer" in wrong[0].what
    assert wrong[0].advice == "did you mean quality_engineer?"


@pytest.mark.parametrize(
    ("name", "text", "say"),
    [("receipt.html.j2", "{% if %}", "receipt.html.j2:1"), ("task.txt.j2", "{{ view.nothing }}", "task.txt.j2")],
)
def test_a_broken_template_is_named(found, tmp_path, name, text, say):
    (tmp_path / "mail_templates" / "zh-CN").mkdir(parents=True)
    (tmp_path / "mail_templates" / "zh-CN" / name).write_text(text, encoding="utf-8")
    _, wrong = found(TEXT)
    assert wrong
    assert say in wrong[0].what


def test_a_broken_form_is_named(found, tmp_path):
    (tmp_path / "ledger" / "模板").mkdir(parents=True)
    (tmp_path / "ledger" / "模板" / "8D报告.docx").write_bytes(b"no Word file")
    _, (wrong,) = found(TEXT)
    assert "8D报告.docx" in wrong.what
    assert "mend it in Word" in wrong.advice


def test_a_broken_template_of_a_letter_is_named(found, tmp_path):
    (tmp_path / "ledger" / "模板").mkdir(parents=True)
    own = docx.Document()
    own.add_paragraph("{{ title }} {{ nothing }}")
    own.save(tmp_path / "ledger" / "模板" / "处罚通知.docx")
    own = docx.Document()
    own.add_paragraph("{{ title }} {{ value.facts }}")
    own.save(tmp_path / "ledger" / "模板" / "关于投诉处理情况的函.docx")
    _, (wrong,) = found(TEXT.replace('process = "8d"', 'process = "letters-and-penalties"'))
    assert "处罚通知.docx" in wrong.what
    assert "nothing" in wrong.what
    assert "mend it in Word" in wrong.advice


def test_a_password_that_is_not_there_is_named(found, monkeypatch):
    monkeypatch.delenv("KESU_TEST_PASSWORD", raising=False)
    imap = '[mail_in]\nkind = "imap"\nuser = "c"\npassword_env = "KESU_TEST_PASSWORD"\n'
    smtp = '[mail_out]\nkind = "smtp"\npassword_file = "none"\n'
    head, _, rest = TEXT.partition("[mail_in]")
    _, wrong = found(head + imap + smtp + rest[rest.index("[calendar]") :])
    assert ["KESU_TEST_PASSWORD" in wrong[0].what, "password file" in wrong[1].what] == [True, True]


@pytest.mark.parametrize(
    ("mail_in", "why"),
    [
        ('kind = "imap"\nhost = "imap.exmail.qq.com"\nuser = "a@b.example"', "takes mail from everywhere"),
        ('listen = "0.0.0.0"', "other machines reach"),
        ('listen = "8.8.8.8"', "other machines reach"),
        ('listen = "10.1.2.3"', ""),
        ('kind = "imap"\nhost = "127.0.0.1"\nuser = "a@b.example"', ""),
    ],
)
def test_a_mailbox_that_anybody_can_write_to_is_named_where_addresses_are_believed(found, mail_in, why):
    head, _, rest = TEXT.partition("[mail_in]\n")
    text = f"{head}[mail_in]\n{mail_in}\n[mail_out]{rest.partition('[mail_out]')[2]}"
    believing = text.replace("[company]\n", '[company]\nsender_proof = "address"\n', 1)
    wrong = [one for one in found(believing)[1] if "sender_proof" in one.what]
    assert [why in one.what for one in wrong] == ([True] if why else [])
    assert not [one for one in found(text)[1] if "sender_proof" in one.what]


def test_holidays_that_are_not_announced_are_named(tmp_path):
    shutil.copy(CONFIG, tmp_path / "config.toml")
    later = NOW.replace(year=2045)
    assert any("2045" in one.what for one in check_all(tmp_path / "config.toml", later) if not one.ok)


def test_next_years_days_off_are_a_warning_from_november_on_and_this_years_a_fault(tmp_path):
    shutil.copy(CONFIG, tmp_path / "config.toml")

    def named(now):
        return [one.ok for one in check_all(tmp_path / "config.toml", now) if "2045" in one.what]

    assert named(datetime(2044, 10, 31, tzinfo=UTC)) == []
    assert named(datetime(2044, 11, 1, tzinfo=UTC)) == [True]
    assert named(datetime(2045, 1, 1, tzinfo=UTC)) == [False]


def test_a_step_that_counts_by_a_calendar_that_is_not_there(tmp_path):
    (tmp_path / "own.toml").write_text(PROFILE.replace('id = "team"', 'id = "team"\ncalendar = "night"'), "utf-8")
    text = TEXT.replace('process = "8d"', 'process = "own.toml"')
    (tmp_path / "config.toml").write_text(text, "utf-8")
    assert any("'team' counts by the calendar 'night'" in one.what for one in check_all(tmp_path / "config.toml", NOW))
    (tmp_path / "config.toml").write_text(text + '[calendars.night]\nhours = ["22:00-06:00"]\n', "utf-8")
    assert not any("the calendar 'night'" in one.what for one in check_all(tmp_path / "config.toml", NOW))


MOUNTS = r"""rootfs / ext4 rw,relatime 0 0
tmpfs /run tmpfs rw 0 0
//server/quality /mnt/share cifs rw,vers=3.0 0 0
server:/export /mnt/with\040blank nfs4 rw 0 0
/dev/sdb1 /mnt/share/local xfs rw 0 0
/dev/sdb2 /over ext4 rw 0 0
server:/over /over nfs rw 0 0
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/kesu", "ext4"),
        ("/mnt/share/state", "cifs"),
        ("/mnt/share", "cifs"),
        ("/mnt/shared", "ext4"),
        ("/mnt/share/local/kesu", "xfs"),
        ("/mnt/with blank/kesu", "nfs4"),
        ("/over/kesu", "nfs"),
    ],
)
def test_the_file_system_of_a_folder(tmp_path, path, kind):
    (tmp_path / "mounts").write_text(MOUNTS)
    assert file_system(Path(path), tmp_path / "mounts") == kind
    assert (kind in NETWORK_FILE_SYSTEMS) is kind.startswith(("nfs", "cifs"))


def test_a_machine_that_does_not_tell_its_file_systems(tmp_path):
    assert file_system(tmp_path, tmp_path / "none") == ""


def test_a_class_of_customers_that_no_rule_asks_for_is_told(found):
    told, wrong = found(
        TEXT + '\n[[customers]]\nname = "北方"\nclass = "A"\n[[customers]]\nname = "华南"\nclass = "B"\n'
    )
    (one,) = [finding for finding in told if "[[customers]] class" in finding.what]
    assert not wrong
    assert "'B'" in one.what
    assert "[[override.raise]]" in one.advice
