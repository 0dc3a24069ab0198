"""What stands on a model's first page: the answer in words, and of every chapter what a reader must not miss."""

from dataclasses import dataclass

from xgoals.analysis.completeness import CompetitionCounts
from xgoals.analysis.evaluated.worst_slices import PartOfSlice, RankedPart
from xgoals.domain.model import Because, Decision
from xgoals.language import Language
from xgoals.report.model.facts import ModelFacts
from xgoals.report.words.gate import CheckInWords, checks_in_words, decision_in_words
from xgoals.report.words.providers import SOURCES
from xgoals.report.words.said import Said

N_WORST = 6
N_COMPETITIONS = 5

PART_NAMES = {
    "right_foot": "Right foot",
    "left_foot": "Left foot",
    "head": "Header",
    "other": "Other",
    "unknown": "Unknown",
    "open_play": "Open play",
    "free_kick": "Direct free kick",
    "corner": "Corner kick, direct",
    "place unknown": "Place unknown",
}
"""Parts of slices that are not called by a name of their own."""

SLICE_NAMES = {
    "distance": "distance",
    "body_part": "body part",
    "shot_type": "restart",
    "competition": "competition",
    "season": "season",
    "club": "club",
}


@dataclass(frozen=True)
class WorstRow:
    """A part of a slice in words: ``verdict`` is empty where nothing is sure."""

    name: str
    of: str
    n_shots: int
    surplus: float | None
    surplus_interval: tuple[float, float] | None
    difference: float | None
    difference_interval: tuple[float, float] | None
    verdict: str


@dataclass(frozen=True)
class CompetitionRow:
    """A competition of the data in words."""

    name: str
    provider: str
    seasons: str
    counts: CompetitionCounts


@dataclass(frozen=True)
class Glance:
    """What the first page says.

    Attributes
    ----------
    verdict
        The answer, in one or two sentences.
    why
        Of the last decision, in a sentence; None where the verdict says it, or there is no decision.
    attention
        What waits for a human, most pressing first.
    checks, challenge_checks
        What the model had to show; and the last challenger for its place, whose decision is ``challenge``.
    worst, worst_told, more_slices
        The worst slices, how sure that is, and how many were looked at beside them.
    competitions, more_competitions
        What it has learned from, the largest first; how many do not stand on the first page.
    """

    verdict: str
    why: Said | None
    attention: tuple[str, ...]
    checks: tuple[CheckInWords, ...]
    challenge: Said | None
    challenge_checks: tuple[CheckInWords, ...]
    worst: tuple[WorstRow, ...]
    worst_told: str
    more_slices: int
    competitions: tuple[CompetitionRow, ...]
    more_competitions: int


def glance(facts: ModelFacts, words: Language) -> Glance:
    """Put the first page into words."""
    history, parts, competitions = facts.history, facts.worst.parts, facts.competitions
    return Glance(
        verdict=f"{_decided(history.own, words)} {_beside_provider(facts, words)}",
        why=_why(history.own, words),
        attention=tuple(_attention(facts, words)),
        checks=() if history.judged is None else checks_in_words(history.judged, words),
        challenge=None if history.challenge is None else _challenge(history.challenge, words),
        challenge_checks=() if history.challenge is None else checks_in_words(history.challenge, words),
        worst=worst_rows(facts, words, N_WORST),
        worst_told=_worst_told(facts, words),
        more_slices=max(0, len(parts) - N_WORST),
        competitions=tuple(_competition(row, words) for row in competitions),
        more_competitions=max(0, len(competitions) - N_COMPETITIONS),
    )


def _decided(decision: Decision | None, words: Language) -> str:
    """How it became champion, in a few words."""
    if decision is None:
        return words.text("No decision about it is recorded.")
    match decision.because:
        case Because.FIRST:
            return words.text("First model.")
        case Because.NOT_WORSE if decision.verdict == "promoted":
            return words.text("Not worse than the champion before it.")
        case Because.LEVEL if decision.verdict == "promoted":
            return words.text("The trees of the champion before it, with a provider's level.")
        case Because.APPROVED:
            return words.text("Not worse than the champion before it, and approved.")
        case Because.BY_HAND:
            return words.text("Made champion by hand.")
        case Because.ROLLED_BACK:
            return words.text("Brought back by hand.")
        case _:
            told = {
                "promoted": words.text("Promoted."),
                "kept": words.text("Not promoted."),
                "awaiting_approval": words.text("Awaiting approval."),
                "rolled_back": words.text("Brought back by hand."),
            }
            return told[decision.verdict]


_SAID = frozenset(
    (Because.FIRST, Because.NOT_WORSE, Because.LEVEL, Because.APPROVED, Because.BY_HAND, Because.ROLLED_BACK)
)


def _why(decision: Decision | None, words: Language) -> Said | None:
    is_said = decision is None or (decision.because in _SAID and decision.verdict != "awaiting_approval")
    return None if decision is None or is_said else decision_in_words(decision, words)


def texts() -> list[str]:
    """Names of slices and their parts, for the test that every text has its German."""
    return [*PART_NAMES.values(), *SLICE_NAMES.values()]


def provider_name(facts: ModelFacts, words: Language) -> str:
    """Whose xG the model is compared with."""
    return words.listing(list(facts.providers)) or words.text("the provider")


def _beside_provider(facts: ModelFacts, words: Language) -> str:
    difference = facts.quality.difference
    if difference is None:
        return words.text("There is no provider's xG to compare it with.")
    if difference.auc.interval is None:
        return words.text("Too few goals to say how it does beside the provider's xG.")
    low, high = difference.auc.interval
    values = {
        "provider": provider_name(facts, words),
        "difference": words.number(difference.auc.value, 3, signed=True),
        "low": words.number(low, 3, signed=True),
        "high": words.number(high, 3, signed=True),
    }
    if low > 0:
        return words.text(
            "Surely better than %(provider)s's (AUC %(difference)s, %(low)s to %(high)s).", **values
        )
    if high < 0:
        return words.text(
            "Surely worse than %(provider)s's (AUC %(difference)s, %(low)s to %(high)s).", **values
        )
    return words.text(
        "Not surely better than %(provider)s's (AUC %(difference)s, %(low)s to %(high)s).", **values
    )


def _attention(facts: ModelFacts, words: Language) -> list[str]:
    """What waits for a human, most pressing first; empty when nothing does."""
    found = []
    challenge = facts.history.challenge
    if facts.run.state in ("failed", "error"):
        found.append(words.text("The run failed."))
    if challenge is not None and challenge.verdict == "awaiting_approval":
        command = f"xgoals models promote {challenge.challenger}"
        found.append(words.text("A challenger waits for approval: %(command)s.", command=command))
    if n := facts.quarantine.n_matches:
        found.append(words.plural("One match is in quarantine.", "%(n)s matches are in quarantine.", n))
    if n := facts.quarantine.n_values:
        found.append(words.plural("One value could not be read.", "%(n)s values could not be read.", n))
    return found


def _challenge(decision: Decision, words: Language) -> Said:
    """How the last challenger fared."""
    found = decision_in_words(decision, words)
    if not found.is_translated:
        return found
    said = words.text("%(challenger)s: %(why)s", challenger=decision.challenger, why=found.text)
    return Said(said)


def part_name(part: PartOfSlice, words: Language) -> str:
    """What a part of a slice is called."""
    return words.text(PART_NAMES[part.value]) if part.value in PART_NAMES else part.value


def worst_rows(facts: ModelFacts, words: Language, n: int) -> tuple[WorstRow, ...]:
    """The first n parts in words."""
    return tuple(_worst_row(row, words) for row in facts.worst.parts[:n])


def _worst_row(row: RankedPart, words: Language) -> WorstRow:
    part = row.part
    verdicts = []
    if row.is_off:
        too_many = (part.surplus.value or 0) < 0
        verdicts.append(words.text("too much xG") if too_many else words.text("too little xG"))
    if row.is_worse:
        verdicts.append(words.text("worse"))
    return WorstRow(
        name=part_name(part, words),
        of=words.text(SLICE_NAMES[part.slice]),
        n_shots=part.n_shots,
        surplus=part.surplus.value,
        surplus_interval=part.surplus.interval,
        difference=None if part.difference is None else part.difference.value,
        difference_interval=None if part.difference is None else part.difference.interval,
        verdict=", ".join(verdicts),
    )


def _worst_told(facts: ModelFacts, words: Language) -> str:
    parts = facts.worst.parts
    if not parts:
        return words.text("It was not evaluated by slices, or no slice has 100 shots.")
    if facts.worst.n_sure == 0:
        return words.text(
            "None of %(n)s parts is surely bad, once it is counted how many were looked at.",
            n=words.count(len(parts)),
        )
    return words.plural(
        "One of %(parts)s parts is surely bad, once it is counted how many were looked at.",
        "%(n)s of %(parts)s parts are surely bad, once it is counted how many were looked at.",
        facts.worst.n_sure,
        parts=words.count(len(parts)),
    )


def _competition(row: CompetitionCounts, words: Language) -> CompetitionRow:
    if row.n_seasons == 1:
        seasons = row.first_season
    else:
        seasons = words.text(
            "%(n)s seasons, %(first)s to %(last)s",
            n=words.count(row.n_seasons),
            first=row.first_season,
            last=row.last_season,
        )
    return CompetitionRow(row.competition, SOURCES.get(row.provider, row.provider), seasons, row)
