"""What is asked of all clubs of a season at once, so that each club's page can say what chance explains."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.club.blocks import WHOSE, Direction, IntArray, club_id
from xgoals.analysis.club.comparison import MIN_MATCHES, Comparisons, compare
from xgoals.analysis.club.finishing import measure_of_finishing
from xgoals.analysis.club.origins import SET_PIECES, last_passes, origins
from xgoals.analysis.club.places import square_numbers, zones
from xgoals.analysis.club.reasons import PART_COLUMNS, PARTS, ForProfiles, measures_of_reasons
from xgoals.analysis.club.ways import Words, measures_of_words


@dataclass(frozen=True, eq=False)
class SeasonShots:
    """A season's shots and every comparison of its clubs.

    Attributes
    ----------
    shots
        Of the matches that count, with :data:`~xgoals.analysis.club.reasons.PART_COLUMNS` and ``empty_xg``.
    actors, seen
        Who took what at them, and who is in their frames.
    n_matches
        Matches that count, by club (:func:`xgoals.analysis.club.blocks.club_id`).
    words
        What is said of each shot: how the attack began, the last pass, the zone.
    comparisons
        Of shares and xG per shot of the words ("origin", "pass", "zone"), xG and its parts ("reasons"), goals minus xG
        ("finishing"): each family is judged by itself.
    profiles, squares
        What profiles and maps are made of.
    """

    shots: pd.DataFrame
    actors: pd.DataFrame
    seen: pd.DataFrame
    n_matches: Mapping[str, int]
    words: Mapping[str, Words]
    comparisons: Comparisons
    profiles: ForProfiles
    squares: IntArray


def season_shots(
    shots: pd.DataFrame,
    reasons: pd.DataFrame,
    actors: pd.DataFrame,
    seen: pd.DataFrame,
    n_matches: Mapping[str, int],
) -> SeasonShots:
    """Compare all clubs of a season.

    Parameters
    ----------
    shots
        Of the matches that count: the columns of a season's shots.
    reasons
        ``shot_key``, the four parts and ``empty_xg``; of a part of the shots, or of none.
    actors, seen
        See :func:`xgoals.analysis.club.defenders.defenders`.
    n_matches
        Matches that count, by club.
    """
    names = dict(zip(map(str, PARTS), PART_COLUMNS, strict=True))
    why = reasons[["shot_key", *names, "empty_xg"]].rename(columns=names)
    told = shots.merge(why, on="shot_key", how="left", validate="1:1")
    words = {
        "origin": Words.of("origin", origins(told), {"set_pieces": tuple(map(str, SET_PIECES))}),
        "pass": Words.of("pass", last_passes(told)),
        "zone": Words.of("zone", zones(told)),
    }
    xg = told["xg"].where(~told["is_penalty"].astype(bool)).to_numpy(dtype=np.float64)
    measures = [measure for said in words.values() for measure in measures_of_words(said, xg)]
    measures += [*measures_of_reasons(told), measure_of_finishing(told)]
    return SeasonShots(
        told,
        actors,
        seen,
        n_matches,
        words,
        compare(told, measures),
        ForProfiles.of(told),
        square_numbers(told),
    )


def ranks(season: SeasonShots, direction: Direction) -> dict[str, int]:
    """The place of each club with enough matches by xG a match, the most for and the least against first."""
    whose = WHOSE[direction]
    names = zip(season.shots["provider"], season.shots[whose], strict=True)
    clubs = [club_id(str(provider), str(team)) for provider, team in names]
    found = season.shots["xg"].groupby(clubs).sum().to_dict()
    sign = -1 if direction is Direction.FOR else 1
    per_match = {
        club: sign * found.get(club, 0.0) / n for club, n in season.n_matches.items() if n >= MIN_MATCHES
    }
    return {club: 1 + sum(other < value for other in per_match.values()) for club, value in per_match.items()}


def home_advantage(shots: pd.DataFrame, n_matches: int) -> float:
    """How much more xG a match all home sides have than all away sides (``xg, is_home``); NaN without a match."""
    is_home = shots["is_home"].to_numpy(dtype=bool)
    xg = shots["xg"].to_numpy(dtype=np.float64)
    return float(xg[is_home].sum() - xg[~is_home].sum()) / n_matches if n_matches else np.nan
