"""The mail server behind Airflow's SMTP connection, with two things made certain: encryption, and an end.

Airflow's own hook (provider 3.2) checks certificates where it encrypts, but with its defaults it speaks TLS from
the first byte *and* asks for STARTTLS after that, which servers refuse; it waits 30 s in each of six attempts; and
it sends a password without encryption if told to use none. Here the port decides (465: TLS, any other: STARTTLS)
unless the connection says otherwise, an answer has to come within a time set, and a password never travels
unencrypted but on loopback.
"""

import ipaddress
import logging
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Literal

from airflow.providers.smtp.hooks.smtp import SmtpHook
from airflow.sdk.exceptions import AirflowException, AirflowNotFoundException

from xgoals.mail.delivery.smtp import Answer, Handover, Receipt
from xgoals.settings import Settings

log = logging.getLogger(__name__)

Encryption = Literal["tls", "starttls", "none"]


def encryption(port: int | None, extra: Mapping[str, Any]) -> Encryption:
    """How to speak with a server.

    Parameters
    ----------
    port
        Of the connection.
    extra
        The connection's: ``disable_ssl`` (no TLS from the first byte), ``disable_tls`` (no STARTTLS), both: no
        encryption at all.
    """
    no_tls, no_starttls = _is_set(extra.get("disable_ssl")), _is_set(extra.get("disable_tls"))
    if no_tls and no_starttls:
        return "none"
    if no_tls:
        return "starttls"
    if no_starttls:
        return "tls"
    return "tls" if port in (None, 465) else "starttls"


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
        self._hook: _Hook | None = None

    def __enter__(self) -> "MailServer":
        with suppress(AirflowNotFoundException):
            self._hook = _Hook(SmtpHook.get_connection(self.connection_id), self._timeout_s)
        return self

    def __exit__(self, *_: object) -> None:
        if self._hook:
            self._hook.close()

    def send(self, message: bytes, sender: str, recipient: str, patience_s: float) -> Receipt:
        """Hand a mail over; comes back after ``patience_s`` at the latest, whatever the server does."""
        if self._hook is None:
            return Receipt(Answer.NO_SERVER)
        attempt = _Attempt(self._hook, message, sender, recipient)
        receipt = _within(patience_s, attempt.run)
        return receipt or attempt.abandon(patience_s)

    def advice(self) -> str:
        """Where the person who can help finds what to correct."""
        return (
            f"Check the connection '{self.connection_id}' (variable AIRFLOW_CONN_{self.connection_id.upper()}, or"
            " Admin > Connections in the UI): host, port, user, password."
        )


class _Attempt:
    """One mail, in a thread of its own: a name server or a socket may take longer than anybody wants to wait."""

    def __init__(self, hook: "_Hook", message: bytes, sender: str, recipient: str) -> None:
        self._hook = hook
        self._mail = message, sender, recipient
        self._handover: Handover | None = None
        self._abandoned = threading.Event()

    def run(self) -> Receipt:
        try:
            client = self._hook.client()
        except (OSError, smtplib.SMTPException, AirflowException, RuntimeError, ValueError) as error:
            return Receipt(Answer.UNREACHABLE, _in_words(error, self._hook))
        if self._abandoned.is_set():
            self._hook.close()
            return Receipt(Answer.UNREACHABLE)
        self._handover = Handover(client)
        return self._handover.send(*self._mail)

    def abandon(self, after_s: float) -> Receipt:
        """Stop waiting: what is not under way yet will not be sent, what is gets no answer any more."""
        self._abandoned.set()
        begun = self._handover is not None and self._handover.begun
        self._hook.cut()
        said = f"no end within {after_s:.0f} s"
        return Receipt(Answer.UNANSWERED if begun else Answer.UNREACHABLE, said)


class _Hook(SmtpHook):  # type: ignore[misc]
    """Airflow's hook: its login (password or OAuth 2), with our rules for encryption and time."""

    _smtp_client: smtplib.SMTP | None

    def __init__(self, connection: Any, timeout_s: float) -> None:
        super().__init__(smtp_conn_id=connection.conn_id)
        self.smtp_connection = self._given = connection
        self._timeout_s = min(timeout_s, float(connection.extra_dejson.get("timeout", timeout_s)))
        self.encryption = encryption(connection.port, connection.extra_dejson)

    def client(self) -> smtplib.SMTP:
        """The open connection; a new one where there is none, or the last one broke."""
        if self._smtp_client is not None and self._smtp_client.sock is not None:
            return self._smtp_client
        self.close()
        if self.encryption == "none" and self.smtp_user and not _is_loopback(self.host):
            raise ValueError("a password would travel unencrypted: allow STARTTLS or TLS in the connection")
        try:
            self.get_conn()
        except BaseException:
            self.close()
            raise
        client = self._smtp_client
        if client is None:
            raise ConnectionAbortedError("the time for it is over")
        return client

    def close(self) -> None:
        """Hang up."""
        client, self._smtp_client = self._smtp_client, None
        if client is not None:
            client.close()

    def cut(self) -> None:
        """End a conversation under way in another thread: it meets an error, and hangs up itself.

        To hang up from here would wait for the very answer that does not come.
        """
        client, self._smtp_client = self._smtp_client, None
        if client is not None and client.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(client.sock, socket.SHUT_RDWR)

    def get_connection(self, conn_id: str) -> Any:
        """The connection that was asked for already, by the thread that may ask Airflow."""
        return self._given

    @property
    def timeout(self) -> float:
        """For every single answer of the server."""
        return self._timeout_s

    @property
    def smtp_retry_limit(self) -> int:
        """None: the next task's end is the next try."""
        return 0

    @property
    def use_ssl(self) -> bool:
        """TLS from the first byte."""
        return self.encryption == "tls"

    @property
    def smtp_starttls(self) -> bool:
        """STARTTLS; a server without it is refused."""
        return self.encryption == "starttls"


def _within(seconds: float, work: Callable[[], Receipt]) -> Receipt | None:
    """The result of some work, or None if it takes longer; it goes on alone then."""
    result: list[Receipt] = []
    thread = threading.Thread(target=lambda: result.append(work()), daemon=True)
    thread.start()
    thread.join(seconds)
    return result[0] if result else None


def _in_words(error: Exception, hook: _Hook) -> str:
    """Why no conversation came about, for the person who can help."""
    where = f"{hook.host}:{hook.port}" if hook.port else hook.host
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{where} does not accept this user and password ({error.smtp_code})"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {where} is not to be trusted: {error.verify_message}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{where} offers no STARTTLS or no login: {error}"
    return f"{where}: {error or type(error).__name__}"


def _is_set(value: object) -> bool:
    """A switch of a connection; connections that are written as addresses hold it as text."""
    return str(value).lower() not in ("", "none", "false", "0")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
