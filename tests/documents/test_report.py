from dataclasses import replace

from daemon.documents.report import Audience, report_of
from tests.documents.factory import CASE, DIRECTORY, PROCESS, a_case, a_report, edition


def everything(report):
    texts = (*report.facts.values(), *report.sections.values(), *report.files, report.leader.contact)
    return "\n".join((*texts, *(text for pair in report.extras for text in pair)))


def test_the_customers_edition_holds_nothing_meant_for_the_house():
    told = everything(a_report(Audience.EXTERNAL))
    for secret in ("内部", "罚款", "5200", "重要", "短期结案", "@huaxin", "毛刺.png"):
        assert secret not in told
    assert "东风汽车" in told
    assert "liuyang@dongfeng.example" in told


def test_colleagues_addresses_are_left_out_of_a_customers_text_and_the_mailbox_stays():
    text = (
        "请联系张伟 <zhangwei@huaxin.example>、new.one@HUAXIN.example 或 kesu@huaxin.example，抄送 a@dongfeng.example"
    )
    told = a_report(Audience.EXTERNAL, a_case(sections={"d3.containment": text})).sections["d3_containment"]
    assert told == "请联系张伟 、 或 kesu@huaxin.example，抄送 a@dongfeng.example"
    assert "zhangwei@" in a_report(case=a_case(sections={"d3.containment": text})).sections["d3_containment"]


def test_a_section_of_the_profile_stands_in_its_part_and_the_customer_reads_it_only_where_the_profile_says_so():
    own = {
        "d5.process": {"zh-CN": "工艺措施", "en": "Process"},
        "d5.cost": {"zh-CN": "代价"},
        "other": {"zh-CN": "其他"},
    }
    process = PROCESS.model_copy(update={"sections": {**PROCESS.sections, **own}, "customer_sees": ("d5.process",)})
    case = a_case(sections={"d5.actions": "换镶件", "d5.process": "锁定参数", "d5.cost": "两万元", "other": "无关"})
    inside, outside = (report_of(case, process, DIRECTORY, edition(one)).sections["d5_actions"] for one in Audience)
    assert inside == "换镶件\n工艺措施：锁定参数\n代价：两万元"
    assert outside == "换镶件\n工艺措施：锁定参数"


def test_an_english_customer_reads_english_words_without_small_ones():
    report = a_report(Audience.EXTERNAL, a_case(language="en"))
    assert report.titles["d3"] == "D3 Containment"
    assert report.labels["customer"] == "Customer"
    assert report.company == "Huaxin Precision Parts"
    assert not any((*report.titles_en.values(), *report.labels_en.values(), *report.words_en.values()))


def test_a_traditional_customer_reads_traditional_labels():
    assert a_report(Audience.EXTERNAL, a_case(language="zh-TW")).labels["customer"] == "客戶名稱"


def test_colleagues_read_chinese_whatever_the_customer_speaks():
    report = a_report(case=a_case(language="en"))
    assert (report.titles["d3"], report.titles_en["d3"]) == ("D3 临时措施（围堵）", "Containment")


def test_values_are_written_as_people_write_them():
    facts = a_report().facts
    assert (facts["defect_rate"], facts["quantity_delivered"]) == ("0.3 %", "12,000")
    assert (facts["customer_due"], facts["received_at"]) == ("2026-11-23 17:00", "2026-11-20 10:30")
    assert (
        a_report(case=a_case(facts={"customer_due": "2026-99-23T09:00", "defect_rate": "约 3%"})).facts["defect_rate"]
        == "约 3%"
    )


def test_ids_become_names():
    report = a_report()
    assert (report.leader.name, report.leader.department) == ("张伟", "生产部")
    assert report.facts["quality_engineer"] == "王敏"
    stranger = a_report(case=a_case(sections={"d1.leader": "外部专家"})).leader
    assert (stranger.name, stranger.contact) == ("外部专家", "")


def test_the_facts_of_the_process_are_told_to_the_house():
    assert dict(a_report().extras) == {"客户日用量": "1200 件", "处罚": "罚款 200 元"}


def test_a_part_without_text_follows_later_for_the_customer():
    shows = a_report(Audience.EXTERNAL).shows
    assert (shows["d2"], shows["d3"], shows["d5"], shows["d8"]) == (True, True, False, False)
    assert a_report(Audience.EXTERNAL, replace(CASE, closed_at=CASE.opened_at)).shows["d8"]
    assert all(a_report().shows.values())
