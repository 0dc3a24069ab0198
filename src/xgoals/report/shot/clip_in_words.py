"""What the line "xG if he shot now" says of a shot, in a sentence or two; each a rule on numbers the model has seen."""

import numpy as np

from xgoals.language import Language
from xgoals.reasons.if_now import IfNow

_AT_ONCE_S = 0.3
"""Who has had the ball for less than this shot at once."""
_MUCH = 1.25
_MUCH_XG = 0.03
"""One moment is better than another by this factor, and by at least this much."""


def clip_story(now: IfNow, words: Language) -> str:
    """Whether he waited too long, or waiting paid: only about moments in which he had the ball, and the model a say.

    Empty where that cannot be told: the ball is not with him at the shot, or nothing like it was seen.
    """
    since = _had_ball_since(now)
    if since is None:
        return ""
    if -now.time_s[since] < _AT_ONCE_S:
        return words.text("He shot at once: the ball had only just come into his reach.")
    known = np.arange(since, len(now.xg))
    known = known[now.is_seen[known] & ~np.isnan(now.xg[known])]
    end = float(now.xg[-1])
    if not len(known) or known[-1] != len(now.xg) - 1:
        return ""
    best, first = int(known[np.argmax(now.xg[known])]), int(known[0])
    if _is_better(float(now.xg[best]), end):
        return words.text(
            "The better moment had passed: %(s)s s earlier a shot would have been worth %(then)s, not %(now)s.",
            s=words.number(-now.time_s[best], 1),
            then=words.xg(float(now.xg[best])),
            now=words.xg(end),
        )
    values = {"s": words.number(-now.time_s[first], 1), "then": words.xg(float(now.xg[first]))}
    if _is_better(end, float(now.xg[first])):
        return words.text(
            "Waiting paid: %(s)s s earlier, with the ball already in his reach, a shot would have been worth "
            "%(then)s.",
            **values,
        )
    return words.text(
        "No moment with the ball in his reach was much better or worse: %(s)s s earlier a shot would have been "
        "worth %(then)s.",
        **values,
    )


def _is_better(one: float, other: float) -> bool:
    return one >= _MUCH * other and one - other >= _MUCH_XG


def _had_ball_since(now: IfNow) -> int | None:
    """The first of the unbroken row of moments with the ball that ends at the shot."""
    without = np.flatnonzero(~now.has_ball)
    if not len(without):
        return 0
    since = int(without[-1]) + 1
    return since if since < len(now.xg) else None
