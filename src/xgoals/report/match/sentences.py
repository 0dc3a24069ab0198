"""The story of a match in a few sentences, each of them a rule on the numbers below it."""

from collections.abc import Sequence

from xgoals.analysis.match import MatchNumbers
from xgoals.analysis.sides import SideNumbers
from xgoals.analysis.within_match.race import xg_after
from xgoals.language import Language
from xgoals.report.facts import Facts
from xgoals.report.match.facts import MatchFacts, ToldGoal
from xgoals.report.words.clock import clock
from xgoals.report.words.headline import is_surprise, times_in_a_hundred

_TOLD_MISS_XG = 0.3
"""A chance missed of this much is worth a sentence."""

_EVEN_XG = 0.25
"""Within this difference of xG chances are called even."""


def match_lead(facts: MatchFacts, words: Language) -> str:
    """What happened, who had the chances, what a sending-off changed, and the goal nobody expected."""
    home, away = facts.numbers.sides["home"], facts.numbers.sides["away"]
    if not facts.shots:
        return _no_shots(facts.numbers.goals_without_shot, words)
    told = [
        _goals(home, away, words),
        _balance(home, away, words),
        _against_the_run(home, away, words) if facts.match.status.counts else "",
        _sending_off(facts.numbers, words),
        _moment(facts.shots, words),
        _own_goals(facts.own_goals, words),
        _unexplained(facts.numbers.goals_without_shot, words),
    ]
    return " ".join(sentence for sentence in told if sentence)


def real_result(numbers: MatchNumbers, words: Language) -> str:
    """How often such chances give the real result."""
    what = (
        words.text("a draw")
        if numbers.result == "draw"
        else words.text("a win of %(team)s", team=numbers.sides[numbers.result].name)
    )
    often = times_in_a_hundred(numbers.likelihood, words)
    return words.text("The real result, %(what)s, comes of such chances %(often)s.", what=what, often=often)


def not_in_feed(facts: MatchFacts, words: Language) -> str:
    """What the feed tells of no shot of the match; empty where it tells everything."""
    told = [shot["facts"] for shot in facts.shots]
    if not told:
        return ""
    lacking = {
        words.text("cards and substitutions"): not facts.events,
        words.text("the passes before the shots"): not any(of.assist for of in told),
        words.text("where the others stood"): not any(of.has_positions for of in told),
        words.text("where the shots ended"): not any(of.end for of in told),
    }
    what = [name for name, is_lacking in lacking.items() if is_lacking]
    return words.text("Not in this feed: %(what)s.", what=words.listing(what)) if what else ""


def _no_shots(n_goals: int, words: Language) -> str:
    told = words.text("No shot of this match is known.")
    if not n_goals:
        return told
    more = words.plural(
        "One goal of the result is missing here, too.",
        "%(n)s goals of the result are missing here, too.",
        n_goals,
    )
    return f"{told} {more}"


def _unexplained(n_goals: int, words: Language) -> str:
    if not n_goals:
        return ""
    return words.plural(
        "One goal of the result is not among the shots here: an own goal, or a shot that the feed lacks.",
        "%(n)s goals of the result are not among the shots here: own goals, or shots that the feed lacks.",
        n_goals,
    )


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


def _own_goals(goals: Sequence[ToldGoal], words: Language) -> str:
    if not goals:
        return ""
    who = words.listing([f"{goal.player or words.text('Unknown player')}, {goal.clock}" for goal in goals])
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


def _sending_off(numbers: MatchNumbers, words: Language) -> str:
    """The chances after the first sending-off."""
    if not numbers.sent_off:
        return ""
    red = numbers.sent_off[0]
    after = xg_after(numbers, red)
    return words.text(
        "After %(player)s of %(team)s was sent off (%(clock)s): %(home)s %(home_xg)s, %(away)s %(away_xg)s xG.",
        player=red.player or words.text("Unknown player"),
        team=numbers.sides[red.side].name,
        clock=clock({"minute": red.minute, "period": red.period}),
        home=numbers.sides["home"].name,
        home_xg=words.xg(after["home"]),
        away=numbers.sides["away"].name,
        away_xg=words.xg(after["away"]),
    )


def _moment(shots: Sequence[Facts], words: Language) -> str:
    goals = [shot for shot in shots if shot["is_goal"]]
    rare = min(goals, key=lambda shot: shot["xg"], default=None)
    if rare is not None and is_surprise(rare):
        return words.text(
            "Hardest to see coming: the goal of %(player)s (%(clock)s), from a shot that goes in %(often)s.",
            player=rare["player"] or words.text("Unknown player"),
            clock=clock(rare),
            often=times_in_a_hundred(rare["xg"], words),
        )
    missed = max((s for s in shots if not s["is_goal"]), key=lambda shot: shot["xg"], default=None)
    if missed is None or missed["xg"] < _TOLD_MISS_XG:
        return ""
    told = {"player": missed["player"] or words.text("Unknown player"), "clock": clock(missed)}
    if missed["is_penalty"]:
        return words.text("Missed from the spot: %(player)s, %(clock)s.", **told)
    return words.text(
        "The best chance missed: %(player)s, %(clock)s (%(xg)s xG).", **told, xg=words.xg(missed["xg"])
    )
