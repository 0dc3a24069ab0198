"""How good a chance was, in words: the headline of a shot."""

from xgoals.analysis.highlights import SURPRISE_XG
from xgoals.language import Language
from xgoals.report.facts import Facts
from xgoals.report.words.rank import rank_in_words


def times_in_a_hundred(xg: float, words: Language) -> str:
    """A probability as a natural frequency."""
    if xg < 0.01:
        return words.text("less than once in a hundred")
    return words.plural("about once in a hundred", "about %(n)s times in a hundred", round(100 * xg))


def headline(shot: Facts, words: Language) -> str:
    """How good a chance it was: its rank among shots of its kind, and how often such shots go in."""
    often = times_in_a_hundred(shot["xg"], words)
    if shot["is_penalty"]:
        return words.text("A penalty: such kicks go in %(often)s.", often=often)
    if is_surprise(shot):
        return words.text("A goal that hardly anybody expects: it goes in %(often)s.", often=often)
    if shot["rank"] is None or shot["ranked_among"] is None:
        return words.text("It goes in %(often)s.", often=often)
    return words.text(
        "%(rank)s: it goes in %(often)s.",
        rank=rank_in_words(shot["rank"], shot["ranked_among"], words),
        often=often,
    )


def is_surprise(shot: Facts) -> bool:
    """Whether it was a goal that a model which had not seen the match, wherever there is one, did not expect."""
    xg = shot["xg"] if shot["unseen_xg"] is None else shot["unseen_xg"]
    return bool(shot["is_goal"] and xg < SURPRISE_XG)
