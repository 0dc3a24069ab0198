"""A matchday as its page shows it: the numbers of :mod:`xgoals.analysis.matchday`, and its highlights as cards."""

from collections.abc import Mapping

from xgoals.analysis.finishing import Finishing
from xgoals.analysis.match import MatchNumbers
from xgoals.analysis.matchday import MatchdayNumbers
from xgoals.analysis.shots import Model
from xgoals.language import Language
from xgoals.report.facts import Facts
from xgoals.report.matchday.sentences import how_often
from xgoals.report.shot.facts import shot_cards
from xgoals.report.words.scorers import goals_in_words


def matchday_facts(
    numbers: MatchdayNumbers, model: Model, words: Language, models: Mapping[str, Model] | None = None
) -> Facts:
    """All that the matchday page shows but its sentences.

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

    Returns
    -------
    dict
        ``matches`` (``sides, shares, n_shots, likelihood``, ``scorers, half_time, sent_off`` of
        :func:`xgoals.report.words.scorers.goals_in_words`, and ``path`` of the own report), ``best, surprises,
        sitters`` (shots, see :func:`shot_cards`), ``teams`` and ``players`` (finishing, with ``often`` in words).
    """
    shown = numbers.highlights
    return {
        "matches": [_match(match, words) for match in numbers.matches],
        "best": shot_cards(shown.best, model, models),
        "surprises": shot_cards(shown.surprises, model, models),
        "sitters": shot_cards(shown.sitters, model, models),
        "teams": [_finishing(team, words) for team in numbers.teams],
        "players": [_finishing(player, words) for player in numbers.players],
    }


def _match(numbers: MatchNumbers, words: Language) -> Facts:
    return {
        "sides": numbers.sides,
        "shares": numbers.shares,
        "n_shots": numbers.n_shots,
        "likelihood": numbers.likelihood,
        "path": numbers.match.get("path"),
        **goals_in_words(numbers, words),
    }


def _finishing(row: Finishing, words: Language) -> Facts:
    return {**vars(row), "over": row.over, "often": how_often(row.chance, words)}
