"""The article's baseline beside ours, and which features only one of the two models has."""

from collections.abc import Mapping
from dataclasses import dataclass

from xgoals.analysis.shots import Feature, Model, features_by_name
from xgoals.features.catalogue import ARTICLE_17

ORIGINAL_BASELINE: Mapping[str, float] = {
    "Header": -1,
    "GoalkeeperCoverage": 61.91,
    "AngleToGoal": 25.88,
    "DistanceToGoal": 16.80,
    "DistanceToGoalClosest": 15.52,
    "GoalDistanceGoalkeeper": 3.41,
    "GoalDistanceGoalkeeperClosest": 2.63,
    "FootShot": 1,
    "FreeKick": -1,
    "Penalty": 1,
    "AmountOfDefenders": 2,
    "TakerBallControl": 3,
    "TakerSetup": 2,
    "ExtendedTypeOfShot": 0,
    "PlayerSpeed": 12.50,
    "PressureMax": 0.46,
    "PressureSum": 0.68,
}
"""The row against which the article explains, as it is printed there; its categories are codes of its own."""

ORIGINAL_BASE_VALUE = 0.0871
"""What the article calls the average xGoals value."""


@dataclass(frozen=True)
class BaselineRow:
    """One feature in the article's baseline and in ours.

    Attributes
    ----------
    feature
        The model's definition, or the article's where the model lacks it.
    original, own
        The article's number and this model's, None where it has none.
    in_model
        Whether this model has the feature.
    is_code
        Whether the article's number is a code of its own that says nothing here.
    """

    feature: Feature
    original: float | None
    own: float | None
    in_model: bool
    is_code: bool


@dataclass(frozen=True)
class CatalogueDifference:
    """Labels of the article's features that the model lacks (``absent``), and of its own (``own``)."""

    absent: tuple[str, ...]
    own: tuple[str, ...]


def baseline_rows(model: Model) -> list[BaselineRow]:
    """The article's features with its baseline and ours, then those that only this model has."""
    known = features_by_name(model)
    baseline: Mapping[str, float | None] = model["baseline"]
    rows = [
        BaselineRow(
            feature=known.get(feature["name"], feature),
            original=ORIGINAL_BASELINE[feature["name"]],
            own=baseline.get(feature["name"]),
            in_model=feature["name"] in known,
            is_code=feature["kind"] == "category",
        )
        for feature in _article_features()
    ]
    return rows + [
        BaselineRow(feature, original=None, own=baseline.get(name), in_model=True, is_code=False)
        for name, feature in known.items()
        if name not in ORIGINAL_BASELINE
    ]


def _article_features() -> list[Feature]:
    return [
        Feature(
            name=feature.name,
            label=feature.label,
            unit=feature.unit,
            kind=feature.kind,
            group=feature.group,
            definition=feature.definition,
            categories=feature.categories,
        )
        for feature in ARTICLE_17.features
    ]


def catalogue_difference(model: Model) -> CatalogueDifference:
    """Which features only the article has, and which only this model."""
    known = features_by_name(model)
    return CatalogueDifference(
        absent=tuple(feature["label"] for feature in _article_features() if feature["name"] not in known),
        own=tuple(feature["label"] for name, feature in known.items() if name not in ORIGINAL_BASELINE),
    )
