"""Mail providers as data: their servers, how one logs in there, and what has to be switched on.  Asks nobody."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from daemon.adapters.tls import Security

FILE = Path(__file__).with_name("providers.toml")


class Provider(BaseModel):
    """One row of providers.toml; an empty host is the company's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    zh: str
    en: str
    domains: tuple[str, ...] = ()
    imap: str = ""
    smtp: str = ""
    hosts: tuple[str, ...] = ()  # further servers of the same provider
    imap_port: int = 993
    imap_security: Security = Security.TLS
    smtp_port: int = 465
    smtp_security: Security = Security.TLS
    login: Literal["password", "code", "oauth"]
    cloud: Literal["global", "china"] = "global"
    files_sent: Literal["yes", "no", "check"]
    sent: tuple[str, ...]
    switch_on_zh: str
    switch_on_en: str

    @property
    def switch_on(self) -> str:
        """Return what has to be switched on, in both languages."""
        return f"{self.switch_on_zh} / {self.switch_on_en}"


@cache
def providers() -> tuple[Provider, ...]:
    """Return the table, "another server" last."""
    return tuple(map(Provider.model_validate, tomllib.loads(FILE.read_text(encoding="utf-8"))["provider"]))


def by_domain(domain: str) -> Provider | None:
    """Return the provider that a mail domain belongs to; a company's own domain does not tell."""
    name = domain.lower()
    return next((one for one in providers() for known in one.domains if f".{name}".endswith(f".{known}")), None)


def by_host(host: str) -> Provider | None:
    """Return the provider that a server belongs to."""
    name = host.lower()
    return next((one for one in providers() if name in {one.imap, one.smtp, *one.hosts} - {""}), None)


def advised(host: str, advice: str) -> str:
    """Return what to do about a refused login: at a known provider its own words come first."""
    known = by_host(host)
    return f"{known.zh}：{known.switch_on}" if known else advice
