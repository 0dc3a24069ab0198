"""What delivery asks of a mail server; ``orchestration/mail_server.py`` has the one behind Airflow's connection."""

from typing import Protocol, Self

from xgoals.mail.delivery.smtp import Attempt


class Server(Protocol):
    """A conversation with a mail server: entered before the first mail, and left after the last."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def send(self, message: bytes, sender: str, recipient: str, patience_s: float) -> Attempt:
        """Deliver a mail; comes back after ``patience_s`` at the latest, whatever the server does."""

    def advice(self) -> str:
        """Where the person who can help finds what to correct."""
