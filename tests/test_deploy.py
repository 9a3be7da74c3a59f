"""The files under docs/deploy hold together: what they copy, call and name is there."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from configparser import RawConfigParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from daemon.cli import VERBS

TOP = Path(__file__).parents[1]
DEPLOY = TOP / "docs" / "deploy"


def _unit() -> RawConfigParser:
    unit = RawConfigParser(strict=False, interpolation=None, comment_prefixes=("#",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string((DEPLOY / "kesu.service").read_text("utf-8"))
    return unit


def test_the_unit_calls_a_verb_and_tells_systemd_how_it_stands() -> None:
    service = _unit()["Service"]
    assert service["ExecStart"].split()[1] in VERBS
    assert (service["Type"], service["NotifyAccess"], service["Restart"]) == ("notify", "main", "on-failure")
    assert service["NoNewPrivileges"] == "yes"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path) -> None:
    there = tmp_path / "kesu.service"
    said = (DEPLOY / "kesu.service").read_text("utf-8")
    there.write_text(said.replace("/opt/kesu/venv/bin/kesu", "/bin/true"), "utf-8")
    verdict = subprocess.run(["systemd-analyze", "verify", there], capture_output=True, text=True, check=False)
    assert (verdict.returncode, verdict.stderr) == (0, "")


def test_the_windows_recipe_is_xml_and_calls_a_verb() -> None:
    recipe = ET.parse(DEPLOY / "kesu-service.xml").getroot()
    assert recipe.tag == "service"
    assert recipe.findtext("arguments", "").split()[0] in VERBS


def test_the_image_copies_what_is_there_and_what_the_build_may_see() -> None:
    said = (DEPLOY / "Dockerfile").read_text("utf-8")
    copied = [name for line in re.findall(r"^COPY (?!--from)(.+)$", said, re.MULTILINE) for name in line.split()[:-1]]
    seen = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines() if line[0] == "!"}
    assert copied
    assert set(copied) == seen
    assert [name for name in copied if not (TOP / name).exists()] == []


def test_the_image_calls_verbs_and_installs_extras_that_exist() -> None:
    said = (DEPLOY / "Dockerfile").read_text("utf-8")
    called = re.findall(r'CMD \["(?:kesu", ")?([a-z]+)"', said)
    extras = re.findall(r"kesu\[([a-z,]+)\]", said)
    offered = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert called == ["status", "run"]
    assert set(extras[0].split(",")) <= set(offered)


def test_compose_builds_from_here_and_mounts_only_named_things() -> None:
    lines = (DEPLOY / "compose.yaml").read_text("utf-8").splitlines()
    assert not any("\t" in line for line in lines)
    text = "\n".join(lines)
    context, dockerfile = re.search(r"context: (\S+)\n\s+dockerfile: (\S+)", text).groups()  # type: ignore[union-attr]
    assert (DEPLOY / context).resolve() == TOP
    assert (TOP / dockerfile).exists()
    secrets = {
        name for group in re.findall(r"^    secrets: \[(.+?)\]", text, re.MULTILINE) for name in group.split(", ")
    }
    assert secrets <= set(re.findall(r"^  (\w+):\n    file:", text, re.MULTILINE))
    assert {"state", "database"} <= set(re.findall(r"^  (\w+):$", text.split("\nvolumes:\n")[1], re.MULTILINE))
