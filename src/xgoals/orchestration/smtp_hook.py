"""Airflow's SMTP hook with two things made certain: encryption, and an end.

Airflow's own hook (provider 3.2) checks certificates where it encrypts, but with its defaults it speaks TLS from
the first byte *and* asks for STARTTLS after that, which servers refuse; it waits 30 s in each of six attempts; and
it sends a password without encryption if told to use none. Here the port decides (465: TLS, any other: STARTTLS)
unless the connection says otherwise, an answer has to come within a time set, and a password never travels
unencrypted but on loopback.
"""

import ipaddress
import smtplib
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal

from airflow.providers.smtp.hooks.smtp import SmtpHook

from xgoals.domain.secrets import keep_secret

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


class EncryptedSmtpHook(SmtpHook):  # type: ignore[misc]
    """Airflow's hook: its login (password or OAuth 2), with our rules for encryption and time."""

    _smtp_client: smtplib.SMTP | None

    def __init__(self, connection: Any, timeout_s: float) -> None:
        super().__init__(smtp_conn_id=connection.conn_id)
        self.smtp_connection = self._given = connection
        self._timeout_s = min(timeout_s, float(connection.extra_dejson.get("timeout", timeout_s)))
        self.encryption = encryption(connection.port, connection.extra_dejson)

    @classmethod
    def of(cls, connection_id: str, timeout_s: float) -> "EncryptedSmtpHook":
        """The hook of a connection; Airflow is asked for it here and never again.

        Raises
        ------
        AirflowNotFoundException
            If there is no such connection.
        """
        connection = SmtpHook.get_connection(connection_id)
        # Servers repeat what they refuse, and their answers are stored, listed and mailed.
        keep_secret(*filter(None, (connection.password, connection.extra)))
        return cls(connection, timeout_s)

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


def _is_set(value: object) -> bool:
    """A switch of a connection; connections that are written as addresses hold it as text."""
    return str(value).lower() not in ("", "none", "false", "0")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
