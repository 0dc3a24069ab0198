"""Drift over matchdays: what is new is added up, beside the window, and told with its cause where it is an alarm."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from xgoals.steps.run_context import log
from xgoals.store import features as feature_store
from xgoals.store.drift import points as point_store
from xgoals.store.drift import sums as sum_store
from xgoals.store.drift.sums import Place

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from xgoals.analysis.drift.alarms import Alarm, Cause
    from xgoals.analysis.drift.points import Point
    from xgoals.analysis.drift.series import Kind, Reference, Value
    from xgoals.analysis.drift.sums import Bins, Sums
    from xgoals.domain.model import ModelVersion

MIN_WINDOW_SHOTS = 1_000
"""With fewer shots in the window nothing is held against it."""
_RULE = 1
"""Goes up with what points and their sums are: all are told anew then."""
_BLOCK = 50_000


def watch_drift(connection: "Connection", model: "ModelVersion", ndcg_below: float) -> "list[Alarm]":
    """Bring the stored drift up to date; the alarms that stand.

    Only shots of matchdays that have changed are read, and of runs that set off an alarm.

    Parameters
    ----------
    ndcg_below
        Where attributions count as drifted.
    """
    from xgoals.analysis.drift.points import points_of

    points = points_of(sum_store.read_matches(connection, model))
    if sum(point.n_shots for point in points if point.is_learned) < MIN_WINDOW_SHOTS:
        point_store.forget_points(connection, model.model_version)
        return []
    bins = sum_store.read_bins(connection, model.model_version) or _settle_bins(connection, model)
    keys = {Place.of(point): f"{_RULE}:{ndcg_below}:{point.state_key}" for point in points}
    stored = sum_store.stored_keys(connection, model.model_version)
    changed = [point for point in points if stored.get(Place.of(point)) != keys[Place.of(point)]]
    gone = [place for place in stored if place not in keys]
    if changed or gone:
        for part in _blocks(changed):
            sums = _sums(connection, model, part, bins)
            sum_store.replace_sums(connection, model.model_version, gone, keys, sums)
        if not changed:
            sum_store.replace_sums(connection, model.model_version, gone, keys, {})
        touched = {*(Place.of(point) for point in changed), *gone}
        _tell(connection, model, points, touched, bins, ndcg_below)
    log.info("drift: %d of %d matchdays are told anew", len(changed), len(points))
    return point_store.standing_alarms(connection, model.model_version)


def _settle_bins(connection: "Connection", model: "ModelVersion") -> "Bins":
    from xgoals.analysis.drift.sums import Bins

    window = feature_store.read_window(connection, model)
    bins = Bins.of(window.to_numpy(dtype=np.float64), list(_kinds(model).values()))
    point_store.forget_points(connection, model.model_version)  # of a time when it was champion before
    sum_store.save_bins(connection, model.model_version, bins)
    return bins


def _kinds(model: "ModelVersion") -> dict[str, str]:
    from xgoals.features.catalogue import find_catalogue

    known = {feature.name: feature.kind for feature in find_catalogue(model.catalogue).features}
    return {name: known[name] for name in model.feature_names}


def _blocks(points: "Sequence[Point]") -> "list[list[Point]]":
    """Points whose shots are held at once."""
    blocks: list[list[Point]] = []
    n_held = 0
    for point in points:
        if not blocks or n_held + point.n_shots > _BLOCK:
            blocks.append([])
            n_held = 0
        blocks[-1].append(point)
        n_held += point.n_shots
    return blocks


def _sums(
    connection: "Connection", model: "ModelVersion", points: "Sequence[Point]", bins: "Bins"
) -> "dict[Place, Sums]":
    from xgoals.analysis.drift.sums import Shots, sums_of

    matches = [match for point in points for match in point.matches]
    shots = sum_store.read_shots(connection, model, matches)
    facets = {name: labels for name, labels in shots.facets.items() if name != "opponent"}
    own = Shots(shots.match, shots.values, shots.attributions, shots.is_goal, shots.xg, facets)
    of_match = np.repeat(np.arange(len(points)), [len(point.matches) for point in points])
    found = sums_of(own, of_match, bins)
    return {Place.of(point): of for point, of in zip(points, found, strict=True)}


def _tell(
    connection: "Connection",
    model: "ModelVersion",
    points: "Sequence[Point]",
    touched: set[Place],
    bins: "Bins",
    ndcg_below: float,
) -> None:
    """Values and alarms of every competition that has changed; of all of them where the window has."""
    from xgoals.analysis.drift.series import Reference

    sums = sum_store.read_sums(connection, model)
    competitions = {point.competition for point in points}
    due = competitions if any(place.is_learned for place in touched) else {of.competition for of in touched}
    learned = {name: _total([s for p, s in sums.items() if p.is_learned and p.competition == name])
               for name in competitions}  # fmt: skip
    whole = _total([of for of in learned.values() if of is not None])
    assert whole is not None  # noqa: S101  (the window is not empty)
    found: list[point_store.Found] = []
    for name in sorted(due & competitions):
        reference = Reference.of(learned[name], whole, _kinds(model))
        for is_learned in (True, False):
            own = [p for p in points if p.competition == name and p.is_learned == is_learned and p.is_whole]
            of_own = [sums[Place.of(point)] for point in own]
            found += _found(connection, model, own, of_own, reference, bins, ndcg_below)
    point_store.replace_points(connection, model.model_version, due | competitions_of(touched), found)


def competitions_of(places: "set[Place]") -> set[str]:
    """Where they are."""
    return {place.competition for place in places}


def _total(sums: "Sequence[Sums]") -> "Sums | None":
    total = None
    for of in sums:
        total = of if total is None else total + of
    return total


def _found(
    connection: "Connection",
    model: "ModelVersion",
    points: "Sequence[Point]",
    sums: "Sequence[Sums]",
    reference: "Reference",
    bins: "Bins",
    ndcg_below: float,
) -> list[point_store.Found]:
    from xgoals.analysis.drift.series import series_of

    if not points:
        return []
    is_learned = points[0].is_learned
    series = series_of(sums, reference, is_learned=is_learned, ndcg_below=ndcg_below)
    standing = [value for value in series[-1] if value.alarm_over]
    causes = _causes(connection, model, points, sums, reference, bins, standing) if standing else {}
    return [
        point_store.Found(point, tuple(values), reference.is_own, causes if point is points[-1] else {})
        for point, values in zip(points, series, strict=True)
    ]


def _causes(
    connection: "Connection",
    model: "ModelVersion",
    points: "Sequence[Point]",
    sums: "Sequence[Sums]",
    reference: "Reference",
    bins: "Bins",
    alarms: "Sequence[Value]",
) -> "Mapping[tuple[Kind, str], Cause]":
    from xgoals.analysis.drift.alarms import cause_of, run_of
    from xgoals.analysis.drift.series import Runs

    runs = Runs(sums)
    found = {(alarm.kind, alarm.name): run_of(alarm, points, runs, reference) for alarm in alarms}
    shots = {
        first: sum_store.read_shots(connection, model, [m for point in points[first:] for m in point.matches])
        for first in {run.since.first for run in found.values()}
    }
    return {
        (alarm.kind, alarm.name): cause_of(alarm, run, reference, bins, shots[run.since.first])
        for alarm, run in zip(alarms, found.values(), strict=True)
    }
