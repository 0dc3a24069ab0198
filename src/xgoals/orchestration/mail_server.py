"""The mail server behind Airflow's SMTP connection, as delivery asks for it: every attempt comes to an end in time."""

import smtplib
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

from airflow.sdk.exceptions import AirflowException, AirflowNotFoundException

from xgoals.domain.secrets import redacted
from xgoals.mail.delivery.smtp import Attempt, MailTransaction, Outcome
from xgoals.orchestration.smtp_hook import EncryptedSmtpHook
from xgoals.settings import Settings


def configured_server(settings: Settings) -> "MailServer":
    """The server that the settings name, by Airflow's connection."""
    return MailServer(settings.email.connection_id, settings.email.timeout_s)


class MailServer:
    """A conversation with the server, opened with the first mail and kept for the next ones; a context manager.

    Airflow is asked for the connection at its beginning, before any mail is touched.

    Parameters
    ----------
    connection_id
        Of Airflow's connection.
    timeout_s
        How long to wait for a single answer.
    """

    def __init__(self, connection_id: str, timeout_s: float) -> None:
        self.connection_id = connection_id
        self._timeout_s = timeout_s
        self._hook: EncryptedSmtpHook | None = None

    def __enter__(self) -> "MailServer":
        with suppress(AirflowNotFoundException):
            self._hook = EncryptedSmtpHook.of(self.connection_id, self._timeout_s)
        return self

    def __exit__(self, *_: object) -> None:
        if self._hook:
            self._hook.close()

    def send(self, message: bytes, sender: str, recipient: str, patience_s: float) -> Attempt:
        """Deliver a mail; comes back after ``patience_s`` at the latest, whatever the server does."""
        if self._hook is None:
            return Attempt(Outcome.NO_SERVER)
        thread = _AttemptInThread(self._hook, message, sender, recipient)
        return _within(patience_s, thread.run) or thread.abandon(patience_s)

    def greet(self, patience_s: float) -> Attempt:
        """Open the conversation, encryption and login included, and say EHLO; no mail is sent."""
        if self._hook is None:
            return Attempt(Outcome.NO_SERVER)
        hook = self._hook
        asked = _within(patience_s, lambda: _greet(hook))
        if asked is None:
            hook.cut()
        return asked or Attempt(Outcome.UNREACHABLE, f"no end within {patience_s:.0f} s")

    def advice(self) -> str:
        """Where the person who can help finds what to correct."""
        return (
            f"Check the connection '{self.connection_id}' (variable AIRFLOW_CONN_{self.connection_id.upper()}, or"
            " Admin > Connections in the UI): host, port, user, password."
        )


class _AttemptInThread:
    """One mail, in a thread of its own: a name server or a socket may take longer than anybody wants to wait."""

    def __init__(self, hook: EncryptedSmtpHook, message: bytes, sender: str, recipient: str) -> None:
        self._hook = hook
        self._mail = message, sender, recipient
        self._transaction: MailTransaction | None = None
        self._abandoned = threading.Event()

    def run(self) -> Attempt:
        """Open the conversation if need be, and send the mail."""
        try:
            client = self._hook.client()
        except (OSError, smtplib.SMTPException, AirflowException, RuntimeError, ValueError) as error:
            return Attempt(Outcome.UNREACHABLE, _in_words(error, self._hook))
        if self._abandoned.is_set():
            self._hook.close()
            return Attempt(Outcome.UNREACHABLE)
        self._transaction = MailTransaction(client)
        return self._transaction.send(*self._mail)

    def abandon(self, after_s: float) -> Attempt:
        """Stop waiting: what is not under way yet will not be sent, what is gets no answer any more."""
        self._abandoned.set()
        begun = self._transaction is not None and self._transaction.data_begun
        self._hook.cut()
        said = f"no end within {after_s:.0f} s"
        return Attempt(Outcome.UNANSWERED if begun else Outcome.UNREACHABLE, said)


def _greet(hook: EncryptedSmtpHook) -> Attempt:
    try:
        client = hook.client()
        client.ehlo_or_helo_if_needed()
        code, reply = client.noop()
    except (OSError, smtplib.SMTPException, AirflowException, RuntimeError, ValueError) as error:
        return Attempt(Outcome.UNREACHABLE, _in_words(error, hook))
    where = f"{hook.host}:{hook.port}" if hook.port else hook.host
    said = f"{where} answers {code} {reply.decode('utf-8', 'replace')} ({hook.encryption})"
    return Attempt(Outcome.ACCEPTED if code == 250 else Outcome.UNREACHABLE, said)


def _within(seconds: float, work: Callable[[], Attempt]) -> Attempt | None:
    """The result of some work, or None if it takes longer; it goes on alone then."""
    result: list[Attempt] = []
    thread = threading.Thread(target=lambda: result.append(work()), daemon=True)
    thread.start()
    thread.join(seconds)
    return result[0] if result else None


def _in_words(error: Exception, hook: EncryptedSmtpHook) -> str:
    """Why no conversation came about, for the person who can help; without the password that a server repeats."""
    return redacted(_what_happened(error, hook))


def _what_happened(error: Exception, hook: EncryptedSmtpHook) -> str:
    where = f"{hook.host}:{hook.port}" if hook.port else hook.host
    if isinstance(error, smtplib.SMTPAuthenticationError):
        said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else ""
        return (
            f"{where} does not accept this user and password ({error.smtp_code} {said}); large providers want a "
            "password made for programs (app password) or OAuth 2, and SMTP switched on for the account"
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {where} is not to be trusted: {error.verify_message}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{where} offers no STARTTLS or no login: {error}"
    return f"{where}: {error or type(error).__name__}"
