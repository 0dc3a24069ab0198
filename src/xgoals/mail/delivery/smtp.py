"""One mail to one recipient over an open SMTP connection, and what the server's answers mean.

Between the mail's first byte and the server's answer to its last one lies a moment in which nobody knows whether
the server has taken it (RFC 5321, section 4.5.4.2, RFC 1047). Everything before it is certain: not taken.
"""

import re
import smtplib
from dataclasses import dataclass
from enum import Enum

from xgoals.mail.delivery.refusals import cause_of


class Outcome(Enum):
    """What became of an attempt to deliver a mail."""

    ACCEPTED = "the server took it"
    REJECTED = "the server refuses it for good"
    DEFERRED = "the server did not take it this time"
    UNANSWERED = "nobody knows whether the server took it"
    UNREACHABLE = "no conversation with the server came about"
    NO_SERVER = "no mail server is configured"


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt ended, the server's words or ours about it, and what to do where that is known."""

    outcome: Outcome
    detail: str = ""
    advice: str = ""


class MailTransaction:
    """The conversation about one mail (RFC 5321, section 3.3); ``data_begun`` is true from its first byte on."""

    def __init__(self, client: smtplib.SMTP) -> None:
        self._client = client
        self._addresses = {"sender": "", "recipient": ""}
        self.data_begun = False

    def send(self, message: bytes, sender: str, recipient: str) -> Attempt:
        """Send a mail.

        A refusal leaves the connection as it was; after a lost connection it must not be used again
        (``client.sock`` is None then).

        Parameters
        ----------
        message
            With CRLF line ends, 7 bit.
        sender, recipient
            Plain addresses.
        """
        client, self._addresses = self._client, {"sender": sender, "recipient": recipient}
        try:
            client.ehlo_or_helo_if_needed()
            code, reply = client.mail(sender)
            if code != 250:
                # A wrong sender is a setting of ours and no fault of the recipient's: tried again, never given up.
                return self._not_taken(f"sender {sender}", code, reply, is_ours=True)
            code, reply = client.rcpt(recipient)
            if code not in (250, 251):
                return self._not_taken(f"recipient {recipient}", code, reply)
            code, reply = client.docmd("DATA")
            if code != 354:
                return self._not_taken("the mail", code, reply)
            self.data_begun = True
            client.send(_with_end(message))
            code, reply = client.getreply()
        except (OSError, smtplib.SMTPException) as error:
            client.close()
            lost = f"the connection broke ({error})"
            return Attempt(Outcome.UNANSWERED if self.data_begun else Outcome.DEFERRED, lost)
        if code == 250:
            return Attempt(Outcome.ACCEPTED)
        return self._not_taken("the mail", code, reply)

    def _not_taken(self, what: str, code: int, reply: bytes, *, is_ours: bool = False) -> Attempt:
        """An attempt that ended with this answer; ``is_ours``: whatever it is, the recipient cannot mend it."""
        if code == 421:  # the server is about to hang up
            self._client.close()
        else:
            try:
                self._client.rset()
            except (OSError, smtplib.SMTPException):
                self._client.close()
        answer = reply.decode("utf-8", "replace")
        cause = cause_of(code, answer)
        # 5xx is meant for good (RFC 5321, section 4.2.1); but what a person can mend may be taken after that.
        is_for_good = 500 <= code <= 599 and not is_ours and not (cause and cause.is_passing)
        return Attempt(
            Outcome.REJECTED if is_for_good else Outcome.DEFERRED,
            f"{what}: {code} {answer}",
            cause.meaning.format(**self._addresses) if cause else "",
        )


def _with_end(message: bytes) -> bytes:
    """A mail as DATA wants it: a leading dot doubled, and the line that ends it."""
    stuffed = re.sub(rb"(?m)^\.", b"..", message)
    return stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n"
