"""The verdict on a model in words: what ran, is it better, what waits for a human."""

from xgoals.analysis.evaluated.club_calibration import ClubCalibration, ClubSurplus
from xgoals.analysis.evaluated.quality_markdown import verdict
from xgoals.analysis.quality import ForecasterQuality, Sample
from xgoals.analysis.stored_figures import Interval
from xgoals.language import Language
from xgoals.report.facts import Facts

_NAMED_CLUBS = 5


def lead(facts: Facts, words: Language) -> str:
    """The story of the page in two sentences."""
    model = facts["model"]
    first = words.text(
        "Trained on %(shots)s shots of %(matches)s matches, %(start)s to %(end)s.",
        shots=words.count(model["n_shots"]),
        matches=words.count(model["n_matches"]),
        start=words.day(model["window_from"]),
        end=words.day(model["window_to"]),
    )
    samples = facts["quality"].samples
    if not samples:
        return first
    sample = samples[0]
    second = words.text(
        "On %(matches)s matches that it had not seen it expects %(expected)s goals where %(scored)s were scored.",
        matches=words.count(sample.n_matches),
        expected=words.count(_own(sample).sum_xg),
        scored=words.count(sample.n_goals),
    )
    return f"{first} {second}"


def decision_headline(facts: Facts, words: Language) -> str:
    """What was decided about the model; of a first one, that there was nothing to compare it with."""
    decision = facts["model"].get("decision")
    if not decision:
        return words.text("No decision")
    if decision.get("is_first") and decision["verdict"] == "promoted":
        return words.text("First model: nothing to compare with")
    decided = words.text(decision["verdict"].replace("_", " "))
    return decided[:1].upper() + decided[1:]


def comparison(facts: Facts, words: Language) -> str:
    """Model against provider in all three metrics, said only as strongly as the intervals allow."""
    difference = facts["quality"].difference
    if difference is None:
        return words.text("There is no provider xG to compare with.")
    if difference.auc.interval is None:
        return words.text("Too few goals to say how sure the difference from the provider is.")
    low, high = difference.auc.interval
    span = words.text(
        "AUC %(difference)s (95 %% interval %(low)s to %(high)s).",
        difference=words.number(difference.auc.value, 3, signed=True),
        low=words.number(low, 3, signed=True),
        high=words.number(high, 3, signed=True),
    )
    others = " ".join(_other_metrics(facts, words))
    if low > 0:
        told = words.text("Ranks shots better than the provider's own xG:")
    elif high < 0:
        told = words.text("Ranks shots worse than the provider's own xG:")
    else:
        told = words.text("Cannot be told apart from the provider's own xG:")
    return f"{told} {span} {others}".rstrip()


def _other_metrics(facts: Facts, words: Language) -> list[str]:
    """Log loss and Brier score of the same comparison, each with what its interval says."""
    first = facts["quality"].samples[0].key
    rows = [row for row in facts["quality"].comparisons if (row.split, row.rival) == (first, "provider")]
    names = {"log_loss": words.text("Log loss"), "brier": "Brier"}
    return [
        words.text(
            "%(metric)s %(difference)s (%(low)s to %(high)s: %(verdict)s).",
            metric=names[metric],
            difference=words.number(figure.value, 4, signed=True),
            low=words.number(figure.interval[0], 4, signed=True),
            high=words.number(figure.interval[1], 4, signed=True),
            verdict=_verdict(metric, figure.interval, words),
        )
        for row in rows
        for metric, figure in (("log_loss", row.log_loss), ("brier", row.brier))
        if figure.interval is not None
    ]


def _verdict(metric: str, interval: Interval, words: Language) -> str:
    match verdict(metric, *interval):
        case "better":
            return words.text("better")
        case "worse":
            return words.text("worse")
        case _:
            return words.text("cannot be told")


def attention(facts: Facts, words: Language) -> list[str]:
    """What waits for a human, most pressing first; empty when nothing does."""
    found = []
    run, quarantine = facts["run"], facts["quarantine"]
    if run["state"] in ("failed", "error"):
        found.append(words.text("The run failed."))
    if n := quarantine["n_matches"]:
        found.append(words.plural("One match is in quarantine.", "%(n)s matches are in quarantine.", n))
    if n := quarantine["n_values"]:
        found.append(words.plural("One value could not be read.", "%(n)s values could not be read.", n))
    return found


def calibration_sentence(facts: Facts, words: Language) -> str:
    """How many bands the model misses beyond chance."""
    off = [band for band in facts["calibration"].model if band.is_off]
    if not off:
        return words.text("In every band the goals scored are within chance of the goals expected.")
    return words.plural(
        "One band is off beyond chance (95 %% interval).",
        "%(n)s bands are off beyond chance (95 %% interval).",
        len(off),
    )


def season_sentence(facts: Facts, words: Language) -> str:
    """How alike the seasons are."""
    least = facts["by_season"].least_agreement
    if least is None:
        return words.text("There is one season only, or the others are too small to compare.")
    return words.text(
        "In every season the features matter in much the order they have in all other shots: "
        "rank correlation at least %(least)s.",
        least=words.number(least, 2),
    )


def club_sentence(facts: Facts, words: Language) -> str:
    """Whether the model promises any club too much or too little beyond chance, and how many luck puts outside."""
    clubs: ClubCalibration = facts["club_calibration"]
    if not clubs.clubs:
        return words.text("Too few clubs have enough shots to compare.")
    outside = words.plural(
        "One club of %(clubs)s is outside of its 95 %% interval, by chance alone up to %(expected)s would be.",
        "%(n)s clubs of %(clubs)s are outside of their 95 %% intervals, by chance alone up to %(expected)s would be.",
        clubs.n_outside,
        clubs=len(clubs.clubs),
        expected=words.number(clubs.outside_by_chance, 1),
    )
    names = [_club(club, words) for club in clubs.off]
    if not names:
        alone = words.text("No club scores more, or less, than the model promises beyond chance.")
        return f"{alone} {outside}"
    off = words.plural(
        "One club scores more, or less, than the model promises beyond chance: %(names)s.",
        "%(n)s clubs score more, or less, than the model promises beyond chance, most surely %(names)s.",
        len(names),
        names=words.listing(names[:_NAMED_CLUBS]),
    )
    return f"{off} {outside}"


def club_importance_sentence(facts: Facts, words: Language) -> str:
    """How alike the clubs are in what moves the model."""
    least = facts["by_club"].least_agreement
    if least is None:
        return words.text("Too few clubs have enough shots to compare.")
    return words.text(
        "For every club the features matter in much the same order: rank correlation at least %(least)s.",
        least=words.number(least, 2),
    )


def _club(club: ClubSurplus, words: Language) -> str:
    """A club, and its goals beside those expected."""
    return words.text(
        "%(club)s (%(goals)s goals from %(xg)s xG)",
        club=club.club,
        goals=words.count(club.goals),
        xg=words.number(club.xg, 1),
    )


def _own(sample: Sample) -> ForecasterQuality:
    return next(row for row in sample.rows if row.who == "model")
