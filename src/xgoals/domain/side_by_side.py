"""Two shots side by side: why one has more xG than the other, as it is told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Speaker:
    """Which part of a model version says both numbers.

    Attributes
    ----------
    sister
        0 is the champion itself.
    has_seen_shot, has_seen_other
        Whether it has learned from the match of the one, or of the other shot.
    """

    model_version: str
    sister: int
    has_seen_shot: bool
    has_seen_other: bool

    @property
    def name(self) -> str:
        """As published numbers name it: the version, and behind a slash the sister."""
        return f"{self.model_version}/{self.sister}" if self.sister else self.model_version


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two shots: who and when, the speaker's xG of it, and what was published."""

    shot: str
    player: str | None
    team: str
    match: str
    period: int
    minute: int
    is_goal: bool
    xg: float
    published_xg: float | None
    published_by: str | None


@dataclass(frozen=True, slots=True)
class GroupValue:
    """What a group of features makes of the difference; ``is_recorded``: all of it is known of both shots alike."""

    group: str
    value: float
    is_recorded: bool


@dataclass(frozen=True, slots=True)
class FeatureValue:
    """What a feature makes of the difference, and what it is for the two shots; None where it is missing."""

    feature: str
    label: str
    unit: str
    group: str
    of_shot: float | str | None
    of_other: float | str | None
    value: float


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Why one shot is worth more, or less, than another.

    Attributes
    ----------
    difference
        The shot's xG minus the other's; the groups add up to it, and so do the features.
    additivity_gap
        How far their sums are from it.
    notes
        What a reader must know besides, sentence by sentence.
    """

    shot: Side
    against: Side
    difference: float
    speaker: Speaker
    groups: tuple[GroupValue, ...]
    features: tuple[FeatureValue, ...]
    additivity_gap: float
    notes: tuple[str, ...]
