"""What a mail is about and says: the types that all four kinds share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xgoals.domain.pipeline import DAG_ID
from xgoals.settings import MailKind

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """Where a mail leads."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture inside a mail.

    Attributes
    ----------
    name
        Of its attachment, without ending; unique in the mail.
    png
        Its bytes.
    alt
        What it shows, for those who do not see it.
    width_px
        How wide it is shown at most.
    """

    name: str
    png: bytes
    alt: str
    width_px: int = 560


@dataclass(frozen=True, slots=True)
class News:
    """One outcome of a run, ready to be told.

    Attributes
    ----------
    dag_id, run_id, kind, matter, state_key
        Which outcome: the key of a mail, with its recipient. Only warnings have a state, see
        :class:`xgoals.domain.trouble.Trouble`.
    step
        The task that it belongs to, if it belongs to one.
    subject, title, lead
        Texts in the language of the mail.
    content
        What else the templates of this kind need.
    """

    run_id: str
    kind: MailKind
    matter: str
    subject: str
    title: str
    lead: str
    moment: datetime
    state_key: str | None = None
    is_simulated: bool = False
    step: str | None = None
    links: tuple[Link, ...] = ()
    pictures: tuple[Picture, ...] = ()
    content: Facts = field(default_factory=dict)
    dag_id: str = DAG_ID
