"""Something that wants a person: found by a step or by the end of a run, told by a mail."""

from dataclasses import dataclass
from typing import Literal

from xgoals.domain.pipeline import Step

Matter = Literal["approval", "drift", "fairness", "late", "matchday", "promotion", "quarantine", "service"]
"""What can be the trouble; mails and tables know it by this name."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, where, and what to do.

    Attributes
    ----------
    matter
        Of the same matter, and state, a run tells once.
    state_key
        Names the present state of something that lasts: of the same matter and state *all* runs together tell once.
        None: every run that finds it tells it.
    step
        The task that it belongs to, whose recipients are told.
    items
        What it consists of, a line each, the first few are told; ``(where, what)``.
    """

    matter: Matter
    what: str
    where: str = ""
    advice: str = ""
    step: Step | None = None
    state_key: str | None = None
    items: tuple[tuple[str, str], ...] = ()
