"""What PostgreSQL does otherwise than SQLite, and what it says when it cannot be used."""

import builtins

import pytest
from sqlalchemy.exc import IntegrityError

from daemon.adapters.store import StoreMissing, StoreTooOld, StoreUnreachable, UpgradeWaits, address_of, open_store
from daemon.adapters.store import dialect as dialect_module
from daemon.adapters.store.advice import ADVICE, LATER, advice_on
from daemon.adapters.store.check import check_database
from daemon.seams import MailOutcome
from tests.servers.postgresql import PASSWORD, USER

from .samples import NOW, case_id, complaint, key, opening


@pytest.fixture
def kind():
    return "postgresql"


@pytest.fixture
def other(disk, address):
    opened = open_store(address)
    yield opened
    opened.close()


def test_two_companies_in_one_database_do_not_see_each_other(postgresql):
    ours, theirs = (open_store(postgresql.address(postgresql.new_schema())) for _ in range(2))
    ours.commit(opening(), NOW)
    assert list(theirs.cases()) == []
    theirs.commit(opening(1, case=complaint(subject="theirs")), NOW)
    assert ours.case(case_id()).subject == complaint().subject
    assert (ours.take_lease("a", 60), theirs.take_lease("b", 60)) == (1, 1)
    ours.close()
    theirs.close()


def test_nothing_of_it_lies_outside_the_schema(postgresql):
    open_store(postgresql.address(postgresql.new_schema())).close()
    assert postgresql.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []


def test_a_reading_transaction_sees_one_state(disk, other):
    disk.commit(opening(), NOW)
    with disk._reading() as connection:
        first = connection.exec_driver_sql("SELECT count(*) FROM cases").scalar()
        other.commit(opening(2), NOW)
        assert connection.exec_driver_sql("SELECT count(*) FROM cases").scalar() == first == 1
    assert len(list(disk.cases())) == 2


@pytest.mark.parametrize("filling", ["\xff", "a", "aé"])
def test_the_longest_message_id_finds_room_in_the_index(store, filling):
    long = (filling * 990)[:990].encode("latin-1").decode("ascii", "replace")
    mail = store.remember_mail(key(), b"raw", f"<{long}>", NOW)
    store.finish_mail(mail.id, MailOutcome.ASIDE)
    assert store.mails_like(f"<{long}>", "0" * 64, 1)[0].id == mail.id


# ── the server goes away ──


def test_after_a_restart_the_next_transaction_works(disk, postgresql):
    disk.remember("a", "b")
    postgresql.stop()
    try:
        for act in (lambda: disk.recall("a"), lambda: disk.remember("a", "c"), lambda: disk.take_lease("a", 60)):
            with pytest.raises(StoreUnreachable, match=r"refused.*start the database server"):
                act()
    finally:
        postgresql.start()
    assert disk.recall("a") == "b"
    disk.remember("a", "c")


def test_a_transaction_that_the_server_ends_leaves_nothing(disk, other):
    def end(connection):
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with other._writing() as beside:
            beside.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)")

    with pytest.raises(StoreUnreachable), disk._writing() as connection:  # noqa: PT012 - the server ends it in between
        connection.exec_driver_sql("INSERT INTO memory VALUES ('half', 'done')")
        end(connection)
        connection.exec_driver_sql("INSERT INTO memory VALUES ('other', 'half')")
    assert disk.recall("half") is None
    disk.remember("half", "whole")


def test_one_that_stops_in_the_midst_of_a_transaction_does_not_keep_the_lease_for_ever(address, other, monkeypatch):
    monkeypatch.setitem(dialect_module._THEIRS, "idle_in_transaction_session_timeout", "100ms")
    stopped = open_store(address)
    stopped.take_lease("stopped", 1)
    held = stopped.holding_lease()
    held.__enter__()
    with other._engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '30s'")
        connection.exec_driver_sql("UPDATE lease SET until = 0")
    assert other.take_lease("b", 60) == 2
    with pytest.raises(StoreUnreachable):
        held.__exit__(None, None, None)
    stopped.close()


# ── upgrades beside a daemon at work ──


def test_a_store_is_not_upgraded_under_a_daemon_at_work(disk, address, monkeypatch):
    disk.take_lease("old@plant:1", 60)
    monkeypatch.setattr("daemon.adapters.store.sql.HEAD", "0009")
    with pytest.raises(UpgradeWaits, match="old@plant:1"):
        open_store(address)


def test_a_verb_beside_a_daemon_upgrades_nothing(address, disk, postgresql, monkeypatch):
    open_store(address, upgrade=False).close()
    with pytest.raises(StoreMissing):
        open_store(postgresql.address(postgresql.new_schema()), upgrade=False)
    monkeypatch.setattr("daemon.adapters.store.sql.HEAD", "0009")
    with pytest.raises(StoreTooOld):
        open_store(address, upgrade=False)


# ── what is said ──


def refused(address):
    with pytest.raises(StoreUnreachable) as found:
        open_store(address)
    shown = str(found.value)
    chain = repr(found.value) + repr(found.value.__cause__) + str(found.value.__cause__)
    assert PASSWORD not in shown + chain
    assert "\n" not in shown
    return shown


def test_a_wrong_password_is_named_and_not_shown(postgresql):
    shown = refused(address_of(postgresql.url(), "", "not-this-one"))
    assert "database_password_env" in shown
    assert f"{USER}@127.0.0.1" in shown
    assert "not-this-one" not in shown


def test_a_password_that_is_missing(postgresql, monkeypatch):
    monkeypatch.setenv("PGPASSFILE", "/dev/null")
    assert "name the password" in refused(address_of(postgresql.url()))


def test_an_unknown_database(postgresql):
    assert "create the database" in refused(address_of(postgresql.url("nowhere"), "", PASSWORD))


def test_a_server_without_tls_over_the_network(postgresql):
    url = postgresql.url() + "?sslmode=verify-full&sslrootcert=system"
    assert "switch TLS on" in refused(address_of(url, "", PASSWORD))


def test_a_schema_that_may_not_be_made(postgresql):
    postgresql.ask("DROP ROLE IF EXISTS guest")
    postgresql.ask("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    url = postgresql.url().replace(USER + "@", "guest@")
    assert "grant" in refused(address_of(url, postgresql.new_schema(), "guest"))


def test_a_driver_that_is_missing(postgresql, monkeypatch):
    load = builtins.__import__

    def without(name, *more, **others):
        if name.partition(".")[0] == "psycopg":
            raise ModuleNotFoundError(name)
        return load(name, *more, **others)

    monkeypatch.setattr(builtins, "__import__", without)
    assert 'pip install "kesu[postgresql]"' in refused(postgresql.address("a"))


def test_over_the_network_the_server_must_prove_who_it_is():
    assert address_of("postgresql://kesu@db.example/kesu").url.query["sslmode"] == "verify-full"
    assert address_of("postgresql://kesu@db.example/kesu?sslmode=disable").url.query["sslmode"] == "disable"
    for local in ("postgresql://kesu@localhost/kesu", "postgresql://kesu@/kesu?host=/run/postgresql"):
        assert "sslmode" not in address_of(local).url.query


def test_an_address_is_shown_without_password(postgresql):
    address = address_of("postgresql://kesu@db.example/kesu?sslrootcert=/a", "plant", PASSWORD)
    assert str(address) == "postgresql+psycopg://kesu@db.example/kesu (schema plant)"
    assert PASSWORD not in repr(address)
    assert address.url.password == PASSWORD


def test_values_stay_out_of_what_a_fault_says(store):
    store.remember("key", "a value")
    statement, values = "INSERT INTO memory VALUES (%(k)s, %(v)s)", {"k": "key", "v": "a secret"}
    with pytest.raises(IntegrityError) as found, store._writing() as connection:
        connection.exec_driver_sql(statement, values)
    assert "a secret" not in str(found.value)


def test_what_no_line_of_the_table_knows_is_tried_again():
    assert advice_on("the sky fell") == LATER
    assert len({mark for mark, _ in ADVICE}) == len(ADVICE)


# ── kesu check ──


def checked(address):
    (found,) = check_database(address)
    assert PASSWORD not in f"{found.what} {found.advice}"
    return found


def test_a_check_tells_how_the_database_stands_and_makes_nothing(postgresql):
    address = postgresql.address(postgresql.new_schema())
    assert "made when the daemon starts" in checked(address).what
    assert postgresql.ask(f"SELECT 1 FROM pg_namespace WHERE nspname = '{address.schema}'") == []
    store = open_store(address)
    assert "nobody is at work" in checked(address).what
    store.take_lease("plant:1:a", 60)
    assert "plant:1:a is at work" in checked(address).what
    store.close()


def test_a_check_names_what_to_grant(postgresql):
    postgresql.ask("DROP ROLE IF EXISTS visitor")
    postgresql.ask("CREATE ROLE visitor LOGIN PASSWORD 'visitor'")
    url = postgresql.url().replace(USER + "@", "visitor@")
    missing, there = postgresql.new_schema(), postgresql.new_schema()
    postgresql.ask(f"CREATE SCHEMA {there}")
    found = checked(address_of(url, missing, "visitor"))
    assert (found.ok, found.advice) == (
        False,
        f'let an administrator run: CREATE SCHEMA {missing} AUTHORIZATION "visitor"',
    )
    found = checked(address_of(url, there, "visitor"))
    assert (found.ok, "GRANT USAGE, CREATE" in found.advice) == (False, True)


def test_a_check_says_why_the_database_cannot_be_used(postgresql):
    found = checked(address_of(postgresql.url(), "", "wrong"))
    assert (found.ok, "database_password_env" in found.advice) == (False, True)
