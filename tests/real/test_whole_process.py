"""The daemon as a process against a real Dovecot and a real SMTP server: the corpus in, the answers to it in."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from docx import Document

from daemon.core.case import Case
from daemon.core.events import EventType
from daemon.demo.people import Received
from daemon.passes.replies import SECTION_KEYS
from daemon.seams import OutboxRow
from tests.cast import CHEN, QUALITY, WANG, XU
from tests.real.corpus import CorpusMail, addressed_to, corpus, new_id
from tests.real.factory import SHELVES, Factory, Snapshot, factory
from tests.real.process import kesu

pytestmark = pytest.mark.server

MAILS = corpus()
COMPLAINTS = [mail for mail in MAILS.values() if mail.kind == "complaint"]
MACHINES = {"011"}  # a supplier portal that names nobody with an address
DOCX = ".docx"


def number_of(mail: CorpusMail) -> str:
    return mail.number


def message_ids(mails) -> set[str]:
    return {str(Received("", raw).mail["Message-ID"]).strip() for raw in mails}


def document_of(mail: Received):
    """Return the 8D that is attached to a mail, and its whole text."""
    (part,) = (part for part in mail.mail.iter_attachments() if (part.get_filename() or "").endswith(DOCX))
    document = Document(io.BytesIO(part.get_content()))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return part.get_filename(), "\n".join((*(one.text for one in document.paragraphs), *cells))


# ── the 48 mails ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def company(tmp_path_factory, dovecot, authority) -> Iterator[Factory]:
    """The company with the whole corpus in its mailbox; at the end the daemon stops when it is asked to."""
    with factory(tmp_path_factory.mktemp("company"), dovecot, authority) as opened:
        opened.put(*(mail.raw for mail in MAILS.values()))
        yield opened
        assert opened.daemon.stop() == 0
        said = opened.daemon.log.read_text(encoding="utf-8")
        assert "kesu stops" in said
        assert "ERROR" not in said
        assert "Traceback" not in said


@pytest.fixture(scope="module")
def taken(company) -> Snapshot:
    """What can be seen once the corpus is dealt with, before anybody answers."""
    return company.look()


def case_of(mail: CorpusMail, seen: Snapshot) -> Case:
    (case,) = seen.of_mail(mail.message_id)
    return case


def test_the_inbox_is_empty_and_every_mail_is_on_a_shelf(taken):
    assert taken.lying["INBOX"] == ()
    done, aside = (taken.lying[name] for name in SHELVES)
    assert len(done) + len(aside) == len(MAILS) == 48
    assert message_ids([*done, *aside]) == {mail.message_id for mail in MAILS.values()}
    assert message_ids(done) >= {mail.message_id for mail in COMPLAINTS}
    assert message_ids(aside) >= {mail.message_id for mail in MAILS.values() if mail.kind == "noise"}


def test_complaints_have_a_case_each_and_nothing_else_has_one(taken):
    assert sorted(case.message_id for case in taken.cases) == sorted(mail.message_id for mail in COMPLAINTS)


def test_the_ledger_has_a_row_for_every_case(taken):
    rows = {str(row["客诉编号"]): row for row in taken.rows}
    assert len(rows) == len(taken.rows)
    assert set(rows) == {case.number for case in taken.cases}
    assert {number: row["客户名称"] for number, row in rows.items()} == {
        case.number: case.fact("customer") for case in taken.cases
    }


@pytest.mark.parametrize("mail", COMPLAINTS, ids=number_of)
def test_the_ledger_names_the_customer(taken, mail):
    (row,) = (row for row in taken.rows if row["客诉编号"] == case_of(mail, taken).number)
    right = {mail.expected["customer"], *(mail.expected.get("customer_alt") or ())}
    assert row["客户名称"] in right


@pytest.mark.parametrize("mail", [mail for mail in COMPLAINTS if mail.number not in MACHINES], ids=number_of)
def test_who_wrote_gets_exactly_one_receipt(taken, mail):
    """A customer gets it himself; of what a colleague forwards the colleague hears, who speaks with the customer."""
    case = case_of(mail, taken)
    (row,) = taken.told(case.number, "receipt")
    receipt = taken.mail_of(row)
    wrote = mail.expected["from_email"] if mail.expected["forwarded"] else mail.expected["contact"]["email"]
    assert receipt.to == wrote
    assert case.number in receipt.subject
    assert receipt.mail["Auto-Submitted"] in ("auto-generated", "auto-replied")
    assert receipt.mail["In-Reply-To"]


@pytest.mark.parametrize("mail", COMPLAINTS, ids=number_of)
def test_the_department_gets_a_notice_with_its_8d(taken, mail):
    case = case_of(mail, taken)
    departments = {mail.expected["department"], *(mail.expected.get("department_alt") or ())}
    assert case.text("department") in departments
    notice = taken.mail_of(taken.asked(case.number, "team"))
    assert notice.to == MAILBOXES[case.text("department")]
    assert case.number in notice.subject
    name, text = document_of(notice)
    assert name == f"8D-{case.number}-r1.docx"
    assert case.number in text


MAILBOXES = {
    "质量部": QUALITY,
    "生产部": "production@hongyuan.example",
    "技术部": "engineering@hongyuan.example",
    "销售部": "sales@hongyuan.example",
    "物流部": "logistics@hongyuan.example",
    "采购部": "purchasing@hongyuan.example",
    "售后部": "service@hongyuan.example",
}


def test_every_planned_mail_was_sent_exactly_once(taken):
    planned = [row.message_id for number in taken.outbox for row in taken.outbox[number] if row.state != "merged"]
    sent = [str(mail.mail["Message-ID"]) for mail in taken.sent]
    assert len(sent) == len(set(sent))
    assert set(planned) <= set(sent)


def test_outsiders_who_did_not_complain_hear_nothing(taken):
    wrote = {str(mail.expected["from_email"]).lower() for mail in MAILS.values() if mail.kind != "complaint"}
    customers = {str(mail.expected["contact"]["email"]).lower() for mail in COMPLAINTS}
    outsiders = {address for address in wrote - customers if not address.endswith("@hongyuan.example")}
    assert {"promo8812@fapiao-dai.test", "zhao.guodong@hongyuan-mail.test", "haozr2026@163.example"} <= outsiders
    assert not outsiders & {mail.to.lower() for mail in taken.sent}


@pytest.mark.parametrize("number", sorted(MACHINES))
def test_a_machine_that_names_nobody_is_not_answered(taken, number):
    case = case_of(MAILS[number], taken)
    assert not taken.told(case.number, "receipt")
    assert MAILS[number].expected["from_email"] not in {mail.to for mail in taken.sent}


@pytest.mark.parametrize("number", ["018", "019", "022"])
def test_who_forwards_from_a_private_address_is_not_called_by_the_customers_name(taken, number):
    (row,) = taken.told(case_of(MAILS[number], taken).number, "receipt")
    receipt = taken.mail_of(row)
    customer = MAILS[number].expected["contact"]["name"]
    assert customer not in str(receipt.mail["To"])
    assert customer not in receipt.text.partition("\n\n")[2][:120]


def test_a_customer_whose_language_we_do_not_have_reads_english_throughout(taken):
    case = case_of(MAILS["008"], taken)
    (row,) = taken.told(case.number, "receipt")
    receipt = taken.mail_of(row)
    assert receipt.subject.startswith(f"[Complaint {case.number}]")
    assert "Customer: 株式会社ミナト精工" in receipt.text
    assert "客户" not in receipt.text


def test_the_reading_verbs_work_beside_the_daemon(company, taken):
    config = company.daemon.config
    status = kesu(config, "status")
    assert status.returncode == 0, status.stdout + status.stderr
    assert str(company.daemon.pid) in status.stdout
    told = kesu(config, "case", taken.cases[0].number)
    assert told.returncode == 0, told.stderr
    assert "登记" in told.stdout
    assert kesu(config, "case", "HY9999999").returncode == 1


def test_a_second_daemon_on_the_same_state_names_the_first(company):
    second = kesu(company.daemon.config, "run")
    assert second.returncode == 1
    assert f"process {company.daemon.pid}" in second.stderr
    assert "Traceback" not in second.stderr


# ── the replies ──────────────────────────────────────────────────────────────────────────────────────────────────────

# Reply → the complaint that it is about, as in the corpus where that has one.
ABOUT = {
    "027": "003",
    "028": "003",
    "029": "018",
    "030": "006",
    "031": "011",
    "032": "003",
    "033": "024",
    "034": "003",
    "035": "018",
    "036": "024",
    "037": "014",
    "038": "003",
}
ANSWERS = ("028", "029", "030", "036", "037")
REASON = "客户有安全库存，没有停线"


@dataclass
class Correspondence:
    """People answer the notices of the cases that the corpus opened, a round of mails at a time."""

    company: Factory
    seen: Snapshot

    def case(self, reply: str) -> str:
        return case_of(MAILS[ABOUT[reply]], self.seen).number

    def again(self, reply: str, notice: OutboxRow, sender: str = "") -> bytes:
        return addressed_to(MAILS[reply], notice, self.case(reply), sender)

    def asked(self, reply: str, step: str) -> OutboxRow:
        return self.seen.asked(self.case(reply), step)

    def round(self, *mails: bytes) -> None:
        self.company.put(*mails)
        self.seen = self.company.look()


@pytest.fixture(scope="module")
def answered(company, taken) -> Snapshot:
    """What can be seen after all replies of the corpus came as answers to our own notices.

    Who is no member of the department that the case lies with writes from the mailbox that our mail went to.
    """
    people = Correspondence(company, taken)
    sales = MAILBOXES["销售部"]
    people.round(
        people.again("027", people.asked("027", "team"), QUALITY),
        people.again("029", people.asked("029", "team")),
        people.again("030", people.asked("030", "team")),
        people.again("031", people.asked("031", "team")),
        people.again("036", people.asked("036", "team"), QUALITY),
        people.again("037", people.asked("037", "team"), sales),
        addressed_to(MAILS["038"], None, people.case("038")),
        *(company.button(people.asked(one, "emergency"), "无需应急", REASON) for one in ("028", "029", "036")),
        *(company.button(people.asked(one, "verify"), "成立") for one in ("028", "029", "036")),
    )
    people.round(people.again("028", people.asked("028", "containment"), QUALITY))
    people.round(*(company.button(people.asked(one, "check"), "通过") for one in ("028", "029", "036")))
    people.round(
        people.again("032", people.asked("032", "approve")),
        *(company.button(people.asked(one, "approve"), "批准") for one in ("029", "036")),
    )
    assert people.asked("033", "approve_director").recipient == XU
    (to_customer,), (to_sales,) = (people.seen.told(people.case(one), "answer") for one in ("034", "035"))
    people.round(
        people.again("033", people.asked("033", "approve_director")),
        people.again("034", to_customer),
        people.again("035", to_sales, to_sales.recipient),
    )
    return people.seen


def led_to(seen: Snapshot, reply: str) -> tuple[str, list]:
    """Return the case of a reply, and what the reply led to."""
    number = case_of(MAILS[ABOUT[reply]], seen).number
    return number, list(seen.caused_by(number, new_id(reply)))


def chosen(seen: Snapshot, reply: str) -> dict:
    (event,) = (event for event in led_to(seen, reply)[1] if event.type is EventType.CHOSEN)
    return dict(event.data)


def test_received_takes_the_case(answered):
    number, events = led_to(answered, "027")
    assert [event.data["step"] for event in events if event.type is EventType.ACKNOWLEDGED][:1] == ["team"]
    assert "team" in [event.data["step"] for event in events if event.type is EventType.STEP_DONE]
    assert {event.by for event in events if event.type is EventType.ACKNOWLEDGED} == {QUALITY}
    assert number in answered.events


@pytest.mark.parametrize("reply", ANSWERS)
def test_an_answer_fills_the_8d(answered, reply):
    number, events = led_to(answered, reply)
    given = {event.data["section"]: event.data["text"] for event in events if event.type is EventType.SECTION_GIVEN}
    for key, snippets in MAILS[reply].expected["reply"]["sections"].items():
        for snippet in snippets:
            assert snippet in given[SECTION_KEYS[key]]
    (row,) = (row for row in answered.rows if row["客诉编号"] == number)
    assert row["临时措施"]


def test_the_files_of_an_answer_belong_to_the_case(answered, company):
    number, _ = led_to(answered, "028")
    (case,) = (case for case in answered.cases if case.number == number)
    assert "首件检查表_改版后.xlsx" in [one.name for one in case.evidence]
    shelf = company.daemon.config.with_name("shared")
    assert [path for path in shelf.rglob("*首件检查表_改版后.xlsx") if number in str(path)]


def test_a_dispute_goes_to_quality_to_decide(answered):
    number, events = led_to(answered, "031")
    assert [(event.type, event.data["to"]) for event in events] == [(EventType.TRANSFER_ASKED, "技术部")]
    assert "壁厚" in events[0].data["reason"]
    (row,) = answered.told(number, "transfer_request")
    assert row.recipient == WANG
    assert "技术部" in answered.mail_of(row).text
    (case,) = (case for case in answered.cases if case.number == number)
    assert case.text("department") == "生产部"


def test_the_manager_approves(answered):
    verdict = chosen(answered, "032")
    assert (verdict["step"], verdict["choice"]) == ("approve", "approved")
    number, events = led_to(answered, "032")
    assert {event.by for event in events if event.type is EventType.CHOSEN} == {CHEN.partition("@")[0]}
    assert answered.told(number, "answer")


def test_the_director_rejects_with_reasons_and_a_new_round_begins(answered):
    verdict = chosen(answered, "033")
    assert (verdict["step"], verdict["choice"]) == ("approve_director", "rejected")
    for reason in MAILS["033"].expected["reject_reason_contains"]:
        assert reason in verdict["reason"]
    number, _ = led_to(answered, "033")
    (case,) = (case for case in answered.cases if case.number == number)
    assert case.round == 2
    assert not answered.told(number, "answer")


def test_the_customer_is_satisfied(answered):
    verdict = chosen(answered, "034")
    assert (verdict["step"], verdict["choice"]) == ("confirm", "satisfied")
    number, _ = led_to(answered, "034")
    (row,) = (row for row in answered.rows if row["客诉编号"] == number)
    assert row["客户反馈"] == "满意"


def test_the_customer_is_not_satisfied_and_a_new_round_begins(answered):
    verdict = chosen(answered, "035")
    assert (verdict["step"], verdict["choice"]) == ("confirm", "dissatisfied")
    number, _ = led_to(answered, "035")
    (case,) = (case for case in answered.cases if case.number == number)
    assert case.round == 2


def test_a_stranger_with_the_right_number_is_filed_and_told(answered):
    number, events = led_to(answered, "038")
    assert [event.type for event in events] == [EventType.FILED]
    assert not events[0].data["trusted"]
    (row,) = answered.told(number, "stranger")
    assert row.recipient == WANG


def test_the_answer_to_the_customer_holds_the_report_for_customers(answered):
    number, _ = led_to(answered, "034")
    (row,) = answered.told(number, "answer")
    name, text = document_of(answered.mail_of(row))
    assert "客户版" in name
    assert number in text
    assert "补正值输入错误" in text


def test_all_replies_are_off_the_inbox_and_the_chain_holds(answered):
    assert answered.lying["INBOX"] == ()
    done = message_ids(answered.lying["已处理"])
    assert {new_id(reply) for reply in ABOUT} <= done
