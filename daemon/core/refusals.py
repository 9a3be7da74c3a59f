"""The words of a refusal: why a wish was not carried out, and what to do instead.  A table."""

from __future__ import annotations

from daemon.core.commands import Refusal

WORDS = {
    "closed": (
        "客诉 {number} 已结案，不能再修改。如问题再次发生，请另发邮件登记新的客诉。",
        "Case {number} is closed and cannot be changed. If the trouble comes back, please report it in a new mail.",
    ),
    "not_yours": (
        "“{step}”由{owner}处理，您的回复已归入案件，但没有改变状态。",
        "“{step}” belongs to {owner}; your reply was filed with the case and changed nothing.",
    ),
    "not_open": (
        "“{step}”目前不在处理中（可能已由他人处理，或前面的步骤尚未完成），您的回复已归入案件。",
        "“{step}” is not open now (it may be done, or an earlier step is not); your reply was filed.",
    ),
    "old_round": (
        "这封邮件是第 {old} 轮的，案件已进入第 {new} 轮，“{step}”没有改变。请用最新一封邮件里的按钮。",
        "This mail is of round {old}, the case in round {new}; “{step}” was not changed. Please use the latest mail.",
    ),
    "reason_needed": (
        "选择“{choice}”时请写明原因：在“原因：”后面填写后再发送一次。",
        "Please give the reason for “{choice}”: write it after “Reason:” and send the mail again.",
    ),
    "no_such_choice": (
        "没有看懂您的意思。“{step}”可选：{choices}。请直接点邮件里的按钮，或以其中一个词开头回复。",
        "We did not understand. “{step}” can be answered with: {choices}. Use a button, or begin with such a word.",
    ),
    "no_such_department": (
        "通讯录里没有“{to}”这个部门。请写明部门全称后再发送一次。",
        "There is no department “{to}” in the directory. Please name it in full and send the mail again.",
    ),
    "same_department": (
        "客诉 {number} 已经由{to}负责，无需转部门。",
        "Case {number} already lies with {to}.",
    ),
    "too_many_transfers": (
        "客诉 {number} 已转过 {transfers} 次，不能再转。请与质量部当面商定责任部门。",
        "Case {number} was passed on {transfers} times already; please settle it with quality in person.",
    ),
    "no_transfer_asked": (
        "客诉 {number} 没有待决定的转部门申请。",
        "Nobody has asked to pass on case {number}.",
    ),
    "only_quality": (
        "责任部门由质量部决定，您的意见已归入案件。",
        "The quality department decides who is responsible; your remark was filed with the case.",
    ),
    "only_quality_corrects": (
        "投诉事实由质量部更正，您的意见已归入案件。",
        "Facts of the complaint are corrected by the quality department; your remark was filed with the case.",
    ),
    "not_in_list": (
        "“{title}”不能填“{value}”，可填：{values}。",
        "“{title}” cannot be “{value}”; it is one of: {values}.",
    ),
    "nothing_read": (
        "没有读到可以填写的内容。请在邮件正文里分段写明，例如“临时措施：……”“发生原因：……”“流出原因：……”。",
        "Nothing was found to fill in. Please write it in the mail with headings: Containment:, Occurrence cause: …",
    ),
    "nothing_asked": (
        "目前没有等待您回答的内容，您的回复已归入案件。",
        "Nothing is asked of you at present; your reply was filed with the case.",
    ),
}


def refuse(key: str, **values: object) -> Refusal:
    """Return the refusal in every language."""
    chinese, english = WORDS[key]
    return Refusal({"zh-CN": chinese.format(**values), "en": english.format(**values)})
