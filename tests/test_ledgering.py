"""`kesu ledger`: the workbook read and written at once, made anew, or compared, beside a daemon and without one."""

from __future__ import annotations

from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest
from openpyxl import Workbook, load_workbook

from daemon.adapters.files import StateLock
from daemon.adapters.store import open_store
from daemon.cli import main
from daemon.cli.codes import FINE, TO_MEND
from daemon.config import load_config
from daemon.ledgering import ordered, verified
from daemon.service import tick
from daemon.status import status_of
from daemon.wiring import ledger_path, make_folders, open_desk, store_address
from tests.cast import CONFIG

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
ROWS = 25


@pytest.fixture
def company(tmp_path):
    """A company whose people kept a ledger of their own, with a column for whom it is followed by."""
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.read_text("utf-8"), "utf-8")
    config = load_config(path)
    make_folders(config)
    book = Workbook()
    book.active.append(["客诉编号", "客户名称", "产品名称", "不良现象", "不良批次", "状态", "备注", "跟进人"])
    for number in range(1, ROWS + 1):
        row = [f"K-{number:03}", "海川电机", "转子", "轴偏心", f"B{number}", "处理中", None, f"小周{number}"]
        book.active.append(row)
    book.save(ledger_path(config))
    return config


@contextmanager
def saved(config):
    """Let a person change the workbook and save it."""
    book = load_workbook(ledger_path(config))
    yield book.active
    book.save(ledger_path(config))


def done(config, order, **more):
    return list(ordered(config, f"ledger.{order}", NOW, **more))


def rows(config):
    """Return the rows of the workbook by their numbers, each by header."""
    sheet = load_workbook(ledger_path(config)).active
    head, *rest = sheet.iter_rows(values_only=True)
    return {row[0]: dict(zip(head, row, strict=True)) for row in rest}


def batch_of(config, number):
    with closing(open_store(store_address(config), read_only=True)) as store:
        return store.case_numbered(number).text("batch_no")


def status(config):
    with closing(open_store(store_address(config), read_only=True)) as store:
        return {line.what: line for line in status_of(config, store, NOW)}


def test_without_a_daemon_it_is_done_at_once(company):
    assert any(f"{ROWS} 行" in line for line in done(company, "sync"))
    with saved(company) as sheet:
        sheet["E2"] = "B-改"
    done(company, "sync")
    assert batch_of(company, "K-001") == "B-改"


def test_beside_a_daemon_it_is_its_next_tick_that_does_it(company):
    done(company, "sync")
    with saved(company) as sheet:
        sheet["E2"] = "B-改"
    with StateLock(company.path(company.service.state) / "kesu.lock").held(NOW):
        assert done(company, "sync") == ["the running daemon does it at its next tick"]
        assert batch_of(company, "K-001") == "B1"
        with open_desk(company) as desk:
            list(tick(desk, NOW))
    assert batch_of(company, "K-001") == "B-改"


def test_verify_tells_what_differs_and_exits_with_one_until_it_is_read(company, capsys):
    done(company, "sync")
    arguments = ["ledger", "verify", "--config", str(company.base / "config.toml")]
    assert verified(company, NOW) == ()
    assert main(arguments) == FINE
    before = ledger_path(company).read_bytes()
    with saved(company) as sheet:
        sheet["E2"] = "B-改"
        sheet.delete_rows(5)
    after = ledger_path(company).read_bytes()
    assert len(verified(company, NOW)) == 2
    capsys.readouterr()
    assert main(arguments) == TO_MEND
    told = capsys.readouterr().out
    assert "K-001: 不良批次 is 'B-改'" in told
    assert "K-004" in told
    assert ledger_path(company).read_bytes() == after != before
    done(company, "sync")
    assert main(arguments) == TO_MEND  # the row that was deleted stays away
    assert [line for line in verified(company, NOW) if "K-004" not in line] == []


def test_verify_says_so_when_there_is_no_workbook_or_none_that_can_be_read(company):
    done(company, "sync")
    ledger_path(company).write_bytes(b"\xff\xd8\xff\xe0" + bytes(3000))
    assert "cannot be read" in verified(company, NOW)[0]
    ledger_path(company).unlink()
    assert "no workbook" in verified(company, NOW)[0]


def test_a_row_that_was_deleted_shows_in_status(company):
    done(company, "sync")
    with saved(company) as sheet:
        sheet.delete_rows(5)
    done(company, "sync")
    assert status(company)["台账已删行 rows deleted"].says == "1: K-004"


def test_many_rows_are_deleted_when_somebody_says_that_they_were_meant_to_be(company):
    done(company, "sync")
    with saved(company) as sheet:
        sheet.delete_rows(2, 10)
    done(company, "sync")
    assert "台账已删行 rows deleted" not in status(company)
    assert len(rows(company)) == ROWS - 10
    done(company, "sync", deleted=True)
    assert status(company)["台账已删行 rows deleted"].says.startswith("10: K-001、K-002")
    assert len(rows(company)) == ROWS - 10


def test_a_rebuilt_ledger_has_every_row_again_and_what_people_have_in_it(company):
    done(company, "sync")
    with saved(company) as sheet:
        sheet["G2"] = "客户下周来厂"
        sheet.delete_rows(5)
    done(company, "sync")
    done(company, "rebuild")
    there = rows(company)
    assert {number for number in there if number} == {f"K-{number:03}" for number in range(1, ROWS + 1)}
    assert (there["K-001"]["跟进人"], there["K-001"]["备注"]) == ("小周1", "客户下周来厂")
    assert "台账已删行 rows deleted" not in status(company)
    assert verified(company, NOW) == ()


def test_a_rebuilt_ledger_is_made_of_the_journal_where_the_file_was_lost(company):
    done(company, "sync")
    ledger_path(company).unlink()
    done(company, "rebuild")
    assert rows(company)["K-025"]["跟进人"] == "小周25"


def test_a_workbook_that_was_put_in_place_late_is_taken_over_when_somebody_says_so(company):
    done(company, "sync")
    old = Workbook()
    old.active.append(["编号", "客户名称", "品名", "不良现象", "状态"])
    old.active.append(["Q-7", "远景汽车", "前端盖", "压装不到位", "已结案"])
    old.active.append([None, "远景汽车", "前端盖", "毛刺", "跟进中"])
    old.active.append(["K-002", "海川电机", "转子", "轴偏心", "处理中"])
    old.save(ledger_path(company))
    done(company, "adopt")
    with closing(open_store(store_address(company), read_only=True)) as store:
        assert (store.case_numbered("Q-7").status, store.case_numbered("2611001").status) == ("已结案", "处理中")
        assert len(list(store.cases())) == ROWS + 2
        assert [key for key, count in store.counts().items() if "outbox" in key and count] == []
    book = load_workbook(ledger_path(company))
    sheet = book.active
    assert "变更记录" in book.sheetnames
    assert "系统提示" in [cell.value for cell in sheet[1]]
    numbers = [row[0].value for row in sheet.iter_rows(min_row=2)]
    assert numbers[:3] == ["Q-7", "2611001", "K-002"]
    assert sorted(numbers[3:]) == [f"K-{number:03}" for number in range(1, ROWS + 1) if number != 2]
