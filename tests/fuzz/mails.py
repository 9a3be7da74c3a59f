"""`make fuzz`, its mails: whatever bytes come, a mail is read or refused with a reason; nothing raises, nothing hangs.

Mails of the corpora are spoilt (cut, spliced, headers and charsets exchanged), and others are put together from what
people and attackers write.  FUZZ_MAILS and FUZZ_SEED choose how many and from which seed on.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from daemon.intake.limits import UnreadableMail
from daemon.intake.read import as_json, read
from daemon.intake.reading import Known
from tests.intake.conftest import CORPUS, company_of

AT_ONCE = 5000  # mails of a seed
LONGEST = 10.0  # seconds of work for one of these small mails: more is a hang

CHARSETS = [
    "utf-8",
    "gb2312",
    "gbk",
    "gb18030",
    "big5",
    "hz-gb-2312",
    "iso-2022-jp",
    "utf-16",
    "utf-7",
    "x-gbk",
    "euc-cn",
    "iso-gb2312",
    "no-such-charset",
    "zip",
    "rot13",
    "idna",
    "unicode_escape",
    "",
    "\x00",
    "utf-8; x",
]
ENCODINGS = ["base64", "quoted-printable", "7bit", "8bit", "binary", "x-uuencode", "uuencode", "nonsense", ""]
KINDS = [
    "text/plain",
    "text/html",
    "multipart/mixed",
    "multipart/alternative",
    "multipart/related",
    "multipart/report",
    "message/rfc822",
    "message/delivery-status",
    "application/ms-tnef",
    "text/calendar",
    "text/rfc822-headers",
    "image/png",
    "application/octet-stream",
    "multipart/mixed; boundary=",
    "text",
    "/",
    "text/plain; charset*0=u",
]
NAMES = [
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Reply-To",
    "Return-Path",
    "Auto-Submitted",
    "Precedence",
    "List-Id",
    "Authentication-Results",
    "X-Failed-Recipients",
    "Thread-Index",
    "Content-Type",
    "Content-Disposition",
    "Content-Transfer-Encoding",
    "Content-ID",
    "Received",
    "X-Mailer",
]
HOSTILE = [
    "",
    "<>",
    "<a@[b",
    'a@b <x@evil.example>, "b',
    "=?utf-8?B?eA0KQmNjOiBldmlsQGV2aWwuZXhhbXBsZQ==?=",
    "=?utf-8?B?5a",
    "=?gb2312?B?1tA=?= =?gb2312?B?zsQ",
    "Thu, 99 Foo 2026 99:99:99 +9999",
    "Mon, 1 Jan 0001 00:00:00 -2359",
    ";;;",
    "\t",
    'attachment; filename="../../etc/passwd"',
    "attachment; filename*=utf-8''%FF%FE%00",
    'x; name*0="a"; name*1="b',
    "<" * 500,
    "(" * 500,
    '"' * 500,
    "a" * 900,
    "客诉 2611003",
    "回复: [客诉 2611003]",
    "=?x?Q?=FF?=",
    "\ud7ff",
    "<<>>,<@>",
]
PIECES = [
    "客户：",
    "产品名称",
    "批次号",
    "不良数量：",
    "抽检80件不良5件",
    "1.500 pcs",
    "6.400,000",
    "一千二百",
    "12/500",
    "5‰",
    "两箱，每箱200",
    "发件人: ",
    "发送时间: 2026年11月18日",
    "-----原始邮件-----",
    "在 2026年11月21日，写道：",
    "> ",
    "--\n",
    "Best regards",
    "谢谢",
    "D3 临时措施：",
    "【D4】根因",
    "▲发生：",
    "流出原因",
    "请",
    "不是我们部门责任，请转技术部",
    "同意",
    "没有退回意见",
    "OK，发吧",
    "\t",
    "|",
    "：",
    ":",
    "/",
    "\n\n",
    "　",
    "\r",
    "\x0b",
    "\x00",
    "\u202e",
    "\u200b",
    "1",
    "９",
    "万",
    "零",
    "A-1",
    "/",
    "(",
    "（",
    "<table><tr><td>料号<td>A-1</table>",
    "<div>" * 40,
    "&#0;",
    "<!--",
    "=1+1",
    "{{7*7}}",
    "KS-ABCD-EFGH-IJKL-MN23",
    "@",
    "a@b.c",
]


def corpus() -> list[bytes]:
    """Return the mails of both corpora."""
    return [path.read_bytes() for path in sorted(CORPUS.rglob("*.eml"))]


HEADERS = st.tuples(st.sampled_from(NAMES), st.sampled_from(HOSTILE) | st.text(max_size=40))
TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=40).map("".join)


@st.composite
def made(draw: st.DrawFn, depth: int = 2) -> bytes:
    """Put a mail together from hostile headers, kinds, charsets and texts."""
    heads = [f"{name}: {value}" for name, value in draw(st.lists(HEADERS, max_size=8))]
    kind, charset = draw(st.sampled_from(KINDS)), draw(st.sampled_from(CHARSETS))
    heads.append(f"Content-Type: {kind}; charset={charset}; boundary=b{depth}")
    heads.append(f"Content-Transfer-Encoding: {draw(st.sampled_from(ENCODINGS))}")
    head = "\r\n".join(heads).encode("utf-8", "surrogatepass") + b"\r\n\r\n"
    if depth and kind.startswith(("multipart", "message")):
        parts = draw(st.lists(made(depth=depth - 1), max_size=3))
        return head + b"".join(b"--b%d\r\n%s\r\n" % (depth, part) for part in parts) + b"--b%d--\r\n" % depth
    return head + draw(TEXT).encode(draw(st.sampled_from(["utf-8", "gb18030", "utf-16"])), "replace")


@st.composite
def spoilt(draw: st.DrawFn, mails: list[bytes]) -> bytes:
    """Cut, splice and exchange in a mail of the corpora."""
    raw = draw(st.sampled_from(mails))
    for _ in range(draw(st.integers(1, 4))):
        at, end = sorted((draw(st.integers(0, len(raw))), draw(st.integers(0, len(raw)))))
        how = draw(st.integers(0, 5))
        if how == 0:
            raw = raw[:at] + raw[end:]
        elif how == 1:
            raw = raw[:end] + raw[at : min(end, at + 2000)] + raw[end:]
        elif how == 2:
            raw = raw[:at] + draw(st.binary(max_size=30)) + raw[at:]
        elif how == 3:
            name, value = draw(HEADERS)
            raw = f"{name}: {value}\r\n".encode("utf-8", "surrogatepass") + raw
        elif how == 4:
            raw = raw.replace(b"utf-8", draw(st.sampled_from(CHARSETS)).encode()).replace(b"gb", b"b")
        else:
            raw = raw[:at] + draw(st.sampled_from(mails))[: len(raw)] + raw[at:]
    return raw[:200_000]


def check(raw: bytes, directory, known: Known) -> float:
    """Read a mail; return the seconds of work it took.  Raises AssertionError for one that is too costly."""
    start = time.process_time()
    try:
        said = as_json(read(raw, directory, known))
    except UnreadableMail as refused:
        assert refused.reason  # noqa: PT017 - both ends are right
    else:
        json.dumps(said, default=str).encode("utf-8")
        assert not any("\n" in name or "/" in name for name in said["evidence_attachments"])
        assert "\n" not in said["subject"]
    took = time.process_time() - start
    assert took < LONGEST, f"{took:.1f} s for {len(raw)} bytes"
    return took


def run_seed(number: int, examples: int) -> tuple[int, float, str]:
    """Read the mails of a seed; return how many there were, the slowest, and the first failure, made short."""
    directory, known = company_of(CORPUS)
    mails, times = corpus(), []

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(made() | spoilt(mails))
    def one(raw: bytes) -> None:
        times.append(check(raw, directory, known))

    failed = ""
    try:
        one()
    except Exception:  # noqa: BLE001 - whatever it is, it is told
        failed = traceback.format_exc(limit=-3)
    return len(times), max(times, default=0.0), failed


def main() -> int:
    """Read all mails and tell how it goes; return 0 when each was read or refused."""
    wanted, first = int(os.environ.get("FUZZ_MAILS", "100000")), int(os.environ.get("FUZZ_SEED", "1"))
    total, slowest, failures = 0, 0.0, 0
    for number in range(first, first + -(-wanted // AT_ONCE)):
        count, longest, failed = run_seed(number, min(AT_ONCE, wanted))
        total, slowest, failures = total + count, max(slowest, longest), failures + bool(failed)
        sys.stdout.write(
            f"seed {number}: {'FAILED' if failed else 'held'}; {total:,} mails so far, slowest {slowest:.2f} s\n"
        )
        sys.stdout.write(failed)
        sys.stdout.flush()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
