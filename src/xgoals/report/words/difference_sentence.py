"""Why our xG of a shot and the provider's differ, in one sentence."""

from xgoals.analysis.differences import WORTH_TELLING, is_told
from xgoals.domain.difference import ShotDifference
from xgoals.domain.reason import Part
from xgoals.language import Language

_TOLD = 3
"""At most so many parts are told, the largest."""


def difference_sentence(difference: ShotDifference | None, provider: str, words: Language) -> str:
    """Why the provider says something else: "StatsBomb says 0.12, 0.09 less than this model: +0.06 for the keeper".

    Empty where there is nothing to tell: a small difference, a provider's number that our features do not know
    enough of, a penalty.

    Parameters
    ----------
    provider
        As people call it: "StatsBomb".
    """
    if difference is None or not is_told(difference):
        return ""
    said = {
        "provider": provider,
        "theirs": words.xg(difference.provider_xg),
        "gap": words.xg(abs(difference.difference)),
        "parts": words.listing(_parts(difference, words)),
    }
    if difference.difference > 0:
        return words.text("%(provider)s says %(theirs)s, %(gap)s less than this model: %(parts)s.", **said)
    return words.text("%(provider)s says %(theirs)s, %(gap)s more than this model: %(parts)s.", **said)


def _parts(difference: ShotDifference, words: Language) -> list[str]:
    """What makes the difference, the largest first, each as ours minus the provider's."""
    names = {
        Part.PLACE: words.text("for where it was taken from"),
        Part.KEEPER: words.text("for the keeper"),
        Part.OPPONENTS: words.text("for the opponents"),
        Part.STRIKE: words.text("for the strike"),
    }
    values = {names[part]: value for part, value in difference.parts.items()}
    values[words.text("for what no feature here says")] = difference.rest
    told = sorted(values, key=lambda name: -abs(values[name]))[:_TOLD]
    return [
        f"{words.number(values[name], 2, signed=True)} {name}"
        for name in told
        if abs(values[name]) >= WORTH_TELLING
    ]
