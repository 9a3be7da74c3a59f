"""From config.toml to mailboxes, senders and tokens.  Builds; talks to no server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from daemon.adapters.imap import ImapMailbox
from daemon.adapters.imap_session import ImapAccount
from daemon.adapters.maildir import MaildirMailbox
from daemon.adapters.oauth import Flow, OAuthClient, Tokens, UserTokens
from daemon.adapters.smtp import FolderSender, SmtpSender
from daemon.adapters.smtp_connection import SmtpServer
from daemon.adapters.tls import Security
from daemon.config import Config, MailIn, MailOut
from daemon.seams import Mailbox, MailSender

if TYPE_CHECKING:
    from daemon.adapters.smtp_listener import SmtpListener


def mailbox_of(config: Config, mail: MailIn) -> Mailbox:
    """Return a complaint mailbox.  Raises KeyError or OSError when its password is not to be had."""
    if mail.kind == "embedded":
        return MaildirMailbox(mail.account, config.path(mail.maildir), mail.done_folder, mail.aside_folder)
    return ImapMailbox(imap_account(config, mail))


def imap_account(config: Config, mail: MailIn) -> ImapAccount:
    """Return an IMAP account of config.  Raises KeyError or OSError when its password is not to be had."""
    return ImapAccount(
        name=mail.account,
        host=mail.host,
        port=mail.port or (993 if mail.security is Security.TLS else 143),
        security=mail.security,
        user=mail.user,
        password="" if mail.login == "oauth" else mail.password(config.base),
        tokens=_tokens_for(config, mail),
        ca_file=config.path(mail.ca_file) if mail.ca_file else None,
        inbox=mail.inbox,
        done_folder=mail.done_folder,
        aside_folder=mail.aside_folder,
        sent_folder=mail.sent_folder,
        timeout=timedelta(seconds=mail.timeout_seconds),
        since=mail.since,
    )


# Where people sign in and what the mail service is called, by cloud (learn.microsoft.com, national clouds).
CLOUDS = {
    "global": ("https://login.microsoftonline.com", "https://outlook.office.com", "https://outlook.office365.com"),
    "china": ("https://login.partner.microsoftonline.cn", "https://partner.outlook.cn", "https://partner.outlook.cn"),
}


def tokens_of(config: Config) -> Tokens | None:
    """Return the access tokens of our registration, None without an [oauth] section.

    Raises KeyError or OSError when its secret is not to be had.
    """
    said = config.oauth
    if said is None:
        return None
    sign_in, for_people, for_apps = CLOUDS[said.cloud]
    client = OAuthClient(
        client_id=said.client_id,
        authority=said.authority.rstrip("/") or f"{sign_in}/{said.tenant}",
        resource=said.resource.rstrip("/") or (for_apps if said.flow == "app" else for_people),
        flow=Flow(said.flow),
        token_file=config.path(said.token_file),
        secret=said.secret(config.base) if said.flow == "app" else "",
        known=not said.authority,
        ca_file=config.path(said.ca_file) if said.ca_file else None,
    )
    return Tokens(client)


def _tokens_for(config: Config, mail: MailIn | MailOut) -> UserTokens | None:
    tokens = tokens_of(config) if mail.login == "oauth" else None
    return UserTokens(tokens, mail.user) if tokens else None


def idle_accounts(config: Config) -> tuple[ImapAccount, ...]:
    """Return the mailboxes that are to wake the daemon, each with a login of its own; raises as `imap_account`."""
    return tuple(imap_account(config, mail) for mail in config.mail_in if mail.kind == "imap" and mail.idle)


def smtp_server(config: Config) -> SmtpServer:
    """Return the SMTP server of config.  Raises KeyError or OSError when its password is not to be had."""
    mail = config.mail_out
    return SmtpServer(
        host=mail.host,
        port=mail.port,
        security=mail.security,
        user=mail.user,
        password="" if mail.login == "oauth" else mail.password(config.base),
        tokens=_tokens_for(config, mail),
        ca_file=config.path(mail.ca_file) if mail.ca_file else None,
        timeout=timedelta(seconds=mail.timeout_seconds),
    )


def sender_of(config: Config) -> MailSender:
    """Return what takes our mails.  Raises KeyError or OSError when its password is not to be had."""
    if config.mail_out.kind == "folder":
        return FolderSender(config.path(config.mail_out.folder))
    return SmtpSender(smtp_server(config))


def listeners_of(config: Config) -> Iterator[SmtpListener]:
    """Yield the embedded mail servers, none when the mailboxes are real ones."""
    for mail in config.mail_in:
        if mail.kind == "embedded":
            yield _listener(config, mail)


def _listener(config: Config, mail: MailIn) -> SmtpListener:
    from daemon.adapters.smtp_listener import MaildirDelivery, SmtpListener  # noqa: PLC0415 - few need a server of ours

    delivery = MaildirDelivery({config.company.complaint_mailbox: config.path(mail.maildir)})
    return SmtpListener(delivery, mail.listen, mail.listen_port)
