"""Small sources of both feeds, made from a simulated match (or taken from real files): what is damaged in the tests."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from xgoals.domain.pitch import YARD_M
from xgoals.domain.scene import MatchRecord, Person, Scene
from xgoals.domain.shot import BodyPart, Outcome, Shot, ShotType, Technique
from xgoals.feeds.simulator import simulate_matchday
from xgoals.feeds.simulator.dfl_writer import write_dfl_match

Files = dict[str, bytes]
"""By path relative to the source."""

_BODY = {BodyPart.RIGHT_FOOT: "Right Foot", BodyPart.LEFT_FOOT: "Left Foot", BodyPart.HEAD: "Head"}
_OUTCOMES = {
    Outcome.GOAL: "Goal", Outcome.SAVED: "Saved", Outcome.BLOCKED: "Blocked", Outcome.OFF_TARGET: "Off T",
    Outcome.WOODWORK: "Post",
}  # fmt: skip
_TYPES = {ShotType.FREE_KICK: "Free Kick", ShotType.PENALTY: "Penalty", ShotType.CORNER: "Corner"}
_TECHNIQUES = {Technique.VOLLEY: "Volley", Technique.HALF_VOLLEY: "Half Volley"}


def excerpt(n_shots: int, *, number: int = 0) -> MatchRecord:
    """A simulated match of which only the first shots were taken."""
    record = simulate_matchday(1, 1)[number]
    return replace(record, shots=record.shots[:n_shots], scenes=record.scenes[:n_shots])


def dfl_files(folder: Path, *, n_shots: int = 2) -> Files:
    """The three files of a match with tracking around its shots."""
    write_dfl_match(excerpt(n_shots), folder, seed=7, official_share=0.5)
    return read_files(folder)


def real_dfl_files(real_data: Path) -> Files:
    """The real goal, with few frames before and after it."""
    files = read_files(real_data / "dfl" / "J03WMX_shot")
    for name, data in files.items():
        if "positions" in name:
            lines = data.decode().split("\n")
            numbers = [re.match(r'\s*<Frame N="(\d+)"', line) for line in lines]
            kept = [
                line for line, n in zip(lines, numbers, strict=True) if not n or 21_600 <= int(n[1]) <= 21_800
            ]
            files[name] = "\n".join(kept).encode()
    return files


def statsbomb_files(*, n_shots: int = 5) -> Files:
    """Two matches as open data: a listing, events with freeze frames, line-ups of the first."""
    first, second = (excerpt(n_shots, number=number) for number in (0, 1))
    listing = [_entry(101, first), _entry(102, second)]
    lineup = [{"player_id": _number(p.player_id), "player_name": p.name, "player_nickname": p.short_name}
              for p in first.players[:4]]  # fmt: skip
    content = {
        "competitions.json": [{"competition_id": 1, "season_id": 2}],
        "matches/1/2.json": listing,
        "events/101.json": [
            _event(shot, scene) for shot, scene in zip(first.shots, first.scenes, strict=True)
        ],
        "events/102.json": [
            _event(shot, scene) for shot, scene in zip(second.shots, second.scenes, strict=True)
        ],
        "lineups/101.json": [{"team_id": _number(first.match.home.team_id), "lineup": lineup}],
    }
    return {name: json.dumps(value, indent=1).encode() for name, value in content.items()}


def real_statsbomb_files(real_data: Path) -> Files:
    """A real match in its real listing's entry."""
    source = real_data / "statsbomb"
    path = next(iter(sorted((source / "lineups").glob("*.json"))))
    listing = next(
        p for p in (source / "matches").glob("*/*.json") if f'"match_id": {path.stem}' in p.read_text()
    )
    entry = [e for e in json.loads(listing.read_text()) if str(e["match_id"]) == path.stem]
    events = json.loads((source / "events" / path.name).read_text())
    kept = [
        e for e in events if e["type"]["name"] in ("Shot", "Starting XI", "Substitution", "Own Goal Against")
    ]
    return {
        f"matches/{listing.parent.name}/{listing.name}": json.dumps(entry).encode(),
        f"events/{path.name}": json.dumps(kept).encode(),
        f"lineups/{path.name}": path.read_bytes(),
    }


def read_files(folder: Path) -> Files:
    """Everything below a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _entry(match_id: int, record: MatchRecord) -> dict[str, Any]:
    match = record.match
    return {
        "match_id": match_id, "match_date": str(match.match_date), "match_week": match.matchday,
        "competition": {"competition_id": 1, "competition_name": match.competition},
        "season": {"season_id": 2, "season_name": match.season},
        "home_team": {"home_team_id": _number(match.home.team_id), "home_team_name": match.home.name},
        "away_team": {"away_team_id": _number(match.away.team_id), "away_team_name": match.away.name},
        "home_score": match.home_score, "away_score": match.away_score, "match_status": "available",
        "competition_stage": {"id": 1, "name": "Regular Season"}, "last_updated": "2024-01-01",
    }  # fmt: skip


def _event(shot: Shot, scene: Scene) -> dict[str, Any]:
    seconds = shot.period_time_s or 0.0
    details = {
        "statsbomb_xg": shot.provider_xg, "type": {"name": _TYPES.get(shot.shot_type, "Open Play")},
        "body_part": {"name": _BODY.get(shot.body_part, "Other")},
        "technique": {"name": _TECHNIQUES.get(shot.technique, "Normal")},
        "outcome": {"name": _OUTCOMES.get(shot.outcome, "Off T")}, "first_time": True,
        "freeze_frame": [_person(person) for person in scene.people],
    }  # fmt: skip
    return {
        "id": shot.shot_id, "index": shot.event_n, "period": shot.period, "minute": shot.minute, "second": shot.second,
        "timestamp": f"00:{int(seconds) // 60:02d}:{seconds % 60:06.3f}", "type": {"id": 16, "name": "Shot"},
        "play_pattern": {"name": "Regular Play"}, "team": {"id": _number(shot.team_id), "name": "a team"},
        "player": {"id": _number(shot.player_id or "0"), "name": "somebody"},
        "location": _location(shot.x_m or 0.0, shot.y_m or 0.0), "shot": details,
    }  # fmt: skip


def _person(person: Person) -> dict[str, Any]:
    return {
        "location": _location(person.x_m, person.y_m), "teammate": person.is_teammate,
        "player": {"id": _number(person.player_id or "0"), "name": "a player"},
        "position": {"name": "Goalkeeper" if person.is_keeper else "Center Back"},
    }  # fmt: skip


def _location(x_m: float, y_m: float) -> list[float]:
    """Yards on the provider's pitch, as far from the goal line attacked as on one of 105 m."""
    return [round(120 - (52.5 - x_m) / YARD_M, 1), round(40 - y_m / YARD_M, 1)]
