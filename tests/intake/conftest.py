"""One parts maker, its departments and a customer, as the intake tests know them."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from daemon.intake.read import read
from daemon.intake.reading import Known, SentNotice
from daemon.parsing import directory_for, known_for

CORPUS = Path(__file__).parents[1] / "corpus"
NO_CONFIG = Path("none.toml")
NOTICE, REVIEW, CLOSE = "<notice@hongyuan.example>", "<review@hongyuan.example>", "<close@hongyuan.example>"
CODE, CUSTOMER_CODE = "KS-ABCD-EFGH-IJKL-MN23", "KS-ABCD-EFGH-IJKL-MN24"
WORKER = "孙大鹏 <sun.dapeng@hongyuan.example>"
MANAGER = "陈立新 <chen.lixin@hongyuan.example>"
CUSTOMER = "Bob <bob@cust.example>"


def company_of(corpus):
    """Return the company that a corpus was written to, and what it had sent."""
    return directory_for(corpus / "directory.toml", NO_CONFIG), known_for(corpus / "known.json", NO_CONFIG)


@pytest.fixture(scope="session")
def directory():
    return company_of(CORPUS)[0]


@pytest.fixture(scope="session")
def corpus_known():
    return company_of(CORPUS)[1]


@pytest.fixture(scope="session")
def known():
    notice = SentNotice("2611003", "notice", ("production@hongyuan.example",), CODE)
    close = SentNotice("2611003", "close", ("bob@cust.example",), CUSTOMER_CODE)
    review = SentNotice("2611003", "review", ("chen.lixin@hongyuan.example",))
    return Known({NOTICE: notice, REVIEW: review, CLOSE: close}, {CODE: notice, CUSTOMER_CODE: close})


@pytest.fixture
def reading(directory, known):
    """Read a plain mail given by subject, text and headers."""

    def read_mail(subject, text, sender=CUSTOMER, html=None, **headers):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, "complaints@hongyuan.example", subject
        mail["Date"] = "Tue, 10 Nov 2026 10:00:00 +0800"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        if html:
            mail.add_alternative(html, subtype="html")
        return read(mail.as_bytes(), directory, known)

    return read_mail
