from base64 import b64encode
from urllib.parse import quote

import pytest

from daemon.adapters.secrets import HIDDEN, learn, without_secrets

SECRET = learn("Zk9%geheimnis/7+x")


@pytest.mark.parametrize("before", ["", "u", "us", "user@hongyuan.example"])
def test_a_secret_is_hidden_in_every_look(before):
    login = b64encode(f"\0{before}\0{SECRET}".encode()).decode()
    url = f"postgresql://{before}:{quote(SECRET, safe='')}@db/x"
    said = without_secrets(f"{before}{SECRET} {login} {url} {before}")
    assert said.count(HIDDEN) == 3
    assert SECRET not in said
    assert "geheimnis" not in said
    assert login not in said
    assert said.startswith(before)


def test_ordinary_text_stays_as_it_is():
    learn("mail")
    learn("")
    assert without_secrets("no mail came: 登录被拒绝") == "no mail came: 登录被拒绝"
