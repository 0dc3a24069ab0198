"""What pages of clubs and players tell of a season, as a digest each: while it is the same there is nothing new."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xgoals.domain.page_keys import ClubKey, MatchKey, PlayerKey
from xgoals.steps.pages.links import PageLinks
from xgoals.steps.pages.season_data import SeasonData

if TYPE_CHECKING:
    import pandas as pd

Hashes = npt.NDArray[np.uint64]


def with_cards(data: SeasonData, links: PageLinks) -> SeasonData:
    """The season, each shot with whether it has a card by now: pages of clubs and players lead to it."""
    has_page = {match.key: links.to(match.key) is not None for match in data.matches}
    keys = map(MatchKey, data.shots["provider"], data.shots["match_id"])
    return replace(data, shots=data.shots.assign(has_card=[has_page[key] for key in keys]))


def club_digests(data: SeasonData, *ingredients: object) -> dict[ClubKey, str]:
    """A digest for each club of its matches, of the shots in them and of their reasons.

    What the page says of the league beside it may be as old as the club's own newest match.
    """
    shots, of_shot = data.shots, _told_of_shots(data)
    totals = [_sums(shots["provider"], shots[column], of_shot) for column in ("team_id", "opponent_id")] + [
        _sums(data.own_goals["provider"], data.own_goals["team_id"], _rows(data.own_goals))
    ]
    return {
        club: _digest(
            club.name,
            [
                (
                    match.key,
                    match.round,
                    match.home,
                    match.away,
                    match.home_score,
                    match.away_score,
                    match.status,
                )
                for match in data.matches_of(club)
            ],
            [of.get((club.provider, club.team_id), 0) for of in totals],
            ingredients,
        )
        for club in data.clubs
    }


def player_digests(data: SeasonData, *ingredients: object) -> dict[PlayerKey, str]:
    """A digest for each player of the shots that he took, prepared, faced or changed, and of their reasons."""
    shots, of_shot = data.shots, _told_of_shots(data)
    by_key = dict(zip(shots["shot_key"], of_shot, strict=True))
    seen, actors = data.seen, data.actors
    totals = [
        _sums(shots["provider"], shots[column], of_shot)
        for column in ("player_id", "assist_player_id", "keeper_id")
    ]
    totals += [
        _sums(frame["provider"], frame["player_id"], _of_shots(frame, by_key)) for frame in (actors, seen)
    ]
    return {
        player: _digest(name, [of.get((player.provider, player.player_id), 0) for of in totals], ingredients)
        for player, name in data.players.items()
    }


def _told_of_shots(data: SeasonData) -> Hashes:
    """A hash of all that is told of each shot, shape (shots,)."""
    shots = data.shots
    with np.errstate(over="ignore"):
        told = _rows(shots)
        for frame in (data.reasons, data.actors):
            of = dict.fromkeys(shots["shot_key"], np.uint64(0))
            for key, value in zip(frame["shot_key"], _rows(frame), strict=True):
                if key in of:
                    of[key] += value
            told = told + np.fromiter(of.values(), dtype=np.uint64, count=len(of))
    return told


def _of_shots(frame: "pd.DataFrame", by_key: dict[int, np.uint64]) -> Hashes:
    return np.array([by_key.get(key, np.uint64(0)) for key in frame["shot_key"]], dtype=np.uint64)


def _rows(frame: "pd.DataFrame") -> Hashes:
    import pandas as pd

    return np.asarray(pd.util.hash_pandas_object(frame, index=False), dtype=np.uint64)


def _sums(providers: Iterable[str], ids: Iterable[object], hashes: Hashes) -> dict[tuple[str, str], int]:
    """The hashes summed by provider and id, in whatever order they come."""
    found: dict[tuple[str, str], int] = {}
    for provider, key, value in zip(providers, ids, hashes.tolist(), strict=True):
        if isinstance(key, str):
            found[provider, key] = (found.get((provider, key), 0) + value) % 2**64
    return found


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
