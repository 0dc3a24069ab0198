"""A simulated match as the three files of the DFL feed: match information, events, positions.

What ``xgoals.feeds.dfl`` reads, written from a MatchRecord whose scenes have frames, velocities and a ball.
The layout has the traps of the real feed: attributes in changing order, several frame sets on a line, a
missing pitch size, shots inside free kicks and penalties, withdrawn events, a clock that is off, frames that
nobody calculated. The same seed writes the same bytes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import numpy as np

from xgoals.domain.match import Team
from xgoals.domain.scene import MatchRecord
from xgoals.feeds.simulator.dfl_events import event_lines
from xgoals.feeds.simulator.dfl_frames import RATE_HZ, TimedShot, last_frame, spread
from xgoals.feeds.simulator.dfl_positions import write_positions
from xgoals.feeds.simulator.dfl_text import FIRST_FRAME, LOCAL, Game, iso, open_message, signs_of, tag

OFFICIAL_SHARE = 0.9
"""Of the shots whose frame the feed names."""


@dataclass(frozen=True, slots=True)
class DflTruth:
    """What was written: the three files, and the true frame of every shot by its id."""

    matchinfo: Path
    events: Path
    positions: Path
    frames: Mapping[str, int]


def write_dfl_match(
    record: MatchRecord,
    folder: Path,
    *,
    seed: int,
    contiguous: bool = False,
    official_share: float = OFFICIAL_SHARE,
    message_time: datetime | None = None,
) -> DflTruth:
    """Write one simulated match as DFL files.

    Parameters
    ----------
    record
        Every shot has a place, an event time and a scene with a frame number and a clock offset.
    folder
        Where the files go; made if need be.
    seed
        The same seed gives the same bytes.
    contiguous
        Frames of whole halves (about 400 MB) instead of excerpts around the shots (about 8 MB).
    official_share
        Of the shots whose frame the feed names.
    message_time
        Of all three files; by default the day after the match.

    Raises
    ------
    ValueError
        If a shot has no place, time or frame.
    """
    rng = np.random.default_rng(seed)
    game = game_of(rng, record, contiguous=contiguous, official_share=official_share)
    time = message_time or (record.match.kick_off or datetime.now(LOCAL)) + timedelta(days=1)
    folder.mkdir(parents=True, exist_ok=True)
    names = ("02_01_matchinformation", "03_02_events_raw", "04_03_positions_raw_observed")
    match = record.match
    files = [folder / f"DFL_{name}_{match.competition_id}_{match.match_id}.xml" for name in names]
    files[0].write_text("".join(matchinfo_lines(game, time)), encoding="utf-8")
    files[1].write_text("".join(event_lines(rng, game, time)), encoding="utf-8")
    with files[2].open("w", encoding="utf-8", newline="\n") as file:
        write_positions(rng, game, time, file, contiguous=contiguous)
    return DflTruth(files[0], files[1], files[2], {timed.shot.shot_id: timed.n for timed in game.shots})


def game_of(
    rng: np.random.Generator, record: MatchRecord, *, contiguous: bool, official_share: float
) -> Game:
    """The record with its frames: who is whose, when the halves began, and every shot on a frame of its own."""
    starts = {1: record.match.kick_off or datetime.now(LOCAL)}
    team_of: dict[str, str] = {}
    keepers: set[str] = set()
    timed = []
    for shot, scene in zip(record.shots, record.scenes, strict=True):
        if (
            shot.x_m is None
            or shot.event_time is None
            or scene.frame_n is None
            or scene.clock_offset_s is None
        ):
            raise ValueError(f"shot {shot.shot_id} has no place, time or frame")
        into_half = timedelta(seconds=(scene.frame_n - FIRST_FRAME[shot.period]) / RATE_HZ)
        starts.setdefault(shot.period, shot.event_time - timedelta(seconds=scene.clock_offset_s) - into_half)
        others = next(team.team_id for team in record.teams if team.team_id != shot.team_id)
        if shot.player_id:
            team_of[shot.player_id] = shot.team_id
        for person in scene.people:
            if person.player_id:
                team_of[person.player_id] = shot.team_id if person.is_teammate else others
                keepers.update([person.player_id] if person.is_keeper else [])
        timed.append(TimedShot(shot, scene, scene.frame_n, 1, bool(rng.random() < official_share)))
    shots: list[TimedShot] = []
    for period, of_period in groupby(timed, key=lambda t: t.shot.period):
        moved = spread(list(of_period), FIRST_FRAME[period], contiguous=contiguous)
        sides = signs_of(record.match, period)
        shots += [TimedShot(t.shot, t.scene, t.n, sides[t.shot.team_id], t.has_official) for t in moved]
    return Game(record.match, record, team_of, frozenset(keepers), starts, tuple(shots))


def matchinfo_lines(game: Game, time: datetime) -> Iterator[str]:
    """The match information file, piece by piece."""
    match = game.match
    general = {
        "MatchId": match.match_id,
        "CompetitionId": match.competition_id,
        "CompetitionName": match.competition,
        "SeasonId": match.season_id,
        "Season": match.season,
        "MatchDay": match.matchday or "",
        "PlannedKickoffTime": iso(game.starts[1].replace(second=0, microsecond=0)),
        "KickoffTime": iso(game.starts[1]),
        "HomeTeamName": match.home.name,
        "HomeTeamId": match.home.team_id,
        "GuestTeamName": match.away.name,
        "GuestTeamId": match.away.team_id,
        "Result": f"{match.home_score}:{match.away_score}",
    }
    pitch = {"PitchX": f"{match.pitch.length_m:.2f}", "PitchY": f"{match.pitch.width_m:.2f}"}
    yield open_message(time) + "<MatchInformation>\n"
    yield tag("General", general) + "\n" + tag("Environment", pitch) + "\n<Teams>\n"
    for team, role in ((match.away, "guest"), (match.home, "home")):
        yield from _squad(game, team, role)
    yield "</Teams>" + tag("OtherGameInformation", dict(_playing_times_ms(game))) + "</MatchInformation>"
    yield "</PutDataRequest>\n"


def _squad(game: Game, team: Team, role: str) -> Iterator[str]:
    yield (
        tag("Team", {"TeamId": team.team_id, "TeamName": team.name, "Role": role}, close=False)
        + "<Players>\n"
    )
    for shirt, player in enumerate(game.record.players, start=1):
        if game.team_of.get(player.player_id) != team.team_id:
            continue
        first, _, last = (player.name or player.player_id).rpartition(" ")
        person = {
            "PersonId": player.player_id,
            "ShirtNumber": str(shirt),
            "FirstName": first,
            "LastName": last,
            "Shortname": player.short_name or last,
            "Starting": "true",
        }
        keeper = {"PlayingPosition": "TW"} if player.player_id in game.keepers else {}
        yield tag("Player", person | keeper) + "\n"
    yield "</Players><TrainerStaff></TrainerStaff></Team>\n"


def _playing_times_ms(game: Game) -> Iterator[tuple[str, int]]:
    names = {1: "FirstHalf", 2: "SecondHalf", 3: "FirstHalfExtra", 4: "SecondHalfExtra"}
    for period in sorted(game.starts):
        of_period = [timed for timed in game.shots if timed.shot.period == period]
        frames = last_frame(of_period, FIRST_FRAME[period]) - FIRST_FRAME[period]
        yield f"TotalTime{names[period]}", 1000 * frames // RATE_HZ
