"""The story of a match in a few sentences, each of them a rule on the numbers below it."""

from xgoals.analysis.sides import SideNumbers
from xgoals.language import Language
from xgoals.report.facts import Facts
from xgoals.report.words.clock import clock
from xgoals.report.words.headline import is_surprise, times_in_a_hundred

_EVEN_XG = 0.25
"""Within this difference of xG chances are called even."""


def match_lead(facts: Facts, words: Language) -> str:
    """What happened, who had the chances, and the goal nobody expected."""
    home, away = facts["sides"]["home"], facts["sides"]["away"]
    if not facts["shots"]:
        return words.text("No shot of this match is known.")
    told = [_goals(home, away, words), _balance(home, away, words)]
    told += [
        sentence for sentence in (_against_the_run(home, away, words), _moment(facts, words)) if sentence
    ]
    if facts["own_goals"]:
        told.append(_own_goals(facts["own_goals"], words))
    if n := facts["goals_without_shot"]:
        told.append(
            words.plural(
                "One goal of the result did not come from a shot (an own goal).",
                "%(n)s goals of the result did not come from a shot (own goals).",
                n,
            )
        )
    return " ".join(told)


def goals_in_words(n: int, words: Language) -> str:
    """No goal, One goal, Two goals, ... 13 goals."""
    if n == 0:
        return words.text("No goal")
    if n in _GOALS:
        return words.text(_GOALS[n])
    return words.plural("One goal", "%(n)s goals", n)


_GOALS = {
    2: "Two goals",
    3: "Three goals",
    4: "Four goals",
    5: "Five goals",
    6: "Six goals",
    7: "Seven goals",
    8: "Eight goals",
    9: "Nine goals",
    10: "Ten goals",
}


def _own_goals(goals: list[Facts], words: Language) -> str:
    who = words.listing(
        [f"{goal['player'] or words.text('Unknown player')}, {clock(goal)}" for goal in goals]
    )
    if len(goals) == 1:
        return words.text("Own goal: %(who)s.", who=who)
    return words.text("Own goals: %(who)s.", who=who)


def _goals(home: SideNumbers, away: SideNumbers, words: Language) -> str:
    goals, xg = home.goals + away.goals, words.number(home.xg + away.xg, 1)
    scored = goals_in_words(goals, words)
    penalties = home.penalty_goals + away.penalty_goals
    if penalties:
        spot = words.plural("one from the spot", "%(n)s from the spot", penalties)
        return words.text("%(scored)s from %(xg)s expected, %(spot)s.", scored=scored, xg=xg, spot=spot)
    return words.text("%(scored)s from %(xg)s expected.", scored=scored, xg=xg)


def _balance(home: SideNumbers, away: SideNumbers, words: Language) -> str:
    better, other = (home, away) if home.xg >= away.xg else (away, home)
    values = {"team": better.name, "more": words.xg(better.xg), "less": words.xg(other.xg)}
    if better.xg - other.xg < _EVEN_XG:
        return words.text("The chances were even: %(more)s xG for %(team)s, %(less)s against.", **values)
    return words.text("%(team)s had the better chances: %(more)s xG to %(less)s.", **values)


def _against_the_run(home: SideNumbers, away: SideNumbers, words: Language) -> str:
    better, other = (home, away) if home.xg >= away.xg else (away, home)
    if better.xg - other.xg < _EVEN_XG:
        return ""
    if other.score > better.score:
        return words.text("%(team)s won all the same.", team=other.name)
    if other.score == better.score:
        return words.text("It was not enough to win.")
    return ""


def _moment(facts: Facts, words: Language) -> str:
    goals = [shot for shot in facts["shots"] if shot["is_goal"]]
    rare = min(goals, key=lambda shot: shot["xg"], default=None)
    if rare is not None and is_surprise(rare):
        return words.text(
            "Hardest to see coming: the goal of %(player)s (%(clock)s), from a shot that goes in %(often)s.",
            player=rare["player"],
            clock=clock(rare),
            often=times_in_a_hundred(rare["xg"], words),
        )
    missed = max((s for s in facts["shots"] if not s["is_goal"]), key=lambda shot: shot["xg"], default=None)
    if missed is not None and missed["xg"] >= 0.3:
        return words.text(
            "The best chance that stayed one: %(player)s, %(clock)s (%(xg)s xG).",
            player=missed["player"],
            clock=clock(missed),
            xg=words.xg(missed["xg"]),
        )
    return ""
