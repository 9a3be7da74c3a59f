"""What our own mail server found out about a sender: the topmost Authentication-Results (RFC 8601).  No rights."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message as Mime

from daemon.intake.headers import raw_values

# Outside of comments: a quoted string, blanks, a word, or one character that means something.
PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|\s+|[^\s"();]+|.', re.DOTALL)
IN_COMMENT = re.compile(r"\\.|[()]|[^()\\]+|.", re.DOTALL)
PAIR = re.compile(r"(?:^| )([A-Za-z][\w-]*(?: ?\. ?[\w-]+){0,3})(?: ?/ ?\d+)? ?= ?([^ ]+)")
HIDDEN = 0xE000  # what divides nothing because it was quoted is moved up there, into the private use area
DEEPEST = 20  # comments in one another
PASS, FAIL = "pass", "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One method and what it came to, with its properties (`header.from`, `smtp.mailfrom` …), all in lower case."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """Return a property, empty when it is not said."""
        return next((value for key, value in self.properties if key == name), "")


def findings(mime: Mime, authserv_id: str) -> tuple[Finding, ...]:
    """Return what the server of this name found (RFC 8601 §2.2); nothing when the topmost header is another's.

    Only the topmost counts, because those below it may have come with the mail.  Comments, quoted strings and blanks
    are read as the RFC has them.  A header that breaks its rules vouches for nobody, and a failure in it still counts.
    """
    values = raw_values(mime, "Authentication-Results")
    if not values or not authserv_id:
        return ()
    parts = _parts(values[0].decode("utf-8", "replace"))
    if parts is None:
        return (Finding("dmarc", FAIL),) if re.search(rb"(?i)dmarc.*fail", values[0], re.DOTALL) else ()
    server, *version = _whole(parts[0]).split() or [""]
    if server != authserv_id.lower() or not all(one.isdigit() for one in version):
        return ()
    return tuple(Finding(*pairs[0], tuple(pairs[1:])) for part in parts[1:] if (pairs := _pairs(part)))


def is_forged(found: tuple[Finding, ...]) -> bool:
    """Tell whether DMARC failed: whoever sent the mail may not write in the name of its From (RFC 7489 §6.6)."""
    return any(one.method == "dmarc" and one.result == FAIL for one in found)


def vouches_for(address: str, found: tuple[Finding, ...]) -> bool:
    """Tell whether the server found that the mail is from this address, or from its domain with DMARC's alignment.

    That is DMARC passed for the domain; SPF or DKIM passed for a domain aligned with it (RFC 7489 §3.1); or the
    sender logged in as this address (RFC 8601 §2.7.4).  A verdict of DMARC that is no pass outweighs the others.
    """
    domain = address.rpartition("@")[2].lower()
    dmarc = {one.result for one in found if one.method == "dmarc"}
    named = {one.get("header.from") for one in found if one.method == "dmarc"}
    if dmarc not in (set(), {PASS}, {"none"}) or not named <= {"", domain}:
        return False
    return any(_proves(one, address.lower(), domain) for one in found if one.result == PASS)


def _proves(one: Finding, address: str, domain: str) -> bool:
    if one.method == "dmarc":
        return True
    if one.method == "spf":
        return _aligned(one.get("smtp.mailfrom"), domain)
    if one.method == "dkim":
        return _aligned(one.get("header.d") or one.get("header.i"), domain)
    return one.method == "auth" and one.get("smtp.auth") == address


def _aligned(said: str, domain: str) -> bool:
    """Tell whether a domain, or that of an address, is the sender's, above or below it: relaxed alignment."""
    other = said.rpartition("@")[2].rstrip(".")
    whole = "." in other and "." in domain
    return whole and (other == domain or other.endswith(f".{domain}") or domain.endswith(f".{other}"))


def _parts(text: str) -> list[str] | None:
    """Cut a header at its semicolons, without comments; None when a comment or a quoted string never ends."""
    parts, depth, at = [""], 0, 0
    while found := (IN_COMMENT if depth else PIECE).match(text, at):
        piece, at = found[0], found.end()
        if piece in {"(", ")"}:
            depth += 1 if piece == "(" else -1
            parts[-1] += " "
        elif piece == ";" and not depth:
            parts.append("")
        elif not depth:
            parts[-1] += _hidden(piece[1:-1]) if piece[0] == '"' else piece
        if (piece == '"' and not depth) or not 0 <= depth <= DEEPEST:
            return None
    return None if depth else [" ".join(part.split()) for part in parts]


def _hidden(quoted: str) -> str:
    plain = re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL)
    return re.sub(r"(?a)[\s=./]", lambda found: chr(HIDDEN + ord(found[0])), plain)


def _whole(value: str) -> str:
    return re.sub(r"[\ue000-\ue07f]", lambda found: chr(ord(found[0]) - HIDDEN), value).lower()


def _pairs(part: str) -> list[tuple[str, str]]:
    return [(name.replace(" ", "").lower(), _whole(value)) for name, value in PAIR.findall(part)]
