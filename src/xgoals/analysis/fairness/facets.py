"""Into which parts shots are put, and which clubs were promoted."""

from itertools import pairwise

import numpy as np
import pandas as pd

from xgoals.analysis.shots import season_label
from xgoals.domain import geometry
from xgoals.domain.findings.fairness import Facet

MIN_SHOTS = 100
MIN_MATCHES = 5
"""With fewer shots, or matches, a part is not tested: it would only make the others harder to tell from chance."""
LONGEST_BREAK_DAYS = 200
"""A season begins at most so long after the last match of the one before it; else that one is not stored."""
LEAST_STAYING = 0.5
"""Fewer of a season's clubs than this share in the season before: too little of that one is stored to judge by."""
PLACE_BANDS_M = (0, 6, 11, 16.5, 22, 30)
PROMOTED, STAYED = "promoted", "stayed"
_PLACE_UNKNOWN = len(PLACE_BANDS_M)


def facet_labels(shots: pd.DataFrame) -> "dict[Facet, pd.Series[str]]":
    """The part of each shot, by facet, aligned with the shots; missing where it is not known.

    Parameters
    ----------
    shots
        ``provider, competition, season, match_date, team, home_team, away_team, body_part``.
    """
    team, body_part = shots["team"].astype(str), shots["body_part"].astype(str)
    season = season_label(shots)
    is_home = team == shots["home_team"].astype(str)
    venue = is_home.map({True: "home", False: "away"})
    found: dict[Facet, pd.Series[str]] = {
        Facet.CLUB: team,
        Facet.CLUB_SEASON: team + ", " + season,
        Facet.VENUE: venue,
        Facet.BODY_PART: body_part.where(body_part != "unknown"),
        Facet.SEASON: season,
        Facet.COMPETITION: shots["competition"].astype(str),
        Facet.PROMOTED: promoted(shots),
        Facet.PROVIDER: shots["provider"].astype(str),
    }
    if not _has_seasons_of_a_club(team, season):
        del found[Facet.CLUB_SEASON]
    if season.nunique() == found[Facet.COMPETITION].nunique():  # it would say the same of the same shots
        del found[Facet.SEASON]
    return found


def _has_seasons_of_a_club(team: "pd.Series[str]", season: "pd.Series[str]") -> bool:
    """Whether any club has two seasons of shots enough: else a season of a club says what the club says."""
    n_shots = pd.Series(season).groupby([team.to_numpy(), season.to_numpy()]).size()
    enough = n_shots[n_shots >= MIN_SHOTS]
    return bool((enough.groupby(level=0).size() > 1).any())


def promoted(shots: pd.DataFrame) -> "pd.Series[str]":
    """Whether the shooter's club is new to the competition in its season, aligned with the shots.

    ``PROMOTED`` where the club has no match in the season before, ``STAYED`` where it has; missing where the season
    before is not stored: the first one, one after a gap of years, or one of which few clubs are known.

    Parameters
    ----------
    shots
        ``provider, competition, season, match_date, home_team, away_team, team``.
    """
    of = ["provider", "competition", "season"]
    plain = shots[[*of, "home_team", "away_team", "team"]].astype(str)
    plain["match_date"] = pd.to_datetime(shots["match_date"])
    known: dict[tuple[str, ...], str] = {}
    for key, league in plain.groupby(of[:2], sort=True):
        for season, told in _newcomers(league).items():
            known |= {(*map(str, key), season, club): status for club, status in told.items()}
    keys = zip(*(plain[name] for name in (*of, "team")), strict=True)
    return pd.Series([known.get(key) for key in keys], index=shots.index, dtype=object)


def _newcomers(league: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Season -> club -> whether it was there the season before; seasons of which that is known."""
    parts = {str(season): part for season, part in league.groupby("season")}
    clubs = {season: {*part["home_team"], *part["away_team"]} for season, part in parts.items()}
    days = {season: part["match_date"].to_numpy(dtype="datetime64[D]") for season, part in parts.items()}
    found = {}
    for before, season in pairwise(sorted(days, key=lambda name: days[name].min())):
        break_days = int((days[season].min() - days[before].max()).astype(int))
        staying = clubs[season] & clubs[before]
        if 0 <= break_days <= LONGEST_BREAK_DAYS and len(staying) >= LEAST_STAYING * len(clubs[season]):
            found[season] = {club: STAYED if club in staying else PROMOTED for club in clubs[season]}
    return found


def place_bands(shots: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """From how far each shot was taken, as the number of a band of :data:`PLACE_BANDS_M`; unknown is one of its own."""
    distance = geometry.distance_to_goal_m(shots["x_m"], shots["y_m"], shots["pitch_length_m"] / 2)
    metres = np.asarray(distance, dtype=np.float64)
    bands = np.searchsorted(PLACE_BANDS_M, metres, side="right") - 1
    return np.where(np.isnan(metres), _PLACE_UNKNOWN, bands).astype(np.intp)
