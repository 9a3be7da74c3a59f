"""One IMAP connection: log in, select, fetch, move.  Says what the server said; the mailbox decides what it means."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from imap_tools import BaseMailBox, FolderInfo, ImapToolsError, UnexpectedCommandStatusError
from imap_tools.utils import encode_folder

from daemon.adapters.findings import Endpoint, server_words
from daemon.adapters.tls import Security, context
from daemon.adapters.xoauth2 import TokenSource, Xoauth2

CLIENT_ID = '("name" "kesu" "version" "1" "vendor" "kesu")'
QQ_PARENT = "其他文件夹"  # QQ Mail keeps every folder of one's own below this one, which itself holds no mail
MOVE_BATCH = 100
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_PERSONAL_NAMESPACE = re.compile(rb'^\(\("((?:[^"\\]|\\.)*)" (?:"\\?(.)"|NIL)')


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """A mailbox on an IMAP server, and the folders that dealt-with mails go to."""

    name: str
    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    ca_file: Path | None = None
    inbox: str = "INBOX"
    done_folder: str = "已处理"
    aside_folder: str = "待人工"
    timeout: timedelta = timedelta(seconds=60)
    max_size: int = 50 * 1024 * 1024  # bytes; a larger mail is set aside unread
    sent_folder: str = ""  # where copies of what we send go; empty: none are made
    tokens: TokenSource | None = field(default=None, repr=False)  # login by OAuth, in place of the password

    @property
    def endpoint(self) -> Endpoint:
        """Return the server as messages name it."""
        return Endpoint("IMAP", self.host, self.port, self.security, self.timeout)


class Step(StrEnum):
    """What was asked of the server when it refused."""

    STARTTLS = "STARTTLS"
    LOGIN = "login"
    OAUTH = "login by OAuth"
    SELECT = "opening the folder"
    SEARCH = "listing the mails"
    FETCH = "reading mails"
    FOLDER = "making a folder"
    MOVE = "moving mails"
    APPEND = "filing a sent mail"


class Refused(Exception):
    """The server answered NO or BAD."""

    def __init__(self, step: Step, answer: str) -> None:
        super().__init__(f"{step} was refused: {answer}")
        self.step = step
        self.answer = answer

    @property
    def ours(self) -> bool:
        """Tell whether we did not ask at all, so that no setting at the provider is to blame."""
        return self.answer.startswith(("the server takes no password", "user or password holds", "the server does not"))

    @property
    def temporary(self) -> bool:
        """Tell whether the server says that this passes (RFC 5530)."""
        return any(code in self.answer.upper() for code in ("[UNAVAILABLE]", "[INUSE]", "[THROTTLED]"))


@contextmanager
def asking(step: Step) -> Iterator[None]:
    """Turn what the libraries raise for NO and BAD into Refused."""
    try:
        yield
    except imaplib.IMAP4.readonly as error:
        raise Refused(step, "the server gives reading rights only") from error
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise Refused(step, server_words(str(error))) from error
    except UnexpectedCommandStatusError as error:
        raise Refused(step, server_words(error.command_result[1])) from error


class _Box(BaseMailBox):
    """imap-tools' mailbox over a connection that we open, so that a failed STARTTLS leaves no socket behind."""

    def __init__(self, account: ImapAccount) -> None:
        self._account = account
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        account, timeout = self._account, self._account.timeout.total_seconds()
        if account.security is Security.TLS:
            verified = context(account.ca_file)
            return imaplib.IMAP4_SSL(account.host, account.port, ssl_context=verified, timeout=timeout)
        client = imaplib.IMAP4(account.host, account.port, timeout=timeout)
        if account.security is Security.STARTTLS:
            _start_tls(client, account)
        return client


def _start_tls(client: imaplib.IMAP4, account: ImapAccount) -> None:
    try:
        with asking(Step.STARTTLS):
            if "STARTTLS" not in client.capabilities:
                raise Refused(Step.STARTTLS, "the server does not offer it")  # noqa: TRY301
            client.starttls(context(account.ca_file))
    except BaseException:
        _shut(client)
        raise


def _show_token(client: imaplib.IMAP4, user: str, tokens: TokenSource) -> None:
    if "AUTH=XOAUTH2" not in client.capabilities:
        raise Refused(Step.OAUTH, "the server does not offer XOAUTH2")
    said = Xoauth2(user, tokens.token())
    try:
        client.authenticate("XOAUTH2", lambda challenge: said(challenge).encode())
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        tokens.forget()
        raise Refused(Step.OAUTH, said.explained(server_words(str(error)))) from None


def _shut(client: imaplib.IMAP4) -> None:
    with suppress(OSError):  # the connection may be gone already, as after a failed handshake
        client.shutdown()


class Session:
    """A logged-in connection.  Everything may raise Refused, imaplib's abort and OSError."""

    def __init__(self, account: ImapAccount) -> None:
        self.account = account
        self._box = _Box(account)
        self._names: dict[str, str] = {}
        self.id_refused = ""  # what the server said to our ID instead of OK
        self._made: set[str] = set()
        try:
            self._login()
            self._identify()
        except BaseException:
            _shut(self._box.client)
            raise

    def _login(self) -> None:
        account, client = self.account, self._box.client
        if "LOGINDISABLED" in client.capabilities and not account.tokens:
            raise Refused(Step.LOGIN, "the server takes no password without TLS; set security to tls or starttls")
        if not (account.user + account.password).isprintable():
            raise Refused(Step.LOGIN, "user or password holds a line break or another control character")
        plain = (account.user + account.password).isascii()
        with asking(Step.LOGIN):
            if account.tokens:
                _show_token(client, account.user, account.tokens)
            else:
                log_in = self._box.login if plain else self._box.login_utf8
                log_in(account.user, account.password, initial_folder=None)
            self._offered = set(client.capabilities)
            client.capabilities = tuple(client.capability()[1][-1].decode("ascii", "replace").upper().split())
            self._offered |= set(client.capabilities)  # most servers offer MOVE and NAMESPACE only after the login

    def _identify(self) -> None:
        """Say who we are (RFC 2971); 163 and 126 refuse SELECT to clients that do not."""
        if "ID" in self._offered:
            try:
                with asking(Step.LOGIN):
                    status, answer = self._box.client.xatom("ID", CLIENT_ID)
                self.id_refused = "" if status == "OK" else server_words(answer)
            except Refused as refusal:
                self.id_refused = refusal.answer

    def end(self) -> None:
        """Log out and close the socket; never raises."""
        with suppress(Exception):
            self._box.client.logout()
        _shut(self._box.client)

    @property
    def box(self) -> BaseMailBox:
        """Return the mailbox of imap-tools, for the modules beside this one."""
        return self._box

    def select(self, *, readonly: bool = False) -> int:
        """Open the inbox and return its UIDVALIDITY (RFC 3501, 2.3.1.1)."""
        with asking(Step.SELECT):
            self._box.folder.set(self.full_name(self.account.inbox), readonly=readonly)
        values = self._box.client.response("UIDVALIDITY")[1]
        if not values or values[0] is None:
            raise Refused(Step.SELECT, "the server names no UIDVALIDITY, so its mails cannot be told apart")
        return int(values[-1])

    def uids(self, criteria: str = "ALL") -> list[int]:
        """Return the UIDs in the inbox, ascending."""
        with asking(Step.SEARCH):
            return sorted(map(int, self._box.uids(criteria, charset=None)))

    def sizes(self, uids: Collection[int]) -> dict[int, int]:
        """Return the size of each mail in bytes; mails that are gone are missing."""
        answer = self._uid(Step.FETCH, "FETCH", _set(uids), "(UID RFC822.SIZE)") if uids else []
        pairs = ((_UID.search(line), _SIZE.search(line)) for line in answer if isinstance(line, bytes))
        return {int(uid[1]): int(size[1]) for uid, size in pairs if uid and size}

    def bodies(self, uids: Collection[int]) -> dict[int, bytes]:
        """Return whole mails by UID without marking them as read; mails that are gone are missing."""
        answer = self._uid(Step.FETCH, "FETCH", _set(uids), "(UID BODY.PEEK[])") if uids else []
        return dict(_bodies(answer))

    def move(self, uids: Collection[int], folder: str) -> None:
        """Move those mails that are still there, in batches, to a folder named as in the configuration."""
        present = sorted(set(uids) & set(self.uids(f"UID {_set(uids)}"))) if uids else []
        for start in range(0, len(present), MOVE_BATCH):
            self._move_to(present[start : start + MOVE_BATCH], folder)

    def _move_to(self, uids: list[int], folder: str) -> None:
        try:
            self._move_batch(uids, self.folder(folder))
        except Refused as error:
            if "TRYCREATE" not in error.answer.upper():
                raise
            self._made.discard(folder)  # somebody removed the folder since we made it
            self._move_batch(uids, self.folder(folder))

    def _move_batch(self, uids: list[int], target: str) -> None:
        if "MOVE" in self._box.client.capabilities:  # RFC 6851
            self._uid(Step.MOVE, "MOVE", _set(uids), encode_folder(target))
            return
        self._uid(Step.MOVE, "COPY", _set(uids), encode_folder(target))
        self._flag(uids, "+FLAGS.SILENT")
        if "UIDPLUS" in self._box.client.capabilities:  # RFC 4315
            self._uid(Step.MOVE, "EXPUNGE", _set(uids))
        else:
            self._expunge_only(uids)

    def _expunge_only(self, uids: list[int]) -> None:
        """Expunge our mails alone: what people marked as deleted is unmarked meanwhile (RFC 4549, 4.2.4)."""
        others = sorted(set(self.uids("DELETED")) - set(uids))
        self._flag(others, "-FLAGS.SILENT")
        with asking(Step.MOVE):
            self._box.expunge()
        self._flag(others, "+FLAGS.SILENT")

    def _flag(self, uids: list[int], change: str) -> None:
        if uids:
            self._uid(Step.MOVE, "STORE", _set(uids), change, r"(\Deleted)")

    def folder(self, name: str) -> str:
        """Return the server's name of a folder of ours, which is made and subscribed when it is missing."""
        if name not in self._made:
            self._make(self.full_name(name))
            self._made.add(name)
        return self.full_name(name)

    def full_name(self, name: str) -> str:
        """Return the name with the server's namespace prefix and delimiter in place of `/` (RFC 2342)."""
        if name not in self._names:
            self._names[name] = "INBOX" if name.upper() == "INBOX" else self._placed(name)
        return self._names[name]

    def _placed(self, name: str) -> str:
        prefix, delimiter = self._namespace()
        parts = [part for part in name.split("/") if part] if delimiter else [name]
        if parts[0] != QQ_PARENT and any("\\noselect" in _flags(found) for found in self._listed(QQ_PARENT)):
            parts.insert(0, QQ_PARENT)
        full = delimiter.join(parts)
        return full if full.startswith(prefix) else prefix + full

    def exists(self, full_name: str) -> bool:
        """Tell whether the server has a folder that can hold mails."""
        return any("\\noselect" not in _flags(found) for found in self._listed(full_name))

    def _listed(self, full_name: str) -> list[FolderInfo]:
        with asking(Step.FOLDER):
            found = self._box.folder.list("", full_name)
        return [one for one in found if "\\nonexistent" not in _flags(one)]

    def _make(self, full_name: str) -> None:
        if not self.exists(full_name):
            with asking(Step.FOLDER):
                self._box.folder.create(full_name)
            with suppress(ImapToolsError, imaplib.IMAP4.error):
                self._box.folder.subscribe(full_name, value=True)

    def _namespace(self) -> tuple[str, str]:
        with asking(Step.FOLDER):
            if "NAMESPACE" in self._offered:
                found = _PERSONAL_NAMESPACE.match(self._box.client.namespace()[1][0] or b"")
                if found:
                    return found[1].decode("ascii", "replace"), (found[2] or b"").decode("ascii")
            roots = self._box.folder.list("", "")
        delimiter = roots[0].delim if roots else "/"
        return "", "" if delimiter == "NIL" else delimiter

    def _uid(self, step: Step, command: str, *arguments: str | bytes) -> list[Any]:
        with asking(step):
            answer: tuple[str, list[Any]] = self._box.client.uid(command, *arguments)  # type: ignore[arg-type]
            if answer[0] != "OK":
                raise Refused(step, server_words(answer[1]))
        return answer[1]


def _set(uids: Iterable[int]) -> str:
    return ",".join(map(str, uids))


def _flags(folder: FolderInfo) -> set[str]:
    return {flag.lower() for flag in folder.flags}


def _bodies(answer: list[Any]) -> Iterator[tuple[int, bytes]]:
    """Pair bodies with UIDs; a server may name the UID before the literal or after it."""
    for part, following in zip(answer, [*answer[1:], b""], strict=True):
        if isinstance(part, tuple):
            uid = _UID.search(part[0]) or (_UID.search(following) if isinstance(following, bytes) else None)
            if uid:
                yield int(uid[1]), part[1]
