"""The verdict on a model in words: what ran, is it better, what waits for a human."""

from xgoals.analysis.clubs import Deviation, ImportanceByClub
from xgoals.analysis.quality import ForecasterQuality, Sample
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


def comparison(facts: Facts, words: Language) -> str:
    """Model against provider, said only as strongly as the interval allows."""
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
    if low > 0:
        return words.text("Ranks shots better than the provider's own xG:") + " " + span
    if high < 0:
        return words.text("Ranks shots worse than the provider's own xG:") + " " + span
    return words.text("Cannot be told apart from the provider's own xG:") + " " + span


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
    """How alike the clubs are, and how many deviate beyond chance."""
    clubs: ImportanceByClub = facts["by_club"]
    if clubs.least_agreement is None:
        return words.text("Too few clubs have enough shots to compare.")
    alike = words.text(
        "For every club the features matter in much the same order: rank correlation at least %(least)s.",
        least=words.number(clubs.least_agreement, 2),
    )
    surest: dict[str, Deviation] = {}
    for row in clubs.deviating:
        surest.setdefault(row.club, row)
    names = [_deviation(row, words) for row in surest.values()]
    if not names:
        return f"{alike} {words.text('No club deviates beyond chance.')}"
    deviate = words.plural(
        "One club deviates beyond chance: %(names)s.",
        "%(n)s clubs deviate beyond chance, most surely %(names)s.",
        len(names),
        names=words.listing(names[:_NAMED_CLUBS]),
    )
    return f"{alike} {deviate}"


def _deviation(row: Deviation, words: Language) -> str:
    """A club, and the feature in which it deviates most surely."""
    return words.text(
        "%(club)s (%(feature)s %(own)s against %(others)s)",
        club=row.club,
        feature=words.text(row.label),
        own=words.number(row.mean, 3),
        others=words.number(row.others, 3),
    )


def _own(sample: Sample) -> ForecasterQuality:
    return next(row for row in sample.rows if row.who == "model")
