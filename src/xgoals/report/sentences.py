"""How good a chance was, in words: the headline of a shot."""

from xgoals.language import Language
from xgoals.report.facts import Facts

SURPRISING_XG = 0.05
"""A goal from less than this is one that hardly anybody expects."""


def times_in_a_hundred(xg: float, words: Language) -> str:
    """A probability as a natural frequency."""
    if xg < 0.01:
        return words.text("less than once in a hundred")
    return words.plural("about once in a hundred", "about %(n)s times in a hundred", round(100 * xg))


def headline(shot: Facts, ordinary_xg: float, words: Language) -> str:
    """How good a chance it was."""
    xg = shot["xg"]
    if shot["is_goal"] and xg < SURPRISING_XG:
        return words.text(
            "A goal that hardly anybody expects: it goes in %(often)s.", often=times_in_a_hundred(xg, words)
        )
    return words.text(
        "%(ratio)s: it goes in %(often)s.",
        ratio=_ratio(xg / ordinary_xg, words),
        often=times_in_a_hundred(xg, words),
    )


def _ratio(ratio: float, words: Language) -> str:
    if ratio >= 1.75:
        times = round(ratio)
        if times == 2:
            return words.text("Twice an ordinary shot")
        return words.text("%(n)s times an ordinary shot", n=words.text(_NUMBERS.get(times, str(times))))
    if ratio >= 1.25:
        return words.text("Half as much again as an ordinary shot")
    if ratio >= 0.8:
        return words.text("About an ordinary shot")
    if ratio >= 0.4:
        return words.text("About half an ordinary shot")
    if ratio >= 0.15:
        return words.text("A fraction of an ordinary shot")
    return words.text("Next to nothing beside an ordinary shot")


_NUMBERS = {3: "Three", 4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight", 9: "Nine", 10: "Ten"}
