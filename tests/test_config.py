from datetime import UTC, datetime, time, timedelta

import pytest

from daemon.config import (
    BadConfig,
    NoPassword,
    directory_of,
    load_config,
    load_directory,
    named_settings_of,
    settings_of,
)
from daemon.wiring import calendars_of, store_address
from tests.cast import CHEN, CONFIG, GM, WANG, XU

SMALL = """\
[company]
name = "宏远"
domain = "hongyuan.example"
complaint_mailbox = "complaints@hongyuan.example"
[calendar]
country = ""
[[departments]]
name = "质量部"
email = "quality@hongyuan.example"
manager = { name = "陈立新", email = "chen.lixin@hongyuan.example" }
members = [ { name = "王晓燕", email = "wang.xiaoyan@hongyuan.example" } ]
[[departments]]
name = "销售部"
email = "sales@hongyuan.example"
manager = { name = "郑海涛", email = "zheng@partner.example" }
[[routing]]
department = "质量部"
when = ["默认"]
"""


@pytest.fixture
def loaded(tmp_path):
    def load(text):
        (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        return load_config(tmp_path / "config.toml")

    return load


def faults_of(loaded, text):
    with pytest.raises(BadConfig) as wrong:
        loaded(text)
    return wrong.value.faults


def test_the_shipped_config_loads():
    config = load_config(CONFIG)
    assert config.mail_in[0].kind == "embedded"
    assert config.path("ledger") == CONFIG.parent / "ledger"


@pytest.mark.parametrize(
    ("old", "new", "say", "shift"),
    [
        ('name = "宏远"', 'nam = "宏远"', "company.name: Field required", -1),
        ('name = "宏远"', 'name = "宏远"\ntelephone = "1"', "company.telephone: there is no such key", 1),
        ('name = "宏远"', 'name = "宏远', "this is not TOML", 0),
        ('department = "质量部"', 'department = "月球部"', "月球部 is not among [[departments]]", 0),
        ("[[routing]]", '[roles]\nsales = ["某人"]\n[[routing]]', "某人 stands nowhere", 1),
        ("[[routing]]", "[service]\ntick_seconds = 0\n[[routing]]", "greater than or equal to 1", 1),
        ("[[routing]]", '[watch]\nsmtp = "soon"\n[[routing]]', "'soon' is not a length of time", 1),
        ("[[routing]]", "[ledger]\nbackups = -1\n[[routing]]", "greater than or equal to 0", 1),
        ("[[routing]]", '[ledger]\nlock_stale = "2wd"\n[[routing]]', "2wd counts working time or months", 1),
        (
            "[[routing]]",
            '[ledger]\ntrusted = ["case_no"]\n[[routing]]',
            "case_no is no column in which people write",
            1,
        ),
        ("[[routing]]", '[ledger]\nrole = ""\n[[routing]]', "at least 1 character", 1),
        ("[[routing]]", '[service]\nlog = "xml"\n[[routing]]', "'text' or 'json'", 1),
        ("[[routing]]", '[mail_in]\nkind = "pop3"\n[[routing]]', "'embedded' or 'imap'", 1),
        (
            "[[routing]]",
            '[[mail_in]]\n[[mail_in]]\nname = "embedded"\n[[routing]]',
            "two mailboxes are called embedded; give one of them a `name`",
            1,
        ),
        ("[[routing]]", '[[mail_in]]\n[[mail_in]]\nkind = "pop3"\n[[routing]]', "mail_in.1.kind", 2),
        ("[[routing]]", '[mail_in]\nkind = "imap"\n[[routing]]', "needs `user`", 0),
        ("[[routing]]", '[mail_in]\nlogin = "oauth"\nuser = "c"\n[[routing]]', "needs an [oauth] section", 0),
        ("[[routing]]", '[mail_out]\nlogin = "oauth"\n[oauth]\nclient_id = "a"\n[[routing]]', "needs `user`", 1),
        (
            "[[routing]]",
            '[oauth]\nclient_id = "a"\ntenant = "t"\nflow = "app"\n[[routing]]',
            "needs client_secret_file",
            3,
        ),
        (
            "[[routing]]",
            '[oauth]\nclient_id = "a"\nflow = "app"\nclient_secret_env = "S"\n[[routing]]',
            'flow = "app" needs the tenant',
            0,
        ),
        (
            "[[routing]]",
            '[oauth]\nclient_id = "a"\nauthority = "http://x"\n[[routing]]',
            "write it like https://login",
            2,
        ),
        ("[[routing]]", '[mail_in]\npassword = "x"\n[[routing]]', "mail_in.password: there is no such key", 1),
        ("[[routing]]", '[summary]\nweekday = "Thorsday"\n[[routing]]', "valid integer", 1),
        ('country = ""', 'zone = "Asia/Nowhere"', "no time zone 'Asia/Nowhere'", -1),
        ('country = ""', 'country = "ZZ"', "no public holidays are known", -1),
        ('country = ""', 'hours = ["17:00-08:00"]', "must end after it starts", -1),
        ('country = ""', 'hours = ["8 to 5"]', 'like "08:00-12:00"', 0),
        ('country = ""', 'country = ""\ndays_off = [2026-11-02]\nwork_on = [2026-11-02]', "both a day off", -1),
        ('"陈立新", email', '"陈立新", deputy = "某人", email', "deputy of 陈立新: 某人 stands nowhere", 0),
        ('"郑海涛", email = "zheng@partner.example"', '"郑海涛"', "郑海涛 has no email address", 0),
        ('"zheng@partner.example"', '"wang.xiaoyan@hongyuan.example"', "share the id wang.xiaoyan", -4),
        ("[calendar]", 'sender_proof = "authentication_results"\n[calendar]', "name your own mail server", 0),
        ("[calendar]", 'sender_proof = "any"\n[calendar]', "'answer', 'authentication_results' or 'address'", 0),
        ('"complaints@hongyuan.example"', '"complaints"', "'complaints' is not a mail address", 0),
        ('"quality@hongyuan.example"', '"quality @hongyuan.example"', "is not a mail address", 0),
        ('"quality@hongyuan.example"', '"质量部 <quality@hongyuan.example>"', "is not a mail address", 0),
        ('"zheng@partner.example"', '"zheng＠partner.example"', "is not a mail address", 0),
        ('"sales@hongyuan.example"', '"Quality@hongyuan.example"', "is the mailbox of both 质量部 and 销售部", 0),
        ('"sales@hongyuan.example"', '"Complaints@Hongyuan.example"', "is the complaint mailbox itself", 0),
        ('"zheng@partner.example"', '"complaints@hongyuan.example"', "is the complaint mailbox itself", 0),
        (
            'email = "zheng@partner.example"',
            'id = "zheng", email = "Wang.Xiaoyan@hongyuan.example"',
            "belongs to both wang.xiaoyan and zheng",
            0,
        ),
    ],
)
def test_every_fault_is_named_with_its_line(loaded, tmp_path, old, new, say, shift):
    faults = faults_of(loaded, SMALL.replace(old, new, 1))
    fault = next((one for one in faults if say in one.text), None)
    assert fault, [str(one) for one in faults]
    assert fault.file == str(tmp_path / "config.toml")
    assert fault.line == SMALL[: SMALL.index(old)].count("\n") + 1 + shift, str(fault)


def test_the_ledger_is_kept_with_patience(loaded):
    usual, said = loaded(SMALL).ledger, '[ledger]\nopen_reminder = "2wh"\nlock_stale = "36h"\ntrusted = ["review"]\n'
    assert (usual.backups, str(usual.open_reminder), usual.lock_stale_after()) == (14, "4h", timedelta(days=3))
    assert (usual.trusted, usual.role) == ((), "quality_engineer")
    other = loaded(SMALL + said).ledger
    assert (str(other.open_reminder), other.lock_stale_after()) == ("2wh", timedelta(hours=36))
    assert other.trusted == ("review",)


def test_capital_letters_are_small_letters_in_addresses(loaded):
    text = SMALL.replace('domain = "hongyuan.example"', 'domain = "HongYuan.example"')
    text = text.replace('"zheng@partner.example"', '"Wang.Xiaoyan@Hongyuan.example"').replace("郑海涛", "王晓燕")
    directory = directory_of(loaded(text))
    assert directory.domain == "hongyuan.example"
    assert directory.people["wang.xiaoyan"].emails == ("wang.xiaoyan@hongyuan.example",)
    assert directory.is_colleague("somebody@HONGYUAN.example")


def test_all_faults_are_named_at_once(loaded):
    text = SMALL.replace('department = "质量部"', 'department = "月球部"').replace('country = ""', 'zone = "X/Y"')
    assert len(faults_of(loaded, text + '[roles]\nsales = ["某人"]\n')) == 3


def test_a_file_that_is_missing_or_no_text_is_a_fault(tmp_path):
    with pytest.raises(BadConfig, match="cannot be read"):
        load_config(tmp_path / "none.toml")
    (tmp_path / "gbk.toml").write_bytes(SMALL.encode("gbk"))
    with pytest.raises(BadConfig, match="save it as UTF-8"):
        load_config(tmp_path / "gbk.toml")


def test_a_file_saved_by_notepad_is_read(tmp_path):
    (tmp_path / "config.toml").write_text(SMALL.replace("\n", "\r\n"), encoding="utf-8-sig")
    assert load_config(tmp_path / "config.toml").company.name == "宏远"


def test_roles_follow_from_the_departments(loaded):
    directory = directory_of(loaded(SMALL))
    assert directory.roles == {
        "quality_engineer": ("wang.xiaoyan",),
        "quality_manager": ("chen.lixin",),
        "quality_director": ("chen.lixin",),
        "sales": ("zheng@partner.example",),
    }
    shipped = directory_of(load_config(CONFIG))
    emails = {role: [shipped.people[one].email for one in ids] for role, ids in shipped.roles.items()}
    assert (emails["quality_director"], emails["general_manager"]) == ([XU], [GM])
    assert (emails["quality_engineer"], emails["quality_manager"]) == ([WANG], [CHEN])


def test_a_role_is_given_by_name_or_id(loaded):
    for holder in ("郑海涛", "zheng@partner.example"):
        directory = directory_of(loaded(SMALL + f'[roles]\nquality_manager = ["{holder}"]\n'))
        assert directory.roles["quality_manager"] == ("zheng@partner.example",)


@pytest.mark.parametrize("deputy", ["王晓燕", "wang.xiaoyan"])
def test_a_deputy_is_given_by_name_or_id(loaded, deputy):
    directory = directory_of(loaded(SMALL.replace('"陈立新", email', f'"陈立新", deputy = "{deputy}", email')))
    assert directory.people["chen.lixin"].deputy == "wang.xiaoyan"


def test_a_name_of_two_people_is_asked_about(loaded):
    text = SMALL.replace("郑海涛", "王晓燕") + '[roles]\nsales = ["王晓燕"]\n'
    (fault,) = faults_of(loaded, text)
    assert "is the name of wang.xiaoyan and zheng@partner.example; write the id" in fault.text
    text = SMALL.replace("郑海涛", "王晓燕").replace('"陈立新", email', '"陈立新", deputy = "王晓燕", email')
    (fault,) = faults_of(loaded, text)
    assert "deputy of 陈立新" in fault.text


def test_a_person_of_two_departments_keeps_what_each_says(loaded):
    both = 'manager = { name = "陈立新", email = "chen.lixin@hongyuan.example", deputy = "王晓燕" }'
    text = SMALL.replace('manager = { name = "陈立新", email = "chen.lixin@hongyuan.example" }', both)
    text = text.replace("zheng@partner.example", "chen.lixin@hongyuan.example").replace("郑海涛", "陈立新")
    assert directory_of(loaded(text)).people["chen.lixin"].deputy == "wang.xiaoyan"


def test_a_directory_can_stand_alone():
    directory = load_directory(SMALL.replace('[calendar]\ncountry = ""\n', ""), "directory.toml")
    assert directory.department("质量部").manager == "chen.lixin"
    with pytest.raises(BadConfig, match=r"directory\.toml:5"):
        load_directory(SMALL, "directory.toml")


# ── calendars ──

BY_WEEKDAY = 'country = ""\nhours = { default = ["08:00-16:00"], Saturday = ["08:00-12:00"], Monday = [] }'
NIGHT = '[calendars.night]\nhours = ["22:00-06:00"]\n[[departments]]\ncalendar = "night"\n'


def test_hours_may_differ_by_weekday(loaded):
    week = settings_of(loaded(SMALL.replace('country = ""', BY_WEEKDAY))).week
    assert week[1] == ((time(8), time(16)),)
    assert (week[5], week[0], 6 in week) == (((time(8), time(12)),), (), False)
    alone = SMALL.replace('country = ""', 'hours = { Sunday = ["09:00-12:00"] }')
    assert settings_of(loaded(alone)).week == {6: ((time(9), time(12)),)}


def test_a_named_calendar_says_only_what_is_different(loaded):
    config = loaded(SMALL.replace("[[departments]]", NIGHT, 1))
    night = named_settings_of(config)["night"]
    assert (night.country, night.week[4]) == ("", ((time(22), time(6)),))
    assert settings_of(config).week[4] == ((time(8), time(12)), (time(13), time(17, 30)))
    calendars = calendars_of(config)
    assert calendars.of_department == {"质量部": "night"}
    assert calendars.of_role == {"quality_engineer": "night", "quality_manager": "night", "quality_director": "night"}
    at = datetime(2026, 11, 2, 15, tzinfo=UTC)  # 23:00 in Shanghai
    assert calendars.at("Quality@hongyuan.example").is_open(at)
    assert not calendars.at("zheng@partner.example").is_open(at)


@pytest.mark.parametrize(
    ("old", "new", "say"),
    [
        ("[calendars.night]", "[calendars.late]", "add [calendars.night]"),
        ('["22:00-06:00"]', '{ Monday = ["22:00-09:00"], Tuesday = ["08:00-09:00"] }', "hours of the next day"),
        ('["22:00-06:00"]', '{ Lundi = ["22:00-09:00"] }', "Input should be 'default', 'Monday'"),
        ('["22:00-06:00"]', "[]", "nobody ever works"),
        ("hours", 'zone = "Mars"\nhours', "no time zone 'Mars'"),
    ],
)
def test_faults_of_calendars_are_named(loaded, old, new, say):
    faults = faults_of(loaded, SMALL.replace("[[departments]]", NIGHT.replace(old, new), 1))
    assert any(say in one.text for one in faults), faults


# ── passwords ──

MAIL = '[mail_in]\nkind = "imap"\nuser = "c"\n'


def test_a_password_comes_from_the_environment(loaded, monkeypatch):
    config = loaded(SMALL + MAIL + 'password_env = "KESU_TEST_PASSWORD"\n')
    monkeypatch.delenv("KESU_TEST_PASSWORD", raising=False)
    with pytest.raises(NoPassword, match="the environment has no KESU_TEST_PASSWORD"):
        config.mail_in[0].password(config.base)
    monkeypatch.setenv("KESU_TEST_PASSWORD", "hunter2")
    assert config.mail_in[0].password(config.base) == "hunter2"
    assert "hunter2" not in repr(config)


def test_a_password_comes_from_a_file_beside_config(loaded, tmp_path):
    config = loaded(SMALL + MAIL + 'password_file = "secret"\n')
    with pytest.raises(OSError, match="secret"):
        config.mail_in[0].password(config.base)
    (tmp_path / "secret").write_text("hunter2\n")
    assert config.mail_in[0].password(config.base) == "hunter2"
    assert "hunter2" not in repr(config)


def test_no_password_is_none(loaded):
    config = loaded(SMALL)
    assert config.mail_out.password(config.base) == ""


def test_a_password_written_into_config_is_refused_and_not_repeated(loaded):
    (fault,) = faults_of(loaded, SMALL + MAIL + 'password = "hunter2"\n')
    assert "hunter2" not in str(fault)


# ── the database ──

DATABASE = '[service]\ndatabase = "postgresql://kesu@db.example/kesu"\nschema = "plant_2"\n'


def test_without_a_database_the_store_is_a_file_in_the_state_folder(loaded):
    config = loaded(SMALL)
    assert store_address(config).url.database == str(config.base.resolve() / "state" / "kesu.db")


def test_a_database_is_named_by_address_schema_and_place_of_its_password(loaded, tmp_path):
    (tmp_path / "secret").write_text("hunter2\n")
    config = loaded(SMALL + DATABASE + 'database_password_file = "secret"\n')
    address = store_address(config)
    assert (address.url.drivername, address.url.password, address.schema) == (
        "postgresql+psycopg",
        "hunter2",
        "plant_2",
    )
    assert "hunter2" not in repr(config) + repr(address) + str(address)
    config = loaded(SMALL + DATABASE + 'database_password_env = "KESU_NONE"\n')
    with pytest.raises(NoPassword, match="KESU_NONE"):
        store_address(config)


@pytest.mark.parametrize(
    ("line", "say"),
    [
        ('database = "postgresql://kesu:hunter2@db.example/kesu"', "take the password out"),
        ('database = "postgresql://kesu@db.example/kesu?password=hunter2"', "take the password out"),
        ('database = "postgresql://kesu:hunter2@db.example:port/kesu"', "no database address"),
        ('database = "hunter2"', "no database address"),
        ('database = "mysql://db.example/hunter2"', "leave it empty"),
        ('database = "sqlite:///hunter2.db"', "leave it empty"),
        ('database = "postgresql://db.example/kesu?sslmode=require"', "verifies nothing"),
        ('database = "postgresql://db.example/kesu"\nschema = "Plant 2"', "small letters"),
        ('database = "postgresql://db.example/kesu"\nschema = "pg_kesu"', "small letters"),
        ('schema = "plant"', "a schema lies in a PostgreSQL"),
        ("lease_seconds = 1", "greater than or equal to 2"),
    ],
)
def test_what_is_no_database_is_refused_and_not_repeated(loaded, line, say):
    (fault,) = faults_of(loaded, SMALL + "[service]\n" + line + "\n")
    assert say in str(fault)
    assert "hunter2" not in str(fault)


# ── the process ──


def test_a_role_may_be_held_by_a_department(loaded):
    directory = directory_of(loaded(SMALL + '[roles]\nproduction = ["质量部", "郑海涛"]\n'))
    assert [dept.name for dept in directory.offices_of("production")] == ["质量部"]
    assert directory.roles["production"] == ("zheng@partner.example",)
    assert directory.offices_of("sales") == ()


def test_overrides_and_customers_are_read_as_they_are_written(loaded):
    more = """
[[override.step]]
id = "verify"
due = "3h"
[[customers]]
name = "北方电机"
aliases = ["北方"]
domains = ["Beifang.Example"]
[customers.override.number]
pattern = "B{seq}"
"""
    config = loaded(SMALL + more)
    assert config.override == {"step": [{"id": "verify", "due": "3h"}]}
    (customer,) = config.customers
    assert (customer.aliases, customer.domains) == (("北方",), ("beifang.example",))
    assert customer.override == {"number": {"pattern": "B{seq}"}}
    assert "there is no such key" in str(faults_of(loaded, SMALL + '[[customers]]\nname = "x"\ndomain = "y"\n')[0])


def test_since_and_idle_of_a_mailbox(loaded):
    mail = loaded(SMALL + '[mail_in]\nkind = "imap"\nuser = "c"\nsince = 2026-11-24\nidle = false\n').mail_in[0]
    assert (str(mail.since), mail.idle, mail.account) == ("2026-11-24", False, "c")


def test_colleagues_read_the_language_of_their_company_unless_they_have_one_of_their_own(loaded):
    text = SMALL.replace("[company]\n", '[company]\nlanguage = "zh-TW"\n', 1)
    directory = directory_of(loaded(text))
    assert directory.language == "zh-TW"
    assert {dept.language for dept in directory.departments} == {"zh-TW"}
    assert {person.language for person in directory.people.values()} == {"zh-TW"}
    assert {person.language for person in directory_of(loaded(SMALL)).people.values()} == {"zh-CN"}
    assert "language" in str(faults_of(loaded, SMALL.replace("[company]\n", '[company]\nlanguage = "de"\n', 1))[0])
