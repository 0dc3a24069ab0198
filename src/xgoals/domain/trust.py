"""How far explanations can be trusted, as it is measured with a model and told."""

from dataclasses import dataclass
from enum import StrEnum

N_BACKGROUND_SHOTS = 40
"""Real shots that the mean over baselines is taken of: what is commonly meant by interventional SHAP values."""


class Game(StrEnum):
    """Which explanations are meant."""

    ONE_BASELINE = "one_baseline"
    """Groups of features against one made-up row."""
    SINGLE_FEATURES = "single_features"
    """Each feature by itself against that row: Clarify's values, and the article's."""
    FOOTBALL_ORDER = "football_order"
    """The average, from there, keeper, opponents and strike: against real shots from the same spot."""
    REAL_SHOTS = "real_shots"
    """No explanation at all: real shots, to compare with."""


class Question(StrEnum):
    """What is asked: whether a shot's first reason stays the same, or whether scenes are like nothing seen."""

    OTHER_SEED = "other_seed"
    HALF_THE_MATCHES = "half_the_matches"
    MEDIANS = "medians"
    NEAREST_SHOT = "nearest_shot"
    MEAN_OF_SHOTS = "mean_of_shots"
    HALF_THE_REFERENCES = "half_the_references"
    MOST_REFITS = "most_refits"
    LIKE_NOTHING = "like_nothing"


@dataclass(frozen=True, slots=True)
class TrustFigure:
    """One figure.

    Attributes
    ----------
    share
        Of shots whose first reason is the same under another seed, models of half the matches (the mean of some),
        another baseline, half the reference shots, or in so many refits that cards tell it; of `LIKE_NOTHING`: of
        scenes asked about that nothing seen is like.
    n, n_matches
        On how many shots, or scenes, of how many matches it was measured; the models have seen none of them.
    """

    game: Game
    question: Question
    share: float
    n: int
    n_matches: int
