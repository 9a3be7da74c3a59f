"""The cast of every test: one factory with its departments, and two customers."""

from __future__ import annotations

from pathlib import Path

COMPLAINTS = "complaints@hongyuan.example"

# quality
WANG = "wang.xiaoyan@hongyuan.example"  # quality engineer
CHEN = "chen.lixin@hongyuan.example"  # quality manager
XU = "xu.wenlan@hongyuan.example"  # quality director
GM = "gm@hongyuan.example"  # general manager
# production
PRODUCTION = "production@hongyuan.example"
SUN = "sun.dapeng@hongyuan.example"
ZHAO = "zhao.guodong@hongyuan.example"  # manager
# engineering
ENGINEERING = "engineering@hongyuan.example"
HE = "he.yan@hongyuan.example"
# logistics
LOGISTICS = "logistics@hongyuan.example"
# quality department's mailbox (owner by default)
QUALITY = "quality@hongyuan.example"
# sales
LIN = "lin.jiayi@hongyuan.example"
ZHENG = "zheng.haitao@hongyuan.example"  # manager
# customers
LI = "li.na@beifang-motor.example"
MILLER = "j.miller@northwind-auto.example"

CONFIG = Path(__file__).parent.parent / "config.toml"
