"""The story of a matchday in a paragraph, each sentence a rule on the numbers below it."""

from collections.abc import Sequence

import pandas as pd

from xgoals.analysis.finishing import Finishing, rare_finishing
from xgoals.analysis.match import MatchNumbers
from xgoals.analysis.matchday import MatchdayNumbers, Totals
from xgoals.analysis.shots import text_or_empty
from xgoals.language import Language
from xgoals.report.match.sentences import goals_in_words

_UNLIKELY = 0.25
"""A result less likely than this, by its chances, is worth a sentence."""

_CLINICAL = 1.0
"""A team this many goals over its xG is worth a sentence."""


def matchday_lead(day: MatchdayNumbers, words: Language) -> str:
    """Goals against chances, the unlikeliest result, the best finishing, the largest miss."""
    if not day.totals.n_shots:
        return words.text("No shot of this matchday is known.")
    told = [
        _goals(day.totals, words),
        _result(day.matches, words),
        _finishing(day.teams[0], words),
        _miss(day.highlights.largest_miss, words),
    ]
    return " ".join(sentence for sentence in told if sentence)


def _goals(totals: Totals, words: Language) -> str:
    return words.text(
        "%(goals)s from shots in %(matches)s, %(xg)s expected.",
        goals=goals_in_words(totals.goals, words),
        matches=words.plural("one match", "%(n)s matches", totals.n_matches),
        xg=words.number(totals.xg, 1),
    )


def _result(matches: Sequence[MatchNumbers], words: Language) -> str:
    known = [match for match in matches if match.n_shots]
    rare = min(known, key=lambda match: match.likelihood, default=None)
    if rare is None or rare.likelihood >= _UNLIKELY:
        return ""
    home, away = rare.sides["home"], rare.sides["away"]
    told = {
        "home": home.name,
        "away": away.name,
        "score": words.score(f"{home.score}–{away.score}"),
        "often": _how_often(rare.likelihood, words),
    }
    if rare.result == "draw":
        return words.text(
            "The least likely result: the draw of %(home)s and %(away)s (%(score)s); such chances give one %(often)s.",
            **told,
        )
    return words.text(
        "The least likely result: the win of %(team)s (%(home)s %(score)s %(away)s); such chances give it %(often)s.",
        team=rare.sides[rare.result].name,
        **told,
    )


def _finishing(best: Finishing, words: Language) -> str:
    if best.over < _CLINICAL:
        return ""
    return words.text(
        "%(team)s made the most of their chances: %(goals)s from %(xg)s xG.",
        team=best.name,
        goals=words.plural("one goal", "%(n)s goals", best.goals),
        xg=words.number(best.xg, 1),
    )


def _miss(largest: pd.DataFrame, words: Language) -> str:
    if largest.empty:
        return ""
    miss = largest.iloc[0]
    return words.text(
        "The largest chance missed fell to %(player)s (%(team)s, %(xg)s xG).",
        player=text_or_empty(miss["player"]) or words.text("Unknown player"),
        team=text_or_empty(miss["team"]),
        xg=words.xg(float(miss["xg"])),
    )


def _how_often(share: float, words: Language) -> str:
    if share < 0.05:
        return words.text("less than once in twenty matches")
    if share < 0.15:
        return words.text("about once in ten matches")
    return words.text("about once in five matches")


def expected_by_chance(teams: Sequence[Finishing], words: Language) -> str | None:
    """How many of these teams are as far off as 1 in 20, and how many would be by chance; None without teams."""
    if not teams:
        return None
    rare = rare_finishing(teams)
    return words.plural(
        "One team is beyond 1 in 20; by chance alone up to %(expected)s of them would be.",
        "%(n)s teams are beyond 1 in 20; by chance alone up to %(expected)s of them would be.",
        rare.n,
        expected=words.number(rare.by_chance, 1),
    )


def luckiest_by_chance(players: Sequence[Finishing], words: Language) -> str | None:
    """How far out the rarest of so many players is by chance alone; None for fewer than two."""
    if len(players) < 2:
        return None
    return words.text(
        "%(n)s players had a shot: by chance alone, the rarest of so many is at about 1 in %(n)s.",
        n=words.count(len(players)),
    )
