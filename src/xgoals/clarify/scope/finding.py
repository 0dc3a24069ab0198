"""What is found in a configuration: what cannot be done, and what is done otherwise."""

from dataclasses import dataclass

from xgoals.clarify.note import Note


@dataclass(frozen=True, slots=True)
class Refusal:
    """A key that asks for what is not done here, or contradicts another.

    Attributes
    ----------
    key
        Its path: ``"methods.pdp.features"``.
    says
        What is wrong and what to do, without the key.
    """

    key: str
    says: str


Finding = Note | Refusal


@dataclass(frozen=True, slots=True)
class Scope:
    """All that is found in a configuration."""

    notes: tuple[Note, ...]
    refusals: tuple[Refusal, ...]
