"""An IMAP server that says what a test wants, for what no well-behaved server does."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from imap_tools.imap_utf7 import utf7_decode, utf7_encode

from daemon.adapters.imap import ImapAccount
from daemon.adapters.tls import Security


class ScriptedImap:
    """Serves `mails` by UID from one inbox.

    `answers` replaces the final answer of a verb; `refused` UIDs are answered NO; to a `silent` verb comes no answer;
    `challenges` are what AUTHENTICATE asks, one answer each; `days` says when mails arrived; with
    `finds_all` SEARCH names every mail, whatever was asked.
    """

    def __init__(
        self,
        *,
        capabilities: str = "IMAP4rev1 MOVE",
        mails: Mapping[int, bytes] | None = None,
        refused: set[int] | None = None,
        answers: Mapping[str, str] | None = None,
        folders: Mapping[str, str] | None = None,
        silent: set[str] | None = None,
        challenges: Sequence[str] = (),
        days: Mapping[int, date] | None = None,
        finds_all: bool = False,
    ) -> None:
        self.capabilities = capabilities
        self.mails = dict(mails or {})
        self.refused = refused or set()
        self.answers = dict(answers or {})
        self.folders = dict(folders or {})
        self.silent = silent or set()
        self.challenges = tuple(challenges)
        self.days = dict(days or {})
        self.finds_all = finds_all
        self.uidvalidity = 7
        self.refusal = "NO damaged on disk"
        self.lines: list[str] = []
        self.sent = 0  # bytes
        self.moved: dict[str, list[bytes]] = {}
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.drop_connections()
        for thread in self._threads:
            thread.join()

    def account(self, **changes: Any) -> ImapAccount:
        values: dict[str, Any] = {
            "name": "complaints",
            "host": "127.0.0.1",
            "port": self._listening.getsockname()[1],
            "security": Security.NONE,
            "user": "somebody",
            "password": "secret",
            "timeout": timedelta(seconds=0.3 if self.silent else 30),
        }
        return ImapAccount(**(values | changes))

    def verbs(self) -> list[str]:
        return [line.split()[1].upper() for line in self.lines]

    def drop_connections(self) -> None:
        while self._connections:
            connection = self._connections.pop()
            with suppress(OSError):  # the client was first
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._connections.append(connection)
            self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
            self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rwb") as stream:
                stream.write(b"* OK ready\r\n")
                stream.flush()
                for line in stream:
                    self.lines.append(line.decode().strip())
                    command = self.lines[-1]
                    for challenge in self.challenges if " AUTHENTICATE " in command else ():
                        stream.write(f"+ {challenge}\r\n".encode())
                        stream.flush()
                        self.lines.append(stream.readline().decode().strip())
                    literal = re.search(r"\{(\d+)\}$", command)
                    if literal and "APPEND" not in self.answers:
                        stream.write(b"+ go on\r\n")
                        stream.flush()
                        stream.read(int(literal[1]) + 2)
                    answer = self._answer(command)
                    self.sent += len(answer)
                    stream.write(answer)
                    stream.flush()
        except OSError:
            pass  # the connection was dropped, as tests do

    def _answer(self, line: str) -> bytes:
        tag, verb, *rest = line.split(" ", 2)
        words = rest[0] if rest else ""
        verb = verb.upper()
        if verb == "UID":
            verb, _, words = words.partition(" ")
        if verb in self.silent:
            return b""
        untagged, final = getattr(self, f"_{verb.lower()}", lambda _: (b"", "OK done"))(words)
        return untagged + f"{tag} {self.answers.get(verb, final)}\r\n".encode()

    def _capability(self, _: str) -> tuple[bytes, str]:
        return f"* CAPABILITY {self.capabilities}\r\n".encode(), "OK done"

    def _select(self, _: str) -> tuple[bytes, str]:
        valid = f"* OK [UIDVALIDITY {self.uidvalidity}] here\r\n"
        return f"* {len(self.mails)} EXISTS\r\n{valid}".encode(), "OK [READ-WRITE] done"

    _examine = _select

    def _search(self, words: str) -> tuple[bytes, str]:
        wanted = list(self.mails)
        if words.startswith("UID ") and not self.finds_all:
            wanted = self._named(words.split(" ")[1])
        since = re.search(r"SINCE (\S+)", words)
        if since and not self.finds_all:
            day = datetime.strptime(since[1], "%d-%b-%Y").replace(tzinfo=UTC).date()
            wanted = [uid for uid in wanted if self.days.get(uid, date.max) >= day]
        if not self.answers.get("SEARCH", "OK").startswith("OK"):
            return b"", "OK done"
        return f"* SEARCH {' '.join(map(str, wanted))}\r\n".encode(), "OK done"

    def _fetch(self, words: str) -> tuple[bytes, str]:
        uids = self._named(words.split(" ", maxsplit=1)[0])
        if "RFC822.SIZE" in words:
            lines = (f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(self.mails[uid])})\r\n" for uid in uids)
            return "".join(lines).encode(), "OK done"
        if "HEADER.FIELDS" in words:
            uids = uids or list(self.mails)
            part = b"* %d FETCH (UID %d BODY[HEADER.FIELDS (MESSAGE-ID)] {%d}\r\n%b)\r\n"
            heads = {uid: self.mails[uid].partition(b"\r\n\r\n")[0] + b"\r\n\r\n" for uid in uids}
            return b"".join(part % (uid, uid, len(head), head) for uid, head in heads.items()), "OK done"
        if "INTERNALDATE" in words:
            stamps = ((uid, f"{self.days[uid]:%d-%b-%Y} 08:00:00 +0800") for uid in uids)
            return "".join(f'* 1 FETCH (UID {uid} INTERNALDATE "{at}")\r\n' for uid, at in stamps).encode(), "OK done"
        if "BODY" not in words:
            return "".join(f"* 1 FETCH (UID {uid} FLAGS (\\Seen))\r\n" for uid in uids).encode(), "OK done"
        if self.refused & set(uids):
            return b"", self.refusal
        # the UID stands behind the literal, which RFC 3501 leaves to the server
        parts = (
            b"* %d FETCH (BODY[] {%d}\r\n%b UID %d)\r\n" % (uid, len(self.mails[uid]), self.mails[uid], uid)
            for uid in uids
        )
        return b"".join(parts), "OK done"

    def _list(self, words: str) -> tuple[bytes, str]:
        name = utf7_decode(words.split('"')[3].encode())
        if not name:
            return b'* LIST (\\NoSelect) "/" ""\r\n', "OK done"
        if name not in self.folders:
            return b"", "OK done"
        return b'* LIST (%b) "/" "%b"\r\n' % (self.folders[name].encode(), utf7_encode(name)), "OK done"

    def _create(self, words: str) -> tuple[bytes, str]:
        self.folders[utf7_decode(words.strip('"').encode())] = ""
        return b"", "OK done"

    def _logout(self, _: str) -> tuple[bytes, str]:
        return b"* BYE\r\n", "OK done"

    def _named(self, words: str) -> list[int]:
        last = max(self.mails, default=1)
        ends = [[last if end == "*" else int(end) for end in part.split(":")] for part in words.split(",")]
        return sorted(uid for uid in self.mails if any(min(one) <= uid <= max(one) for one in ends))

    def _move(self, words: str) -> tuple[bytes, str]:
        uids, name = words.split(" ", 1)
        if self.answers.get("MOVE", "OK").startswith("OK"):
            for uid in self._named(uids):
                self.moved.setdefault(utf7_decode(name.strip('"').encode()), []).append(self.mails.pop(uid))
        return b"", "OK done"
