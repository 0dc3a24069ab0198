"""How far reasons hold, what they know of goals, and what they cost: on the shots of a champion's window.

    python benchmarks/bench_reasons.py [--database main] [--shots 8000] [--to docs/reasons.md]

Reads the results database of XGOALS_HOME, in which `xgoals explain` has frozen a champion's window; nothing is written
there. A first reason is chosen by the card's twenty halvings and judged by twenty others, which had no part in it.
"""

import argparse
import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from common import machine, write_section
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.metrics import log_loss
from sklearn.model_selection import cross_val_predict

from xgoals.domain.errors import ModelError
from xgoals.domain.reason import HOLDS_IN, is_told
from xgoals.features.catalogue import find_catalogue
from xgoals.model.artifact import Boosters
from xgoals.reasons.actors import actors
from xgoals.reasons.frozen import FrozenWindow
from xgoals.reasons.judges import Judge, as_judge
from xgoals.reasons.of_shots import Reasons, compare, reasons_of
from xgoals.reasons.refits import N_HALVINGS, Halving, fit_halvings
from xgoals.settings import Database, load_settings
from xgoals.store import registry, sisters
from xgoals.store.database import connect
from xgoals.store.reasons import judged_by

LARGE = 0.05
MATCH = 26
PLACE = ("DistanceToGoal", "AngleToGoal", "Header")


@dataclass(frozen=True)
class Champion:
    """A champion with its frozen window, and who has not seen each of its matches."""

    boosters: Boosters
    window: FrozenWindow
    average_xg: float
    sister: np.ndarray

    @classmethod
    def read(cls, database: Database) -> "Champion":
        """The champion of a database."""
        with connect(load_settings(), database).connect() as connection:
            name = registry.champion_name(connection)
            stored = None if name is None else judged_by.load_reference(connection, name)
            if name is None or stored is None:
                raise ModelError("no champion's window is frozen", advice="Run: xgoals explain")
            window = FrozenWindow.unpacked(stored.content, stored.sha256)
            keys = [tuple(match.split("/", 1)) for match in window.matches]
            of = sisters.sisters_of_matches(connection, name, keys)
            boosters = sisters.load_boosters(connection, name)
        by_match = np.array([of.get(key, 0) for key in keys], dtype=np.int64)
        return cls(boosters, window, stored.average_xg, by_match[window.match])

    def judge(self, rows: np.ndarray) -> Judge:
        """Of these shots the sister that has not seen their match."""
        numbers, of_shot = np.unique(self.sister[rows], return_inverse=True)
        return Judge([as_judge(self.boosters.of(int(number))) for number in numbers], of_shot)


def halvings_of(champion: Champion, first: int) -> list[Halving]:
    """Twenty halvings, from this number on."""
    model = champion.boosters.model
    numbers = range(first, first + N_HALVINGS)
    return list(fit_halvings(champion.window, model.feature_names, model.parameters, numbers=numbers))


def play(
    champion: Champion, rows: np.ndarray, halvings: list[Halving]
) -> tuple[Reasons, Any, dict[str, float]]:
    """Reasons and actors of some shots, and the seconds of each."""
    shots, window = champion.window.take(rows), champion.window
    names = [window.matches[match] for match in shots.match]
    began = time.perf_counter()
    catalogue = find_catalogue(champion.boosters.model.catalogue)
    compared = compare(shots.scenes, shots.features, names, window, catalogue)
    judge = champion.judge(rows)
    reasons = reasons_of(compared, names, judge, champion.average_xg, halvings)
    reasoned = time.perf_counter()
    found = actors(compared, judge)
    return reasons, found, {"reasons": reasoned - began, "actors": time.perf_counter() - reasoned}


def held(first: np.ndarray, refitted: np.ndarray) -> np.ndarray:
    """Whether each first reason is the first one in enough of these refits."""
    largest = np.abs(np.nan_to_num(refitted)).argmax(axis=2)
    return (largest == first).sum(axis=0) >= HOLDS_IN


def sure_rows(reasons: Reasons, others: np.ndarray) -> list[tuple[str, str]]:
    """Shares of shots without penalties whose reasons hold."""
    first, is_large = reasons.sure.first, reasons.xg >= LARGE
    told = np.vectorize(is_told)(np.nan_to_num(reasons.parts), reasons.sure.sd, reasons.sure.same_sign)
    people, card = first > 0, np.abs(np.nan_to_num(reasons.parts)).argmax(axis=1)
    kept, by_card = held(first, others), held(card, others)
    rows = [
        ("first reason the same in 16 of 20 other refits", kept.mean()),
        ("- from .05 xG on", kept[is_large].mean()),
        ("- where people come first", kept[people].mean()),
        ("- where the first reason is the card's largest value instead", by_card.mean()),
        ("- judged by the twenty refits that chose it", (reasons.sure.held >= HOLDS_IN).mean()),
        ("shots where people come first", people.mean()),
        ("from .05 xG on: told a reason about people", told[is_large][:, 1:].any(axis=1).mean()),
    ]
    return [(name, f"{100 * share:.1f} %") for name, share in rows]


def goal_rows(reasons: Reasons, is_goal: np.ndarray, features: pd.DataFrame) -> list[tuple[str, str]]:
    """What the steps of a reason know of goals; how far the keeper's value is a matter of the place."""
    names = ("from there", "+ keeper", "+ keeper and opponents", "xG")
    steps = dict(zip(names, (*reasons.worth[:, [0, 1, 3]].T, reasons.xg), strict=True))
    losses = {name: log_loss(is_goal, np.clip(xg, 1e-6, 1 - 1e-6)) for name, xg in steps.items()}
    rows = [
        (f"log loss {name}", f"{loss:.4f} ({loss - losses['from there']:+.4f})")
        for name, loss in losses.items()
    ]
    keeper, known = reasons.parts[:, 1], ~np.isnan(reasons.parts[:, 1])
    tree = GradientBoostingRegressor(max_depth=3, n_estimators=60, random_state=0)
    guessed = cross_val_predict(tree, features.loc[known, list(PLACE)], keeper[known], cv=5)
    r2 = 1 - ((keeper[known] - guessed) ** 2).sum() / ((keeper[known] - keeper[known].mean()) ** 2).sum()
    return [*rows, ("keeper's value explained by place and header (R2, out of fold)", f"{r2:.3f}")]


def cost_rows(
    champion: Champion, halvings: list[Halving], seconds: dict[str, float], n: int
) -> list[tuple[str, str]]:
    """Seconds of a match and of all shots."""
    match = np.random.default_rng(3).choice(len(champion.window), MATCH, replace=False)
    play(champion, match, halvings)  # once to warm up
    of_match = play(champion, match, halvings)[2]
    whole = len(champion.window)
    rows = [(f"{what} of {MATCH} shots", f"{of_match[what]:.2f} s") for what in seconds]
    return rows + [
        (f"{what} of {n:,} shots (of {whole:,} as fast)", f"{own:.0f} s ({own / n * whole:.0f} s)")
        for what, own in seconds.items()
    ]


def exact_rows(reasons: Reasons, found: Any, average_xg: float) -> list[tuple[str, str]]:
    """How far any shot is from adding up."""
    gap = np.abs(average_xg + np.nansum(reasons.parts, axis=1) - reasons.xg).max()
    players = pd.DataFrame({"shot": found.shot, "player": found.player, "value": found.value})
    given = players.drop_duplicates(["shot", "player"]).groupby("shot")["value"].sum()
    of_actors = np.abs(found.empty_xg[given.index] + given - reasons.xg[given.index]).max()
    return [("largest gap of the parts", f"{gap:.1e}"), ("largest gap of the actors", f"{of_actors:.1e}")]


def table(rows: list[tuple[str, str]]) -> str:
    """The rows as Markdown."""
    return "\n".join(["| measured | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=("main", "demo"), default="main")
    parser.add_argument(
        "--shots", type=int, default=8_000, help="so many of the window, drawn at random; 0: all"
    )
    parser.add_argument("--to", type=Path, help="write the table into this document")
    given = parser.parse_args()
    champion = Champion.read(given.database)
    counted = np.flatnonzero(~champion.window.is_penalty)
    n = min(given.shots or len(counted), len(counted))
    rows = np.sort(np.random.default_rng(1).choice(counted, n, replace=False))
    began = time.perf_counter()
    halvings = halvings_of(champion, 1)
    fitted_s = time.perf_counter() - began
    reasons, found, seconds = play(champion, rows, halvings)
    shots = champion.window.take(rows)
    names = [champion.window.matches[match] for match in shots.match]
    catalogue = find_catalogue(champion.boosters.model.catalogue)
    compared = compare(shots.scenes, shots.features, names, champion.window, catalogue)
    others = reasons_of(
        compared, names, champion.judge(rows), champion.average_xg, halvings_of(champion, 1 + N_HALVINGS)
    ).refitted
    features = pd.DataFrame(shots.features, columns=list(catalogue.names))
    result = table([
        ("shots without penalties", f"{n:,} of {len(counted):,}"),
        *sure_rows(reasons, others),
        *goal_rows(reasons, shots.is_goal, features),
        *exact_rows(reasons, found, champion.average_xg),
        (f"{2 * N_HALVINGS} refits fitted", f"{fitted_s:.0f} s"),
        *cost_rows(champion, halvings, seconds, n),
    ])  # fmt: skip
    print(result)
    print(f"window {hashlib.sha256(champion.window.packed()).hexdigest()[:12]}")
    if given.to:
        write_section(given.to, "Measured", f"{machine()}.\n\n{result}")


if __name__ == "__main__":
    main()
