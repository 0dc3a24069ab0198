"""What baselines are, which question each answers, and what one has to know of it, in words."""

from collections.abc import Sequence
from pathlib import PurePath

from xgoals.analysis.baselines.compared import AskedShot, ComparedBaseline, ComparedBaselines
from xgoals.analysis.baselines.moves import Estimate
from xgoals.baselines.own import NamedShot, ToldBaseline
from xgoals.features.catalogue import Catalogue
from xgoals.language import THIN, Language
from xgoals.report.words.shot_fields import code_labels, field_labels

FEW_SHOTS = 100
"""A typical shot of fewer is in part a matter of chance."""
_LETTERS = "ABCDEFGH"


def name_of(number: int, words: Language) -> str:
    """What a baseline is called on the page: the stored one by its name, the others by letters."""
    return words.text("stored") if number == 0 else _LETTERS[number - 1]


def what_it_is(told: ToldBaseline, words: Language) -> str:
    """What a baseline is made of."""
    n, asked = words.count(told.n_made_from), told.asked
    if told.shot is not None:
        return words.text("One shot: %(shot)s.", shot=shot_name(told.shot, words))
    if asked.source == "file":
        name = PurePath(asked.path).name
        return words.plural(
            "One row of %(file)s.", "%(n)s rows of %(file)s, all alike in weight.", told.n_rows, file=name
        )
    if asked.source == "segment":
        labels, values = field_labels(words), code_labels(words)
        pairs = [
            f"{labels[column]} {values.get(value, value)}" for column, value in (asked.where or {}).items()
        ]
        return words.text("The typical shot of %(n)s: %(where)s.", n=n, where=", ".join(pairs))
    if asked.source == "clusters":
        return words.plural(
            "The typical shot of the %(shots)s that the model has learned from.",
            "%(n)s clusters of the %(shots)s shots that the model has learned from, each as its typical shot, weighted "
            "by its share.",
            told.n_rows,
            shots=n,
        )
    if asked.source == "sample":
        return words.plural(
            "One real shot, drawn from those that the model has learned from.",
            "%(n)s real shots, drawn from those that the model has learned from, all alike in weight.",
            told.n_rows,
        )
    return words.text(
        "The row stored with the model: the typical shot of the %(n)s that it has learned from.", n=n
    )


def what_it_answers(told: ToldBaseline, words: Language) -> str:
    """The question that values against it answer."""
    if told.shot is not None:
        return words.text("Why is a shot worth more, or less, than this one?")
    if told.asked.source in ("clusters", "sample") and told.n_rows > 1:
        return words.text("Why is a shot worth more, or less, than shots are on average?")
    if told.asked.source == "file":
        return words.text("Why is a shot worth more, or less, than what the file describes?")
    return words.text("What moves the model away from one made-up shot in the middle?")


def what_to_know(of: ComparedBaseline, catalogue: Catalogue, words: Language) -> tuple[str, ...]:
    """What a reader has to know before the values."""
    told, said = of.told, []
    if told.unlike_share > 0:
        said.append(
            words.text(
                "It is like no shot that the model has learned from: what the model says of it is a guess."
            )
            if told.n_rows == 1
            else words.text(
                "%(share)s of its weight is on rows like no shot that the model has learned from.",
                share=words.share(told.unlike_share),
            )
        )
    if told.asked.source == "segment" and told.n_made_from < FEW_SHOTS:
        said.append(
            words.text(
                "So few shots have a typical one only by chance: another %(n)s would give another.",
                n=words.count(told.n_made_from),
            )
        )
    missing = [words.text(feature.label) for feature in catalogue.features if feature.name in told.missing]
    if missing:
        said.append(
            words.text(
                "It knows nothing of: %(names)s. What these are worth is in part for being known.",
                names=", ".join(missing),
            )
        )
    if told.base_error is not None:
        said.append(
            words.text(
                "Another draw of as many shots has another base value: within about ± %(error)s, 95 times of 100.",
                error=words.number(told.base_error, 4),
            )
        )
    if told.seen_share > 0:
        said.append(
            words.text(
                "Of %(share)s of the shots the values are by a part of the model that has learned from this shot's "
                "match: what it says of this shot may be remembered.",
                share=words.share(told.seen_share),
            )
        )
    return tuple(said)


def lead(found: ComparedBaselines, words: Language) -> str:
    """The page's first sentence: how much depends on the choice."""
    others = found.baselines[1:]
    if not others:
        return words.text("Only the stored baseline: nothing to compare it with.")
    shares = [of.moves.other_first_group.value for of in others]
    low, high = words.share(min(shares)), words.share(max(shares))
    if low == high:
        return words.text(
            "The same predictions, told from another start: the first reason of %(share)s of the shots is another.",
            share=low,
        )
    return words.text(
        "The same predictions, told from other starts: the first reason of %(low)s to %(high)s of the shots is "
        "another.",
        low=low,
        high=high,
    )


def of_what(found: ComparedBaselines, words: Language) -> tuple[str, ...]:
    """Which shots were compared, by whom, and how exactly."""
    said = [
        words.text(
            "%(shots)s shots without penalties in %(matches)s matches: %(xg)s xG on average, %(goals)s goals a shot. "
            "Each number and value is by the part of %(version)s that has not seen the match.",
            shots=words.count(found.n_shots),
            matches=words.count(found.n_matches),
            xg=words.number(found.mean_prediction, 4),
            goals=words.number(found.goal_rate, 4),
            version=found.model_version,
        )
    ]
    if found.n_shots < found.n_stored:
        said.append(
            words.text(
                "They are a sample of the %(n)s that are stored, whole matches and always the same ones: against so "
                "many rows all of them would take long.",
                n=words.count(found.n_stored),
            )
        )
    if found.n_seen:
        said.append(
            words.plural(
                "Of one shot no part of the version has not seen the match.",
                "Of %(n)s shots no part of the version has not seen the match.",
                found.n_seen,
            )
        )
    return tuple(said)


def estimate(found: Estimate, words: Language, *, as_share: bool = False) -> str:
    """A figure with its interval."""

    def said(value: float) -> str:
        return words.number(100 * value, 1) if as_share else words.number(value, 4)

    unit = f"{THIN}%" if as_share else ""
    if found.low is None or found.high is None:
        return said(found.value) + unit
    return f"{said(found.value)}{unit} ({said(found.low)}–{said(found.high)})"


def shot_name(shot: NamedShot, words: Language) -> str:
    """Who, when, in which match."""
    return words.text(
        "%(player)s (%(team)s), minute %(minute)s, %(home)s – %(away)s, %(day)s",
        player=shot.player or words.text("unknown player"),
        team=shot.team,
        minute=words.count(shot.minute),
        home=shot.home_team,
        away=shot.away_team,
        day=words.day(shot.match_date),
    )


def one_shot(asked: AskedShot, reasons: Sequence[str], words: Language) -> str:
    """What the one shot is worth, and whether its first reason depends on the baseline."""
    said = words.text(
        "%(shot)s: %(xg)s xG by %(by)s.",
        shot=shot_name(asked.shot, words),
        xg=words.number(asked.xg, 3),
        by=asked.scored_by,
    )
    first = [words.text(reason) for reason in dict.fromkeys(reasons)]
    if len(first) == 1:
        return f"{said} " + words.text(
            "Its first reason is the same from every start: %(reason)s.", reason=first[0]
        )
    return f"{said} " + words.text(
        "Its first reason depends on the start: %(reasons)s.", reasons=words.listing(first)
    )
