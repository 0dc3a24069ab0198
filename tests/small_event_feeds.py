"""Small sources of the feeds of event files, made of a few invented shots: what tests read, and what they damage."""

import json
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

Files = dict[str, bytes]
"""By path relative to the source."""

HOME, AWAY = 11, 12
CSV_HEAD = "match_id,competition_id,competition,season_id,season,match_date,matchday,home_team_id,home_team,"
CSV_TAIL = "away_team_id,away_team,home_score,away_score\n"


@dataclass
class Attempt:
    """A shot in hundredths of the pitch; ``words`` are tags of Wyscout 2, qualifiers of Opta."""

    team: int = HOME
    period: int = 1
    second: int = 600
    x: float = 89.0
    y: float = 50.0
    tags: list[int] = field(default_factory=lambda: [402, 1201])
    sub_event: int = 100
    type_id: int = 15
    qualifiers: dict[int, str | None] = field(default_factory=lambda: {20: None, 22: None, 328: None})
    player: int = 501
    shot_id: int | None = None


def ten_attempts() -> list[Attempt]:
    """A match of ten shots, 2:0, from everywhere before the goal."""
    attempts = [
        Attempt(team=HOME if n % 3 else AWAY, period=1 + n // 5, second=300 + 400 * (n % 5), x=80 + n, y=40 + 2 * n,
                type_id=13, tags=[401, 1210])
        for n in range(10)
    ]  # fmt: skip
    for n in (1, 7):
        attempts[n].type_id, attempts[n].tags = 16, [402, 101]
    return attempts


def csv_line(match_id: object) -> str:
    return f"{match_id},1,League,2,2024/2025,2024-08-02,1,11,Home,12,Away,2,0\n"


def matches_csv(*match_ids: int) -> bytes:
    return (CSV_HEAD + CSV_TAIL + "".join(map(csv_line, match_ids))).encode()


# --- Wyscout


def wyscout_v2(match_id: int, attempts: list[Attempt], **changes: Any) -> dict[str, Any]:
    events = [_event_v2(match_id, n, attempt) for n, attempt in enumerate(attempts)]
    return {"events": events, "teams": _teams(), "players": _players(), **changes}


def _event_v2(match_id: int, n: int, attempt: Attempt) -> dict[str, Any]:
    return {
        "id": attempt.shot_id or 9000 + n, "eventId": 3 if attempt.sub_event in (33, 35) else 10, "eventName": "Shot",
        "subEventId": attempt.sub_event, "subEventName": "Shot", "tags": [{"id": tag} for tag in attempt.tags],
        "playerId": attempt.player, "teamId": attempt.team, "matchId": match_id,
        "matchPeriod": ["1H", "2H", "E1", "E2", "P"][attempt.period - 1], "eventSec": float(attempt.second),
        "positions": [{"x": attempt.x, "y": attempt.y}, {"x": 100, "y": 50}],
    }  # fmt: skip


def _teams() -> dict[str, Any]:
    return {
        str(i): {"team": {"wyId": i, "name": name, "officialName": f"{name} FC"}}
        for i, name in ((HOME, "Home"), (AWAY, "Away"))
    }


def _players() -> dict[str, Any]:
    return {
        str(HOME): [
            {
                "player": {
                    "wyId": 501,
                    "firstName": "Thomas",
                    "lastName": "M\\u00fcller",
                    "shortName": "T. M\\u00fcller",
                }
            }
        ],
        str(AWAY): [
            None,
            {"player": {"wyId": 502, "firstName": "", "lastName": "Gast", "shortName": "Gast"}},
        ],
    }


def wyscout_v3(match_id: int, attempts: list[Attempt], **changes: Any) -> dict[str, Any]:
    match = {
        "wyId": match_id, "label": "Home - Away, 2 - 0", "date": "August 2, 2024 at 8:30:00 PM GMT+2",
        "dateutc": "2024-08-02 18:30:00", "status": "Played", "competitionId": 1, "seasonId": 2, "gameweek": 1,
        "teamsData": {str(HOME): {"teamId": HOME, "side": "home"}, str(AWAY): {"teamId": AWAY, "side": "away"}},
    }  # fmt: skip
    events = [_event_v3(match_id, n, attempt) for n, attempt in enumerate(attempts)]
    return {"events": events, "match": match, "teams": _teams(), "players": _players(), **changes}


def _event_v3(match_id: int, n: int, attempt: Attempt) -> dict[str, Any]:
    minute = [0, 45, 90, 105, 120][attempt.period - 1] + attempt.second // 60
    is_goal = 101 in attempt.tags
    shot = {
        "bodyPart": "right_foot",
        "isGoal": is_goal,
        "onTarget": is_goal,
        "goalZone": "gc" if is_goal else "otr",
        "xg": 0.1,
    }
    return {
        "id": attempt.shot_id or 9000 + n, "matchId": match_id,
        "matchPeriod": ["1H", "2H", "1E", "2E", "P"][attempt.period - 1], "minute": minute,
        "second": attempt.second % 60,
        "matchTimestamp": f"{minute // 60:02d}:{minute % 60:02d}:{attempt.second % 60:02d}.500",
        "type": {"primary": "shot", "secondary": []}, "location": {"x": attempt.x, "y": attempt.y},
        "team": {"id": attempt.team}, "player": {"id": attempt.player}, "shot": shot,
        "possession": {"types": ["attack"]},
    }  # fmt: skip


def wyscout_files() -> Files:
    """A match of each version."""
    return {
        "matches.csv": matches_csv(101, 102),
        "events/101.json": json.dumps(wyscout_v2(101, ten_attempts()), indent=1).encode(),
        "events/events_102.json": json.dumps(wyscout_v3(102, ten_attempts()), indent=1).encode(),
    }


# --- Opta


def f24(match_id: int, attempts: list[Attempt], **game: str) -> Element:
    root = Element("Games", timestamp="2024-08-02T22:00:00")
    told = {
        "id": str(match_id), "home_team_id": str(HOME), "home_team_name": "Home", "away_team_id": str(AWAY),
        "away_team_name": "Away", "competition_id": "1", "competition_name": "League", "season_id": "2024",
        "season_name": "Season 2024/2025", "matchday": "1", "game_date": "2024-08-02T19:30:00",
    }  # fmt: skip
    element = SubElement(root, "Game", {**told, **game})
    for n, attempt in enumerate(attempts):
        minute = [0, 45, 90, 105, 120][attempt.period - 1] + attempt.second // 60
        event = SubElement(
            element, "Event", id=str(attempt.shot_id or 9000 + n), event_id=str(n), type_id=str(attempt.type_id),
            period_id=str(attempt.period), min=str(minute), sec=str(attempt.second % 60), team_id=str(attempt.team),
            player_id=str(attempt.player), outcome="1", x=str(attempt.x), y=str(attempt.y),
            timestamp="2024-08-02T19:40:00.250",
        )  # fmt: skip
        for number, value in attempt.qualifiers.items():
            SubElement(
                event, "Q", {"id": str(n), "qualifier_id": str(number)} | ({"value": value} if value else {})
            )
    return root


def f7(match_id: int, *, home: int = HOME, away: int = AWAY, score: tuple[int, int] = (2, 0)) -> Element:
    root = Element("SoccerFeed", TimeStamp="20240802T220000+0100")
    document = SubElement(root, "SoccerDocument", Type="Result", uID=f"f{match_id}")
    data = SubElement(document, "MatchData")
    info = SubElement(data, "MatchInfo", MatchType="Regular", Period="FullTime")
    SubElement(info, "Date").text = "20240802T193000+0100"
    for side, team, goals in (("Home", home, score[0]), ("Away", away, score[1])):
        SubElement(data, "TeamData", Side=side, TeamRef=f"t{team}", Score=str(goals))
    for team, name, player in ((home, "Home", 501), (away, "Away", 502)):
        element = SubElement(document, "Team", uID=f"t{team}")
        SubElement(element, "Name").text = name
        person = SubElement(SubElement(element, "Player", uID=f"p{player}"), "PersonName")
        SubElement(person, "First").text, SubElement(person, "Last").text = "Given", f"Family {player}"
    return root


def xml(root: Element) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root)


def opta_files() -> Files:
    """Two matches in the usual names."""
    files: Files = {}
    for match_id in (101, 102):
        files[f"f24-1-2024-{match_id}-eventdetails.xml"] = xml(f24(match_id, ten_attempts()))
        files[f"srml-1-2024-f{match_id}-matchresults.xml"] = xml(f7(match_id))
    return files


# --- Stats Perform


def _info(match_id: str) -> dict[str, Any]:
    return {
        "id": match_id, "date": "2024-08-02Z", "time": "18:30:00Z", "localDate": "2024-08-02", "week": "1",
        "lastUpdated": "2024-08-02T22:00:00Z", "competition": {"id": "1", "name": "League"},
        "tournamentCalendar": {"id": "2", "name": "2024/2025"}, "stage": {"id": "3", "name": "Regular Season"},
        "contestant": [
            {"id": str(HOME), "name": "Home", "position": "home"},
            {"id": str(AWAY), "name": "Away", "position": "away"},
        ],
    }  # fmt: skip


def ma3(match_id: str, attempts: list[Attempt]) -> dict[str, Any]:
    events = []
    for n, attempt in enumerate(attempts):
        minute = [0, 45, 90, 105, 120][attempt.period - 1] + attempt.second // 60
        qualifiers = [
            {"qualifierId": number} | ({"value": v} if v else {}) for number, v in attempt.qualifiers.items()
        ]
        events.append(
            {"id": attempt.shot_id or 9000 + n, "typeId": attempt.type_id, "periodId": attempt.period,
             "timeMin": minute, "timeSec": attempt.second % 60, "contestantId": str(attempt.team),
             "playerId": str(attempt.player),
             "playerName": "G. Family", "x": attempt.x, "y": attempt.y, "timeStamp": "2024-08-02T18:40:00.250Z",
             "qualifier": qualifiers}
        )  # fmt: skip
    return {
        "matchInfo": _info(match_id),
        "liveData": {"matchDetails": {"matchStatus": "Played"}, "event": events},
    }


def ma1(match_id: str) -> dict[str, Any]:
    details = {"matchStatus": "Played", "scores": {"total": {"home": 2, "away": 0}}}
    line_up = [
        {
            "contestantId": str(HOME),
            "player": [
                {"playerId": "501", "firstName": "Given", "lastName": "Family", "matchName": "G. Family"}
            ],
        }
    ]
    return {"matchInfo": _info(match_id), "liveData": {"matchDetails": details, "lineUp": line_up}}


def as_xml(content: dict[str, Any], root: str) -> Element:
    """A Stats Perform document in its XML form: plain values are attributes, and a name is the text of its element."""
    element = Element(root)
    _fill(element, content)
    return element


def _fill(element: Element, content: dict[str, Any]) -> None:
    for key, value in content.items():
        if isinstance(value, dict):
            _fill(SubElement(element, key), value)
        elif isinstance(value, list):
            groups = {"contestant": "contestants"}
            holder = SubElement(element, groups[key]) if key in groups else element
            for item in value:
                _fill(SubElement(holder, key), item)
        elif key == "name" and element.tag in ("tournamentCalendar", "stage"):
            element.text = str(value)
        else:
            element.set(key, str(value))


def statsperform_files() -> Files:
    """A match of each form."""
    return {
        "first/ma3.json": json.dumps(ma3("m101", ten_attempts()), indent=1).encode(),
        "first/ma1.json": json.dumps(ma1("m101"), indent=1).encode(),
        "second/events_ma3.xml": xml(as_xml(ma3("m102", ten_attempts()), "matchEvents")),
        "second/ma1.xml": xml(as_xml(ma1("m102"), "match")),
    }


EVENT_FEEDS = {"wyscout": wyscout_files, "opta": opta_files, "statsperform": statsperform_files}
