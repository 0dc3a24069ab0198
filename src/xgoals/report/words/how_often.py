"""A probability as football hears it."""

from xgoals.language import Language

_ORDINARY = 0.45


def how_often(chance: float, words: Language) -> str:
    """A probability as "1 in n"; from nearly a half on it is nothing out of the ordinary."""
    if chance >= _ORDINARY:
        return words.text("often")
    if chance < 0.001:
        return words.text("less than 1 in 1,000")
    return words.text("1 in %(n)s", n=words.count(round(1 / chance)))
