"""What a level is worth to a provider that a model has not learned from, beside a model of that provider's own.

    python benchmarks/bench_levels.py TEACHER OTHER          folders of match files
    python benchmarks/bench_levels.py TEACHER OTHER --feeds statsbomb wyscout --to docs/feeds-providers.md

A model of `best-17` learns from TEACHER and says the xG of OTHER's shots: as it is, and with a level that is learnt
from four fifths of OTHER's matches and judged on the fifth; beside it one of `events-9` on OTHER alone, out of fold.
The learning curve takes the first matches of a random order and is judged on those that no row has learnt from.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import xgboost
from common import machine, write_section

from xgoals.features.build import build_features
from xgoals.features.catalogue import BEST_17, EVENTS_9, Catalogue
from xgoals.features.scenes import Scenes
from xgoals.feeds import load_feed
from xgoals.model import training
from xgoals.model.artifact import predict
from xgoals.model.levels.judge import JudgedLevel, XgPerGoal, judge_level
from xgoals.model.levels.learnt import LearntLevel, learn_level
from xgoals.model.levels.level import fit_level
from xgoals.model.levels.window import provider_shots
from xgoals.model.losses import log_losses, log_odds, probability
from xgoals.model.metrics import auc
from xgoals.model.shots.eligible import is_judged

HEADING = "A level, measured"
CURVE = (50, 100, 200)
SEED = 1


def read(folder: Path, feed: str, catalogue: Catalogue, *more: Catalogue) -> tuple[pd.DataFrame, ...]:
    """A folder's shots with the features of each catalogue, as models are trained on them."""
    reader = load_feed(feed)
    records = [reader.read_match(match)[0] for match in reader.discover(folder)[0]]
    days = {record.match.match_id: pd.Timestamp(record.match.match_date) for record in records}
    scenes = Scenes.of(records)
    shots = scenes.shots.assign(match_date=scenes.shots["match_id"].astype(str).map(days))
    return tuple(shots.join(build_features(scenes, one)) for one in (catalogue, *more))


def train(frame: pd.DataFrame, catalogue: Catalogue) -> training.TrainedModel:
    return training.train(frame, catalogue, seed=SEED, held_out_share=0.2)


def interval(of: XgPerGoal) -> str:
    return f"{of.value:.3f} ({of.low:.3f} to {of.high:.3f})"


def row(name: str, is_goal: np.ndarray, xg: np.ndarray, level: JudgedLevel) -> str:
    told = (level.shots, level.headers, level.free_kicks)
    loss = log_losses(is_goal, xg).mean()
    return f"| {name} | {' | '.join(map(interval, told))} | {loss:.5f} | {auc(is_goal, xg):.4f} |"


def curve(shots: pd.DataFrame, xg: np.ndarray) -> list[str]:
    """Levels of ever more matches, on those that none of them has learnt from."""
    matches = shots["match_id"].unique()
    order = np.random.default_rng(SEED).permutation(len(matches))
    rank = shots["match_id"].map(dict(zip(matches, np.argsort(order), strict=True))).to_numpy()
    unseen, goal = rank >= max(CURVE), shots["is_goal"].to_numpy(dtype=bool)
    rows = []
    for n in (0, *CURVE):
        margin, taught = log_odds(xg), rank < n
        if n:
            margin = margin + fit_level(margin[taught], shots[taught], goal[taught]).added(shots)
        said = probability(margin)[unseen]
        some = shots[unseen]
        level = judge_level(some, said, goal[unseen], some["match_id"])
        rows.append(row(f"{n} matches", goal[unseen], said, level))
    return rows


def level_told(learnt: LearntLevel) -> str:
    level, gained = learnt.whole, learnt.gained
    return (
        f"\nThe level adds {level.intercept:+.3f} to log-odds, {level.header:+.3f} to headers, {level.free_kick:+.3f} "
        f"to free kicks; log loss {gained.log_loss:+.5f} ({gained.low:+.5f} to {gained.high:+.5f}).\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("teacher", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("--feeds", nargs=2, default=("statsbomb", "wyscout"))
    parser.add_argument("--to", type=Path)
    arguments = parser.parse_args()
    (known,) = read(arguments.teacher, arguments.feeds[0], BEST_17)
    frame, own_frame = read(arguments.other, arguments.feeds[1], BEST_17, EVENTS_9)
    teacher = train(known, BEST_17)
    xg = predict(
        xgboost.Booster(model_file=bytearray(teacher.booster)), frame[list(BEST_17.names)].astype("float32")
    )
    shots = provider_shots(frame, frame["match_id"].to_numpy(), np.zeros(len(frame), dtype=np.intp))
    learnt = learn_level(shots, xg)
    judged = is_judged(frame).to_numpy()
    own = train(own_frame, EVENTS_9).predictions["xg"].loc[own_frame.index].to_numpy()
    goal, some = shots["is_goal"].to_numpy(dtype=bool)[judged], shots[judged]
    head = "| numbers | xG over goals | headers | free kicks | log loss | AUC |\n| --- | --- | --- | --- | --- | --- |"
    lines = [head]
    for name, said in (
        ("as the model says", xg),
        ("with a level, cross-fitted", learnt.xg),
        ("own `events-9` model", own),
    ):
        level = judge_level(some, said[judged], goal, some["match_id"])
        lines.append(row(name, goal, said[judged], level))
    n_matches = some["match_id"].nunique()
    shots_told = (
        f"{judged.sum():,} shots of {n_matches} matches without penalties, 95 % intervals, {machine()}.\n"
    )
    unseen_told = (
        f"Learnt from fewer matches, on the {n_matches - max(CURVE)} that none of them has learnt from:\n"
    )
    learnt_from = curve(some.reset_index(drop=True), xg[judged])
    text = "\n".join([shots_told, *lines, level_told(learnt), unseen_told, head, *learnt_from])
    print(text)
    if arguments.to:
        write_section(arguments.to, HEADING, text)


if __name__ == "__main__":
    main()
