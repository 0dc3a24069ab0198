"""Why our xG of a shot and the provider's differ, in one sentence; and the shots of a matchday that differ most."""

from collections.abc import Mapping

import pandas as pd

from xgoals.analysis.differences import WORTH_TELLING, is_told, largest
from xgoals.analysis.shots import text_or_empty
from xgoals.domain.difference import ShotDifference
from xgoals.domain.reason import Part
from xgoals.language import Language
from xgoals.report.facts import Facts
from xgoals.report.words.clock import clock
from xgoals.report.words.providers import SOURCES

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
        "parts": words.listing(_parts(difference, words)) or words.text("many small things together"),
    }
    if difference.difference > 0:
        return words.text("%(provider)s says %(theirs)s, %(gap)s less than this model: %(parts)s.", **said)
    return words.text("%(provider)s says %(theirs)s, %(gap)s more than this model: %(parts)s.", **said)


def _parts(difference: ShotDifference, words: Language) -> list[str]:
    """What makes the difference, the largest first, each as ours minus the provider's."""
    names = for_each_part(words)
    values = {names[part]: value for part, value in difference.parts.items()}
    values[words.text("for the average shot")] = difference.average
    values[words.text("for what no feature here says")] = difference.rest
    told = sorted(values, key=lambda name: -abs(values[name]))[:_TOLD]
    return [
        f"{words.number(values[name], 2, signed=True)} {name}"
        for name in told
        if abs(values[name]) >= WORTH_TELLING
    ]


def for_each_part(words: Language) -> dict[Part, str]:
    """What each part is called after its value."""
    return {
        Part.PLACE: words.text("for where it was taken from"),
        Part.KEEPER: words.text("for the keeper"),
        Part.OPPONENTS: words.text("for the opponents"),
        Part.STRIKE: words.text("for the strike"),
    }


def differences_of_a_matchday(
    shots: pd.DataFrame, differences: Mapping[int, ShotDifference], words: Language
) -> list[Facts]:
    """The shots that we and the provider differ about most, the largest difference first.

    Parameters
    ----------
    shots
        As pages take them; without ``shot_key`` nothing is told.
    differences
        By ``shot_key``.

    Returns
    -------
    list of dict
        ``match_id, shot_id, player, clock, team, match, is_goal, xg, provider_xg, provider`` and the ``sentence``.
    """
    if "shot_key" not in shots:
        return []
    rows = shots.drop_duplicates("shot_key").set_index("shot_key")
    known = {int(key): differences[key] for key in rows.index if key in differences}
    return [
        _row({str(name): value for name, value in rows.loc[key].items()}, known[key], words)
        for key in largest(known)
    ]


def _row(shot: Facts, difference: ShotDifference, words: Language) -> Facts:
    name = text_or_empty(shot["provider"]) if "provider" in shot else ""
    provider = SOURCES.get(name, name or words.text("The provider"))
    return {
        "match_id": text_or_empty(shot["match_id"]),
        "shot_id": text_or_empty(shot["shot_id"]),
        "player": text_or_empty(shot["player"]),
        "team": text_or_empty(shot["team"]),
        "match": f"{text_or_empty(shot['home_team'])} – {text_or_empty(shot['away_team'])}",
        "clock": clock(shot),
        "is_goal": bool(shot["is_goal"]),
        "xg": difference.xg,
        "provider_xg": difference.provider_xg,
        "provider": provider,
        "sentence": difference_sentence(difference, provider, words),
    }
