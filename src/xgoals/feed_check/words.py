"""What a feed says of how shots were taken, what it leaves unknown, and whether that knows the outcome."""

from collections.abc import Iterator, Sequence

from xgoals.domain.scene import MatchRecord
from xgoals.domain.shot import Shot
from xgoals.features.build import build_features
from xgoals.features.catalogue import CATALOGUES, EVENTS_9
from xgoals.features.missingness import gaps_that_know_the_outcome
from xgoals.features.scenes import Scenes
from xgoals.feed_check.report import Check, failed, not_judged, passed

WORDS = ("body_part", "shot_type", "ball_control", "set_up", "technique")
MOSTLY = 0.9
ENOUGH_SHOTS, ENOUGH_GOALS = 20, 20


def about_the_words(records: Sequence[MatchRecord]) -> Iterator[Check]:
    """Shares of unknown words and missing features; and whether a gap goes with the outcome."""
    shots = [shot for record in records for shot in record.shots if not shot.is_penalty]
    if not shots:
        yield not_judged("words", "there is no shot")
        return
    yield _words(shots)
    yield from _gaps(records)


def _words(shots: Sequence[Shot]) -> Check:
    shares = {name: _share(shots, name, "unknown") for name in WORDS}
    says = "unknown: " + ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
    if len(shots) < ENOUGH_SHOTS:
        return passed("words", says)
    wrong = [
        f"{name} is OTHER for {share:.0%} of the shots"
        for name in WORDS
        if (share := _share(shots, name, "other")) > MOSTLY
    ]
    if shares["shot_type"] > MOSTLY and shares["body_part"] > MOSTLY:
        wrong.append(
            "neither body_part nor shot_type is ever known: headers and free kicks count as any shot"
        )
    if wrong:
        do = "UNKNOWN is what the files do not say; OTHER is a word that they say, and that the enumeration lacks"
        return failed("words", says, do, wrong)
    return passed("words", says)


def _share(shots: Sequence[Shot], name: str, word: str) -> float:
    return sum(str(getattr(shot, name)) == word for shot in shots) / len(shots)


def _gaps(records: Sequence[MatchRecord]) -> Iterator[Check]:
    scenes = Scenes.of(records)
    names = sorted({name for catalogue in CATALOGUES.values() for name in catalogue.names})
    columns = scenes.shots[["provider", "is_goal", "is_penalty"]].copy()
    for catalogue in CATALOGUES.values():
        built = build_features(scenes, catalogue, failed=[])
        for name in catalogue.names:
            columns[name] = built[name]
    missing = columns[list(EVENTS_9.names)].isna().mean()
    told = ", ".join(f"{name} {share:.0%}" for name, share in missing.items() if share)
    yield passed("missing features", f"of {EVENTS_9.name}: {told or 'none'}")
    n_goals = int((columns["is_goal"] & ~columns["is_penalty"]).sum())
    if n_goals < ENOUGH_GOALS:
        yield not_judged(
            "leaks", f"{n_goals} goals from play are too few to see whether a gap knows the outcome"
        )
        return
    found = gaps_that_know_the_outcome(columns, names)
    if found:
        do = "Leave it unknown for every shot: training refuses it, and a model would learn the outcome from the gap"
        yield failed("leaks", "features whose absence knows the outcome", do, [gap.sentence for gap in found])
    else:
        yield passed(
            "leaks",
            f"over {n_goals} goals, no feature is missing more often where a goal was scored, or was not",
        )
