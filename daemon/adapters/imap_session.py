"""One IMAP connection: log in, select, fetch, move.  Says what the server said; the mailbox decides what it means."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from imap_tools import BaseMailBox, FolderInfo, ImapToolsError

from daemon.adapters.findings import server_words
from daemon.adapters.imap_account import ImapAccount, Refused, Step, asking
from daemon.adapters.imap_answers import bodies_in, day, days_in, sizes_in, uid_set, uids_in
from daemon.adapters.imap_client import Box, show_token, shut
from daemon.adapters.tls import valid_until

__all__ = ["ImapAccount", "Refused", "Session", "Step", "asking"]

CLIENT_ID = '("name" "kesu" "version" "1" "vendor" "kesu")'
QQ_PARENT = "其他文件夹"  # QQ Mail keeps every folder of one's own below this one, which itself holds no mail
_PERSONAL_NAMESPACE = re.compile(rb'^\(\("((?:[^"\\]|\\.)*)" (?:"\\?(.)"|NIL)')


class Session:
    """A logged-in connection.  Everything may raise Refused, imaplib's abort and OSError."""

    def __init__(self, account: ImapAccount) -> None:
        self.account = account
        self._box = Box(account)
        self._names: dict[str, str] = {}
        self.id_refused = ""  # what the server said to our ID instead of OK
        self._made: set[str] = set()
        self._searches, self._empty = True, False
        self.uidvalidity = 0  # of the inbox, as it was opened last
        try:
            self._login()
            self._identify()
        except BaseException:
            shut(self._box.client)
            raise

    def _login(self) -> None:
        account, client = self.account, self._box.client
        if "LOGINDISABLED" in client.capabilities:
            raise Refused(Step.LOGIN, "the server takes no password without TLS; set security to tls or starttls")
        if not (account.user + account.password).isprintable():
            raise Refused(Step.LOGIN, "user or password holds a line break or another control character")
        plain = (account.user + account.password).isascii()
        with asking(Step.LOGIN):
            if account.tokens:
                show_token(client, account.user, account.tokens)
            else:
                log_in = self._box.login if plain else self._box.login_utf8
                log_in(account.user, account.password, initial_folder=None)
            self._offered = set(client.capabilities)
            offered = client.capability()[1][-1] or b""  # some servers say OK and name nothing
            client.capabilities = tuple(offered.decode("ascii", "replace").upper().split()) or client.capabilities
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
        shut(self._box.client)

    @property
    def box(self) -> BaseMailBox:
        """Return the mailbox of imap-tools, for the modules beside this one."""
        return self._box

    def certificate_until(self) -> datetime | None:
        """Return until when the server's certificate is valid; None without TLS."""
        return valid_until(self._box.client.socket())

    def select(self, *, readonly: bool = False) -> int:
        """Open the inbox and return its UIDVALIDITY (RFC 3501, 2.3.1.1)."""
        with asking(Step.SELECT):
            counted = self._box.folder.set(self.full_name(self.account.inbox), readonly=readonly)[1]
        self._empty = counted == [b"0"]
        values = self._box.client.response("UIDVALIDITY")[1]
        if not values or values[0] is None:
            raise Refused(Step.SELECT, "the server names no UIDVALIDITY, so its mails cannot be told apart")
        self.uidvalidity = int(values[-1])
        return self.uidvalidity

    def open(self, name: str) -> bool:
        """Open another folder of ours until the next `select`; tell whether it is there and holds mails."""
        full_name = self.full_name(name)
        if not self.exists(full_name):
            return False
        with asking(Step.SELECT):
            self._empty = self._box.folder.set(full_name)[1] == [b"0"]
        return not self._empty

    def of_size(self, size: int) -> list[int]:
        """Return the UIDs of the mails of this size in the folder that is open."""
        found = sizes_in(self.ask(Step.FETCH, "FETCH", "1:*", "(UID RFC822.SIZE)"))
        return [uid for uid, there in found.items() if there == size]

    def uids(self, first: int = 1, since: date | None = None) -> list[int]:
        """Return the UIDs in the inbox from `first` on, ascending; of those before `since` as few as the server can.

        QQ and Aliyun answer SEARCH with every mail, whatever was asked, so `since` is to be looked at again.
        """
        words = f"UID {first}:*" if first > 1 else "ALL"
        found = self._search(f"{words} SINCE {day(since)}" if since else words)
        if found is None:
            found = [] if self._empty else uids_in(self.ask(Step.FETCH, "FETCH", f"{first}:*", "(UID)"))
        wanted = [uid for uid in found if uid >= first]
        if len(found) > len(wanted) + 1:  # `n:*` names the last mail too when there is none from n on
            self._searches = False
        return wanted

    def present(self, uids: Collection[int]) -> list[int]:
        """Return those of the UIDs that are in the inbox, ascending."""
        found = self._search(f"UID {uid_set(uids)}")
        if found is None:
            found = [] if self._empty else uids_in(self.ask(Step.FETCH, "FETCH", uid_set(uids), "(UID)"))
        return sorted(set(uids).intersection(found))

    def deleted(self) -> list[int]:
        """Return the UIDs that are marked as deleted."""
        found = self._search("DELETED")
        if found is None:
            answer = [] if self._empty else self.ask(Step.FETCH, "FETCH", "1:*", "(UID FLAGS)")
            found = uids_in(line for line in answer if isinstance(line, bytes) and b"\\deleted" in line.lower())
        return found

    def _search(self, criteria: str) -> list[int] | None:
        """Return what SEARCH finds, ascending; None from a server that does not search."""
        if not self._searches:
            return None
        try:
            with asking(Step.SEARCH):
                return sorted(map(int, self._box.uids(criteria, charset=None)))
        except Refused as refusal:
            if refusal.temporary:
                raise
            self._searches = False
            return None

    def days(self, uids: Collection[int]) -> dict[int, date]:
        """Return the day on which each mail arrived, as far as the server says it."""
        return days_in(self.ask(Step.FETCH, "FETCH", uid_set(uids), "(UID INTERNALDATE)") if uids else [])

    def sizes(self, uids: Collection[int]) -> dict[int, int]:
        """Return the size of each mail in bytes; mails that are gone are missing."""
        return sizes_in(self.ask(Step.FETCH, "FETCH", uid_set(uids), "(UID RFC822.SIZE)") if uids else [])

    def bodies(self, uids: Collection[int]) -> dict[int, bytes]:
        """Return whole mails by UID without marking them as read; mails that are gone are missing."""
        return dict(bodies_in(self.ask(Step.FETCH, "FETCH", uid_set(uids), "(UID BODY.PEEK[])") if uids else []))

    def heads(self, uids: Collection[int]) -> dict[int, bytes]:
        """Return the headers of mails by UID, without marking them as read; mails that are gone are missing."""
        return dict(bodies_in(self.ask(Step.FETCH, "FETCH", uid_set(uids), "(UID BODY.PEEK[HEADER])") if uids else []))

    def expunge(self) -> None:
        """Remove every mail that is marked as deleted."""
        with asking(Step.MOVE):
            self._box.expunge()

    def can(self, extension: str) -> bool:
        """Tell whether the server offers an extension."""
        return extension in self._box.client.capabilities

    def forget_folder(self, name: str) -> None:
        """Look anew whether this folder is there when it is needed next."""
        self._made.discard(name)

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

    def ask(self, step: Step, command: str, *arguments: str | bytes) -> list[Any]:
        """Give a command about mails by UID and return its answer."""
        with asking(step):
            answer: tuple[str, list[Any]] = self._box.client.uid(command, *arguments)  # type: ignore[arg-type]
            if answer[0] != "OK":
                raise Refused(step, server_words(answer[1]))
        return answer[1]


def _flags(folder: FolderInfo) -> set[str]:
    return {flag.lower() for flag in folder.flags}
