"""A mail server on loopback that fails on demand."""

import gc
import random
import socket
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

FAULTS = (
    "mail 4xx", "rcpt 4xx", "data command 4xx", "data 4xx",
    "drop at data command", "drop before taking", "drop after taking",
)  # fmt: skip


class Box:
    """What a server has taken, and what it did to each mail.

    ``fault`` decides what happens to the next mail; None: nothing. ``refusal`` is the answer to every mail.
    """

    def __init__(self) -> None:
        self.fault: Callable[[], str | None] = lambda: None
        self.unknown: set[str] = set()
        self.refusal = ""
        self.taken: list[bytes] = []
        self.did: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._now: str | None = None

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._now = self.fault()
        if self._now == "mail 4xx":
            return "451 come back later"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.unknown:
            return "550 5.1.1 no such user here"
        if self._now == "rcpt 4xx":
            return "450 mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def at_data(self, server: SMTP) -> str | None:
        if self._now == "data command 4xx":
            return "451 no room"
        if self._now == "drop at data command":
            server.transport.abort()  # type: ignore[union-attr]
        return None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        did = self.did[str(message_from_bytes(content, policy=default)["Message-ID"])]
        if self.refusal:
            return self.refusal
        if self._now == "data 4xx":
            return "452 disk full"
        if self._now == "drop before taking":
            did["lost before"] += 1
            server.transport.abort()  # type: ignore[union-attr]
            return "451 nobody hears this"
        self.taken.append(content)
        if self._now == "drop after taking":
            did["lost after"] += 1
            server.transport.abort()  # type: ignore[union-attr]
            return "250 nobody hears this"
        did["answered"] += 1
        return "250 OK"


class FailingSmtp(SMTP):
    """aiosmtpd's server, which asks its box before it lets a mail begin."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        status = self.event_handler.at_data(self)  # type: ignore[attr-defined]
        if status:
            await self.push(status)
        elif not self.transport.is_closing():  # type: ignore[union-attr]
            await super().smtp_DATA(arg)


class FailingController(Controller):
    def factory(self) -> SMTP:
        return FailingSmtp(self.handler, **self.SMTP_kwargs)


class Server:
    """A server that can go away and come back on the same port."""

    def __init__(self, **options: Any) -> None:
        self.box = Box()
        self._options = options
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._controller: FailingController | None = None

    def start(self) -> None:
        self._controller = FailingController(self.box, hostname="127.0.0.1", port=self.port, **self._options)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None
            with warnings.catch_warnings():  # conversations that were cut are the server's own to clean up
                warnings.simplefilter("ignore", ResourceWarning)
                gc.collect()

    def connection(self, **extra: Any) -> dict[str, Any]:
        return {"conn_type": "smtp", "host": "127.0.0.1", "port": self.port, "extra": extra}


PLAIN = {"disable_ssl": True, "disable_tls": True}


def at_random(seed: int, share: float) -> Callable[[], str | None]:
    """A fault for this share of the mails, of every kind alike."""
    generator = random.Random(seed)
    return lambda: generator.choice(FAULTS) if generator.random() < share else None
