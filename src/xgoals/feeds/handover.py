"""A delivery as text, from the task that lists a source to those that read what it has found."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from xgoals.feeds import Delivery, Message


def as_text(delivery: Delivery) -> str:
    """The delivery as ASCII, whatever its names and its feed's own values hold."""
    return json.dumps(asdict(delivery), default=_plain)


def from_text(text: str) -> Delivery:
    """The inverse of `as_text`; tuples in ``extra`` come back as lists."""
    told = json.loads(text)
    return Delivery(
        provider=told["provider"],
        match_id=told["match_id"],
        files=tuple(map(Path, told["files"])),
        fingerprint=told["fingerprint"],
        message_time=_time(told["message_time"]),
        messages=tuple(
            Message(message["kind"], Path(message["path"]), _time(message["message_time"]))
            for message in told["messages"]
        ),
        extra=told["extra"],
    )


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _time(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None
