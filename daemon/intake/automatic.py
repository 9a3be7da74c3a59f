"""Tell mails that machines wrote, and mails that are no complaint, from mails that people must answer.

Answers are what is suppressed, not intake: a customer's ERP may write "bulk" and "auto-generated" and still complain.
"""

from __future__ import annotations

import re
from email.message import Message as Mime

from daemon.intake.bounces import part_of
from daemon.intake.headers import header
from daemon.intake.labels import labelled
from daemon.intake.message import Message
from daemon.intake.words import DEFECT, WISH

AUTO_SUBJECT = re.compile(
    r"(?i)^\s*[\[【(（]?(?:自动回复|自动答复|自動回覆|自動回復|自动应答|自動返信|自動応答|假期自动回复"
    r"|外出自动回复|(?:离开|離開|不在公司|外出|休假中?|出差中?)\s*[:：]"
    r"|auto(?:matic)?[- ]?(?:reply|response|answer)|autoreply|autoresponse"
    r"|out of (?:the )?office|ooo\b|不在办公室|不在辦公室|外出通知|休假通知|"
    r"abwesenheits\w*|automatische antwort|réponse automatique|respuesta automática)"
)
RECEIPT_SUBJECT = re.compile(
    r"(?i)^\s*(?:已读|已讀|未读|未讀|已阅读?|已閱讀?|已讀取|未閱讀|未阅读|对方已读|對方已讀|已读回执|阅读回执"
    r"|read|not read|read receipt|return receipt|gelesen"
    r"|開封済み|开封确认|送达|已送达|delivered|relayed|已转发)\s*[:：]"
)
AUTO_BODY = re.compile(
    r"(?i)(?:这|此|本)[是为].{0,14}自动回复|(?:本|此)邮件为?(?:系统)?自动回复|自动回复邮件|已收到您的邮件.{0,20}(?:自动"
    r"|尽快)|您的邮件(?:我)?已(?:经)?(?:收到|收悉).{0,24}(?:尽快|会.{0,4}回复)"
    r"|i am (?:currently )?(?:out of (?:the )?office|on (?:leave|vacation))|this is an automat(?:ic"
    r"|ed) (?:reply|response)|"
    r"(?:本人|我).{0,20}(?:出差|休假|外出|请假).{0,40}(?:无法|不便|不能)(?:及时)?(?:查看|回复|处理)"
)
ANSWERS = re.compile(r"(?i)\s*(?:re|aw|sv|回复|回覆|答复|答覆)\s*[:：]")
NO_REPLY = re.compile(r"(?i)(?:^|[._+-])(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|mailer-daemon|postmaster)[^@]*@")
CALENDAR_SUBJECT = re.compile(
    r"(?i)^\s*(?:已接受|接受|已拒绝|谢绝|暂定|已取消|会议邀请|邀请|accepted|declined|tentative|canceled"
    r"|cancelled|invitation|updated invitation)\s*[:：]"
)
RECALL_SUBJECT = re.compile(r"(?i)^\s*(?:撤回|recall|邮件撤回|message recall)\s*[:：]")
# Words of adverts; two different lines of this table make one, where nothing is complained of.
ADVERT = (
    r"退订|退訂|取消订阅|unsubscribe|opt[- ]out|回复TD|回复T\b",
    (
        r"优惠|優惠|特价|促销|折扣|限时|免费(?:试用|领取|体验|样品|咨询|报名)|discount|special offer"
        r"|free trial|best price|on sale|competitive price|sale!"
    ),
    r"专做|专营|专业承接|长期供应|一手货源",
    r"欢迎(?:来图|来电|咨询|询价|选购|洽谈)",
    r"首单|[一二三四五六七八九]折|可开.{0,6}发票",
    r"\bseo\b|website ranking|first page (?:of|on) google|rank(?:ing)? (?:first|higher)",
    r"代开|发票代|各类票据|贷款|融资|理财|保险办理",
    (
        r"培训|课程|讲座|研讨会|论坛|展会|展览会|博览会|公开课|训练营|webinar|seminar|exhibition|trade (?:show"
        r"|fair)|workshop|training|conference"
    ),
    r"报名|扫码|名额|席位|register now|sign up|book your|limited seats|火热",
    r"认证(?:辅导|咨询|代办)|体系认证|咨询服务|辅导",
    r"点击(?:此处|这里|阅读|查看|链接)|阅读全文|查看全文|read more|click here|view (?:in|online)|在浏览器中",
    r"第\d+期|周刊|月刊|资讯|简报|newsletter|weekly|digest",
    (
        r"我们是(?:一家)?(?:专业|专注|领先)|专业生产|专业从事|厂家直销|we are (?:a )?(?:leading|professional)"
        r"|manufacturer of|our products? (?:range|include)|supplier of|推广|引流|获客|群发"
    ),
    r"招聘|猎头|求职|应聘|简历",
    r"加微信|微信[:：/]|联系客服|电话/微信|whatsapp",
    r"(?:新品|产品)(?:推介|推荐|发布|目录|手册)|报价单|catalog|price list|quotation",
)  # fmt: skip
# What is sent to everybody as a matter of course; two different lines make such a mail, where nothing is complained of.
ROUTINE = (
    r"电子发票|为您开具|e-?invoice|数电票",
    r"购方|销方|开票方|价税合计|发票号码",
    r"对账单|對帳單|对公账单|账单提醒|statement of account",
    r"盖章回传|核对(?:无误)?后?(?:盖章|确认)|无误盖章|点击(?:查看|下载|升级|验证|确认)",
    r"放假(?:时间|通知|安排)|holiday (?:notice|schedule)",
    r"安排好?备货|恢复(?:上班|收货)|放假期间",
    r"邮箱(?:容量|即将|将被|空间)|账号(?:异常|停用)|mailbox (?:quota|is full)|verify your account",
    r"升级验证|验证(?:身份|邮箱)|密码(?:过期|到期)|(?:邮箱|账号|账户).{0,6}停用",
    r"求职|应聘",
    r"个人简历|简历[-—_]",
)
# What says that something is not as it should be, besides a fault of the goods.
WRONG = re.compile(
    r"(?i)有误|有誤|不对|不對|[开開写寫算]错|错误|錯誤|多[收开]|少开|重开|不认可|没有?[给到]|未[到发]|影响|為何|为何|何时|什么时候"
    r"|\bwrong\b|incorrect|mistake"
)
# `如发票有误请联系…`: what would be wrong, and is not.
SUPPOSED = re.compile(
    r"(?i)(?:如果?|若|倘|\bif\b)[^。；;.\n]{0,40}(?:有误|有誤|不对|错误|问题|疑问|wrong|incorrect)[^。；;.\n]*"
)
COMPLAINT_KEYS = {
    "part_no",
    "batch_no",
    "order_no",
    "quantity_defective",
    "defect_rate",
    "phenomenon",
    "product_name",
    "quantity_delivered",
}
CUSTOMER_WORD = re.compile(r"(?i)客户|客戶|客诉|customer|用户反馈|来电|顾客|client")
# How a colleague tells what somebody outside said: 北方电机李工刚打电话反映, 沈阳一厂投诉前端盖开裂.
TOLD = re.compile(
    r"(?i)反映|反馈|反饋|抱怨|打(?:来)?电话|来函|来信|致电|电话(?:里|中)?说"
    r"|(?:投诉|投訴)(?![了的率过過会會月案单單量]|汇总|统计|处理|培训|流程|系统|邮箱|管理|中心|电话|$)"
    r"|\b(?:called|phoned|complain(?:s|ed)|reports?|reported)\b"
)
# What a person at the customer's front says of a complaint: a stopped line, so many pieces.
STATED = re.compile(
    r"(?i)停线|停線|停产|停產|停机待料|line (?:is )?(?:down|stopped)|\d\s*(?:件|只|个|個|套|pcs|pieces|箱|批|台|根|片)"
)
OFFICE = re.compile(
    r"聚餐|团建|食堂|班车|打印机|复印机|工牌|考勤|年会|体检|饮水机|会议室|停车|printer|canteen|lunch|dinner"
)


def is_from_machine(message: Message, address: str) -> bool:
    """Tell whether a machine sent this mail: it may be a complaint, but is never answered (RFC 3834, section 2)."""
    submitted = header(message.mime, "Auto-Submitted").strip().lower() or "no"
    bulk = header(message.mime, "Precedence").strip().lower() in {"bulk", "list", "junk", "auto_reply"}
    listed = bool(header(message.mime, "List-Id") or header(message.mime, "List-Unsubscribe"))
    nobody = header(message.mime, "Return-Path").strip() == "<>" or bool(NO_REPLY.search(address))
    return not submitted.startswith("no") or bulk or listed or nobody


def is_auto_reply(message: Message) -> bool:
    """Tell auto-replies and read receipts (RFC 3834, RFC 8098, Exchange, 163, QQ, Coremail) from people's mails."""
    if RECEIPT_SUBJECT.match(message.subject) or AUTO_SUBJECT.match(message.subject):
        return True
    if message.mime.get_content_type() == "multipart/report" or part_of(
        message.mime, "message/disposition-notification"
    ):
        return True
    return _says_auto(message.mime) or _is_short_auto_text(message)


def _says_auto(mime: Mime) -> bool:
    if (
        header(mime, "Auto-Submitted").lower().startswith("auto-replied")
        or header(mime, "Precedence").lower() == "auto_reply"
    ):
        return True
    if any(
        header(mime, name)
        for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Autoresponder", "X-QQ-Autoreply")
    ):
        return True
    answers = bool(header(mime, "In-Reply-To"))
    return answers and header(mime, "Auto-Submitted").lower().startswith("auto-generated")


def _is_short_auto_text(message: Message) -> bool:
    text = message.text
    answers = (
        header(message.mime, "In-Reply-To") or header(message.mime, "References") or ANSWERS.match(message.subject)
    )
    return bool(answers and AUTO_BODY.search(text)) and len(text) < 300 and not COMPLAINT_KEYS & _keys(text)


def noise(message: Message, own: str, *, colleague: bool, forwards: bool, in_front: bool = False) -> str:
    """Return why the mail is no complaint, or an empty text; `own` is the sender's own text.

    `in_front` tells that the sender is of a department that speaks with customers.
    """
    if message.calendar or CALENDAR_SUBJECT.match(message.subject):
        return "calendar"
    if RECALL_SUBJECT.match(message.subject):
        return "recall"
    keys = COMPLAINT_KEYS & _keys(message.text)
    if len(keys) >= 2:
        return ""
    told = not colleague or forwards or _is_told_complaint(message, own, in_front=in_front)
    advert = not forwards and (_is_advert(message) or _is_routine(message))
    reason = "advert" if advert else "" if told else "internal"
    return "" if reason and message.forms else reason


def _keys(text: str) -> set[str]:
    return {found[0] for line in text.split("\n") if (found := labelled(line)) and found[1]}


def _is_advert(message: Message) -> bool:
    text = f"{message.subject}\n{message.text}\n{header(message.mime, 'From')}"
    hits = sum(bool(re.search(words, text, re.IGNORECASE)) for words in ADVERT)
    is_list = bool(header(message.mime, "List-Unsubscribe") or header(message.mime, "List-Id"))
    is_bulk = is_list or header(message.mime, "Precedence").lower() in {"bulk", "list", "junk"}
    complains = bool(DEFECT.search(message.text) and WISH.search(message.text))
    return (is_list and not complains) or hits >= (1 if is_bulk else 2 + complains)


def _is_routine(message: Message) -> bool:
    text = f"{message.subject}\n{message.text}"
    stated = SUPPOSED.sub("", text)
    if DEFECT.search(stated) or WRONG.search(stated):
        return False
    return sum(bool(re.search(words, text, re.IGNORECASE)) for words in ROUTINE) > 1


def _is_told_complaint(message: Message, own: str, *, in_front: bool) -> bool:
    """Tell whether a colleague's mail reports what a customer said, or states facts of a complaint."""
    text = f"{message.subject}\n{own}"
    if _keys(own) & COMPLAINT_KEYS:
        return True
    if not DEFECT.search(re.sub("投诉|客诉|问题", "", text)):
        return False
    told = bool(TOLD.search(text) or (in_front and STATED.search(text)))
    return bool(CUSTOMER_WORD.search(text)) or (told and not OFFICE.search(text))
