"""A hand-made match of the DFL feed, small enough to work out on paper."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from xgoals.domain.scene import MatchRecord
from xgoals.feeds.simulator.dfl_writer import DflTruth

MATCH = "DFL-MAT-TEST01"
HOME, AWAY = "DFL-CLU-H", "DFL-CLU-A"
KICK_OFF = datetime.fromisoformat("2023-05-27T13:30:00.000+00:00")
SECOND_HALF = KICK_OFF + timedelta(minutes=62)


def iso(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds")


@dataclass
class HandMade:
    """Files of one match, built up by a test. The home team attacks towards +x first."""

    folder: Path
    result: str = "1:0"
    pitch: str = 'PitchX="105.00" PitchY="68.00"'
    events: list[str] = field(default_factory=list)
    message_time: str = "2023-05-28T10:00:00.000+00:00"

    def event(
        self, event_id: str, seconds: float, inside: str, *, half: int = 1, attributes: str = ""
    ) -> None:
        time = (KICK_OFF if half == 1 else SECOND_HALF) + timedelta(seconds=seconds)
        self.events.append(
            f'<Event EventId="{event_id}" MatchId="{MATCH}" EventTime="{iso(time)}" {attributes}>{inside}</Event>'
        )

    def kick_offs(self, *, second_sides: bool = True) -> None:
        first = f'<KickOff GameSection="firstHalf" TeamLeft="{HOME}" TeamRight="{AWAY}"/>'
        sides = f' TeamLeft="{AWAY}" TeamRight="{HOME}"' if second_sides else ""
        self.event("K1", 0, first)
        self.event("K2", 0, f'<KickOff GameSection="secondHalf"{sides}/>', half=2)

    def shot(
        self,
        event_id: str,
        seconds: float,
        outcome: str = "<ShotWide/>",
        *,
        half: int = 1,
        team: str = HOME,
        player: str = "H9",
        attributes: str = 'X-Position="94.00" Y-Position="34.00"',
        words: str = 'TypeOfShot="rightLeg" TakerBallControl="direct" TakerSetup="otherPassFromOpenPlay"',
        around: tuple[str, str] = ("", ""),
    ) -> None:
        inside = f'<ShotAtGoal Team="{team}" Player="{player}" {words}>{outcome}</ShotAtGoal>'
        self.event(event_id, seconds, around[0] + inside + around[1], half=half, attributes=attributes)

    def message(self, inside: str) -> str:
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<PutDataRequest MessageTime="{self.message_time}" '
            f'TransmissionComplete="true" TransmissionSuspended="false">{inside}</PutDataRequest>'
        )

    def matchinfo_xml(self) -> str:
        def squad(team: str, letter: str, role: str) -> str:
            players = "".join(
                f'<Player PersonId="{letter}{n}" FirstName="F{n}" LastName="L{n}" Shortname="{letter}. L{n}" '
                f'Starting="{str(n <= 11).lower()}"' + (' PlayingPosition="TW"' if n == 1 else "") + "/>"
                for n in range(1, 14)
            )
            return f'<Team TeamId="{team}" TeamName="{role} club" Role="{role}"><Players>{players}</Players></Team>'

        general = (
            f'<General MatchId="{MATCH}" CompetitionId="DFL-COM-1" CompetitionName="Liga" SeasonId="DFL-SEA-1" '
            f'Season="2022/2023" MatchDay="34" KickoffTime="{iso(KICK_OFF)}" HomeTeamId="{HOME}" '
            f'HomeTeamName="home club" GuestTeamId="{AWAY}" GuestTeamName="guest club" Result="{self.result}"/>'
        )
        teams = f"<Teams>{squad(HOME, 'H', 'home')}{squad(AWAY, 'A', 'guest')}</Teams>"
        return self.message(
            f"<MatchInformation>{general}<Environment {self.pitch}/>{teams}</MatchInformation>"
        )

    def write(self, *, positions: str | None = None) -> "HandMade":
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "matchinformation.xml").write_text(self.matchinfo_xml(), encoding="utf-8")
        (self.folder / "events.xml").write_text(self.message("".join(self.events)), encoding="utf-8")
        if positions is not None:
            (self.folder / "positions.xml").write_text(self.message(positions), encoding="utf-8")
        return self


def frame(
    n: int, x: float, y: float, *, z: float | None = None, extra: str = "", time: str | None = None
) -> str:
    height = "" if z is None else f' Z="{z:.2f}"'
    stamp = time or iso(KICK_OFF + timedelta(milliseconds=40 * (n - 10_000)))
    return f'<Frame N="{n}" T="{stamp}" X="{x:.2f}" Y="{y:.2f}"{height} S="0.00" M="1"{extra}/>'


def frame_set(person: str, team: str, frames: str, *, section: str = "firstHalf", match: str = MATCH) -> str:
    return (
        f'<FrameSet GameSection="{section}" MatchId="{match}" TeamId="{team}" PersonId="{person}">'
        f"{frames}</FrameSet>"
    )


def positions(*frame_sets: str, pitch: str = "") -> str:
    return f"<Positions>{pitch}{''.join(frame_sets)}</Positions>"


@dataclass(frozen=True)
class Simulated:
    record: MatchRecord
    truth: DflTruth
    folder: Path
