"""The story of a matchday in a paragraph, each sentence a rule on the numbers below it."""

from xgoals.language import Language
from xgoals.report.sentences_match import goals_in_words
from xgoals.report.shot_frame import Facts

_UNLIKELY = 0.25
"""A result less likely than this, by its chances, is worth a sentence."""

_CLINICAL = 1.0
"""A team this many goals over its xG is worth a sentence."""


def matchday_lead(facts: Facts, words: Language) -> str:
    """Goals against chances, the unlikeliest result, the best finishing, the largest miss."""
    if not facts["totals"]["n"]:
        return words.text("No shot of this matchday is known.")
    told = [
        _goals(facts["totals"], words),
        _result(facts, words),
        _finishing(facts, words),
        _miss(facts, words),
    ]
    return " ".join(sentence for sentence in told if sentence)


def _goals(totals: Facts, words: Language) -> str:
    return words.text(
        "%(goals)s from shots in %(matches)s, %(xg)s expected.",
        goals=goals_in_words(totals["goals"], words),
        matches=words.plural("one match", "%(n)s matches", totals["n_matches"]),
        xg=words.number(totals["xg"], 1),
    )


def _result(facts: Facts, words: Language) -> str:
    known = [match for match in facts["matches"] if match["n_shots"]]
    rare = min(known, key=lambda match: match["likelihood"], default=None)
    if rare is None or rare["likelihood"] >= _UNLIKELY:
        return ""
    home, away = rare["sides"]["home"], rare["sides"]["away"]
    return words.text(
        "The least likely result: %(home)s %(score)s %(away)s, as such chances end %(often)s.",
        home=home["name"],
        away=away["name"],
        score=words.score(f"{home['score']}–{away['score']}"),
        often=_how_often(rare["likelihood"], words),
    )


def _finishing(facts: Facts, words: Language) -> str:
    best = facts["teams"][0]
    if best["over"] < _CLINICAL:
        return ""
    return words.text(
        "%(team)s made the most of their chances: %(goals)s from %(xg)s xG.",
        team=best["name"],
        goals=words.plural("one goal", "%(n)s goals", best["goals"]),
        xg=words.number(best["xg"], 1),
    )


def _miss(facts: Facts, words: Language) -> str:
    if not facts["sitters"]:
        return ""
    miss = facts["sitters"][0]
    return words.text(
        "The largest chance missed fell to %(player)s (%(team)s, %(xg)s xG).",
        player=miss["player"],
        team=miss["team"],
        xg=words.xg(miss["xg"]),
    )


def _how_often(share: float, words: Language) -> str:
    if share < 0.05:
        return words.text("less than once in twenty matches")
    if share < 0.15:
        return words.text("about once in ten matches")
    return words.text("about once in five matches")


def how_often(chance: float, words: Language) -> str:
    """A probability as "1 in n"; from a half on it is nothing out of the ordinary."""
    if chance >= _ORDINARY:
        return words.text("often")
    if chance < 0.001:
        return words.text("less than 1 in 1,000")
    return words.text("1 in %(n)s", n=words.count(round(1 / chance)))


_ORDINARY = 0.45
_RARE = 0.05


def expected_by_chance(teams: list[Facts], words: Language) -> str | None:
    """How many of these teams are as far off as 1 in 20, and how many would be by chance; None without teams."""
    if not teams:
        return None
    rare = sum(team["chance"] < _RARE for team in teams)
    # either side of expectation counts: twice the share, and no more than that since goals are whole numbers
    by_chance = 2 * _RARE * len(teams)
    return words.plural(
        "One team is beyond 1 in 20; by chance alone up to %(expected)s of them would be.",
        "%(n)s teams are beyond 1 in 20; by chance alone up to %(expected)s of them would be.",
        rare,
        expected=words.number(by_chance, 1),
    )
