"""What a challenger may learn from, and what people are told of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xgoals.features.catalogue import EVENTS_9, NEED_A_FRAME, Catalogue
from xgoals.features.missingness import gaps_that_know_the_outcome

if TYPE_CHECKING:
    import pandas as pd

FEW_FRAMES = 0.05
"""Where fewer of the shots have a frame than this, features of people teach nothing."""


@dataclass(frozen=True, slots=True)
class LearntFrom:
    """Shots to learn from.

    Attributes
    ----------
    shots
        Without those of providers of which a gap knows the outcome.
    n_left_out
        How many these are.
    notes
        What people are told: what was left out and why, and whether another catalogue would fit better.
    """

    shots: "pd.DataFrame"
    n_left_out: int = 0
    notes: tuple[str, ...] = ()


def learnt_from(shots: "pd.DataFrame", catalogue: Catalogue) -> LearntFrom:
    """What a challenger of a catalogue may learn from.

    A provider of which a gap knows the outcome is left out as a whole: what one has stored stops no training of the
    others, and its shots are scored by a model that has not learnt from the gap.

    Parameters
    ----------
    shots
        As :func:`xgoals.store.features.read_features` returns them.
    """
    gaps = gaps_that_know_the_outcome(shots, catalogue.names)
    notes = tuple(f"{gap.sentence}. {gap.advice}." for gap in gaps)
    left_out = shots["provider"].isin({gap.provider for gap in gaps}).to_numpy()
    known = shots[~left_out] if gaps else shots
    return LearntFrom(known, int(left_out.sum()), notes + _on_the_catalogue(known, catalogue))


def _on_the_catalogue(shots: "pd.DataFrame", catalogue: Catalogue) -> tuple[str, ...]:
    """The advice to take the catalogue for sources without positions, where hardly any shot has a frame."""
    of_people = [name for name in catalogue.names if name in NEED_A_FRAME]
    others = shots[~shots["is_penalty"].to_numpy(dtype=bool)]
    if not of_people or not len(others):
        return ()
    n_frames = int(others[of_people].notna().any(axis="columns").sum())
    if n_frames >= FEW_FRAMES * len(others):
        return ()
    found = f"{n_frames} of {len(others)} shots have positions of players, fewer than {FEW_FRAMES:.0%}"
    advice = (
        f'Write catalogue = "{EVENTS_9.name}" below [training] in xgoals.toml: it knows from where and how'
    )
    return (f"{found}: features of keeper and opponents teach nothing. {advice}.",)
