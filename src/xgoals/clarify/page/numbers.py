"""Numbers of any table in words: with as many decimals as they need."""

from math import ceil, floor, isfinite, log10

from xgoals.language import Language

_DIGITS = 3
_MOST_DECIMALS = 6
_MOST_BEFORE_THE_POINT = 12


def value_in_words(value: float, words: Language) -> str:
    """A value of a column, at most three digits after the first that counts; a dash where it is missing.

    What is very large or very small has its power of ten: ``9.01e+24``, ``2.50e-09``.
    """
    if not isfinite(value):
        return "–" if value != value else ("∞" if value > 0 else f"{words.number(-1, 0)[0]}∞")
    power = floor(log10(abs(value))) if value else 0
    if not -_MOST_DECIMALS <= power < _MOST_BEFORE_THE_POINT:
        mantissa, exponent = f"{value:.{_DIGITS - 1}e}".split("e")
        return f"{words.number(float(mantissa), _DIGITS - 1)}e{exponent}"
    if value == round(value):
        return words.number(value, 0)
    return words.number(value, min(max(_DIGITS - 1 - power, 0), _MOST_DECIMALS))


def decimals_for(largest: float, least: int) -> int:
    """Decimals that show three digits of the largest of some numbers: at least ``least``, nine at most."""
    if not largest > 0:
        return least
    return min(max(_DIGITS - 1 - floor(log10(largest)), least), 9)


def decimals_of(step: float) -> int:
    """Decimals that neighbours at a distance of ``step`` need to be told apart."""
    return min(max(ceil(-log10(step)), 0), _MOST_DECIMALS) if step > 0 else 2
