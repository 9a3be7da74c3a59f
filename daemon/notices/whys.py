"""What the daemon says of mails it files and rows it cannot use, in the languages of those who read it.  A table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from daemon.core.process import in_language

STRANGER = "发件人未能证实身份（不是回复我们发给他的邮件，也没有凭证码），内容没有改变案件"
FROM_CUSTOMER = "客户来信，请处理"
FROM_COLLEAGUE = "同事来信，目前没有等他答复的事项，已归入案件，请处理"
COMPLETED = "客户补充了所问的资料，已填入案件，请核对后继续"
NAMES_OTHERS = "这封邮件还提到别的客诉，如不属于本案请更正"
AND_ALSO, COLON = " · ", "："
SORTED_APART = "这些列被单独排序，与编号对不上，未读取；请按整行排序，或从“备份”文件夹恢复"
SPOKEN: Mapping[str, Mapping[str, str]] = {
    STRANGER: {
        "zh-CN": STRANGER,
        "zh-TW": "寄件人的身分無法證實（不是回覆我們寄給他的郵件，也沒有驗證碼），內容沒有改變案件",
        "en": "nothing proves who wrote it (it answers no mail of ours to that address, and bears no code); "
        "it changed nothing",
    },
    FROM_CUSTOMER: {
        "zh-CN": FROM_CUSTOMER,
        "zh-TW": "客戶來信，請處理",
        "en": "a mail of the customer; please see to it",
    },
    FROM_COLLEAGUE: {
        "zh-CN": FROM_COLLEAGUE,
        "zh-TW": "同事來信，目前沒有等他答覆的事項，已歸入案件，請處理",
        "en": "a mail of a colleague of whom nothing is asked at present; it is filed with the case, please see to it",
    },
    NAMES_OTHERS: {
        "zh-CN": NAMES_OTHERS,
        "zh-TW": "這封郵件還提到別的客訴，如不屬於本案請更正",
        "en": "this mail names other cases too; please see to it that it lies with the right one",
    },
    COMPLETED: {
        "zh-CN": COMPLETED,
        "zh-TW": "客戶補充了所問的資料，已填入案件，請核對後繼續",
        "en": "the customer told what was asked, and the case has it now; please check it and go on",
    },
    SORTED_APART: {
        "zh-CN": SORTED_APART,
        "zh-TW": "這些欄被單獨排序，與編號對不上，未讀取；請按整列排序，或從「备份」資料夾還原",
        "en": "these columns were sorted without the others and no longer fit the numbers; they were not read. Sort "
        "whole rows, or take the file from the folder 备份",
    },
}


def names_others(numbers: Iterable[str]) -> str:
    """Return why a mail of this case is shown to people: it names these other cases just as well."""
    return NAMES_OTHERS + COLON + "、".join(numbers)


def said(why: str, language: str) -> str:
    """Return one of these, or several, in a language; what a person wrote stays as it is."""
    return AND_ALSO.join(_said(one, language) for one in why.split(AND_ALSO))


def _said(why: str, language: str) -> str:
    head, colon, rest = why.partition(COLON)
    return in_language(SPOKEN[head], language) + colon + rest if head in SPOKEN else why
