"""A matchday as its page shows it: the numbers of :mod:`xgoals.analysis.matchday`, and its highlights as cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xgoals.analysis.finishing import Finishing
from xgoals.analysis.match import MatchNumbers
from xgoals.analysis.matchday import MatchdayNumbers
from xgoals.analysis.results import SIDES, ResultShares, Side
from xgoals.analysis.shots import Model
from xgoals.analysis.sides import SideNumbers
from xgoals.language import Language
from xgoals.report.facts import Facts
from xgoals.report.shot.facts import shot_cards
from xgoals.report.words.how_often import how_often
from xgoals.report.words.scorers import Scorer, goals_in_words, lacking_goals, scorers

SHOWN_PLAYERS = 5
"""Players listed at either end of the finishing table."""

CardPaths = Mapping[tuple[str, str], str]
"""Where a shot has its card, by match and shot id; a match without a page has none."""


@dataclass(frozen=True, slots=True)
class LinkedTime:
    """When somebody scored, and the way to the card of the shot; None where there is none."""

    said: str
    path: str | None


@dataclass(frozen=True, slots=True)
class LinkedScorer:
    """A scorer as the page lists him."""

    name: str
    times: tuple[LinkedTime, ...]


@dataclass(frozen=True, slots=True)
class DayMatch:
    """A result beside its chances.

    Attributes
    ----------
    sides, shares, n_shots, likelihood
        As of :class:`~xgoals.analysis.match.MatchNumbers`.
    path
        Of the own report; None where there is none.
    scorers, lacking, sent_off
        By side: who scored, goals of which nothing is known in words, who was sent off in words.
    half_time
        "1–0", empty where not known.
    """

    sides: Mapping[Side, SideNumbers]
    shares: ResultShares
    n_shots: int
    likelihood: float
    path: str | None
    scorers: Mapping[Side, tuple[LinkedScorer, ...]]
    lacking: Mapping[Side, str]
    sent_off: Mapping[Side, str]
    half_time: str

    @property
    def has_penalties(self) -> bool:
        """Whether xG with and without penalties differ."""
        return any(side.penalties for side in self.sides.values())

    def has_line(self, side: Side) -> bool:
        """Whether anything is to be said below a team."""
        return bool(self.scorers[side] or self.lacking[side] or self.sent_off[side])


@dataclass(frozen=True, slots=True)
class ToldFinishing:
    """What a team or player made of the chances; ``often`` says how often chance alone is as far off."""

    name: str
    goals: int
    xg: float
    n_shots: int
    over: float
    often: str


@dataclass(frozen=True)
class MatchdayFacts:
    """All that the matchday page shows but its sentences; single shots are dicts (:func:`published_shot`)."""

    matches: tuple[DayMatch, ...]
    best: list[Facts]
    surprises: list[Facts]
    sitters: list[Facts]
    teams: tuple[ToldFinishing, ...]
    players: tuple[ToldFinishing, ...]

    @property
    def shown(self) -> list[Facts]:
        """The shots of all lists; each is in one."""
        return [*self.best, *self.surprises, *self.sitters]

    @property
    def ends(self) -> tuple[ToldFinishing, ...]:
        """The players furthest over and furthest under expectation, nobody twice."""
        top = [player for player in self.players[:SHOWN_PLAYERS] if player.over > 0]
        bottom = [player for player in self.players[len(top) :][-SHOWN_PLAYERS:] if player.over < 0]
        return (*top, *bottom)


def matchday_facts(
    numbers: MatchdayNumbers,
    model: Model,
    words: Language,
    models: Mapping[str, Model] | None = None,
    paths: CardPaths | None = None,
) -> MatchdayFacts:
    """Name what a matchday brought.

    Parameters
    ----------
    numbers
        The matchday.
    model
        The champion.
    words
        The language of the page.
    models
        The models that published the numbers, by version, where they are not all the champion's.
    paths
        Where shots have their cards.
    """
    shown = numbers.highlights
    return MatchdayFacts(
        matches=tuple(_match(match, words, paths or {}) for match in numbers.matches),
        best=shot_cards(shown.best, model, models),
        surprises=shot_cards(shown.surprises, model, models),
        sitters=shot_cards(shown.sitters, model, models),
        teams=_told(numbers.teams, words),
        players=_told(numbers.players, words),
    )


def _match(numbers: MatchNumbers, words: Language, paths: CardPaths) -> DayMatch:
    said, match_id = goals_in_words(numbers, words), str(numbers.match["match_id"])
    return DayMatch(
        sides=numbers.sides,
        shares=numbers.shares,
        n_shots=numbers.n_shots,
        likelihood=numbers.likelihood,
        path=numbers.match.get("path"),
        scorers={
            side: tuple(_linked(scorer, match_id, paths) for scorer in scorers(numbers, side, words))
            for side in SIDES
        },
        lacking={side: lacking_goals(numbers, side, words) for side in SIDES},
        sent_off=said.sent_off,
        half_time=said.half_time,
    )


def _linked(scorer: Scorer, match_id: str, paths: CardPaths) -> LinkedScorer:
    times = tuple(LinkedTime(time.said, paths.get((match_id, time.shot_id))) for time in scorer.times)
    return LinkedScorer(scorer.name, times)


def _told(rows: Sequence[Finishing], words: Language) -> tuple[ToldFinishing, ...]:
    return tuple(
        ToldFinishing(row.name, row.goals, row.xg, row.n_shots, row.over, how_often(row.chance, words))
        for row in rows
    )
