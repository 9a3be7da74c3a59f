"""The verbs that set kesu up at a terminal: login."""

from __future__ import annotations

import argparse
import sys

from daemon.cli.codes import FINE, TO_MEND


def login(said: argparse.Namespace) -> int:
    """Show a code, wait until a person has signed in with it, and keep the tokens."""
    from daemon.config import load_config
    from daemon.wiring.mail import tokens_of

    config = load_config(said.config)
    tokens = tokens_of(config)
    if tokens is None:
        print("kesu: config.toml has no [oauth] section; see the table in README.md", file=sys.stderr)
        return TO_MEND
    if config.oauth and config.oauth.flow == "app":
        tokens.token("")
        print("应用的密钥有效，无需人工登录。\nThe app's secret works; nobody needs to sign in.")
        return FINE
    code = tokens.begin()
    print(f"请在浏览器打开 {code.url} ，输入代码 {code.code} ，用投诉邮箱的账号登录（{code.minutes} 分钟内有效）。")
    print(f"Open {code.url}, type {code.code}, and sign in as the complaint mailbox within {code.minutes} minutes.")
    who = tokens.finish(code)
    print(f"已登录 / signed in: {who}")
    return FINE


class Terminal:
    """The terminal, as `kesu init` speaks to it."""

    def tell(self, text: str) -> None:
        """Show a text."""
        print(text)

    def ask(self, question: str) -> str:
        """Return the line that is typed."""
        return input(question)

    def ask_secret(self, question: str) -> str:
        """Return what is typed without showing it."""
        from getpass import getpass

        return getpass(question)


def init(said: argparse.Namespace) -> int:
    """Ask an administrator, try the servers out, and write config.toml."""
    from daemon.adapters.clock import SystemClock
    from daemon.setup.run import init as set_up

    if not sys.stdin.isatty():
        print("kesu: init asks questions and needs a terminal; or write config.toml by hand", file=sys.stderr)
        return TO_MEND
    try:
        return FINE if set_up(Terminal(), said.config, SystemClock().now().astimezone()) else TO_MEND
    except EOFError:
        print("\nkesu: nothing was written / 没有写任何文件", file=sys.stderr)
        return TO_MEND
