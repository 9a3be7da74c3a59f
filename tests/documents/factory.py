"""One factory, its people, and a complaint about burrs: what the tests of the documents room share."""

import struct
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from daemon.core.case import Case, Evidence, Fact, Section
from daemon.core.directory import Department, Directory, Person
from daemon.documents.pictures import Picture
from daemon.documents.report import Audience, Edition, report_of
from daemon.processes import shipped_process

ROOT = Path(__file__).parents[2]
PROCESS = shipped_process("8d")
AT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
PEOPLE = (
    Person("zhangwei", "张伟", ("zhangwei@huaxin.example",)),
    Person("wangmin", "王敏", ("wangmin@huaxin.example",)),
    Person("liqiang", "李强", ("liqiang@huaxin.example",)),
)
DIRECTORY = Directory(
    company="华新精密零部件有限公司",
    company_en="Huaxin Precision Parts",
    domain="huaxin.example",
    mailbox="kesu@huaxin.example",
    people={person.id: person for person in PEOPLE},
    departments=(
        Department("质量部", "qa@huaxin.example", "liqiang", ("wangmin",)),
        Department("生产部", "prod@huaxin.example", "zhangwei"),
    ),
)
FACTS = {
    "customer": "东风汽车",
    "contact_email": "liuyang@dongfeng.example",
    "product_name": "车门线束卡扣",
    "phenomenon": "端面有毛刺\n划伤线束",
    "quantity_delivered": 12000,
    "defect_rate": 0.003,
    "customer_due": "2026-11-23T09:00:00+00:00",
    "severity": "重要",
    "department": "生产部",
    "quality_engineer": "wangmin",
    "cost": 5200.5,
    "remarks": "内部：老客户",
    "penalty": "罚款 200 元",
    "daily_use": "1200 件",
}
SECTIONS = {
    "d1.leader": "zhangwei",
    "d3.containment": "客户端：600 件全检\n中转库：2400 件全检",
    "d4.occurrence.cause": "镶件磨损",
    "d4.occurrence.whys": "毛刺\n间隙大\n磨损",
    "d8.closing": "短期结案",
    "penalties": "内部处罚",
}
CASE = Case(
    id=UUID("12345678-90ab-cdef-1234-567890abcdef"),
    number="2611003",
    profile="",
    seq=9,
    opened_at=AT,
    facts={key: Fact(value) for key, value in FACTS.items()},
    sections={key: Section(text, "zhangwei", AT) for key, text in SECTIONS.items()},
    evidence=(Evidence("毛刺.png", "0" * 64),),
)


def png(width=8, height=6):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x80\x90\xa0" * 8) * 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


PICTURES = (Picture("毛刺.png", png(), "图1 毛刺"), Picture("尺寸.png", png(6, 8)))


def edition(audience=Audience.INTERNAL, revision=3, language=""):
    return Edition(audience, revision, AT, ZoneInfo("Asia/Shanghai"), language)


def a_report(audience=Audience.INTERNAL, case=CASE, pictures=(), language=""):
    return report_of(case, PROCESS, DIRECTORY, edition(audience, language=language), pictures)


def a_case(*, language="zh-CN", facts=(), sections=()):
    return replace(
        CASE,
        language=language,
        facts={**CASE.facts, **{key: Fact(value) for key, value in dict(facts).items()}},
        sections={**CASE.sections, **{key: Section(text, "zhangwei", AT) for key, text in dict(sections).items()}},
    )
