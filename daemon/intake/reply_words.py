"""The words that replies are understood by: intents, button words, headings of 8D sections.  Tables, no rules."""

from __future__ import annotations

import re

from daemon.intake.reading import Intent

# What negates or doubles a word is folded away before the tables are read: the left becomes the right.
FOLD = (
    ((
        r"(?:没有|沒有|无|無|没|并无)(?:任何)?(?:不同|反对|其他|其它|什么)?(?:意见|意見|异议|異議)|(?:不|没有"
        r"|无)反对|no objections?|don't object|do not object|not object"
    ), "同意"),
    (r"没有不满意(?:的地方)?|没什么不满意|not dissatisfied", "满意"),
    (r"不是不(?:同意|接受|满意)", "未定"),
    ((
        r"(?:如果|如|若|要是|待|等|一旦|只要|除非|unless|if|once|when|after)[^。；;\n]{1,40}(?:同意|批准|通过"
        r"|接受|满意|关闭|结案|approve|accept|agree|close)[^。；;\n]{0,8}"
    ), "未定"),
    ((
        r"(?:补充|修改|完善|整改|更正)[^。；;\n]{0,20}(?:后|之后|再)[^。；;\n]{0,6}(?:同意|批准|通过|接受|提交"
        r"|审)"
    ), "请重新提交"),
    (r"是否(?:同意|接受|满意|批准|可以关闭)|(?:同意|满意|接受)(?:吗|么|嘛|与否|还是不)", "未定"),
)  # fmt: skip

NOT = r"(?:不|未|没|没有|沒有|无法|無法|不能|不可|不予|难以|暂不|拒绝|非)"
REJECTION = (
    rf"{NOT}(?:能|可以|会|予|太|够|完全|全部)?(?:同意|批准|认可|認可|接受|通过|通過|核准|采纳|放行|合格)"
    rf"|驳回|駁回|退回(?!给客户|客户|来的|的货|的产品|货)|打回|重新(?:提交|分析|填写|修改|回复|写|做|整改)"
    rf"|重写|重做|返工重|不行|不合格|"
    r"\bnot (?:be )?(?:approved?|accepted?|agreed?|acceptable|ok|sufficient)|(?:do|does|can|could|will"
    r"|would)(?:n't| not) (?:approve|accept|agree)|cannot (?:approve|accept|agree)|\breject|\bdecline"
    r"|\bdisagree|send (?:it )?back|resubmit|差し戻し|却下|承認できません"
)  # fmt: skip
APPROVAL = (
    r"同意|批准|核准|照准|(?:审核|審核|评审|审批|予以|准予)(?:通过|通過)|(?:^|[。，,！!\n])\s*(?:通过|通過"
    r"|行|可以|好的?|ok(?:ay)?)\s*(?=[。，,.！!\s]|了|$)|认可|認可|可以(?:发(?:给)?客户|发出|提交|结案"
    r"|关闭)|没问题|没有问题|无误|\bapproved?\b|\bagreed?\b|\blgtm\b|go ahead|no problem|\baccepted\b|承認"
)  # fmt: skip
DISSATISFACTION = (
    rf"{NOT}(?:太|能|够|可以|可|是很|很|会)?(?:满意|滿意|接受|认可|認可|同意|关闭|关|結案|结案|解决|改善)"
    rf"|(?:问题|現象|现象).{{0,8}}(?:依然|仍然|还是|仍)|仍(?:然)?(?:有|存在|出现|发生)|依然(?:存在|有|出现)"
    rf"|又(?:出现|发生|有)|还(?:是|在)(?:不良|出现|有|发生|漏|断|裂)|没有(?:答复|回复|回应|效果|改善)"
    rf"|一模一样|敷衍|保留|"
    r"\bnot (?:be )?(?:satisf\w*|accept\w*|agree\w*|happy|solved|resolved|effective|closed?|sufficient|ok)"
    r"|(?:do|does|can|could|will|would)(?:n't| not) (?:accept|agree|close|be closed)|cannot (?:accept"
    r"|agree|be closed|close)|dissatisf|unsatisf|unacceptable|\breject|still (?:occur|happen|found|see"
    r"|exist|have)|again found|不満|承服でき|受け入れられません|再発"
)  # fmt: skip
CONFIRMATION = (
    r"满意|滿意|(?:可以|能够|能|予以)接受|接受|同意|认可|認可|(?:可以|予以|请)(?:关闭|结案|關閉|結案)"
    r"|没问题|没有问题|已(?:解决|改善)|问题解决|\bsatisf(?:ied|actory)|\baccept(?:ed|able)?\b|\bagreed?\b"
    r"|can (?:be )?close|please close|close the (?:case|complaint)|(?:^"
    r"|[。，,.！!\n])\s*ok(?:ay)?\s*(?=[。，,.！!\s]|$)|\bapproved?\b|solved|resolved|no further"
    r"|問題ありません|了承|承認|満足"
)  # fmt: skip
DISPUTE = (
    r"(?:不是|非|并非|不属于?|不在|不應|不应该?由?|不该由?|與|与)[^。；;\n]{0,6}(?:我们?|我方|我部|本部门?"
    r"|我司|我部门|我車間|我车间|本车间|我科)[^。；;\n]{0,10}(?:责任|責任|问题|原因|造成|范围|範圍|职责"
    r"|负责|无关|無關|承担|事|的)|与(?:我们?|我部|本部门?|我车间)[^。；;\n]{0,4}无关|责任(?:不在|不应)"
    r"|不应由|不属(?:于)?我|(?:投诉|客诉)(?:不成立|不属实)|"
    r"有异议|有異議|不认可|不認可|不承认|申诉|不同意|\bnot (?:our|my) (?:responsibility|fault|department"
    r"|issue|problem)|\bdispute|\bdisagree|not responsible|not caused by (?:us|our)|does not belong to"
)  # fmt: skip
TRANSFER = (
    r"(?:请|請|建议|應|应|需|麻烦|帮忙)?[^。；;，,\n]{0,6}(?:转|轉|移交|改派|转派|转给|转交|转到|转由|转办"
    r"|交由|改由|应由|应该由|归|属于?|由)|\btransfer|\bforward(?:ed)? to\b|\breassign|\bbelongs? to\b"
    r"|\bshould go to\b|\bassign (?:it |this )?to\b"
)
TRANSFER_CLEAR = (
    r"(?:请|請|建议|需|麻烦|帮忙)[^。；;，,\n]{0,6}(?:转|轉|移交|改派|转派|转交|转由|转办|交由|改由)|转(?:给"
    r"|交|到|由|办|派|至)|改派|移交|应(?:该)?由|\btransfer|\breassign|please forward"
)
HANDED_ON = r"[转轉改](?:给|給|交|到|由|办|派|至)?\s*[\u3400-\u9fff]{2,8}(?:部|科|课|處|处)|\btransfer\b|\breassign"
ACKNOWLEDGEMENT = (
    r"收到|收悉|已阅|已閱|知悉|知道了|明白|了解|好的|好$|遵照|马上(?:处理|安排|去|查)|正在(?:处理|分析"
    r"|调查|查|核实|确认)|立即(?:处理|安排)|(?:会|将|安排)[^。；;\n]{0,10}(?:处理|分析|回复|调查|提交)"
    r"|稍后回复|跟进|\breceived\b|\bnoted\b|got it|\backnowledg|will (?:check|look|handle|reply"
    r"|investigate|do|revert|come back|get back)|working on|understood|了解しました|承知|かしこまり|受領"
)  # fmt: skip
ATTACHED = (
    r"见附件|見附件|附件(?:为|是|已|中|请)|如附件|附上|请查(?:收|阅)|已(?:填|完成)[^。；;\n]{0,8}(?:附件|8D"
    r"|报告)|attached|attachment|see the file|添付"
)

# The words on the buttons of our notices, and what people shorten them to.
BUTTONS = {
    Intent.ACKNOWLEDGE: ("收到", "已收到", "知悉", "确认收到", "確認收到", "received", "acknowledge",
                         "acknowledged", "got it", "受領"),
    Intent.APPROVE: ("批准", "同意", "核准", "通过", "審核通過", "审核通过", "approve", "approved", "agree", "承認"),
    Intent.REJECT: ("驳回", "駁回", "退回", "不批准", "不同意", "reject", "rejected", "send back", "差し戻し"),
    Intent.TRANSFER: ("转其他部门", "轉其他部門", "转部门", "转办", "转派", "改派", "不归我部", "transfer",
                      "other department", "reassign", "not ours"),
    Intent.CONFIRM: ("满意", "滿意", "接受", "同意关闭", "satisfied", "confirm", "accept", "満足"),
    Intent.DISSATISFIED: ("不满意", "不滿意", "不接受", "not satisfied", "dissatisfied", "unsatisfied", "不満"),
    Intent.DISPUTE: ("有异议", "有異議", "异议", "申诉", "不认可", "责任不在我部", "dispute", "object"),
    Intent.ANSWER: ("提交", "已完成", "回复措施", "answer", "done", "completed"),
}  # fmt: skip
BUTTON_INTENT = {word: intent for intent, words in BUTTONS.items() for word in words}
# Lines of a button's mail that we wrote, not the person.
HINT = re.compile(
    r"(?i)^\s*[(（\[【*]*(?:请(?:在|勿|直接|写|填|于|不要|保留)|請(?:在|勿|直接|寫|填)|(?:以下|下面|本行"
    r"|这一?行|此行|上面)|(?:确认|验证|校验|识别)?码|凭证|do not|please (?:do not|write|keep|add|leave"
    r"|give|state)|write |code\b|proof\b|reference\b|keep this|ご記入|この行)"
)
REASON_LABEL = re.compile(
    r"(?i)^\s*(?:原因|理由|说明|意见|备注|(?:转|轉)(?:往|给|到|給)?(?:的)?(?:部门|部門)|目标部门|部门|reason|comment|remarks?"
    r"|note|department|transfer to|理由)\s*(?:[(（][^)）]*[)）])?\s*[:：][ \t]*"
)

# Headings of 8D sections: key → how departments head it, in the order in which they are tried.
SECTION_D8 = "other"
SECTIONS = (
    ("D4_escape", (
        r"D4\s*[(（-]\s*(?:流出|逃逸|漏检|escape)[^)）:：]{0,10}[)）]?|D4[-.·_]?[2bB]|(?:D4[-.·_ ]?[2bB]"
        r"|D4)?[\s:：、.]*(?:流出(?:的)?(?:根本)?原因|流出根因|逃逸(?:点|原因)|漏[检檢]原因|未[检檢](?:出"
        r"|测出)(?:的)?原因|检出失效原因|流出分析|流出|為何流出|为什么流出|escape(?: point| cause"
        r"| root cause)?|non[- ]?detection(?: cause)?|why (?:shipped|not detected|escaped?|undetected"
        r"|did it escape)|root cause \(?(?:of )?(?:escape|non-?detection)\)?|流出原因)"
    )),
    ("D4_occurrence", (
        r"D4\s*[(（-]\s*(?:发生|產生|产生|occurrence)[^)）:：]{0,10}[)）]?|(?:D4[-.·_ ]?[1aA]"
        r"|D4)[\s:：、.]*(?:发生(?:的)?(?:根本)?原因|產生原因|产生原因|根本原因|原因分析|原因|根因(?:分析)?"
        r"|root cause(?: analysis)?|occurrence(?: cause)?|why (?:made|occurred|happened))?"
    )),
    ("D4_occurrence", (
        r"(?:发生|發生|产生|產生)(?:的)?(?:根本)?原因|根本原因(?:分析)?|原因分析|根因(?:分析)?|真因(?:分析)?"
        r"|不良原因(?:分析)?|问题原因|原因|root causes?(?: analysis)?|occurrence(?: root)?(?: cause)?"
        r"|cause(?: of occurrence)?|why (?:made|occurred|did it happen)|原因調査|発生原因"
    )),
    ("D3", (
        r"D3[\s:：、.]*(?:[^\s:：，,。；;]{0,12}(?:措施|对策|對策)|(?:interim )?containment(?: actions?)?"
        r"|interim (?:actions?|measures?))?|(?:临时|臨時|应急|應急|围堵|圍堵|遏制|紧急|短期|暂定|當前|先期"
        r"|临时围堵|即时|立即)(?:纠正|处置|處理|处理|围堵|控制|性)?(?:措施|对策|對策|处理|行动|方案)"
        r"|(?:interim |immediate )?containment(?: actions?| measures?)?|(?:interim|immediate"
        r"|short[- ]term) (?:actions?|measures?|corrections?)|暫定対策|応急処置"
    )),
    ("D7", (
        r"D7[\s:：、.]*(?:[^\s:：，,。；;]{0,16}(?:再发|再發|预防|預防|标准化|措施|展开)"
        r"|prevent\w*(?: (?:of )?recurrence)?(?: actions?| measures?)?)?|(?:预防|預防"
        r"|防止)(?:问题)?(?:再次?)?(?:发生|發生|再发|再發)?(?:的)?(?:措施|对策|對策)?|(?:水平|横向"
        r"|橫向)(?:展开|展開|推广|扩展)|标准化|標準化|防再发(?:措施)?|再发防止(?:措施)?|预防再发|固化"
        r"|prevent(?:ive|ion|ative)?(?: (?:of )?recurrence)?(?: actions?| measures?)?|recurrence prevention"
        r"|再発防止(?:策|対策)?|systemic prevention"
    )),
    ("D6", (
        r"D6[\s:：、.]*(?:[^\s:：，,。；;]{0,14}(?:验证|驗證|实施|確認|确认)|(?:implement\w*)?(?: ?(?:and"
        r"|&) ?)?(?:validat\w*|verif\w*)?(?: of [\w ]{1,30})?)?|(?:措施|对策|效果|有效性|永久措施|改善效果"
        r"|改善|实施)?(?:的)?(?:实施|執行)?(?:与|和|及|的)?(?:效果|有效性|实施)?(?:验证|驗證|确认|確認|评价"
        r"|追踪)(?:结果|情况)?|(?:effectiveness )?(?:verification|validation)(?: of (?:effectiveness"
        r"|(?:corrective )?actions?))?|implementation(?: and (?:validation|verification))?|効果確認"
    )),
    ("D5", (
        r"D5[\s:：、.]*(?:[^\s:：，,。；;]{0,14}(?:措施|对策|對策)|(?:permanent |chosen "
        r"|choose )?(?:corrective )?(?:actions?|measures?|pcas?))?|(?:永久|长期|長期|纠正|糾正|根本|恒久|改善"
        r"|整改|长效|永久性|永久纠正|对应|最终)(?:性)?(?:的)?(?:纠正|改善|整改)?(?:措施|对策|對策|方案)|对策"
        r"|對策|措施|(?:permanent|long[- ]term|corrective)(?: corrective)? (?:actions?|measures?|solutions?)"
        r"|pca|恒久対策|対策"
    )),
    (SECTION_D8, (
        r"D[0128](?![\w.-])[\s:：、.]*(?:[^\s:：，,。；;]{0,14})|(?:小组成员|团队|问题描述|问题陈述|不良现象|结案|总结"
        r"|表彰|team(?: members)?|problem description|closure|congratulat\w*)"
    )),
)  # fmt: skip
_NUMBERING = (
    r"[\s\u3000>*#•·●◆■【\[(（]*(?:(?:第?[一二三四五六七八九十]{1,3}|\d{1,2}|[①-⑳])\s*[、.．)）:：]\s*"
    r"|step \d\s*[:：-]?\s*)?[【\[*]*"
)
_AFTER = r"[】\])）*]*\s*(?:[(（][^()（）\n]{0,40}[)）])?[】\]*]*\s*(?:[:：\t|—-]+[ \t|*]*(?P<rest>.*)|(?P<bare>))$"
HEADINGS = tuple((key, re.compile(f"(?i)^{_NUMBERING}(?:{words}){_AFTER}")) for key, words in SECTIONS)
# `【临时措施】全检…`: brackets do the work of a colon.
BRACKETED = re.compile(r"^[\s\u3000]*[【\[]([^】\]\n]{2,40})[】\]][ \t]*(?=[^:：\s])")
# `D3 封存库存…`: a discipline's number may be followed by its text without a colon.
BARE_D = re.compile(r"(?i)^[\s\u3000*#【\[(（]*D([3567])[】\])）]*[\s.、]+(?P<rest>\S.{3,})$")
INLINE_D = re.compile(r"(?i)(?<=[。；;.\s])(?=D[3-7](?:[-.][12])?\s?[^\s:：。；;]{0,10}[:：])")
