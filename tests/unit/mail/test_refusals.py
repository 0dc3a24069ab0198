"""What servers mean when they refuse a mail: answers as the large providers word them."""

import pytest

from xgoals.mail.delivery.refusals import REFUSALS, cause_of
from xgoals.mail.delivery.smtp import MailTransaction, Outcome

ANSWERS = [
    ("550 5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail", "SPF nor DKIM", True),
    ("550 5.7.23 The message was rejected because of Sender Policy Framework violation", "SPF nor DKIM", True),
    ("550 5.7.1 Unauthenticated email from example.org is not accepted due to domain's DMARC policy.", "SPF", True),
    ("554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "list of senders", True),
    ("550 5.7.606 Access denied, banned sending IP [192.0.2.1]", "list of senders", True),
    ("554 5.7.1 <a@example.org>: Relay access denied", "logged in", True),
    ("550 relaying denied", "logged in", True),
    ("550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain", "logged in", True),
    ("535 5.7.8 Username and Password not accepted. For more information, go to", "app password", True),
    ("530 5.7.0 Authentication Required.", "app password", True),
    ("552 5.2.2 The email account that you tried to reach is over quota", "is full", True),
    ("552 Requested mail action aborted: exceeded storage allocation", "is full", True),
    ("552 5.3.4 Message size exceeds fixed limit", "larger than", False),
    ("550 5.4.5 Daily user sending quota exceeded", "after a day", True),
    ("553 5.7.1 <x@localhost>: Sender address rejected: not owned by user y", "may use", True),
    ("550 5.1.1 no such user here", "Check the address a@example.org", False),
    ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", "Check the address", False),
    ("550 5.2.1 The email account that you tried to reach is disabled", "Check the address", False),
    ("556 5.1.10 Recipient address has null MX", "Check the address", False),
    ("554 5.7.1 Message rejected as spam by content filtering", "postmaster", True),
    ("550 5.7.1 message refused by local policy", "postmaster", True),
]  # fmt: skip


class Client:
    """An open connection whose server answers so to the mail itself."""

    def __init__(self, answer):
        self.code, self.reply = int(answer[:3]), answer[4:].encode()

    def ehlo_or_helo_if_needed(self):
        pass

    def mail(self, sender):
        return 250, b"OK"

    def rcpt(self, recipient):
        return 250, b"OK"

    def docmd(self, command):
        return 354, b"go"

    def send(self, message):
        pass

    def getreply(self):
        return self.code, self.reply

    def rset(self):
        pass


@pytest.mark.parametrize(("answer", "said", "is_kept"), ANSWERS, ids=[a[:45] for a, *_ in ANSWERS])
def test_a_refusal_says_what_is_meant_and_who_mends_it_and_is_kept_where_that_helps(answer, said, is_kept):
    attempt = MailTransaction(Client(answer)).send(b"mail\r\n", "xgoals@example.org", "a@example.org")
    assert said in attempt.advice
    assert "{" not in attempt.advice
    assert attempt.outcome is (Outcome.DEFERRED if is_kept else Outcome.REJECTED)
    assert answer[4:] in attempt.detail


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("550 no", Outcome.REJECTED),
        ("451 4.7.1 greylisted, SPF ok", Outcome.DEFERRED),
        ("450 busy", Outcome.DEFERRED),
    ],
)
def test_what_is_not_known_goes_by_its_code_alone(answer, outcome):
    attempt = MailTransaction(Client(answer)).send(b"mail\r\n", "xgoals@example.org", "a@example.org")
    assert (attempt.outcome, attempt.advice) == (outcome, "")


def test_every_cause_is_some_server_s_answer():
    found = {cause_of(int(answer[:3]), answer[4:]) for answer, *_ in ANSWERS}
    assert found == set(REFUSALS)
