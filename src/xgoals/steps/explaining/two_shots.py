"""Two stored shots side by side: why one more than the other, by a model that knows neither match if there is one."""

import math
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.domain.errors import ModelError, SettingsError
from xgoals.domain.side_by_side import FeatureValue, GroupValue, Side, SideBySide, Speaker
from xgoals.steps.explaining.explainer import Explainer
from xgoals.steps.explaining.shots_asked import features_of, one_shot
from xgoals.store import registry
from xgoals.store.comparisons import shots_by_name as store
from xgoals.store.comparisons.shots_by_name import StoredShot

if TYPE_CHECKING:
    from xgoals.explain import TwoShots
    from xgoals.features.catalogue import Catalogue, Feature


def side_by_side(connection: Connection, shot: str, against: str) -> SideBySide:
    """Hold one stored shot against another.

    Parameters
    ----------
    shot, against
        ``provider/match/shot``, or a shorter end of it where no other shot has the same.

    Raises
    ------
    SettingsError
        If one of them is no shot, or more than one, or both are the same.
    ModelError
        If there is no champion, or one of the shots cannot be explained by it: a penalty, one that its feed took
        back, one without features.
    """
    version = registry.champion_name(connection)
    if version is None:
        raise ModelError("there is no champion yet", advice="Run: xgoals run")
    model = registry.load_model(connection, version)
    one, other = (one_shot(connection, name, model) for name in (shot, against))
    if one.name == other.name:
        raise SettingsError(
            f"{shot} and {against} are the same shot"
            if shot != against
            else f"{shot} is held against itself",
            advice="Give another shot as --against",
        )
    rows = [features_of(of, model) for of in (one, other)]
    keys = [(of.provider, of.match_id) for of in (one, other)]
    unseen_by = store.sisters_that_have_not_seen(connection, version, keys)
    speaker = who_speaks(version, *(unseen_by[key] for key in keys))
    found, catalogue = _explain(connection, speaker, rows)
    return _told(one, other, rows, speaker, found, catalogue)


def who_speaks(version: str, of_shot: int | None, of_other: int | None) -> Speaker:
    """The part of a version that has seen neither match; where none has, the one that has not seen the shot's.

    Parameters
    ----------
    of_shot, of_other
        Who has not seen the match: 0 nobody has, n sister n, None everybody has.
    """
    sister = of_shot or (of_other if of_shot == 0 else 0) or 0
    return Speaker(version, sister, _has_seen(sister, of_shot), _has_seen(sister, of_other))


def _has_seen(sister: int, unseen_by: int | None) -> bool:
    return unseen_by is None or unseen_by not in (0, sister)


def _explain(
    connection: Connection, speaker: Speaker, rows: list[list[float]]
) -> "tuple[TwoShots, Catalogue]":
    import numpy as np

    from xgoals.explain import compare_shots
    from xgoals.model.artifact import catalogue_of

    explainer = Explainer.load(connection, speaker.model_version)
    catalogue = catalogue_of(explainer.model)
    one, other = (np.array([row]) for row in rows)
    return compare_shots(explainer.forest_of(speaker.sister), one, other, groups=catalogue.groups), catalogue


def _told(
    one: StoredShot,
    other: StoredShot,
    rows: list[list[float]],
    speaker: Speaker,
    found: "TwoShots",
    catalogue: "Catalogue",
) -> SideBySide:
    unequal = {
        feature.group
        for feature, a, b in zip(catalogue.features, *rows, strict=True)
        if math.isnan(a) != math.isnan(b)
    }
    groups = [GroupValue(name, value, name not in unequal) for name, value in found.group_values.items()]
    features = tuple(
        FeatureValue(
            feature.name, feature.label, feature.unit, feature.group,
            _told_value(a, feature), _told_value(b, feature), found.values[feature.name],
        )
        for feature, a, b in zip(catalogue.features, *rows, strict=True)
    )  # fmt: skip
    return SideBySide(
        shot=_side(one, found.xg),
        against=_side(other, found.other_xg),
        difference=found.difference,
        speaker=speaker,
        groups=tuple(sorted(groups, key=lambda group: -abs(group.value))),
        features=features,
        additivity_gap=found.gap,
        notes=_notes(one, other, speaker, sorted(unequal)),
    )


def _side(shot: StoredShot, xg: float) -> Side:
    return Side(
        shot=shot.name,
        player=shot.player,
        team=shot.team,
        match=_match(shot),
        period=shot.period,
        minute=shot.minute,
        is_goal=shot.is_goal,
        xg=xg,
        published_xg=shot.xg,
        published_by=shot.scored_by,
    )


def _match(shot: StoredShot) -> str:
    return f"{shot.home_team} – {shot.away_team}, {shot.match_date}"


def _told_value(value: float, feature: "Feature") -> float | str | None:
    if math.isnan(value):
        return None
    if feature.kind == "binary":
        return "yes" if value > 0 else "no"
    return feature.categories.get(round(value), value) if feature.categories else value


def _notes(one: StoredShot, other: StoredShot, speaker: Speaker, unequal: list[str]) -> tuple[str, ...]:
    """What is not as a reader would suppose."""
    notes = []
    seen = ((one, speaker.has_seen_shot), (other, speaker.has_seen_other))
    learned = sorted({_match(of) for of, has_seen in seen if has_seen})
    if learned:
        notes.append(
            f"{speaker.name} has learned from {' and from '.join(learned)}, and no part of this version has seen "
            "neither match: there it may remember what happened"
        )
    notes += [
        f"Of {group}, something is recorded of one of the two shots only: its value is in part for not knowing"
        for group in unequal
    ]
    notes += [
        f"Nothing is published of {of.name} yet: the next run does it" for of in (one, other) if of.xg is None
    ]
    return tuple(notes)
