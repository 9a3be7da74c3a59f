"""What the administrator said, as values, and config.toml written from it.  Asks nobody, writes no file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from daemon.adapters.providers import Provider
from daemon.adapters.tls import Security

PASSWORD_FILE = "kesu.password"  # noqa: S105 — the name of a file


@dataclass(frozen=True, slots=True)
class Server:
    """Where mails are read or sent."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True)
class MailAnswers:
    """The mailbox: provider, servers, and how one logs in; the password is kept elsewhere."""

    provider: Provider
    user: str
    imap: Server
    smtp: Server
    ca_file: str = ""
    client_id: str = ""
    tenant: str = ""
    sent_folder: str = ""
    really_send: bool = False


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person by name and address."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class DepartmentAnswers:
    """A department with its mailbox and its manager."""

    name: str
    email: str
    manager: Colleague
    members: tuple[Colleague, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that was asked for."""

    company: str
    domain: str
    complaint_mailbox: str
    mail: MailAnswers
    departments: tuple[DepartmentAnswers, ...]
    quality_director: Colleague | None = None
    general_manager: Colleague | None = None


def config_text(said: Answers, today: date) -> str:
    """Return config.toml as these answers want it, with comments in both languages."""
    parts = (_head(said, today), _mail_in(said, today), _mail_out(said), _oauth(said.mail), _people(said))
    return "\n".join(part for part in parts if part) + "\n"


def _head(said: Answers, today: date) -> str:
    return f"""\
# kesu 的配置，由 kesu init 于 {today} 写成。逐项说明见 README.zh-CN.md；改完运行 kesu check。
# kesu's settings, written by `kesu init` on {today}. Each is explained in README.md; run `kesu check` after a change.

[company]
name = {_text(said.company)}
domain = {_text(said.domain)}
complaint_mailbox = {_text(said.complaint_mailbox)}

[service]
ledger = "ledger"            # 共享文件夹，可以放在文件服务器上 / the shared folder; may lie on a file share
state = "state"              # 程序自己的数据，必须在本机硬盘 / the daemon's memory; on a local disk
"""


def _mail_in(said: Answers, today: date) -> str:
    mail = said.mail
    sent = (
        f"sent_folder = {_text(mail.sent_folder)}   # 已发邮件存一份 / copies of what is sent\n"
        if mail.sent_folder
        else ""
    )
    return f"""\
[mail_in]                    # {mail.provider.zh} / {mail.provider.en}
kind = "imap"
{_server(mail.imap, mail)}{sent}{_since(today)}"""


def _since(today: date) -> str:
    return f"since = {today}           # 之前的邮件不处理 / mails of before are left alone\n"


def _mail_out(said: Answers) -> str:
    mail = said.mail
    kind = "smtp" if mail.really_send else "folder"
    return f"""\
[mail_out]
# "folder"：只写成文件，谁也收不到；"smtp"：真的发出 / "folder" only writes files, "smtp" really sends
kind = "{kind}"
{_server(mail.smtp, mail)}"""


def _server(server: Server, mail: MailAnswers) -> str:
    oauth = mail.provider.login == "oauth"
    lines = [
        f"host = {_text(server.host)}",
        f"port = {server.port}",
        f'security = "{server.security}"',
        f"user = {_text(mail.user)}",
        'login = "oauth"' if oauth else f'password_file = "{PASSWORD_FILE}"',
    ]
    if mail.ca_file:
        lines.append(f"ca_file = {_text(mail.ca_file)}")
    return "\n".join(lines) + "\n"


def _oauth(mail: MailAnswers) -> str:
    if mail.provider.login != "oauth":
        return ""
    return f"""\
[oauth]                      # 之后运行 kesu login / then run `kesu login`
client_id = {_text(mail.client_id)}
tenant = {_text(mail.tenant)}
cloud = "{mail.provider.cloud}"
flow = "device"
"""


def _people(said: Answers) -> str:
    above = [("quality_director", said.quality_director), ("general_manager", said.general_manager)]
    lines = ["[escalation]               # 逾期时往上找谁 / who is told when something is late"]
    lines += [f"{role} = {_person(one)}" for role, one in above if one]
    for dept in said.departments:
        members = f"members = [ {', '.join(map(_person, dept.members))} ]\n" if dept.members else ""
        lines.append(
            f"\n[[departments]]\nname = {_text(dept.name)}\nemail = {_text(dept.email)}\n"
            f"manager = {_person(dept.manager)}\n{members}".rstrip()
        )
    lines += [
        "\n# 分派规则：自上而下，先中先得；照样增加 / routing: the first that fits wins; add more like it",
        f'[[routing]]\ndepartment = {_text(said.departments[0].name)}\nwhen = ["默认"]',
    ]
    return "\n".join(lines)


def _person(one: Colleague) -> str:
    return f"{{ name = {_text(one.name)}, email = {_text(one.email)} }}"


def _text(value: str) -> str:
    """Return a TOML basic string; JSON's escapes are TOML's."""
    return json.dumps(value, ensure_ascii=False)
