"""What a mail server means by a refusal, who can mend it, and whether a later try is worth while.

Servers say why in three ways: the code (RFC 5321), the enhanced code (RFC 3463), and a sentence of their own. Of the
large providers the sentence is what tells causes apart, so that both are looked at, the most telling first.
"""

import re
from dataclasses import dataclass

_IS_FOR_GOOD = range(500, 600)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cause.

    Attributes
    ----------
    pattern
        Of the server's answer, code included.
    meaning
        What the server means, who can mend it, and how. ``{sender}`` and ``{recipient}`` are the addresses.
    is_passing
        Whether the same mail may be taken later, when somebody has mended the cause: it is kept for that.
    """

    pattern: re.Pattern[str]
    meaning: str
    is_passing: bool


def _refusal(pattern: str, meaning: str, *, is_passing: bool) -> Refusal:
    return Refusal(re.compile(pattern, re.IGNORECASE), meaning, is_passing)


REFUSALS = (
    _refusal(
        r"5\.7\.(26|2[0-57-9]|30)\b|unauthenticated|not authenticated|\bSPF\b|\bDKIM\b|\bDMARC\b",
        "The recipient's server does not believe that this mail comes from {sender}: neither SPF nor DKIM vouches for "
        "it. Whoever runs the domain of that address has to name the mail server in its SPF record and to sign with "
        "DKIM; or set sender in [email] of xgoals.toml to an address of a domain that this server sends for.",
        is_passing=True,
    ),
    _refusal(
        r"spamhaus|spamcop|barracuda|sorbs|\bRBL\b|DNSBL|block ?list|black ?list|poor reputation|"
        r"blocked using|5\.7\.606",
        "The network address that the mail comes from is on a list of senders of spam. Whoever runs the mail server "
        "has to have it taken off (the answer names the list), or send through a provider's server: a home's or a "
        "cloud machine's own address is often listed as a whole.",
        is_passing=True,
    ),
    _refusal(
        r"relay(ing)? (access )?(is )?(denied|not permitted|not allowed|prohibited)|unable to relay|"
        r"cannot relay|5\.7\.(54|64)\b",
        "The mail server sends nothing to {recipient} for a client that is not logged in, or not as {sender}. Give the "
        "connection a user and password, or ask whoever runs the server to let this machine send.",
        is_passing=True,
    ),
    _refusal(
        r"^53[0458]\b|5\.7\.[89]\b|5\.5\.1 auth|authentication (is )?(required|failed|unsuccessful)|"
        r"username and password not accepted|application-specific password",
        "The mail server does not accept the connection's user and password. Mend them; large providers want a "
        "password made for programs (app password) or OAuth 2, and that SMTP is switched on for the account.",
        is_passing=True,
    ),
    _refusal(
        r"5\.4\.5\b|5\.7\.(508|509|705)\b|(sending|daily|rate|message) (user )?(sending )?(limit|quota)",
        "The account has sent as much as its provider lets it. It sends again by itself, mostly after a day.",
        is_passing=True,
    ),
    _refusal(
        r"5\.3\.4\b|message (size )?exceeds|too (large|big)|size limit|^552(?!.*5\.2\.2).*\bsize\b",
        "The mail is larger than the server takes. Whoever runs the server can raise the limit (a digest with two "
        "pictures has some 300 kB).",
        is_passing=False,
    ),
    _refusal(
        r"5\.2\.2\b|^552\b|mailbox (is )?full|over ?quota|quota exceeded|insufficient storage|out of storage",
        "The mailbox of {recipient} is full. Its owner has to make room.",
        is_passing=True,
    ),
    _refusal(
        r"not owned by|sender (address )?(rejected|not allowed)|5\.7\.60\b|send ?as ?denied|5\.1\.[78]\b",
        "The mail server lets this account not send as {sender}. Set sender in [email] of xgoals.toml to an address "
        "that the account may use.",
        is_passing=True,
    ),
    _refusal(
        r"5\.1\.(0|1|2|3|6|10)\b|5\.4\.[46]\b|5\.2\.1\b|(user|recipient|mailbox|address|domain|host) "
        r"(is )?(unknown|not found|unavailable|disabled|inactive)|unknown (user|recipient)|"
        r"no such (user|domain|recipient)|does not exist|^55[16]\b|^521\b|null mx",
        "There is no mailbox {recipient}. Check the address {recipient} in the section [email] of xgoals.toml.",
        is_passing=False,
    ),
    _refusal(
        r"spam|virus|content (rejected|blocked)|5\.7\.1\b|5\.7\.0\b|policy",
        "The recipient's server refuses the mail by a rule of its own. The postmaster of {recipient} can say which, "
        "and let mails from {sender} through.",
        is_passing=True,
    ),
)
"""In the order in which they are tried: the first that fits is the cause."""


def cause_of(code: int, answer: str) -> Refusal | None:
    """The cause of a refusal, if it is one for good (5xx) that we know.

    Parameters
    ----------
    code, answer
        The server's: 550, "5.7.26 This mail has been blocked ...".
    """
    if code not in _IS_FOR_GOOD:
        return None
    said = f"{code} {' '.join(answer.split())}"
    return next((refusal for refusal in REFUSALS if refusal.pattern.search(said)), None)
