from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from daemon.core.process import Process
from daemon.notices.render import Renderer
from daemon.notices.sample import SAMPLE_DIRECTORY, sample_process

TEMPLATES = Path(__file__).parents[2] / "mail_templates"


@pytest.fixture(scope="session")
def process() -> Process:
    return sample_process()


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    return Renderer([TEMPLATES], SAMPLE_DIRECTORY, ZoneInfo("Asia/Shanghai"))
