"""A player's shots as marks on a pitch and lines of a table, with what they can be filtered by."""

from collections.abc import Iterable, Sequence

from xgoals.analysis.player.goals import goals_against_xg
from xgoals.analysis.player.kinds import Situation, Strike
from xgoals.analysis.player.shots import PlayerShot, Shots
from xgoals.domain.shot import Outcome
from xgoals.language import Language
from xgoals.report.page.render import OUTCOME_WORDS
from xgoals.report.player.facts import Addresses
from xgoals.report.player.kinds_in_words import SITUATIONS, STRIKES
from xgoals.report.player.shown import (
    Filter,
    Link,
    Mark,
    MarkSize,
    Option,
    SelectionTexts,
    ShotMap,
    ShownShot,
)
from xgoals.report.words.clock import clock

MOST_SHOTS = 800
"""So many shots, the newest, a map and its table show; numbers are of all."""

MARK_M, LEAST_MARK_M = 2.6, 0.45
"""Radius of a mark for 1 xG, and the least one; as on the map of a match, where there are not too many."""
_MANY = 60
"""From so many shots on marks get smaller, so that they take no more room together."""

_LEAST_DEPTH_M, _MOST_DEPTH_M, _HALF_WIDTH_M = 30.0, 48.0, 35.0
_SIZES_XG = (0.05, 0.2, 0.5)
FOOT = "foot"
"""Choosing this shows both feet."""


def shown_shot(
    shot: PlayerShot, addresses: Addresses, words: Language, *, names_shooter: bool, scale: float = 1.0
) -> ShownShot:
    """One shot; ``names_shooter`` where the page is somebody else's, ``scale`` of its mark."""
    place = None if shot.depth_m is None or shot.left_m is None else (-shot.left_m, shot.depth_m)
    return ShownShot(
        link=Link(match_and_minute(shot), addresses.cards.get(shot.shot_key)),
        day=shot.match_date,
        who=(shot.player or words.text("Unknown player")) if names_shooter else "",
        how=_how(shot, words),
        outcome=words.text(OUTCOME_WORDS.get(shot.outcome, "no goal")),
        xg=shot.xg,
        is_goal=shot.is_goal,
        is_penalty=shot.is_penalty,
        shape=shot.outcome,
        body=shot.kinds.strike.value,
        situation=shot.kinds.situation.value,
        season=shot.season.scope_id,
        x=None if place is None else min(max(place[0], -_HALF_WIDTH_M), _HALF_WIDTH_M),
        y=None if place is None else min(place[1], _MOST_DEPTH_M - 1),
        r=max(LEAST_MARK_M, scale * MARK_M * shot.xg**0.5),
    )


def match_and_minute(shot: PlayerShot) -> str:
    """Both teams, the home side first, and the minute."""
    home, away = (shot.club, shot.opponent) if shot.is_home else (shot.opponent, shot.club)
    return f"{home.name} – {away.name}, {clock({'minute': shot.minute, 'period': shot.period})}"


def _how(shot: PlayerShot, words: Language) -> str:
    """The strike, the distance from the goal line and the situation; of a penalty that alone."""
    if shot.is_penalty:
        return words.text("penalty")
    parts = [words.text(STRIKES[shot.kinds.strike])]
    if shot.depth_m is not None:
        parts.append(words.text("%(distance)s m out", distance=words.number(shot.depth_m, 0)))
    if shot.kinds.situation is not Situation.OPEN_PLAY:
        parts.append(words.text(SITUATIONS[shot.kinds.situation]))
    return ", ".join(parts)


def shot_map(
    shots: Shots,
    addresses: Addresses,
    words: Language,
    *,
    key: str,
    title: str,
    text: str,
    names_shooter: bool = False,
) -> ShotMap:
    """The map of some shots.

    Parameters
    ----------
    shots
        In the order of play, at least one.
    key
        Its name in the page.
    """
    latest = list(reversed(shots))[:MOST_SHOTS]
    scale = max(0.5, min(1.0, (_MANY / len(latest)) ** 0.5))
    shown = tuple(
        shown_shot(shot, addresses, words, names_shooter=names_shooter, scale=scale) for shot in latest
    )
    placed = [Mark(n, shot) for n, shot in enumerate(shown) if shot.x is not None]
    furthest = max((mark.shot.y or 0.0 for mark in placed), default=0.0)
    return ShotMap(
        key=key,
        title=title,
        text=text,
        shots=shown,
        marks=tuple(sorted(placed, key=lambda mark: -mark.shot.r)),
        depth=min(max(_LEAST_DEPTH_M, furthest + 3), _MOST_DEPTH_M),
        filters=_filters(latest, words),
        summary=selection_in_words(latest, words),
        texts=_selection_texts(words),
        n_unplaced=len(shown) - len(placed),
        n_left_out=len(shots) - len(latest),
        sizes=tuple(MarkSize(xg, scale * MARK_M * xg**0.5) for xg in _SIZES_XG),
    )


def selection_in_words(shots: Shots, words: Language) -> str:
    """Count some shots; the page's script says the same of what a reader selects."""
    found = goals_against_xg(shots)
    return _selection_text(
        words,
        shots=words.plural("one shot", "%(n)s shots", found.n_shots),
        goals=words.plural("one goal", "%(n)s goals", found.goals),
        xg=words.number(found.xg),
        fewest=words.count(found.fewest),
        most=words.count(found.most),
    )


def _selection_texts(words: Language) -> SelectionTexts:
    places = {name: f"{{{name}}}" for name in ("shots", "goals", "xg", "fewest", "most")}
    return SelectionTexts(
        summary=_selection_text(words, **places),
        shot=words.text("one shot"),
        shots=words.text("%(n)s shots", n="{n}"),
        goal=words.text("one goal"),
        goals=words.text("%(n)s goals", n="{n}"),
    )


def _selection_text(words: Language, **parts: str) -> str:
    """The sentence about a selection, with these parts or places for them."""
    return words.text(
        "%(shots)s, %(goals)s, %(xg)s xG. Such chances give %(fewest)s to %(most)s goals in 95 of 100 cases.",
        **parts,
    )


def _filters(shots: Sequence[PlayerShot], words: Language) -> tuple[Filter, ...]:
    """What there is to choose; a filter with one choice is none."""
    body = [Option(strike.value, words.text(STRIKES[strike])) for strike in Strike if _any(shots, strike)]
    if {Strike.LEFT_FOOT, Strike.RIGHT_FOOT} <= {shot.kinds.strike for shot in shots} and len(body) > 2:
        body.insert(0, Option(FOOT, words.text("with the foot")))
    situation = [Option(kind.value, words.text(SITUATIONS[kind])) for kind in Situation if _any(shots, kind)]
    ends = {shot.outcome for shot in shots}
    outcome = [Option(end.value, words.text(OUTCOME_WORDS[end])) for end in Outcome if end in ends]
    seasons = [Option(name, name) for name in dict.fromkeys(shot.season.scope_id for shot in shots)]
    filters = (
        Filter("body", words.text("Struck with"), tuple(body)),
        Filter("situation", words.text("Situation"), tuple(situation)),
        Filter("outcome", words.text("Outcome"), tuple(outcome)),
        Filter("season", words.text("Season"), tuple(seasons)),
    )
    return tuple(found for found in filters if len(found.options) > 1)


def _any(shots: Iterable[PlayerShot], kind: Strike | Situation) -> bool:
    return any(kind in (shot.kinds.strike, shot.kinds.situation) for shot in shots)
