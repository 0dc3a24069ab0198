"""Three baselines held against each other, by hand: the stored one, a file's row, another shot."""

from dataclasses import replace
from datetime import date

from xgoals.analysis.baselines.compared import AskedShot, ComparedBaseline, ComparedBaselines, ShotAgainst
from xgoals.analysis.baselines.moves import BaselineMoves, Estimate, PartMoves
from xgoals.baselines.own import AskedBaseline, NamedShot, ToldBaseline
from xgoals.features.catalogue import BEST_17

NAN = float("nan")
NONE = Estimate(0.0, 0.0, 0.0)
GULDE = NamedShot(
    "statsbomb/1/gulde", "statsbomb", "1", "Manuel Gulde", "Freiburg", "Bayer Leverkusen", "Freiburg",
    date(2023, 10, 29), 69, True,
)  # fmt: skip
HOFMANN = replace(
    GULDE, name="statsbomb/2/hofmann", match_id="2", player="Jonas Hofmann", team="Bayer Leverkusen"
)
XG = 0.38


def parts(names, first):
    """The first named moves most (``first``), the next a tenth less, ...; the last one nothing."""
    sizes = [first * 0.9**place for place in range(len(names) - 1)] + [0.0]
    return tuple(
        PartMoves(name, Estimate(size, 0.9 * size, 1.1 * size), 0.0, place, place)
        for place, (name, size) in enumerate(zip(names, sizes, strict=True), start=1)
    )


def told(text, **of):
    typical = dict.fromkeys(BEST_17.names, 1.0) | {"PlayerSpeed": NAN}
    asked = of.pop("asked", None) or AskedBaseline(text, "model")
    return replace(ToldBaseline(asked, 1, 0, 0.0, 0.0, None, typical, (), None), **of)


def against(base_value, *, first):
    """All of the way in two groups; features share it alike."""
    groups = dict.fromkeys(BEST_17.groups, 0.0)
    others = [name for name in groups if name != first]
    groups[first] = XG - base_value + 0.02
    groups[others[0]] = -0.02
    features = dict.fromkeys(BEST_17.names, (XG - base_value) / len(BEST_17.names))
    return ShotAgainst(base_value, groups, features)


def one(told_, base_value, size, changes, of_shot):
    changed = Estimate(changes, changes - 0.01, changes + 0.01) if changes else NONE
    moves = BaselineMoves(
        base_value, base_value - 0.005, base_value + 0.005, parts(list(BEST_17.groups), size),
        parts(list(BEST_17.names), size / 2), changed, changed,
    )  # fmt: skip
    return ComparedBaseline(told_, moves, of_shot)


def compared(*, with_shot=True):
    """What `compare_baselines` gives, with one shot asked about or without."""
    baselines = (
        one(told("model", n_made_from=30_872, unlike_share=1.0), 0.065, 0.04, 0.0, against(0.065, first="keeper")),
        one(
            told("", asked=AskedBaseline("file:ours/spot.csv", "file", path="ours/spot.csv"), missing=("PlayerSpeed",)),
            0.187, 0.08, 0.38, against(0.187, first="keeper"),
        ),
        one(
            told("", asked=AskedBaseline("shot:gulde", "shot"), shot=GULDE, n_made_from=1, seen_share=0.79),
            0.462, 0.25, 0.57, against(0.462, first="place"),
        ),
    )  # fmt: skip
    if not with_shot:
        baselines = tuple(replace(of, of_shot=None) for of in baselines)
    features = dict.fromkeys(BEST_17.names, 1.0)
    return ComparedBaselines(
        model_version="xg-1", catalogue="best-17", n_shots=5_485, n_matches=218, n_stored=30_872, n_seen=0,
        goal_rate=0.1006, mean_prediction=0.0952, baselines=baselines,
        shot=AskedShot(HOFMANN, XG, "xg-1/2", features) if with_shot else None,
        additivity_gap=1e-12, providers=("statsbomb",), is_simulated=False,
    )  # fmt: skip
