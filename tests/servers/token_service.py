"""A sign-in service as Microsoft's looks from outside: discovery, device codes, tokens; it can be told to refuse."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.certificates import Authority

CHECKED = """
auth_mechanisms = xoauth2 plain login
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {file}
}}
"""


class TokenService:
    """Hands out numbered tokens; `live` holds those that mail servers take, `refusal` answers the next requests."""

    def __init__(self) -> None:
        self.live: dict[str, str] = {}  # access token → user
        self.user = "complaints@hongyuan.example"
        self.lifetime = 3600
        self.refusal: dict[str, str] | None = None
        self.pending = 0  # how many times a device login is answered "not yet"
        self.requests: list[dict[str, str]] = []
        self.url = ""
        self.check_url = ""
        self._count = 0
        self._scope = ""

    @property
    def authority(self) -> str:
        return f"{self.url}/factory"

    def checked_by_dovecot(self, folder: Path) -> str:
        """Return what lets a Dovecot ask this service about each token; the folder holds a file for it."""
        file = folder / "oauth2.conf.ext"
        said = ("introspection_mode = post", f"introspection_url = {self.check_url}", "username_attribute = username")
        file.write_text("\n".join(said) + "\n")
        folder.chmod(0o755)
        return CHECKED.format(file=file)

    def revoke(self) -> None:
        self.live.clear()

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if path.endswith("/.well-known/openid-configuration"):
            ends = {"authorization": "authorize", "token": "token", "device_authorization": "devicecode"}
            base = f"{self.authority}/oauth2/v2.0"
            return 200, {f"{key}_endpoint": f"{base}/{end}" for key, end in ends.items()} | {"issuer": self.authority}
        if path.endswith("/devicecode"):
            self._scope = form["scope"]
            said = {"device_code": "dev", "user_code": "ABCD-1234", "interval": 0, "expires_in": 900}
            return self._refused() or (200, said | {"verification_uri": "https://sign.in/device", "message": "go"})
        if path.endswith("/token"):
            return self._token(form)
        if path == "/check":  # what Dovecot asks about a token (RFC 7662)
            user = self.live.get(form.get("token", ""))
            return 200, {"active": True, "username": user} if user else {"active": False}
        return 404, {}

    def _refused(self) -> tuple[int, dict[str, Any]] | None:
        return (400, dict(self.refusal)) if self.refusal else None

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.requests.append(form)
        if self.refusal:
            return 400, dict(self.refusal)
        if "device_code" in form and self.pending:
            self.pending -= 1
            return 400, {"error": "authorization_pending"}
        self._count += 1
        token = f"access-token-{self._count:04d}"
        self.live[token] = self.user
        said = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": self.lifetime,
            "scope": form.get("scope", self._scope),
        }
        if form["grant_type"] == "client_credentials":
            return 200, said
        who = {"uid": "1", "utid": "2"}
        claims = {"sub": "1", "oid": "1", "tid": "factory", "preferred_username": self.user, "iss": "x", "aud": "app"}
        claims |= {"exp": 4102444800, "iat": 1}
        return 200, said | {
            "refresh_token": f"refresh-token-{self._count:04d}",
            "client_info": _packed(who),
            "id_token": ".".join((_packed({"alg": "none"}), _packed(claims), "")),
        }


@contextmanager
def token_service(authority: Authority) -> Iterator[TokenService]:
    """Serve it by HTTPS for kesu, and by plain HTTP for a Dovecot that checks tokens."""
    service = TokenService()
    with _serving(service, authority.server_context()) as port, _serving(service, None) as plain:
        service.url, service.check_url = f"https://localhost:{port}", f"http://127.0.0.1:{plain}/check"
        yield service


@contextmanager
def _serving(service: TokenService, tls: ssl.SSLContext | None) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply(self.path, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self._reply(self.path, {key: values[0] for key, values in parse_qs(body).items()})

        def _reply(self, path: str, form: dict[str, str]) -> None:
            parts = urlsplit(path)
            asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
            code, said = service.answer(parts.path, asked | form)
            data = json.dumps(said).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def _packed(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
