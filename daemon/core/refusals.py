"""The words of a refusal: why a wish was not carried out, and what to do instead.  A table."""

from __future__ import annotations

from collections.abc import Mapping

from daemon.core.commands import Refusal
from daemon.core.process import in_language
from daemon.core.refusals_tw import TRADITIONAL

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
    "not_cleared": (
        "“{title}”不能清空，请改填别的内容。",
        "“{title}” cannot be emptied; please put something else there.",
    ),
    "no_number": (
        "“{title}”要填数字，“{value}”没有读出数字。",
        "“{title}” is a number; none was found in “{value}”.",
    ),
    "gives_missing": (
        "选择“{choice}”之前还缺：{missing}。请补充后再选择。",
        "“{choice}” needs first: {missing}. Please send it, and choose again.",
    ),
    "nothing_read": (
        "没有读到可以填写的内容。请在邮件正文里分段写明，例如“临时措施：……”“发生原因：……”“流出原因：……”。",
        "Nothing was found to fill in. Please write it in the mail with headings: Containment:, Occurrence cause: …",
    ),
    "not_entitled": (
        "“{wish}”须由{roles}提出，您的来信已归入案件，但没有改变状态。",
        "“{wish}” is for {roles} to say; your mail was filed with the case and changed nothing.",
    ),
    "held": (
        "客诉 {number} 已暂停，恢复之前不作判定。请先回复“恢复”。",
        "Case {number} is on hold; nothing is decided until it goes on. Please reply “恢复” (resume) first.",
    ),
    "already_held": ("客诉 {number} 已经暂停。", "Case {number} is on hold already."),
    "not_held": ("客诉 {number} 没有暂停，无需恢复。", "Case {number} is not on hold."),
    "not_closed": ("客诉 {number} 尚未结案，无需重新打开。", "Case {number} is open; it need not be opened again."),
    "merged": (
        "客诉 {number} 已合并到 {into}，请在 {into} 中处理。",
        "Case {number} was merged into {into}; please go on in {into}.",
    ),
    "no_such_case": (
        "没有编号为 {number} 的客诉。请核对编号后再发送一次。",
        "There is no case {number}. Please check the number and send the mail again.",
    ),
    "same_case": ("编号 {number} 就是本案，不能合并或关联到自己。", "Case {number} is this very case."),
    "cancelled_target": (
        "客诉 {number} 已取消，不能合并过去。",
        "Case {number} was cancelled; nothing can be merged into it.",
    ),
    "no_such_person": (
        "通讯录里没有“{person}”。请写明姓名全称后再发送一次。",
        "There is nobody called “{person}” in the directory. Please give the full name and send the mail again.",
    ),
    "two_people": (
        "通讯录里有不止一位“{person}”，请写明是哪一位：{ids}。",
        "There is more than one “{person}”; please say which: {ids}.",
    ),
    "not_of_department": (
        "“{person}”不是{department}的人员。部门经理只能指定本部门的人，其他变更请质量部提出。",
        "“{person}” is not of {department}. A manager names people of the department; quality may name others.",
    ),
    "not_higher": (
        "等级现为{now}，不能改为{wanted}：您可以提高等级，降低由质量部更正。",
        "The grade is {now}; it cannot become {wanted}: you may raise it, quality may lower it.",
    ),
    "subcase_whom": (
        "没有看懂子案给谁（“{name}”）。请写“子案：供应商名称 <邮箱>”，或写本公司的部门、同事姓名，如“子案：技术部”。",
        "It is not clear whom it is for (“{name}”). Please write “子案：supplier’s name <address>”, or a department.",
    ),
    "no_such_profile": (
        "流程“{profile}”没有装入系统，子案没有登记。请管理员运行 kesu check。",
        "The profile “{profile}” is not loaded, so no case was opened. The administrator should run kesu check.",
    ),
    "joined": (
        "客诉 {number} 已归入 {parent}，统一处理。要单独处理，请质量部先回复“取出”。",
        "Case {number} has joined {parent}, which goes on for it. To deal with it apart, quality replies “取出” first.",
    ),
    "not_joined": ("客诉 {number} 没有归入其他案件，无需取出。", "Case {number} has joined no other case."),
    "gathers": (
        "客诉 {number} 正在集中处理 {members}，不能再归入别的案件。请先把它们取出。",
        "Case {number} goes on for {members} and cannot join another one; please take those out first.",
    ),
    "deputy_whom": (
        "通讯录里没有唯一的“{name}”可以代理您。请写“代理：同事姓名，至 12月5日”；只能由本人从自己的邮箱提出。",
        "No single colleague “{name}” can stand in for you. Write “代理：name, until 5 Dec”, from your own address.",
    ),
    "deputy_until": (
        "请写明“{name}”代理到哪一天，例如“代理：{name}，至 12月5日”，日期须在今天之后。",
        "Please say until when “{name}” stands in, as in “代理：{name}, until 5 Dec”; it must be a day to come.",
    ),
    "same_profile": ("客诉 {number} 已经按这个流程处理。", "Case {number} follows this very profile."),
    "nothing_in_common": (
        "客诉 {number} 的步骤在流程“{process}”里一个也没有，不能转过去。请结束本案，另行登记。",
        "None of the steps of case {number} is in the process “{process}”; it cannot be moved. Register it anew.",
    ),
    "nothing_left": (
        "按新流程，客诉 {number} 没有任何未完成的步骤，无人会收到通知，没有转换。",
        "By the new profile no step of case {number} would be open, so that nobody would be asked; it was not moved.",
    ),
    "split_how": (
        "请在“拆分：”下面为每个新案件写一行不同的内容，例如“1. 产品编号：…，部门：…”；本案要改的写在“本案：”一行。",
        "Below “拆分：” please write a line for each new case with what differs: 1. Part no.: …, Qty defective: …",
    ),
    "split_line": (
        "第 {line} 行“{text}”没有读懂：{why}。没有拆分任何案件，请改好后整封再发一次。",
        "Line {line}, “{text}”, was not understood: {why}. Nothing was split; please mend it and send all of it again.",
    ),
    "nothing_missing": (
        "选择“{choice}”时请写明缺哪些资料，例如“原因：缺不良批次、不良数量”。",
        "For “{choice}” please name the facts that are missing, as in “Reason: 不良批次, 不良数量”.",
    ),
    "no_such_measure": (
        "没有找到这条措施。要增加一条，请写明措施类型和内容。",
        "There is no such measure. To add one, please say its kind and what is to be done.",
    ),
    "measure_needs_words": (
        "措施内容不能空着。措施不做了，请在证据/备注里写明原因。",
        "A measure needs words. If it is not to be done any more, say why in the column of evidence.",
    ),
    "no_day": (
        "“{value}”没有读出日期，请写成 2026-12-01 这样。",
        "No day was found in “{value}”; please write it like 2026-12-01.",
    ),
    "not_to_change": (
        "这部分已经审批，或目前没有步骤需要填写，不能在台账中修改；被驳回后可以再改。",
        "This part was reviewed, or no step asks for it now, and cannot be changed here until it is sent back.",
    ),
    "nothing_asked": (
        "目前没有等待您回答的内容，您的回复已归入案件。",
        "Nothing is asked of you at present; your reply was filed with the case.",
    ),
}


def refuse(key: str, **values: object) -> Refusal:
    """Return the refusal in every language; a value may be words in several languages, or a tuple of such."""
    chinese, english = WORDS[key]
    texts = {"zh-CN": chinese, "zh-TW": TRADITIONAL.get(key, chinese), "en": english}
    return Refusal(
        {
            language: text.format(**{name: _spoken(value, language) for name, value in values.items()})
            for language, text in texts.items()
        }
    )


def _spoken(value: object, language: str) -> object:
    if isinstance(value, Mapping):
        return in_language(value, language)
    if isinstance(value, tuple):
        return ("、" if language.startswith("zh") else ", ").join(str(_spoken(one, language)) for one in value)
    return value
