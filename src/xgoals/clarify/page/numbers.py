"""Numbers of any table in words: with as many decimals as they need."""

from math import ceil, floor, isfinite, log10

from xgoals.language import Language

_DIGITS = 3
_MOST_DECIMALS = 6


def value_in_words(value: float, words: Language) -> str:
    """A value of a column, at most three digits after the first that counts; a dash where it is missing."""
    if not isfinite(value):
        return "–" if value != value else ("∞" if value > 0 else f"{words.number(-1, 0)[0]}∞")
    if value == round(value):
        return words.number(value, 0)
    decimals = min(max(_DIGITS - 1 - floor(log10(abs(value))), 0), _MOST_DECIMALS)
    return words.number(value, decimals)


def decimals_of(step: float) -> int:
    """Decimals that neighbours at a distance of ``step`` need to be told apart."""
    return min(max(ceil(-log10(step)), 0), _MOST_DECIMALS) if step > 0 else 2
