import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.documents.naming import (
    MAX_PATH,
    evidence_folder,
    evidence_path,
    may_be_filed,
    report_name,
    report_path,
    safe_file_name,
)
from daemon.documents.report import Audience
from tests.documents.factory import CASE


def test_names_of_a_case():
    assert report_name(CASE, Audience.INTERNAL, 2) == "8D-2611003-r2.docx"
    assert report_name(CASE, Audience.EXTERNAL, 1) == "8D-2611003-客户版-r1.docx"
    assert report_path(CASE, Audience.INTERNAL, 2) == "8D/8D-2611003-r2.docx"
    assert evidence_folder(CASE) == "附件/2611003"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("检验记录.xlsx", "检验记录.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.txt", "a.txt"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("a\x00b<c>.txt", "a_b_c_.txt"),
        (" . ", "未命名"),
        ("..", "未命名"),
        ("trailing. ", "trailing"),
        ("gpj.\u202eexe", "gpj._exe"),
    ],
)
def test_a_name_is_made_safe(name, safe):
    assert safe_file_name(name) == safe


@given(st.text(max_size=400))
def test_every_name_is_short_and_stays_in_its_folder(name):
    path = evidence_path(CASE, name, root="X:/质量部/客诉")
    assert len(f"X:/质量部/客诉/{path}".encode("utf-16-le")) // 2 <= MAX_PATH
    assert path.startswith("附件/2611003/")
    assert path.count("/") == 2
    assert not set(path) & set('<>:"\\|?*\0\n')


def test_a_long_name_keeps_its_ending():
    assert safe_file_name("长" * 300 + ".xlsx", 60) == "长" * 55 + ".xlsx"
    assert len(safe_file_name("长" * 1_000_000 + ".xlsx", 180).encode()) <= 240


@pytest.mark.parametrize(
    "name",
    [
        "a.exe",
        "A.EXE",
        "a.bat",
        "a.cmd",
        "a.ps1",
        "a.vbs",
        "a.js",
        "a.jse",
        "a.wsf",
        "a.lnk",
        "a.scr",
        "a.com",
        "a.msi",
        "a.hta",
        "a.docm",
        "a.xlsm",
        "a.pptm",
        "a.jar",
        "a.reg",
        "a.iso",
        "8D报告.pdf.exe",
        "photo.exe.jpg",
        "a.exe.",
        "a.ｅｘｅ",
        "a.e\u200bxe",
        "a.txt:b.exe",
        "a.url",
        "a.html",
    ],
)
def test_programs_are_known_by_name(name):
    assert not may_be_filed(name, b"harmless")


@pytest.mark.parametrize(
    "name", ["a.png", "www.abc.com.pdf", "检验.xlsx", "8D v1.2.docx", "a", "", "图纸.dwg", "数据.csv"]
)
def test_papers_may_be_filed(name):
    assert may_be_filed(name, b"harmless")


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\0",
        b"\x7fELF\2",
        b"#!/bin/sh",
        b"\xef\xbb\xbf#!/bin/sh",
        b"\0" * 0x8001 + b"CD001",
        b"L\0\0\0\x01\x14\x02\0",
    ],
)
def test_programs_are_known_by_content(data):
    assert not may_be_filed("photo.jpg", data)


def test_macros_are_known_by_content():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/vbaProject.bin", b"x")
    assert not may_be_filed("report.docx", out.getvalue())
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert may_be_filed("old.xls", old)
    assert not may_be_filed("old.xls", old + "_VBA_PROJECT".encode("utf-16-le"))
