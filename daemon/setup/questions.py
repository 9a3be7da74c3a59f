"""The questions of `kesu init`, in their order; each answer is a value.  Opens no connection."""

from __future__ import annotations

from dataclasses import dataclass

from daemon.adapters.providers import Provider, by_domain, providers
from daemon.adapters.tls import Security
from daemon.core.directory import QUALITY_WORDS, SALES_WORDS
from daemon.setup.answers import Colleague, DepartmentAnswers, MailAnswers, Server
from daemon.setup.talk import Talk, address, choice, line, number, yes


@dataclass(frozen=True, slots=True)
class CompanyAnswers:
    """Who the company is."""

    name: str
    domain: str
    mailbox: str


def ask_company(talk: Talk) -> CompanyAnswers:
    """Ask for the company, and for the address that complaints are sent to."""
    name = line(talk, "公司名称", "The company's name")
    mailbox = address(
        talk, "客户投诉发到哪个邮箱？（专用邮箱）", "The mailbox that complaints are sent to (for them alone)"
    )
    own = mailbox.rpartition("@")[2].lower()
    domain = (
        line(talk, "公司邮箱域名（@ 后面的部分）", "The company's mail domain (behind the @)", own).lower().lstrip("@")
    )
    return CompanyAnswers(name, domain, mailbox)


def ask_mail(talk: Talk, mailbox: str) -> MailAnswers:
    """Ask for the provider, and for what its row of the table does not tell."""
    provider = ask_provider(talk, mailbox)
    talk.tell(f"{provider.zh}：{provider.switch_on_zh}\n{provider.en}: {provider.switch_on_en}\n")
    user = line(talk, "登录名（一般就是完整邮箱地址）", "Login name (mostly the whole address)", mailbox)
    imap = _server(talk, "IMAP", provider.imap, Server("", provider.imap_port, provider.imap_security))
    smtp = _server(talk, "SMTP", provider.smtp, Server("", provider.smtp_port, provider.smtp_security))
    ca_file, client_id, tenant = "", "", ""
    if not provider.imap:
        zh = "公司自己的根证书（PEM 文件的路径，没有就留空）"
        ca_file = line(talk, zh, "Your own root certificate (path of a PEM file; empty: none)", optional=True)
    if provider.login == "oauth":
        client_id = line(talk, "应用程序(客户端) ID", "Application (client) ID of the registered app")
        tenant = line(talk, "目录(租户) ID 或域名", "Directory (tenant) ID or domain")
    return MailAnswers(provider, user, imap, smtp, ca_file, client_id, tenant, _sent_folder(talk, provider))


def ask_provider(talk: Talk, mailbox: str) -> Provider:
    """Recognise the provider by the address, else let the person choose from the table."""
    known = by_domain(mailbox.rpartition("@")[2])
    if known and yes(talk, f"这是{known.zh}，对吗？", f"This is {known.en}, right?", default=True):
        return known
    rows = [f"{one.zh} / {one.en}" for one in providers()]
    return providers()[choice(talk, "用的是哪家邮箱？填序号", "Which mail provider? Its number", rows)]


def ask_departments(talk: Talk, mailbox: str) -> tuple[DepartmentAnswers, ...]:
    """Ask for the quality department, the sales department, and as many more as there are."""
    taken = [mailbox]
    quality = _department(talk, "质量部", "quality", taken)
    engineer = _colleague(
        talk, "质量工程师（客诉负责人）", "the quality engineer in charge of complaints", quality.manager
    )
    members = () if engineer == quality.manager else (engineer,)
    quality = DepartmentAnswers(quality.name, quality.email, quality.manager, members)
    found = [quality, _department(talk, "销售部", "sales", taken)]
    while yes(talk, "还有别的部门吗？（生产、技术、物流…）", "Is there another department?", default=len(found) < 3):
        name = line(talk, "部门名称", "The department's name")
        if name in {one.name for one in found}:
            talk.tell(f"{name} 已经有了。\n{name} is there already.")
            continue
        found.append(_department(talk, name, name, taken, name))
    return tuple(found)


def ask_above(
    talk: Talk, zh: str, en: str, departments: tuple[DepartmentAnswers, ...], *, optional: bool
) -> Colleague | None:
    """Ask for a person above the departments; an optional one may be left out."""
    none_zh, none_en = ("（没有就留空）", " (empty: none)") if optional else ("", "")
    name = line(talk, f"{zh}姓名{none_zh}", f"Name of {en}{none_en}", optional=optional)
    if not name:
        return None
    people = [one for dept in departments for one in (dept.manager, *dept.members)]
    others = [one.email for one in people if one.name != name]
    taken = [dept.email for dept in departments] + others
    default = next((one.email for one in people if one.name == name), "")
    return Colleague(name, address(talk, f"{name} 的邮箱", f"Mail address of {name}", default, taken=taken))


def _department(talk: Talk, zh: str, en: str, taken: list[str], name: str = "") -> DepartmentAnswers:
    name = name or _named(talk, zh, en)
    email = address(talk, f"{name} 的公共邮箱", f"Mailbox of {name}", taken=taken)
    taken.append(email)
    manager = line(talk, f"{name} 经理姓名", f"Name of the manager of {name}")
    person = address(talk, f"{manager} 的邮箱", f"Mail address of {manager}", taken=taken)
    taken.append(person)
    return DepartmentAnswers(name, email, Colleague(manager, person))


_WORDS = {"quality": QUALITY_WORDS, "sales": SALES_WORDS}


def _named(talk: Talk, zh: str, en: str) -> str:
    """Ask for the name of a department that is known by a word in it."""
    while True:
        name = line(talk, f"{zh}在你们公司叫什么？", f"What is the {en} department called?", zh)
        if any(word in name.lower() for word in _WORDS[en]):
            return name
        words = "、".join(_WORDS[en])
        talk.tell(f"名称里要有其中一个词：{words}。\nThe name must hold one of: {words}.")


def _colleague(talk: Talk, zh: str, en: str, default: Colleague) -> Colleague:
    name = line(talk, f"{zh}姓名", f"Name of {en}", default.name)
    if name == default.name:
        return default
    return Colleague(name, address(talk, f"{name} 的邮箱", f"Mail address of {name}", taken=[default.email]))


def _server(talk: Talk, kind: str, host: str, usual: Server) -> Server:
    if host:
        return Server(host, usual.port, usual.security)
    host = line(talk, f"{kind} 服务器名", f"{kind} server")
    port = number(talk, f"{kind} 端口", f"{kind} port", usual.port)
    tls = {993: 0, 465: 0, 143: 1, 587: 1}.get(port, list(Security).index(usual.security))
    names = [str(one) for one in Security]
    return Server(host, port, Security(names[choice(talk, "加密方式", "How it is secured", names, tls)]))


def _sent_folder(talk: Talk, provider: Provider) -> str:
    """Ask for a sent folder where the provider may keep no copy by itself."""
    if provider.files_sent == "yes":
        return ""
    zh = "服务器不自动保存已发邮件时，存到哪个文件夹？（不需要就留空）"
    en = f"Where the server keeps no copy of sent mails: the folder for them, e.g. {provider.sent[0]} (empty: none)"
    return line(talk, zh, en, provider.sent[0] if provider.files_sent == "no" else "", optional=True)
