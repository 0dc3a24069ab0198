"""How often drift over matchdays gives a false alarm, and how soon it finds a real one, on the champion's window.

    python benchmarks/bench_drift.py [--database main] [--seasons 200] [--to docs/drift.md]

A season without drift: 380 matches of a real competition, drawn with replacement, are the window, as many more the
season, in matchdays of ten. Both are drawn from the same matches, so whatever is found is found by chance. Then the same with a shift from matchday 20 on: how many matchdays it takes, and how well its beginning is told.
"""

import argparse
from pathlib import Path

import numpy as np
from common import machine, write_section

from xgoals.analysis.drift.limits import ALARMS_BY_CHANCE
from xgoals.analysis.drift.series import Kind, Reference, Runs, series_of
from xgoals.analysis.drift.since import since
from xgoals.analysis.drift.sums import Bins, Shots, Sums, sums_of
from xgoals.cli.database import connection_to
from xgoals.features.catalogue import find_catalogue
from xgoals.model.resampling import wilson_interval
from xgoals.store import registry
from xgoals.store.drift import sums as sum_store

HEADING = "How often it is wrong, measured"
SEED, A_MATCHDAY, N_MATCHDAYS, SHIFTED_FROM = 3, 10, 38, 19
SHIFTS: tuple[tuple[str, tuple[str, ...], float, float], ...] = (
    (
        "keepers stand 0.5 m farther out",
        ("GoalDistanceGoalkeeper", "GoalDistanceGoalkeeperClosest"),
        1.0,
        0.5,
    ),
    (
        "keepers stand 1.8 m farther out",
        ("GoalDistanceGoalkeeper", "GoalDistanceGoalkeeperClosest"),
        1.0,
        1.8,
    ),
    ("distances are measured 10 % longer", ("DistanceToGoal", "DistanceToGoalClosest"), 1.1, 0.0),
)


def totals(parts: list[Sums], drawn: np.ndarray) -> Sums:
    total = parts[drawn[0]]
    for n in drawn[1:]:
        total = total + parts[n]
    return total


def matchdays(parts: list[Sums], drawn: np.ndarray) -> list[Sums]:
    return [totals(parts, own) for own in drawn.reshape(-1, A_MATCHDAY)]


def season(rng: np.random.Generator, n_matches: int) -> np.ndarray:
    return rng.integers(0, n_matches, N_MATCHDAYS * A_MATCHDAY)


def by_match(shots: Shots, bins: Bins) -> list[Sums]:
    facets = {name: labels for name, labels in shots.facets.items() if name != "opponent"}
    own = Shots(shots.match, shots.values, shots.attributions, shots.is_goal, shots.xg, facets)
    return sums_of(own, np.arange(int(shots.match.max()) + 1), bins)


def shifted(shots: Shots, names: list[str], features: tuple[str, ...], factor: float, more: float) -> Shots:
    values = shots.values.copy()
    at = [names.index(name) for name in features if name in names]
    values[:, at] = values[:, at] * factor + more
    return Shots(shots.match, values, shots.attributions, shots.is_goal, shots.xg, shots.facets)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="main")
    parser.add_argument("--seasons", type=int, default=200)
    parser.add_argument("--to", type=Path)
    asked = parser.parse_args()
    with connection_to(asked.database) as connection:
        model = registry.load_model(connection, str(registry.champion_name(connection)))
        matches = sum_store.read_matches(connection, model)
        names = {match.competition for match in matches}
        held = {name: [match for match in matches if match.competition == name] for name in sorted(names)}
        read = {
            name: sum_store.read_shots(connection, model, own)
            for name, own in held.items()
            if len(own) >= 300
        }
    known = {feature.name: feature.kind for feature in find_catalogue(model.catalogue).features}
    kinds = {name: known[name] for name in model.feature_names}
    lines = [
        "| matches of | seasons | with any alarm (95 % interval) | alarms of |",
        "| --- | --- | --- | --- |",
    ]
    found = ["", "| from matchday 20 on | seasons | found | after, in the median | in nine of ten | beginning told to a matchday |",
             "| --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    rng, n_wrong, n_all = np.random.default_rng(SEED), 0, 0
    for name, shots in read.items():
        bins = Bins.of(shots.values, list(kinds.values()))
        parts = by_match(shots, bins)
        wrong, of_kinds = 0, list[Kind]()
        for _ in range(asked.seasons):
            window = totals(parts, season(rng, len(parts)))
            reference = Reference.of(window, window, kinds)
            series = series_of(
                matchdays(parts, season(rng, len(parts))), reference, is_learned=False, ndcg_below=0.9
            )
            alarms = {(value.kind, value.name) for values in series for value in values if value.alarm_over}
            wrong += bool(alarms)
            of_kinds += [kind for kind, _ in alarms]
        told = ", ".join(f"{kind} {of_kinds.count(kind)}" for kind in sorted(set(of_kinds))) or "none"
        low, high = wilson_interval(wrong, asked.seasons)
        lines.append(f"| {name} | {asked.seasons} | {wrong} ({low:.1%} to {high:.1%}) | {told} |")
        n_wrong, n_all = n_wrong + wrong, n_all + asked.seasons
    low, high = wilson_interval(n_wrong, n_all)
    lines.append(
        f"| all | {n_all} | {n_wrong} ({low:.1%} to {high:.1%}; promised {ALARMS_BY_CHANCE:.0%} at most) | |"
    )
    name, shots = next(iter(read.items()))
    bins = Bins.of(shots.values, list(kinds.values()))
    parts = by_match(shots, bins)
    for words, features, factor, more in SHIFTS:
        moved = by_match(shifted(shots, list(kinds), features, factor, more), bins)
        waits, near = list[int](), 0
        n = asked.seasons // 4
        for _ in range(n):
            window = totals(parts, season(rng, len(parts)))
            reference = Reference.of(window, window, kinds)
            drawn = season(rng, len(parts))
            cut = SHIFTED_FROM * A_MATCHDAY
            points = matchdays(parts, drawn[:cut]) + matchdays(moved, drawn[cut:])
            series = series_of(points, reference, is_learned=False, ndcg_below=0.9)
            at = next(
                ((n, v) for n, of in enumerate(series) if n >= SHIFTED_FROM for v in of if v.alarm_over and v.name in features),
                None,
            )  # fmt: skip
            if at is not None:
                waits.append(at[0] - SHIFTED_FROM + 1)
                told_since = since(Runs(points), at[0], at[1].alarm_over, reference, "feature", at[1].name)
                near += abs(told_since.first - SHIFTED_FROM) <= 1
        quick = (
            f"{np.median(waits):.0f} | {np.quantile(waits, 0.9):.0f} | {near} of {len(waits)}"
            if waits
            else "– | – | –"
        )
        found.append(f"| {words} | {n} | {len(waits)} | {quick} |")
    text = "\n".join([*lines, *found, "", machine()])
    if asked.to:
        write_section(asked.to, HEADING, text)
    else:
        print(text)


if __name__ == "__main__":
    main()
