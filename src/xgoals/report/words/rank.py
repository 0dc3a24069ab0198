"""The rank of a chance in words: "Better than 94 of 100 shots with the foot"."""

from collections.abc import Iterator
from typing import NamedTuple

from xgoals.analysis.facts.rank import Kind
from xgoals.language import Language

_EXTREME = 0.01
"""The best and the worst in a hundred are told as such."""
_HALF = 50


class _Phrases(NamedTuple):
    best: str
    better: str
    only: str
    worst: str


_PHRASES: dict[Kind, _Phrases] = {
    "foot": _Phrases(
        "Among the best in a hundred shots with the foot",
        "Better than %(n)s of 100 shots with the foot",
        "Better than only %(n)s of 100 shots with the foot",
        "Among the worst in a hundred shots with the foot",
    ),
    "head": _Phrases(
        "Among the best in a hundred headers",
        "Better than %(n)s of 100 headers",
        "Better than only %(n)s of 100 headers",
        "Among the worst in a hundred headers",
    ),
    "free_kick": _Phrases(
        "Among the best in a hundred direct free kicks",
        "Better than %(n)s of 100 direct free kicks",
        "Better than only %(n)s of 100 direct free kicks",
        "Among the worst in a hundred direct free kicks",
    ),
    "all": _Phrases(
        "Among the best in a hundred shots",
        "Better than %(n)s of 100 shots",
        "Better than only %(n)s of 100 shots",
        "Among the worst in a hundred shots",
    ),
}


def rank_in_words(rank: float, kind: Kind, words: Language) -> str:
    """How good a chance was among its kind.

    Parameters
    ----------
    rank
        The share of shots of this kind that are worth less (:func:`xgoals.analysis.facts.rank.rank`).
    """
    phrases = _PHRASES[kind]
    if rank >= 1 - _EXTREME:
        return words.text(phrases.best)
    if rank < _EXTREME:
        return words.text(phrases.worst)
    n = int(100 * rank)
    return words.text(phrases.better if n >= _HALF else phrases.only, n=words.count(n))


def texts() -> Iterator[str]:
    """What comes from a table, for whoever translates it."""
    for phrases in _PHRASES.values():
        yield from phrases
