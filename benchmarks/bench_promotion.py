"""The statistical gate on real matches: 30 challengers that are known to be bad, 100 that are good.

    python benchmarks/bench_promotion.py DIR [--to docs/models.md]        DIR holds match files of a feed

The data guards are not asked. Mild faults are told apart: they do less harm than the margin allows.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
from challengers import (
    League,
    Recipe,
    bootstraps,
    judged,
    known_bad,
    make,
    mild_faults,
    other_seeds,
    other_windows,
)
from common import write_section

from xgoals.domain.scene import MatchRecord
from xgoals.features.build import build_features
from xgoals.features.catalogue import BEST_17
from xgoals.features.scenes import Scenes
from xgoals.feeds import load_feed
from xgoals.feeds.reading import read_all
from xgoals.model.promotion import decide
from xgoals.model.shots.eligible import is_judged
from xgoals.settings import Training

MARGIN = Training().promotion_margin_log_loss


def read_league(feed: str, source: Path) -> League:
    """Every shot of a feed's folder."""
    deliveries, _ = load_feed(feed).discover(source)
    records = [
        reading.record for _, reading in read_all(feed, deliveries) if not isinstance(reading, Exception)
    ]
    return league_of(records)


def league_of(records: list[MatchRecord]) -> League:
    """Every shot of some matches as training sees it, ordered by date."""
    records = sorted(records, key=lambda record: (record.match.match_date, record.match.match_id))
    scenes = Scenes.of(records)
    dates = {record.match.match_id: record.match.match_date for record in records}
    X = build_features(scenes, BEST_17)
    columns = ("provider", "match_id", "is_goal", "is_penalty", "provider_xg", "shot_type", "x_m", "y_m")
    shots = scenes.shots[[*columns, "pitch_length_m"]]
    shots = shots.assign(match_date=shots["match_id"].map(dates))
    return League(pd.concat([shots, X], axis="columns").reset_index(drop=True), list(BEST_17.names))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("source", type=Path)
    arguments.add_argument("--feed", default="statsbomb")
    arguments.add_argument("--to", type=Path, help="page whose section on the gate is written")
    arguments.add_argument("--good", type=int, default=100, help="how many good ones, of three kinds")
    given = arguments.parse_args()
    league = read_league(given.feed, given.source)
    champion = make(league, Recipe(seed=Training().seed))

    def verdict(named: tuple[str, Recipe]) -> tuple[str, str, dict]:
        name, recipe = named
        decision = decide(
            name, "champion", judged(league, champion, make(league, recipe)), margin_log_loss=MARGIN
        )
        failed = [check["name"] for check in decision.evidence["checks"] if not check["passed"]]
        loss = decision.evidence["checks"][0]["value"]
        print(f"{decision.verdict:9} {name:48} {loss:+.4f} {', '.join(failed)}", flush=True)
        return name, decision.verdict, {"loss": loss, "failed": failed}

    def all_of(recipes: Iterable[tuple[str, Recipe]]) -> list[tuple[str, str, dict]]:
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(verdict, recipes))

    began = time.process_time()
    n_seeds, n_windows = round(0.4 * given.good), round(0.3 * given.good)
    groups = {
        "known bad": all_of(known_bad(league)),
        "mild faults": all_of(mild_faults(league)),
        "good: other seeds": all_of(other_seeds(n_seeds)),
        "good: a random tenth of the matches left out": all_of(other_windows(league, n_windows)),
        "good: bootstraps of the matches": all_of(bootstraps(league, given.good - n_seeds - n_windows)),
    }
    lines = [
        "| challengers | refused | log loss against the champion | refused by |",
        "| --- | --- | --- | --- |",
    ]
    for name, results in groups.items():
        refused = [result for result in results if result[1] == "kept"]
        losses = [result[2]["loss"] for result in results]
        by = Counter(check for result in refused for check in result[2]["failed"])
        told = ", ".join(f"{check} {n}" for check, n in by.most_common())
        lines.append(
            f"| {name} | {len(refused)} of {len(results)} | {min(losses):+.4f} to {max(losses):+.4f} | {told} |"
        )
    bad = ["| known bad, mild faults last | log loss | refused by |", "| --- | --- | --- |"]
    bad += [
        f"| {name} | {r['loss']:+.4f} | {', '.join(r['failed']) or 'nothing'} |"
        for name, _, r in groups["known bad"] + groups["mild faults"]
    ]
    shots = league.frame[is_judged(league.frame)]
    head = (
        f"{len(shots):,} shots without penalties of {shots['match_id'].nunique():,} matches, margin {MARGIN}; "
        f"{time.process_time() - began:.0f} s of CPU time."
    )
    text = "\n\n".join([head, "\n".join(lines), "\n".join(bad)])
    print(text)
    if given.to:
        write_section(given.to, "The gate, measured", text)


if __name__ == "__main__":
    main()
