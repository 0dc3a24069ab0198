"""A probability as people say it: "about one in nine goes in"."""

from xgoals.language import Language

NUMBERS = (
    *("", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
"""Small numbers in words."""

_OFTEN = 0.4
"""From here on it is said in tenths."""


def about_one_in(xg: float, words: Language) -> str:
    """How many of such shots go in."""
    if xg < 0.01:
        return words.text("fewer than one in a hundred goes in")
    if xg < _OFTEN:
        return words.text("about one in %(n)s goes in", n=number_word(_plain(1 / xg), words))
    tenths = round(10 * xg)
    if tenths == 10:
        return words.text("nearly every one goes in")
    if tenths == 5:
        return words.text("about every second one goes in")
    return words.text("about %(n)s in ten go in", n=number_word(tenths, words))


def _plain(n: float) -> int:
    """As exactly as anybody would say it."""
    step = 1 if n < 20 else 5 if n < 50 else 10
    return step * round(n / step)


def number_word(n: int, words: Language) -> str:
    """A small number as a word, a larger one in digits."""
    return words.text(NUMBERS[n]) if n < len(NUMBERS) else words.count(n)
