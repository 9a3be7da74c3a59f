"""The mails of the bench: Chinese complaints with varied facts; the same number always gives the same mail."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from random import Random

from tests.cast import COMPLAINTS

SEED = 20261124
SENT_AT = datetime(2026, 11, 23, 1, tzinfo=UTC)  # only a Date header
PICTURE = (640, 480)  # grey noise: as hard to pack as the photo of a telephone, 300 kB
CUSTOMERS = (
    ("北方电机制造有限公司", "beifang-motor.example", "沈阳一厂"),
    ("华昱汽车零部件（芜湖）有限公司", "huayu-auto.example", "芜湖二厂"),
    ("东海液压科技股份有限公司", "donghai-hyd.example", "宁波总装厂"),
    ("上海申越电器有限公司", "shenyue-electric.example", "松江工厂"),
    ("重庆山城摩托车有限公司", "shancheng-moto.example", "巴南工厂"),
    ("佛山南方压缩机有限公司", "nanfang-comp.example", "顺德基地"),
    ("青岛海澜冷链设备有限公司", "hailan-cold.example", "胶州工厂"),
    ("武汉光阳仪表有限公司", "guangyang.example", "东湖工厂"),
)
PEOPLE = ("李娜", "张伟", "王芳", "吴佩珊", "陈志强", "赵敏", "刘洋", "周海燕", "孙建国", "何静")
PRODUCTS = (
    ("前端盖", "BF"), ("连接器外壳", "HY-C"), ("阀体", "VT"), ("转轴", "ZZ"), ("轴承座", "BH"), ("端子压板", "DZ"),
    ("减速箱壳体", "GB"), ("密封圈", "SR"), ("散热片", "HS"), ("齿轮", "CL"),
)  # fmt: skip
FLAWS = (
    "内径超差，实测{size}mm，图纸要求{limit}±0.02mm",
    "表面有明显划伤，长约{size}mm，影响外观",
    "飞边{tenth}mm，插不到位，插拔力超出规格",
    "端面毛刺，装配时划伤密封面",
    "混料，箱内混有其他型号{few}件",
    "标签与实物不符，批次无法追溯",
    "装机后异响，{few}台电机返修",
    "气密性测试不合格，泄漏量超过上限",
    "短装，实收比送货单少{few}件",
    "外箱破损，产品受潮生锈",
    "硬度不足，实测HRC{hard}，要求HRC58-62",
    "镀层起泡脱落，盐雾试验24小时出现红锈",
)
DEMANDS = (
    "请提供8D报告，并补货。",
    "请于三天内回复原因分析和改善措施。",
    "请安排人员到厂挑选，费用由贵司承担。",
    "请尽快换货，我司库存只够两天。",
    "请确认在库和在途产品，并书面回复。",
)
PROSE = """您好：

{customer}{site}反馈：贵司供应的{product}（型号{part}，批次{batch}，订单{order}）到货{total}件，检验发现不良{bad}件。
{flaw}。{demand}

{person}
{customer}
电话：{phone}
"""
FORM = """尊敬的供应商：

我司来料检验发现贵司产品不良，请尽快处理。

客户名称：{customer}
收货工厂：{site}
产品名称：{product}
产品型号：{part}
批次号：{batch}
订单号：{order}
交货数量：{total}
不良数量：{bad}
问题描述：{flaw}
处理要求：{demand}

{person}
{customer} 品质部
电话：{phone}
"""
STYLE = "<style>p.MsoNormal{margin:0cm;font-size:10.5pt;font-family:等线} td{border:1px solid #999;padding:2pt}</style>"


@dataclass(frozen=True)
class Letter:
    """One complaint: who writes, and its facts as they stand in the text."""

    number: int
    address: str
    facts: dict[str, str]
    form: bool
    html: bool
    pictures: int

    @property
    def subject(self) -> str:
        return "投诉：{product} {part} 批次{batch} ".format_map(self.facts) + self.facts["flaw"].partition("，")[0]

    @property
    def text(self) -> str:
        return (FORM if self.form else PROSE).format_map(self.facts)

    def bytes(self) -> bytes:
        """Return the mail as it travels."""
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = f"{self.facts['person']} <{self.address}>"
        mail["To"], mail["Subject"] = COMPLAINTS, self.subject
        mail["Date"] = SENT_AT + timedelta(minutes=self.number)
        mail["Message-ID"] = f"<bench.{self.number}@{self.address.partition('@')[2]}>"
        if self.html:
            mail.set_content(_as_html(self.text), subtype="html", cte="base64")
        else:
            mail.set_content(self.text, cte="base64")
        for one in range(self.pictures):
            name = f"照片{one + 1}.png"
            mail.add_attachment(_picture(self.number * 10 + one), maintype="image", subtype="png", filename=name)
        return mail.as_bytes()


def letters(count: int, first: int = 1) -> Iterator[Letter]:
    """Yield so many complaints: two thirds text and one third HTML, one in twenty with pictures."""
    return (_letter(number) for number in range(first, first + count))


def _letter(number: int) -> Letter:
    random = Random(SEED + number)
    customer, domain, site = random.choice(CUSTOMERS)
    product, prefix = random.choice(PRODUCTS)
    total = random.randrange(200, 9000, 50)
    facts = {
        "customer": customer,
        "site": site,
        "person": random.choice(PEOPLE),
        "product": product,
        "part": f"{prefix}-{random.randint(1000, 9999)}",
        "batch": f"2026{random.randint(1, 10):02}{random.randint(1, 28):02}-{random.randint(1, 9):02}",
        "order": f"PO{random.randint(10**7, 10**8 - 1)}",
        "total": str(total),
        "bad": str(random.randint(1, total // 4)),
        "flaw": random.choice(FLAWS).format(
            size=round(random.uniform(10, 90), 2),
            limit=random.randint(10, 90),
            tenth=round(random.uniform(0.1, 0.9), 2),
            few=random.randint(2, 30),
            hard=random.randint(40, 56),
        ),
        "demand": random.choice(DEMANDS),
        "phone": f"139{random.randint(0, 10**8 - 1):08}",
    }
    pictures = random.randint(1, 2) if number % 20 == 0 else 0
    return Letter(number, f"qa{random.randint(1, 40)}@{domain}", facts, number % 2 == 0, number % 3 == 0, pictures)


def _as_html(text: str) -> str:
    rows = "".join(_row(line) for line in text.splitlines() if line)
    return f"<html><head>{STYLE}</head><body lang=ZH-CN><div class=WordSection1>{rows}</div></body></html>"


def _row(line: str) -> str:
    label, colon, value = line.partition("：")
    if colon and value and len(label) < 6:
        return f"<table><tr><td>{label}：</td><td><b>{value}</b></td></tr></table>"
    return f'<p class=MsoNormal><span lang=ZH-CN style="color:#1F1F1F">{line}</span></p>'


def _picture(seed: int) -> bytes:
    width, height = PICTURE
    noise = Random(seed).randbytes(width * height)
    raw = b"".join(b"\0" + noise[at : at + width] for at in range(0, len(noise), width))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = (b"IHDR", head), (b"IDAT", zlib.compress(raw, 1)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, *zip(*chunks, strict=True)))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
