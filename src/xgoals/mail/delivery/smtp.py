"""One mail to one recipient over an open SMTP connection, and what the server's answers mean.

Between the mail's first byte and the server's answer to its last one lies a moment in which nobody knows whether
the server has taken it (RFC 5321, section 4.5.4.2, RFC 1047). Everything before it is certain: not taken.
"""

import re
import smtplib
from dataclasses import dataclass
from enum import Enum


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
    """How an attempt ended, and the server's words or ours about it."""

    outcome: Outcome
    detail: str = ""


class MailTransaction:
    """The conversation about one mail (RFC 5321, section 3.3); ``data_begun`` is true from its first byte on."""

    def __init__(self, client: smtplib.SMTP) -> None:
        self._client = client
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
        client = self._client
        try:
            client.ehlo_or_helo_if_needed()
            code, reply = client.mail(sender)
            if code != 250:
                # A wrong sender is a setting of ours and no fault of the recipient's: tried again, never given up.
                return self._not_taken(Outcome.DEFERRED, f"sender {sender}", code, reply)
            code, reply = client.rcpt(recipient)
            if code not in (250, 251):
                return self._not_taken(_outcome_of(code), f"recipient {recipient}", code, reply)
            code, reply = client.docmd("DATA")
            if code != 354:
                return self._not_taken(_outcome_of(code), "the mail", code, reply)
            self.data_begun = True
            client.send(_with_end(message))
            code, reply = client.getreply()
        except (OSError, smtplib.SMTPException) as error:
            client.close()
            lost = f"the connection broke ({error})"
            return Attempt(Outcome.UNANSWERED if self.data_begun else Outcome.DEFERRED, lost)
        if code == 250:
            return Attempt(Outcome.ACCEPTED)
        return self._not_taken(_outcome_of(code), "the mail", code, reply)

    def _not_taken(self, outcome: Outcome, what: str, code: int, reply: bytes) -> Attempt:
        if code == 421:  # the server is about to hang up
            self._client.close()
        else:
            try:
                self._client.rset()
            except (OSError, smtplib.SMTPException):
                self._client.close()
        return Attempt(outcome, f"{what}: {code} {reply.decode('utf-8', 'replace')}")


def _outcome_of(code: int) -> Outcome:
    """5xx is meant for good (RFC 5321, section 4.2.1); anything else may be otherwise next time."""
    return Outcome.REJECTED if 500 <= code <= 599 else Outcome.DEFERRED


def _with_end(message: bytes) -> bytes:
    """A mail as DATA wants it: a leading dot doubled, and the line that ends it."""
    stuffed = re.sub(rb"(?m)^\.", b"..", message)
    return stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n"
