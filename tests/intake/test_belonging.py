"""The case that a subject names, in the forms that people give it; and when two subjects are one."""

import pytest

from daemon.intake.belonging import cases_named, same_subject, tagged_number
from daemon.intake.reading import Known

CASES = ("2611003", "2611005", "FQ-2611003", "2611003-01")
KNOWN = Known(is_number=CASES.__contains__)
NAMED = [
    "关于客诉2611003的补充",
    "客诉编号：2611003",
    "2611003#关于现场挑选",
    "Re: [客诉 2611003] 请处理",
    "RE：【客訴２６１１００３】補充",
    "投诉单号 2611003 补充资料",
    "答复: 客诉案2611003，附件",
    "complaint no. 2611003: pictures",
    "Case #2611003",
    "#2611003 more pictures",
    "补充资料（2611003#）",
    "Re: 回复：2611003",
    "クレーム2611003の件",
    "客诉2611003-补充照片",
    "客诉 2611003 批次20261020-02",
]
NOT_NAMED = [
    "客诉12611003的补充",
    "客诉2611003-1",
    "客诉2611003.5",
    "客诉2611003/2",
    "客诉26110031",
    "客诉2611003A",
    "投诉批次2611003",
    "批次2611003#不良",
    "批号：2611003# 划伤",
    "订单号 2611003# 少发",
    "PO 2611003# short",
    "part no. 2611003#",
    "2611003#批次不良",
    "2611003# lot cracked",
    "产品2611003不良",
    "2611003 件不良",
    "关于“客诉2611003”一文",
    '您说的"客诉2611003"',
    "showcase 2611003",
    "http://x/#/2611003#",
    "客诉2611004",
    "",
]


@pytest.mark.parametrize("subject", NAMED)
def test_a_subject_that_names_the_case(subject):
    assert cases_named(subject, KNOWN) == ("2611003",)


@pytest.mark.parametrize("subject", NOT_NAMED)
def test_a_number_that_is_no_cases(subject):
    assert cases_named(subject, KNOWN) == ()


@pytest.mark.parametrize(
    ("subject", "numbers"),
    [
        ("客诉2611003和2611005的补充", ("2611003", "2611005")),
        ("[客诉 2611005] 与客诉2611003相同", ("2611005", "2611003")),
        ("客诉FQ-2611003、2611003-01", ("FQ-2611003", "2611003-01")),
    ],
)
def test_a_subject_that_names_several(subject, numbers):
    assert cases_named(subject, KNOWN) == numbers


def test_what_proves_to_be_ours_by_its_tag_stands_anywhere():
    assert tagged_number("Undelivered: [客诉 2611003] 请处理", KNOWN) == "2611003"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("[客诉 2611003] 请处理：端盖", "答复: 回复：[客诉 2611003] 请处理：端盖", True),
        ("[客诉 2611003] 请处理：端盖", "Fwd: RE(2): 【外部邮件】[客诉 2611003]  请处理：端盖", True),
        ("Complaint received", "AW: WG: complaint RECEIVED", True),
        ("[客诉 2611003] 请处理：端盖", "答复: 本周出货安排", False),
        ("[客诉 2611003]", "[客诉 2611005]", False),
        ("收到投诉", "", False),
    ],
)
def test_when_two_subjects_are_one(one, other, same):
    assert same_subject(one, other) is same
