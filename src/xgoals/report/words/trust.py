"""How far explanations can be trusted, in the words and figures of the model report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan, degrees

from xgoals.domain.pitch import GOAL_WIDTH_M
from xgoals.domain.trust import N_BACKGROUND_SHOTS, Game, Question, TrustFigure
from xgoals.language import Language


@dataclass(frozen=True)
class TrustRow:
    """The share of first reasons that stay the same under a question; None where it is not asked."""

    question: str
    one_baseline: float | None
    football_order: float | None


@dataclass(frozen=True)
class Trust:
    """What the page tells about trust; sentences are empty where there is nothing to tell or it was not measured."""

    impossible: str
    asked: str
    mixtures: str
    rows: tuple[TrustRow, ...]


def trust_in_words(
    figures: Sequence[TrustFigure], baseline: Mapping[str, float | None], words: Language
) -> Trust:
    """What the page tells about trust.

    Parameters
    ----------
    figures
        As they were measured; empty where they were not.
    baseline
        Feature -> value of the row that explanations start from.
    """
    known = {(figure.game, figure.question): figure for figure in figures}
    is_measured = (Game.ONE_BASELINE, Question.OTHER_SEED) in known
    return Trust(
        impossible=_impossible(baseline, words),
        asked=_asked(known, words) if is_measured else "",
        mixtures=_mixtures(known, words) if is_measured else "",
        rows=_rows(known, words),
    )


Known = Mapping[tuple[Game, Question], TrustFigure]


def _rows(known: Known, words: Language) -> tuple[TrustRow, ...]:
    questions = {
        Question.OTHER_SEED: words.text("with another seed"),
        Question.HALF_THE_MATCHES: words.text("with a model of half of the matches"),
        Question.MEDIANS: words.text("from medians in place of means"),
        Question.NEAREST_SHOT: words.text("from the real shot nearest to the means"),
        Question.MEAN_OF_SHOTS: words.text("as the mean over %(n)s real shots", n=N_BACKGROUND_SHOTS),
        Question.HALF_THE_REFERENCES: words.text("with the nearer half of the reference shots"),
        Question.MOST_REFITS: words.text("in most refits, so that cards tell it (all shots with reasons)"),
    }
    rows = [
        TrustRow(
            said, _share(known, Game.ONE_BASELINE, question), _share(known, Game.FOOTBALL_ORDER, question)
        )
        for question, said in questions.items()
    ]
    return tuple(row for row in rows if row.one_baseline is not None or row.football_order is not None)


def _asked(known: Known, words: Language) -> str:
    figure = known[Game.ONE_BASELINE, Question.OTHER_SEED]
    return words.text(
        "%(shots)s shots of %(matches)s matches were set aside, and models that have seen none of them were asked for "
        "the first reason of each: one fitted like the champion, others with another seed or on half of the matches.",
        shots=words.count(figure.n),
        matches=words.count(figure.n_matches),
    )


def _mixtures(known: Known, words: Language) -> str:
    shares = {
        game.value: words.share(_share(known, game, Question.LIKE_NOTHING), 1)
        for game in (Game.SINGLE_FEATURES, Game.ONE_BASELINE, Game.FOOTBALL_ORDER, Game.REAL_SHOTS)
    }
    return words.text(
        "On its way from the baseline row to a shot, a game asks about mixtures of the two. Nothing that the model has "
        "seen is like %(single_features)s of them where single features change, and %(one_baseline)s where groups do; "
        "of the scenes in football's order it is %(football_order)s, of real shots %(real_shots)s.",
        **shares,
    )


def _share(known: Known, game: Game, question: Question) -> float | None:
    figure = known.get((game, question))
    return None if figure is None else figure.share


def _impossible(baseline: Mapping[str, float | None], words: Language) -> str:
    """That nobody can shoot from where the baseline row is, where that is so."""
    distance, angle = baseline.get("DistanceToGoal"), baseline.get("AngleToGoal")
    if not distance or not angle:
        return ""
    widest = degrees(2 * atan(GOAL_WIDTH_M / 2 / distance))
    if not angle > widest:
        return ""
    return words.text(
        "The baseline row is made up, and no shot can be like it: from %(distance)s m no angle is wider than "
        "%(widest)s°, and it has %(angle)s°.",
        distance=words.number(distance, 1),
        widest=words.number(widest, 1),
        angle=words.number(angle, 1),
    )
