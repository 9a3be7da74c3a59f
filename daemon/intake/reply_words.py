"""The words that replies are understood by: intents, button words, headings of 8D sections.  Tables, no rules."""

from __future__ import annotations

import re

from daemon.intake.reading import FromRole, Intent

# What negates or doubles a word is folded away before the tables are read: the left becomes the right.
FOLD = (
    ((
        r"(?:谈|称|说|算)不上[^。；;，,\n]{0,8}(?:满意|滿意|接受|认可)"
        r"|(?<!不)难(?:以|于)?[^。；;，,\n]{0,16}(?:满意|滿意|接受|认可|同意)"
        r"|不(?:认为|觉得|能说|敢说)[^。；;，,\n]{0,16}(?:满意|滿意|接受|解决|改善)"
        r"|(?:cannot|can not|can't|do not|don't|hardly|hard to|difficult to) (?:really )?(?:say|think|believe|feel"
        r"|consider|call)[^.;\n]{0,40}(?:satisf\w*|accept\w*|solved|resolved|close[ds]?)"
        r"|(?:far from|anything but) (?:being )?(?:satisf\w*|accept\w*|solved|resolved)"
    ), "不满意"),
    ((
        r"(?:没有?|沒有?|无|無)(?:其他|其它)?(?:问题|問題|意见|异议|误|誤)(?:的话|的時候|的时候|之?后|就|我?再|才)"
        r"|(?:其他|其它|其余|别的|剩下的?)[^。；;，,\n]{0,6}(?:没有?问题|没有?意见|同意|可以|无误|ok)"
        r"|(?:暂时?|目前|现在|至今)[^。；;，,\n]{0,4}(?:没有?|无)[^。；;，,\n]{0,4}(?:问题|异常|意见)"
        r"|同意[^。；;，,\n]{1,5}(?:工|总|经理|主任|部长|科长|部)的?(?:看法|观点|意见|说法|判断)"
        r"|\bwould (?:only |then |also )*(?:be |feel )?(?:fully |more )?(?:satisf\w*|accept\w*|agree\w*|approve\w*"
        r"|close\w*)|\bwill (?:only |then )*be (?:satisf\w*|accept\w*|approve\w*)"
    ), "未定"),
    ((
        r"(?:没有|沒有|无|無|没|并无)(?:任何)?(?:不同|反对|其他|其它|什么|退回|驳回)?(?:的)?(?:意见|意見|异议|異議)|(?:不|没有"
        r"|无)反对|no objections?|don't object|do not object|not object"
    ), "同意"),
    (r"(?:没有|沒有|无须|无需|不必|不需要?|没必要)(?:再)?(?:退回|驳回|打回)(?:的)?(?:必要|理由)?", "同意"),
    ((
        r"(?:同意|可以|通过|批准|ok)[，,。；;\s]*(?:但|不过|只是)"
        r"[^。；;\n]{0,24}(?:补充|修改|完善|更正|补齐|重写)"
    ), "请重新提交"),
    (r"再(?:完善|修改|补充)(?:一下|下)?(?:后|再)?重新?(?:发|提交)", "请重新提交"),
    (r"没有不满意(?:的地方)?|没什么不满意|not dissatisfied", "满意"),
    (r"(?:并非|不是|并不是)不(?:同意|接受|满意)", "未定"),
    (r"(?:品|货|料|(?<![文附案])件)[^。；;，,\n]{0,12}退回", "退货"),
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
# 好的, 可以, ok: a verdict only when nothing but thanks follows.
_THANKS = r"\s*(?:[。，,.！!\s]*(?:谢谢|多谢|辛苦了?|thanks|thank you))?[。.！!\s]*$"
OK_ALONE = rf"(?:^|[。，,.！!\n])\s*ok(?:ay)?{_THANKS}"
ALONE = rf"{OK_ALONE}|(?:^|[。！!\n])\s*好的?{_THANKS}|(?:^|[。，,！!\n])\s*(?:行|可以){_THANKS}"
APPROVAL = (
    r"同意|批准|核准|照准|(?:审核|審核|评审|审批|予以|准予)(?:通过|通過)|(?:^|[。，,！!\n])\s*(?:通过|通過)"
    rf"\s*(?=[。，,.！!\s]|了|$)|{ALONE}|认可|認可|可以(?:发(?:给)?客户|发出|提交|结案"
    r"|关闭)|没问题|没有问题|无误|(?:^|(?<=[，,。!！\s]))(?:就?这样)?发(?:出)?吧|\bapproved?\b|\bagreed?\b"
    r"|\blgtm\b|go ahead|no problem|\baccepted\b|承認"
)  # fmt: skip
DISSATISFACTION = (
    rf"{NOT}(?:太|能|够|可以|可|是很|很|会)?(?:满意|滿意|接受|认可|認可|同意|关闭|关|結案|结案|解决|改善)"
    rf"|(?:问题|現象|现象).{{0,8}}(?:依然|仍然|还是|仍)|仍(?:然)?(?:有|存在|出现|发生)|依然(?:存在|有|出现)"
    rf"|(?:没法|没办法|无法|不能)(?:接受|同意|认可|关闭|结案|确认)|又(?:出现|发生|有)|还(?:是|在)(?:不良|出现|有|发生|漏|断|裂)|没有(?:答复|回复|回应|效果|改善)"
    rf"|一模一样|敷衍|保留|没(?:有)?(?:说|讲|写)清楚|(?:^|(?<=[，,。；;！!\s]))退回(?!的|来的|件|货|品)|"
    r"\bnot (?:be |been |yet |fully |really )*(?:satisf\w*|accept\w*|agree\w*|happy|solved|resolved"
    r"|effective|closed?|sufficient|ok)|(?:do|does|can|could|will|would)(?:n't| not) (?:accept|agree|close"
    r"|be closed)|cannot (?:accept|agree|be closed|close)|dissatisf|unsatisf|unacceptable|not (?:very "
    r"|really )?convincing|\breject"
    r"|still (?:occur|happen|found|see"
    r"|exist|have)|again found|不満|承服でき|受け入れられません|再発"
)  # fmt: skip
CONFIRMATION = (
    r"满意|滿意|(?:可以|能够|能|予以)接受|接受|同意|认可|認可|(?:可以|予以|请)(?:关闭|结案|關閉|結案)"
    r"|没问题|没有问题|已(?:解决|改善)|问题解决(?!后|之后|方|办|进|前)|\bsatisf(?:ied|actory)|\baccept(?:ed|able)?\b|\bagreed?\b"
    r"|can (?:be )?close|please close|close the (?:case|complaint)"
    rf"|{OK_ALONE}|\bapproved?\b|\b(?:is|are|was|been|now|problem|issue)(?: now| fully| completely)? (?:re)?solved\b"
    r"|no further|問題ありません|了承|承認|満足"
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
# A wish to hand the case on, told from goods that were carried somewhere: 在库品已转到质量部待检区.
_GOODS = r"(?![^，,。；;\n]{0,24}(?:品|(?<!案)件|货|料|库)[^，,。；;\n]{0,10}(?:转|轉|移交|由|归))"
_CLAUSE = rf"(?:^|(?<=[，,。；;：:！!\n]))\s*{_GOODS}(?![^，,。；;\n]{{0,10}}(?:已|决定))[^，,。；;\n]{{0,10}}?"
TRANSFER_CLEAR = (
    rf"{_CLAUSE}(?:(?:请|請|建议|需|麻烦|帮忙)[^。；;，,\n]{{0,6}}(?:转|轉|移交|改派|转派|转交|转由|转办|交由|改由)"
    rf"|[转轉](?:给|給|交|到|由|办|派|至)|改派|移交)|应(?:该)?由|\btransfer|\breassign|please forward"
)
# Quality writes minutes too, so that its word to hand a case on must begin a line.
TRANSFER_LINE = (
    r"(?m:^\s*[【\[]?(?:请|請)?(?:[转轉](?![发發告述速动])|改派)|^\s*(?:转往|转到)?(?:部门|部門)\s*[:：]"
    r"|^\s*(?:please )?(?:transfer|reassign)\b)"
)
# Role of the writer → what besides says that the case is another department's.
HANDED_ON = {
    FromRole.QUALITY: TRANSFER_LINE,
    FromRole.DEPARTMENT: (
        rf"{_CLAUSE}(?:[转轉]|由|归|歸|属于?|找)[^。；;，,\n]{{0,12}}(?:部|科|课|處|处)"
        r"(?:门|那边)?(?:来|去)?(?:负责|負責|处理|處理|承担|解决|跟进|牵头|回复|的|管|$|[。，,；;！!\n])"
        r"|\btransfer\b|\breassign|\bbelongs? to\b|\bshould go to\b"
    ),
}
# An acknowledgement is a mail of nothing but these clauses, no goods and no numbers in them.
ACKNOWLEDGEMENT = (
    r"(?:您?的?(?:来信|来函|邮件|郵件|通知|信息|消息|8d报告|8d|报告|資料|资料|附件)[均都]?)?"
    r"(?:我们?|我部|我方|我司)?(?:已经?|现已|均已|都已)?(?:收到|收悉|已阅|已閱|阅|悉|知悉|获悉|知道|明白|了解|清楚|遵照|照办|好|行|可以|ok(?:ay)?)"
    r"(?:了|的|啦|，)?(?:您的|贵司的?|该|此|本)?(?:来信|邮件|郵件|通知|信息|投诉|客诉|8d报告|8d|报告|资料|附件)?了?"
    r"|(?:this is |well |your (?:mail|e-mail|email|message) (?:is |was )?(?:well )?)?(?:ok(?:ay)?|received|noted"
    r"|got it|acknowledged?|understood|copy that)(?: with thanks| your (?:mail|e-mail|email|message))?"
    r"|(?:we|i) (?:have )?(?:acknowledge\w*|received?|noted?)(?: (?:your|the|this) (?:mail|e-mail|email|message|report"
    r"|complaint|notice))?"
    r"|了解(?:し|いたし)ました|承知(?:し|いたし)ました|かしこまりました|受領(?:し|いたし)ました"
)  # fmt: skip
PLAN = (
    r"(?:我们?|我部|我方|我司|本部门?|部门|内部|这边|会|将|馬上|马上|立即|立刻|正在|已在|在|尽快|儘快|稍后|随后|后续"
    r"|安排|今天|明天|后天|本周|下周|先|有(?:结果|进展|结论)|等)[^\d]{0,16}(?:处理|處理|分析|回复|回覆|答复|调查|查|核实|确认"
    r"|跟进|评审|看|去现场|措施|提交|安排|落实|讨论|反馈|再报|汇报|告知|通知您?|通知你)(?:一下|中|的|您|你|贵司|完)?"
    r"|(?:and )?(?:(?:we|i|our \w+)(?: are|'re| am|'m| will|'ll)?|will|working) [a-z' -]{0,40}?(?:check|look"
    r"|handle|reply|investigat\w*|revert|come back|get back|working on|analy[sz]\w*|review\w*|do)\b[a-z' -]{0,30}"
)  # fmt: skip
# What says nothing by itself: greetings, names, thanks.
COURTESY = (
    r"(?:尊敬的|亲爱的)?[\u3400-\u9fff]{0,4}(?:您|你|大家|各位|早上|下午|上午)好|各位(?:领导|同事|老师)?|大家"
    r"|(?:尊敬的)?[\u3400-\u9fff](?:(?<![返停完开加施动手员职人竣])工|(?<!汇)总)"
    r"|(?:尊敬的)?[\u3400-\u9fff]{1,3}(?:经理|經理|主任|部长|科长|老师|先生|女士|小姐)"
    r"|(?:质量|品质|品保|品管|生产|技术|工程|销售|采购|物流|售后|客诉|客服|项目)(?:管理|保证)?(?:部|组|科)"
    r"|(?:非常|十分|多)?(?:谢谢|謝謝|感谢|感謝|多谢|辛苦)(?:了|啦)?(?:您|你|大家|各位|贵司)?(?:的)?"
    r"(?:支持|配合|回复|答复|来信|努力)?|此致|敬礼|祝好|顺祝商祺|商祺|以上"
    r"|(?:dear|hi|hello)(?: (?:mr|ms|mrs|dr)\b\.?)?(?: [a-z]+){0,2}"
    r"|(?:many )?(?:thanks?|thank you)(?: (?:a lot|so much|very much|again|you|and))*"
    r"(?: for your (?:mail|e-mail|email|reply|help|support|report|feedback|effort))?"
    r"|(?:(?:many )?thanks? and )?(?:with )?(?:best |kind )?regards|best wishes|br|yours sincerely|sincerely|cheers"
)
# The name below a short mail.
SIGNED = re.compile(
    r"\n\s*(?:[王李张刘陈杨赵黄吴徐孙胡朱郭林罗郑梁谢宋唐许邓冯韩曹彭肖蔡潘董袁蒋杜苏魏吕丁沈姚卢姜崔谭陆汪廖贾韦]"
    r"[\u3400-\u9fff]{1,2}|[A-Z][a-z]+(?: [A-Z][a-z]+){0,2}|[A-Z]\. ?[A-Z][a-z]+)\s*$"
)
# A verdict that says nothing else: these words and no others, one of the deciding ones among them.
VERDICT = (
    r"同意|批准|核准|照准|认可|認可|接受|满意|滿意|结案|結案|关闭|通过(?!分析|对|调|检|了解)|(?:没有?|无)(?:问题|意见|异议)|无误"
    r"|发(?:给)?客户|发布|\bapproved?\b|\bagreed?\b|\baccept(?:ed|able)?\b|\bsatisf(?:ied|actory)\b"
    r"|\blgtm\b|\bgo ahead\b"
    r"|\bclosed?\b|\bno objections?\b|承認(?:します|しました|いたします)?$"
    r"|問題ありません$|了承(?:します|しました|いたします)?$|満足(?:です|しています)$"
)
BESIDE_VERDICT = (
    r"我司|我方|我部|我个人|我们?|本人|客户|贵司|你们|贵方|对|此|本次|本案|本|该|这次|这个|这份|这|关于|8d|d[3-7]|方案|改善"
    r"|纠正|永久|临时|整改|措施|报告|投诉|客诉|案件|案子|案|处理|结果|答复|回复|内容|原因|分析|均|都|已经|已|现|表示|和|及|与|的|很|非常"
    r"|十分|完全|一致|全部|可以|能够|能|予以|准予|准许|确认|审核|審核|审批|审阅|评审|收到|收悉|看过|阅|了|请|并|\d{7}"
    r"|\b(?:we|i|are|am|is|it|fully|very|completely|quite|the|this|your|our|with|report|8d|case|complaint|claim|measures?"
    r"|actions?|corrective|results?|answer|response|reply|and|you|may|can|be|of|from|side|please|ok|okay|yes|now"
    r"|solution|proposal|handling|has|been|have|received)\b"
)
# Beside a verdict these make it something else: condition, contrast, question, delay, request.
NOT_PLAIN = (
    r"[?？]|但|不过|然而|只是|除了|还|再|先|如果|若|要是|假如|只要|的话|之?后(?!续)|以前|之前|明天|后天|下周|下个?月|等|待|暂|补充|吗|么"
    r"|呢|是否|能否|基本|原则|难|\b(?:but|however|except|although|though|if|until|unless|once|when|after|before|would"
    r"|will|could|should|cannot|can't|not|n't|yet|pending|tomorrow|provided|please (?!close|release|go ahead)\w+)\b"
    r"|(?:^|[.,;!\n])\s*(?:can|may|is|are|have|has) (?:you|we|i|it|the|this)\b"
)
# What people answer when they are asked what rows are that vanished from the ledger.
DELETE_ROWS = (
    r"(?:是的?|对|我)?(?:确认|确实要|同意)删除?(?:这些行)?"
    r"|(?:please )?(?:confirm )?delete(?: (?:them|the rows|these rows))?"
)
RESTORE_ROWS = (
    r"(?:请|全部)?(?:恢复|补回|还原)(?:这些行)?|(?:这?是)?误删(?:除)?了?"
    r"|(?:please )?restore(?: (?:them|the rows|these rows))?|(?:it was )?a mistake"
)
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
        r"|D4)?[\s:：、.]*(?:为什么(?:没|未|沒)(?:有)?(?:检|檢|发现|發現)出?|为什么会?流出|(?:根本)?原因[(（](?:检验|檢驗|检出|流出|流出面)[)）]"
        r"|(?:nde|未检出原因|流出面)[/／]?(?:未检出原因)?|root cause\s*[-–—:]\s*(?:non-?detection|escape)"
        r"|流出(?:的)?(?:根本)?原因|流出根因|逃逸(?:点|原因)|漏[检檢]原因|未[检檢](?:出"
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
        r"为什么会?(?:产生|发生|發生|產生)|(?:根本)?原因[(（](?:制造|製造|发生|產生|产生|发生面)[)）]|(?:trc"
        r"|发生面)(?: ?(?:技术|直接)原因)?"
        r"|root cause\s*[-–—:]\s*occurrence|(?:发生|發生|产生|產生)(?:的)?(?:根本)?原因|发生|發生"
        r"|根本原因(?:分析)?|原因分析|根因(?:分析)?|真因(?:分析)?"
        r"|不良原因(?:分析)?|问题原因|原因|root causes?(?: analysis)?|occurrence(?: root)?(?: cause)?"
        r"|cause(?: of occurrence)?|why (?:made|occurred|did it happen)|原因調査|発生原因"
    )),
    ("D3", (
        r"D3[\s:：、.]*(?:[^\s:：，,。；;]{0,12}(?:措施|对策|對策)|(?:interim )?containment(?: actions?)?"
        r"|interim (?:actions?|measures?))?|(?:临时|臨時|应急|應急|围堵|圍堵|遏制|紧急|短期|暂定|暂时|暫時|當前|先期"
        r"|临时围堵|即时|立即)(?:纠正|处置|處理|处理|围堵|控制|性)?(?:措施|对策|對策|处理|行动|方案)"
        r"|ica|(?:遏制|围堵|隔离)(?:行动|处置)|(?:interim |immediate )?containment(?: actions?| measures?)?"
        r"|(?:interim|immediate"
        r"|short[- ]term) (?:actions?|measures?|corrections?)|暫定対策|応急処置"
    )),
    ("D7", (
        r"D7[\s:：、.]*(?:[^\s:：，,。；;]{0,16}(?:再发|再發|预防|預防|标准化|措施|展开)"
        r"|prevent\w*(?: (?:of )?recurrence)?(?: actions?| measures?)?)?|(?:预防|預防"
        r"|防止)(?:问题)?(?:再次?)?(?:发生|發生|再发|再發)?(?:的)?(?:措施|对策|對策)?|(?:水平|横向"
        r"|橫向)(?:展开|展開|推广|扩展)|标准化|標準化|防再发(?:措施)?|再发防止(?:措施)?|预防再发|固化"
        r"|prevent(?:ive|ion|ative)?(?: (?:of )?recurrence)?(?: actions?| measures?)?|recurrence prevention"
        r"|再発防止(?:策|対策)?|systemic prevention|lessons? learn(?:ed|t)(?: ?[/&] ?horizontal deployment)?"
        r"|horizontal deployment"
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
    r"[\s\u3000>*#•·●◆■◇▲△▼★☆►▪【\[(（]*(?:第[一二三四五六七八]步\s*[:：、.]?\s*|(?:第?[一二三四五六七八九十]{1,3}|\d{1,2}|[①-⑳])\s*[、.．)）:：]\s*"
    r"|step \d\s*[:：-]?\s*)?[【\[*]*"
)
_AFTER = (
    r"[】\])）*]*[?？]?\s*(?:[(（][^()（）\n]{0,40}[)）])?[】\]*]*\s*(?:[:：\t|—-]+[ \t|*]*(?P<rest>.*)|(?P<bare>))$"
)
HEADINGS = tuple((key, re.compile(f"(?i)^{_NUMBERING}(?:{words}){_AFTER}")) for key, words in SECTIONS)
# `【临时措施】全检…`: brackets do the work of a colon.
BRACKETED = re.compile(r"^[\s\u3000]*[【\[]([^】\]\n]{2,40})[】\]][ \t]*(?=[^:：\s])")
# `D3 封存库存…`: a discipline's number may be followed by its text without a colon.
BARE_D = re.compile(r"(?i)^[\s\u3000*#【\[(（]*D([3567])[】\])）]*[\s.、]+(?P<rest>\S.{3,})$")
INLINE_D = re.compile(r"(?i)(?<=[。；;.\s])(?=D[3-7](?:[-.][12])?\s?[^\s:：。；;]{0,10}[:：])")
