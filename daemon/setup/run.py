"""`kesu init` from the first question to the file: ask, try the servers out, write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from daemon.adapters import imap, smtp_connection
from daemon.adapters.files import set_aside, write_atomically
from daemon.adapters.findings import Finding
from daemon.adapters.imap_session import ImapAccount
from daemon.adapters.smtp_connection import SmtpServer
from daemon.config import load_config
from daemon.setup.answers import PASSWORD_FILE, Answers, MailAnswers, config_text
from daemon.setup.questions import ask_above, ask_company, ask_departments, ask_mail
from daemon.setup.talk import Talk, secret, yes


def init(talk: Talk, path: Path, now: datetime) -> bool:
    """Ask everything and write config.toml; False when a file that is there is to stay.

    Raises EOFError when the person leaves, and OSError when a file cannot be written.
    """
    talk.tell("kesu 安装：回答几个问题，直接回车用方括号里的值。")
    talk.tell("Setting kesu up: a few questions; Enter takes what stands in brackets.\n")
    if path.exists() and not _write_anew(talk, path):
        return False
    company = ask_company(talk)
    mail, password = _mail_that_works(talk, company.mailbox, path.parent)
    departments = ask_departments(talk, company.mailbox)
    director = ask_above(talk, "质量总监", "the quality director", departments, optional=True)
    manager = ask_above(talk, "总经理", "the general manager", departments, optional=False)
    mail = replace(mail, really_send=_really_send(talk))
    said = Answers(company.name, company.domain, company.mailbox, mail, departments, director, manager)
    if password:
        write_atomically(path.parent / PASSWORD_FILE, f"{password}\n".encode(), private=True)
    kept = set_aside(path, now) if path.exists() else None
    write_atomically(path, config_text(said, now.date()).encode())
    load_config(path)
    _farewell(talk, path, kept, oauth=mail.provider.login == "oauth")
    return True


def _write_anew(talk: Talk, path: Path) -> bool:
    zh = f"{path} 已经有了，另写一份吗？（原来的留一份副本）"
    return yes(talk, zh, "It is there already; write it anew (a copy is kept)?", default=False)


def _mail_that_works(talk: Talk, mailbox: str, base: Path) -> tuple[MailAnswers, str]:
    """Ask for the mailbox and try it out, again and again until it works or the person goes on without."""
    while True:
        mail = ask_mail(talk, mailbox)
        if mail.provider.login == "oauth":
            return mail, ""
        code = "授权码（客户端专用密码）" if mail.provider.login == "code" else "密码"
        password = secret(talk, f"{code}（输入时不显示）", "Password or authorization code (not shown)")
        talk.tell("正在试登录…… / trying it out …")
        wrong = [one for one in _tried(mail, mailbox, password, base) if not one.ok]
        if not wrong:
            talk.tell("收信、发信都能登录。\nReading and sending both work.\n")
            return mail, password
        for one in wrong:
            talk.tell(f"✗ {one.what}\n  → {one.advice}")
        talk.tell(f"请检查 / check:\n  {mail.provider.switch_on_zh}\n  {mail.provider.switch_on_en}\n")
        if not yes(
            talk, "重新填写邮箱吗？（n：先这样，以后再改）", "Ask again (n: go on, mend it later)?", default=True
        ):
            return mail, password


def _tried(mail: MailAnswers, sender: str, password: str, base: Path) -> Iterator[Finding]:
    ca_file = (base / mail.ca_file).resolve() if mail.ca_file else None
    into, out = mail.imap, mail.smtp
    yield from imap.check(ImapAccount("init", into.host, into.port, into.security, mail.user, password, ca_file))
    yield from smtp_connection.check(SmtpServer(out.host, out.port, out.security, mail.user, password, ca_file), sender)


def _really_send(talk: Talk) -> bool:
    zh = "现在就真的发邮件吗？（n：先写成文件试用，谁也收不到）"
    return yes(talk, zh, "Really send mails now (n: write them as files at first)?", default=False)


def _farewell(talk: Talk, path: Path, kept: Path | None, *, oauth: bool) -> None:
    if kept:
        talk.tell(f"原来的配置留在 {kept}。\nThe former file is kept as {kept}.")
    steps = ["kesu login", "kesu check", "kesu run --once"] if oauth else ["kesu check", "kesu run --once"]
    talk.tell(f"已写好 {path}。下一步：{' → '.join(steps)}\n{path} is written. Next: {', '.join(steps)}")
