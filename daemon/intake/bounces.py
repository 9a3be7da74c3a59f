"""Reports that a mail of ours did not arrive: by RFC 3464, or in the words of the Chinese 退信.  Believes none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message as Mime

from daemon.intake.headers import ADDRESS, header, raw_values
from daemon.intake.message import Message
from daemon.intake.reading import Failure

BOUNCE_FROM = re.compile(
    r"(?i)mailer-?daemon|postmaster|microsoftexchange[0-9a-f]{6,}|(?:系统|系統|邮件)管理员"
    r"|mail delivery (?:system|subsystem)|系统退信"
)
DAEMON = re.compile(r"(?i)mailer-?daemon@|mail delivery (?:system|subsystem)")
BOUNCE_SUBJECT = re.compile(
    r"(?i)退信|退回|延迟(?:送达|投递|传递|通知)|(?:投递|傳遞|传递|投遞)(?:延迟|延遲|失败|失敗)|無法傳遞|无法传递|发信失败|發信失敗|"
    r"投递失败|投遞失敗|无法投递|無法投遞|无法送达|發送失敗|发送失败"
    r"|传送失败|未送达|未能送达|undeliver|delivery (?:status|failure|has failed|delayed)|returned (?:mail"
    r"|to sender)|mail delivery fail|failure notice|delayed mail|could not be delivered|non-?delivery"
)
DELAYED = re.compile(
    r"(?i)warning only|will be retried|still being retried|delayed|not yet been delivered"
    r"|temporary problem|will retry|尚未(?:传递|傳遞|投递|送达)|繼續嘗試|稍后(?:将)?(?:继续|重试|再)|继续尝试"
    r"|暂时(?:无法|未能)|延迟|will keep trying"
)
GONE = re.compile(
    r"(?i)不存在|被退回|永久|55\d|unknown user|user unknown|does not exist|rejected|拒收|not found|(?<!fails )permanent"
)
GOT_IT = frozenset({"delivered", "relayed", "expanded"})
MOST_BLOCKS = 100  # recipients of a report that are read


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report about a mail of ours: whom it did not reach, the dead ones first, and all that may name the mail."""

    failures: tuple[Failure, ...]
    text: str


def bounce(message: Message, mailbox: str) -> Bounce | None:
    """Return the delivery report that this mail is, or None (RFC 3464 and the Chinese 退信 in plain words)."""
    report = part_of(message.mime, "message/delivery-status")
    sender = header(message.mime, "From")
    reports = message.mime.get_content_type() == "multipart/report" or BOUNCE_FROM.search(sender)
    if report and reports:  # a person may attach one
        return _standard_bounce(message, _blocks(report))
    about = BOUNCE_SUBJECT.search(message.subject)
    if (BOUNCE_FROM.search(sender) and about) or DAEMON.search(sender):
        return _worded_bounce(message, mailbox)
    return None


def _standard_bounce(message: Message, blocks: Sequence[Mapping[str, str]]) -> Bounce | None:
    """Read a report by its blocks, one a recipient; those that got the mail are left out (RFC 3464 §2.3.3)."""
    failures = [_failure(block) for block in blocks if block.get("action", "").lower() not in GOT_IT]
    if blocks and not failures:
        return None
    dead_first = sorted((one for one in failures if one), key=lambda one: not one.permanent)
    each_once = {one.address.lower(): one for one in reversed(dead_first)}
    return Bounce(tuple(reversed(each_once.values())), _everything(message))


def _failure(fields: Mapping[str, str]) -> Failure | None:
    found = ADDRESS.search(fields.get("original-recipient", "")) or ADDRESS.search(fields.get("final-recipient", ""))
    permanent = fields.get("action", "").lower() != "delayed" and not fields.get("status", "").startswith("4")
    return Failure(found[0], permanent) if found else None


def _worded_bounce(message: Message, mailbox: str) -> Bounce:
    text = message.text
    named = header(message.mime, "X-Failed-Recipients")
    found = [
        a for a in ADDRESS.findall(f"{named}\n{text}") if a.lower() != mailbox.lower() and not BOUNCE_FROM.search(a)
    ]
    permanent = bool(GONE.search(text)) or not DELAYED.search(f"{message.subject}\n{text}")
    return Bounce((Failure(found[0], permanent),) if found else (), _everything(message))


def _everything(message: Message) -> str:
    """Return all that may name the mail reported on: text, heads and subject of the returned mail."""
    returned = [_part_text(part) for part in message.mime.walk() if part.get_content_type() == "text/rfc822-headers"]
    attached = [f"{mail.subject}\n{' '.join(_ids(mail.mime))}" for mail in message.mails]
    return "\n".join([message.subject, message.text, *returned, *attached])


def _ids(mime: Mime) -> list[str]:
    return [value.decode("ascii", "replace").strip() for value in raw_values(mime, "Message-ID")]


def part_of(mime: Mime, kind: str) -> Mime | None:
    """Return the first part of this media type."""
    return next((part for part in mime.walk() if part.get_content_type() == kind), None)


def _part_text(part: Mime) -> str:
    import email  # noqa: PLC0415  only for the heads that a report returns as text

    data = part.get_payload(decode=True)
    returned = email.message_from_bytes(data if isinstance(data, bytes) else b"")
    return f"{header(returned, 'Subject')}\n{' '.join(_ids(returned))}"


def _blocks(report: Mime) -> list[dict[str, str]]:
    """Return the fields of each recipient; the parser gives a block for each, and one for the mail as a whole."""
    payload = report.get_payload()
    blocks = [block for block in payload if isinstance(block, Mime)] if isinstance(payload, list) else []
    fields = [{key.lower(): str(value) for key, value in block.items()} for block in blocks[:MOST_BLOCKS]]
    return [one for one in fields if "final-recipient" in one or "original-recipient" in one]
