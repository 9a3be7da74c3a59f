"""An administrator answers `kesu init`, against a real Dovecot and a real SMTP listener."""

from __future__ import annotations

import stat
from collections import deque
from datetime import UTC, datetime

import pytest

from daemon.adapters.smtp_listener import Protection, Sink, SmtpListener
from daemon.adapters.tls import Security
from daemon.cli import TO_MEND, main
from daemon.config import directory_of, load_config
from daemon.setup.run import init
from tests.servers.dovecot import PASSWORD

pytestmark = pytest.mark.server
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
US = "complaints@hongyuan.example"
PEOPLE = [
    ("质量部在你们公司", "品质部"),
    ("品质部 的公共邮箱", "quality@hongyuan.example"),
    ("品质部 经理姓名", '陈"立新\\'),
    ("的邮箱", "chen@hongyuan.example"),
    ("质量工程师", "王晓燕"),
    ("王晓燕 的邮箱", "wang@hongyuan.example"),
    ("销售部在你们公司", ""),
    ("销售部 的公共邮箱", "quality@hongyuan.example"),
    ("销售部 的公共邮箱", "sales@hongyuan.example"),
    ("销售部 经理姓名", "郑海涛"),
    ("郑海涛 的邮箱", "zheng@hongyuan.example"),
    ("还有别的部门", "n"),
    ("质量总监姓名", ""),
    ("总经理姓名", "周宏远"),
    ("周宏远 的邮箱", "gm@hongyuan.example"),
]


class Administrator:
    """Answers in order; each answer names the question that it is for."""

    def __init__(self, *answers) -> None:
        self.answers = deque(answers)
        self.shown = ""

    def tell(self, text):
        self.shown += text + "\n"

    def ask(self, question):
        self.shown += question + "\n"
        expected, answer = self.answers.popleft()
        assert expected in question, f"expected {expected}, was asked {question}"
        return answer

    def ask_secret(self, question):
        return self.ask(question)


@pytest.fixture
def smtp(authority):
    login = Protection(Security.STARTTLS, authority.server_context(), (US, PASSWORD))
    with SmtpListener(Sink(), protection=login) as listener:
        yield listener


def company(mailbox=US):
    return [("公司名称", "宏远"), ("客户投诉发到", "complaints"), ("客户投诉发到", mailbox), ("公司邮箱域名", "")]


def own_exchange(dovecot, smtp, password=PASSWORD):
    return [
        ("用的是哪家邮箱", "12"),
        ("登录名", ""),
        ("IMAP 服务器名", "localhost"),
        ("IMAP 端口", str(dovecot.tls_port)),
        ("加密方式", "1"),
        ("SMTP 服务器名", "localhost"),
        ("SMTP 端口", str(smtp.port)),
        ("加密方式", "2"),
        ("根证书", str(dovecot.ca_file)),
        ("存到哪个文件夹", ""),
        ("密码（输入时不显示）", password),
    ]


def test_an_administrator_sets_an_own_server_up(dovecot, smtp, tmp_path):
    path = tmp_path / "config.toml"
    wrong = own_exchange(dovecot, smtp, "not-the-password")
    person = Administrator(
        *company(), *wrong, ("重新填写", ""), *own_exchange(dovecot, smtp), *PEOPLE, ("真的发邮件", "")
    )
    assert init(person, path, NOW)
    assert not person.answers
    config = load_config(path)
    [box] = config.mail_in
    assert (box.kind, box.host, box.port, box.sent_folder) == ("imap", "localhost", dovecot.tls_port, "Sent Items")
    assert box.since == NOW.date()
    assert (config.mail_out.kind, config.mail_out.security) == ("folder", "starttls")
    assert box.password(config.base) == config.mail_out.password(config.base) == PASSWORD
    assert stat.S_IMODE((tmp_path / "kesu.password").stat().st_mode) == 0o600
    directory = directory_of(config)
    assert [directory.people[one].name for one in directory.roles["quality_engineer"]] == ["王晓燕"]
    assert config.departments[0].manager.name == '陈"立新\\'
    assert "Microsoft Exchange IMAP4" in person.shown  # what to switch on, after the wrong password
    assert "收信、发信都能登录" in person.shown
    assert PASSWORD not in path.read_text(encoding="utf-8")
    assert PASSWORD not in person.shown


def test_it_may_go_on_although_the_login_fails(dovecot, smtp, tmp_path):
    path = tmp_path / "config.toml"
    wrong = own_exchange(dovecot, smtp, "not-the-password")
    person = Administrator(*company(), *wrong, ("重新填写", "n"), *PEOPLE, ("真的发邮件", "y"))
    assert init(person, path, NOW)
    assert load_config(path).mail_out.kind == "smtp"


def test_a_provider_that_is_known_by_its_domain_and_takes_no_password(tmp_path):
    path = tmp_path / "config.toml"
    mail = [("Microsoft 365", ""), ("登录名", ""), ("应用程序", "0815-app"), ("租户", "hongyuan.onmicrosoft.com")]
    person = Administrator(*company("quality@hongyuan.onmicrosoft.com"), *mail, *PEOPLE, ("真的发邮件", "y"))
    assert init(person, path, NOW)
    config = load_config(path)
    assert (config.mail_in[0].login, config.oauth.client_id, config.mail_out.port) == ("oauth", "0815-app", 587)
    assert "kesu login → kesu check" in person.shown
    assert not (tmp_path / "kesu.password").exists()


def test_a_file_that_is_there_stays_or_is_kept_as_a_copy(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text("mine")
    assert not init(Administrator(("已经有了", "")), path, NOW)
    assert path.read_text() == "mine"
    mail = [("Microsoft 365", ""), ("登录名", ""), ("应用程序", "a"), ("租户", "t.example")]
    person = Administrator(
        ("已经有了", "y"), *company("q@hongyuan.onmicrosoft.com"), *mail, *PEOPLE, ("真的发邮件", "")
    )
    assert init(person, path, NOW)
    assert [one.read_text() for one in tmp_path.glob("config-*.toml")] == ["mine"]


def test_without_a_terminal_it_says_so(tmp_path, capsys):
    assert main(["init", "--config", str(tmp_path / "config.toml")]) == TO_MEND
    assert "needs a terminal" in capsys.readouterr().err
    assert not (tmp_path / "config.toml").exists()
