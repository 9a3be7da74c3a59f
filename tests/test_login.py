from __future__ import annotations

import stat

import pytest

from daemon.cli import FINE, TO_MEND, main
from daemon.config import load_config
from daemon.wiring.mail import imap_account, smtp_server, tokens_of
from tests.servers.token_service import token_service
from tests.test_config import SMALL

pytestmark = pytest.mark.server
OAUTH = """
[oauth]
client_id = "kesu-app"
tenant = "factory"
flow = "{flow}"
authority = "{authority}"
ca_file = "{ca_file}"
client_secret_file = "secret"
[mail_in]
kind = "imap"
host = "outlook.office365.com"
user = "complaints@hongyuan.example"
login = "oauth"
[mail_out]
kind = "smtp"
host = "smtp.office365.com"
port = 587
security = "starttls"
user = "complaints@hongyuan.example"
login = "oauth"
"""


@pytest.fixture
def service(authority):
    with token_service(authority) as serving:
        yield serving


@pytest.fixture
def config(service, authority, tmp_path):
    def write(flow):
        text = SMALL + OAUTH.format(flow=flow, authority=service.authority, ca_file=authority.ca_file)
        (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        return tmp_path / "config.toml"

    return write


def test_a_person_signs_in_with_a_code_and_both_servers_get_the_token(config, tmp_path, capsys):
    path = config("device")
    assert main(["login", "--config", str(path)]) == FINE
    shown = capsys.readouterr().out
    assert "输入代码 ABCD-1234" in shown
    assert "signed in: complaints@hongyuan.example" in shown
    assert stat.S_IMODE((tmp_path / "state" / "oauth.json").stat().st_mode) == 0o600
    said = load_config(path)
    assert imap_account(said, said.mail_in[0]).tokens.token() == smtp_server(said).tokens.token() == "access-token-0001"
    assert tokens_of(said).expires_at()


def test_a_refused_code_is_told(config, service, capsys):
    service.refusal = {"error": "invalid_client", "error_description": "AADSTS7000218: client_secret"}
    assert main(["login", "--config", str(config("device"))]) == TO_MEND
    assert "Allow public client flows" in capsys.readouterr().err


def test_an_app_needs_no_person(config, tmp_path, capsys):
    (tmp_path / "secret").write_text("app-secret-0815\n")
    assert main(["login", "--config", str(config("app"))]) == FINE
    assert "nobody needs to sign in" in capsys.readouterr().out


def test_without_an_oauth_section_there_is_nothing_to_sign_in_to(tmp_path, capsys):
    (tmp_path / "config.toml").write_text(SMALL, encoding="utf-8")
    assert main(["login", "--config", str(tmp_path / "config.toml")]) == TO_MEND
    assert "no [oauth] section" in capsys.readouterr().err


def test_each_cloud_has_its_own_sign_in(tmp_path):
    oauth = '[oauth]\nclient_id = "a"\ntenant = "t"\ncloud = "china"\n'
    (tmp_path / "config.toml").write_text(SMALL + oauth, encoding="utf-8")
    client = tokens_of(load_config(tmp_path / "config.toml"))._client
    assert client.authority == "https://login.partner.microsoftonline.cn/t"
    assert client.scopes[0] == "https://partner.outlook.cn/IMAP.AccessAsUser.All"
