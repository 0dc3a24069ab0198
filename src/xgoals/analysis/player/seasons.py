"""A player's goals and xG, a line a season and club."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from xgoals.analysis.player.goals import GoalsAgainstXg, goals_against_xg
from xgoals.analysis.player.shots import PlayerShot, Shots, open_play
from xgoals.domain.page_keys import ClubKey


@dataclass(frozen=True, slots=True)
class SeasonLine:
    """What a player did in a season for a club.

    Attributes
    ----------
    club
        For whom, and in which season.
    last
        The day of the last of these matches.
    n_matches
        Matches with at least one of these shots.
    everything, plain
        Goals against xG with and without penalties.
    """

    club: ClubKey
    last: date
    n_matches: int
    everything: GoalsAgainstXg
    plain: GoalsAgainstXg


def season_lines(shots: Shots, club: Callable[[PlayerShot], ClubKey]) -> tuple[SeasonLine, ...]:
    """The lines of one player, the newest season first; ``club`` says for whom he was at a shot."""
    grouped: dict[ClubKey, list[PlayerShot]] = {}
    for shot in shots:
        grouped.setdefault(club(shot), []).append(shot)
    lines = [_line(key, part) for key, part in grouped.items()]
    return tuple(sorted(lines, key=lambda line: (line.last, line.club), reverse=True))


def _line(club: ClubKey, shots: Shots) -> SeasonLine:
    return SeasonLine(
        club=club,
        last=max(shot.match_date for shot in shots),
        n_matches=len({shot.match for shot in shots}),
        everything=goals_against_xg(shots),
        plain=goals_against_xg(open_play(shots)),
    )
