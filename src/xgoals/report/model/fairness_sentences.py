"""What the chapter on fairness says in sentences, before and beside its pictures."""

from collections.abc import Iterator, Sequence

from xgoals.analysis.fairness.measure import NOT_KNOWN, ONE_PART
from xgoals.analysis.fairness.summary import FacetFairness, Fairness, is_beyond_chance
from xgoals.domain.findings.fairness import BiasFigure, Facet, Verdict
from xgoals.language import Language
from xgoals.report.model.glance import PART_NAMES
from xgoals.report.words.providers import SOURCES

_NAMED = 5

VALUES = {
    "home": "Home", "away": "Away", "promoted": "Promoted clubs", "stayed": "Clubs that stayed", **PART_NAMES,
}  # fmt: skip
SILENT = {
    Facet.SEASON: "Every competition has one season here: what holds of the competition holds of the season.",
    Facet.PROMOTED: "Which clubs were promoted is not known: it takes the season before in the same competition, and "
    "none is stored.",
    Facet.PROVIDER: "All shots are of one provider: there is nothing to compare.",
    Facet.COMPETITION: "All shots are of one competition: there is nothing to compare.",
}


def silence(facet: Facet, of: FacetFairness | None, words: Language) -> str:
    """Why a facet shows nothing."""
    notes = {row.note for row in of.untested} if of is not None else set()
    if facet in SILENT and (of is None or notes & {ONE_PART, NOT_KNOWN}):
        return words.text(SILENT[facet])
    return words.text("Too few shots to test any part.")


def answer(of: FacetFairness, words: Language) -> str:
    """The sentence that somebody who speaks for a part needs."""
    low, high = of.of(Verdict.TOO_LOW), of.of(Verdict.TOO_HIGH)
    is_any_sure = any(is_beyond_chance(row) for row in of.tested if row not in (*low, *high))
    if not low and not high:
        return _nobody(of.facet, words, is_any_sure=is_any_sure)
    told = []
    if low:
        told.append(words.text("xG is too low, beyond chance, for %(names)s.", names=_named(low, words)))
    if high:
        told.append(words.text("xG is too high, beyond chance, for %(names)s.", names=_named(high, words)))
    if of.facet is Facet.CLUB and not is_any_sure and len(of.tested) > len(low) + len(high):
        told.append(words.text("For no other club is it off beyond chance."))
    return " ".join(told)


def _nobody(facet: Facet, words: Language, *, is_any_sure: bool) -> str:
    """That no part is off; where some are beyond chance, that none is by what matters."""
    is_clubs = facet is Facet.CLUB
    if is_any_sure and is_clubs:
        return words.text("No club's xG is surely off by as much as matters.")
    if is_any_sure:
        return words.text("In none of the parts is xG surely off by as much as matters.")
    if is_clubs:
        return words.text("No club's xG is too low or too high beyond chance.")
    return words.text("In none of the parts is xG off beyond chance.")


def _fair(of: FacetFairness, found: Fairness, words: Language) -> str:
    """How many parts are fair, and of how many nothing can be said."""
    unsure = of.of(Verdict.CANNOT_SAY)
    small = [row for row in unsure if is_beyond_chance(row)]
    n, n_fair, n_open = len(of.tested), len(of.of(Verdict.FAIR)), len(unsure) - len(small)
    margin = goals(found.margin_per_100, words)
    told = []
    if n_fair == n:
        told.append(
            words.text("All are surely fair: off by less than %(margin)s per 100 shots.", margin=margin)
        )
    elif n_fair:
        told.append(
            words.plural(
                "One of %(parts)s is surely fair: off by less than %(margin)s per 100 shots.",
                "%(n)s of %(parts)s are surely fair: off by less than %(margin)s per 100 shots.",
                n_fair,
                parts=words.count(n),
                margin=margin,
            )
        )
    if n_open == n:
        told.append(
            words.text(
                "For none can it be shown yet that xG is right to within %(margin)s per 100 shots: all have too few "
                "shots for that.",
                margin=margin,
            )
        )
    elif n_open:
        told.append(
            words.plural(
                "Of one nothing can be said: what is seen may be chance, and its shots are too few to exclude that it "
                "is off by %(margin)s per 100.",
                "Of %(n)s nothing can be said: what is seen may be chance, and their shots are too few to exclude that "
                "they are off by %(margin)s per 100.",
                n_open,
                margin=margin,
            )
        )
    if small:
        told.append(
            words.text(
                "Off beyond chance, and perhaps too little to matter: %(names)s.", names=_named(small, words)
            )
        )
    return " ".join(told)


def sentences(of: FacetFairness, found: Fairness, words: Language) -> Iterator[str]:
    """What is fair and what cannot be said; of clubs also what chance alone does, and how unlike they are."""
    if fair := _fair(of, found, words):
        yield fair
    if of.facet not in (Facet.CLUB, Facet.CLUB_SEASON):
        return
    yield _tests(of, words)
    if of.spread is not None:
        yield _spread(of.spread, words)
    if of.of(Verdict.CANNOT_SAY):
        yield words.text(
            "To be called fair, a club whose goals are exactly its xG needs about %(needed)s shots; half of the clubs "
            "here have more than %(typical)s.",
            needed=words.count(round(found.shots_needed, -2)),
            typical=words.count(of.typical_shots),
        )


def _tests(of: FacetFairness, words: Language) -> str:
    """How many were tested, and how many stand out by themselves."""
    n, outside = len(of.tested), of.outside
    tested = (
        words.plural("One club was tested.", "%(n)s clubs were tested at once.", n)
        if of.facet is Facet.CLUB
        else words.plural(
            "One club in one season was tested.", "%(n)s clubs in single seasons were tested at once.", n
        )
    )
    names = words.listing([part_name(row, words) for row in outside[:_NAMED]])
    expected = words.number(of.outside_by_chance, 1)
    if not outside:
        seen = words.text(
            "By chance alone up to %(expected)s would be outside of their own 95 %% intervals; none is.",
            expected=expected,
        )
    else:
        seen = words.plural(
            "By chance alone up to %(expected)s would be outside of their own 95 %% intervals; one is: %(names)s.",
            "By chance alone up to %(expected)s would be outside of their own 95 %% intervals; %(n)s are, most surely "
            "%(names)s.",
            len(outside),
            expected=expected,
            names=names,
        )
    return f"{tested} {seen} {words.text('Off is called only what stands once all tests are counted.')}"


def _spread(spread: BiasFigure, words: Language) -> str:
    values = {
        "sd": words.number(spread.value, 1),
        "high": words.number(spread.high, 1),
        "low": words.number(spread.low, 1),
    }
    if (spread.low or 0.0) > 0:
        return words.text(
            "Taken together, clubs differ by more than chance: true differences have a standard deviation of "
            "%(sd)s goals per 100 shots (95 %% interval %(low)s to %(high)s).",
            **values,
        )
    return words.text(
        "Taken together, clubs differ by no more than chance can explain: the standard deviation of true differences "
        "is at most %(high)s goals per 100 shots (95 %% interval; best guess %(sd)s).",
        **values,
    )


def untested(of: FacetFairness, words: Language) -> str:
    """How many parts have too few shots; empty where none has."""
    if not of.untested:
        return ""
    return words.plural(
        "One part has fewer than 100 shots, or 5 matches, and is not tested.",
        "%(n)s parts have fewer than 100 shots, or 5 matches, and are not tested.",
        len(of.untested),
    )


def untested_names(of: FacetFairness, words: Language) -> str:
    """Which parts have too few shots, each with how many it has."""
    return ", ".join(f"{part_name(row, words)} ({words.count(row.n_shots)})" for row in of.untested)


def part_name(row: BiasFigure, words: Language) -> str:
    """What a part is called."""
    if row.facet is Facet.PROVIDER:
        return SOURCES.get(row.facet_value, row.facet_value)
    is_ours = row.facet in (Facet.VENUE, Facet.BODY_PART, Facet.PROMOTED)
    return words.text(VALUES[row.facet_value]) if is_ours and row.facet_value in VALUES else row.facet_value


def _named(rows: Sequence[BiasFigure], words: Language) -> str:
    """The first few with goals and xG, and how many more there are."""
    told = [
        words.text(
            "%(name)s (%(goals)s goals from %(xg)s xG)",
            name=part_name(row, words),
            goals=words.count(row.n_goals),
            xg=words.number(row.n_goals - (row.value or 0.0) * row.n_shots / 100, 1),
        )
        for row in rows[:_NAMED]
    ]
    if len(rows) > _NAMED:
        told.append(words.plural("one other", "%(n)s others", len(rows) - _NAMED))
    return words.listing(told)


def span(low: float, high: float, decimals: int, words: Language) -> str:
    """An interval; with one decimal, signed."""
    return words.text(
        "%(low)s to %(high)s",
        low=words.number(low, decimals, signed=decimals == 1),
        high=words.number(high, decimals, signed=decimals == 1),
    )


def of_all(found: Fairness, words: Language) -> str:
    """How far goals and xG of all shots are apart."""
    whole = found.whole
    return words.text(
        "All %(shots)s shots together: %(goals)s goals, %(surplus)s goals per 100 shots beside xG (%(span)s).",
        shots=words.count(whole.n_shots),
        goals=words.count(whole.n_goals),
        surplus=words.number(whole.value, 2, signed=True),
        span=span(whole.low or 0.0, whole.high or 0.0, 1, words),
    )


def of_the_threshold(found: Fairness, words: Language) -> str:
    """From which xG on a shot counts as a predicted goal, and why."""
    return words.text(
        "These metrics want a yes or no, and xG is neither: almost no shot is more likely a goal than not. So a shot "
        "counts as predicted to be a goal (a big chance) from %(threshold)s xG on, where there are as many of them as "
        "goals fell.",
        threshold=words.number(found.threshold, 2),
    )


def goals(value: float, words: Language) -> str:
    """A number of goals in words where it is one."""
    decimals = f"{value:.6f}".rstrip("0").partition(".")[2]
    return (
        words.text("one goal")
        if value == 1
        else words.text("%(n)s goals", n=words.number(value, len(decimals)))
    )
