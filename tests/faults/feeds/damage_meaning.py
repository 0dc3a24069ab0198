"""Damage to what files mean: each value could be, all of them together cannot."""

import json
import re
from collections.abc import Callable
from typing import Any

from damage import Damage, Rng
from damage_json import of_json

from small_feeds import Files

Event = dict[str, Any]
_TIME = re.compile(rb'(EventTime|T|CalculatedTimestamp|KickoffTime)="(\d{4}-\d\d-\d\dT)(\d\d)(:\d\d:[\d.]+)')


def shots_of(content: Any) -> list[Event]:
    """The shots of a document, if it is one of events."""
    events = content if isinstance(content, list) else []
    return [e for e in events if isinstance(e, dict) and isinstance(e.get("shot"), dict)]


def of_shots(change: Callable[[Rng, list[Event]], None]) -> Damage:
    """Damage to the shots of a StatsBomb file."""

    def damage(rng: Rng, content: Any) -> Any:
        change(rng, shots_of(content))
        return content

    return of_json(damage)


def of_each(**changes: Callable[[Any], Any]) -> Damage:
    """Every value of some keys of all shots is another one."""

    def change(_: Rng, shots: list[Event]) -> None:
        for shot in shots:
            for key, new in changes.items():
                if key in shot:
                    shot[key] = new(shot[key])

    return of_shots(change)


def scaled(factor: float) -> Damage:
    """Places in another unit."""

    def place(old: Any) -> Any:
        return (
            [factor * v for v in old]
            if isinstance(old, list) and all(isinstance(v, int | float) for v in old)
            else old
        )

    def change(_: Rng, shots: list[Event]) -> None:
        for shot in shots:
            shot["location"] = place(shot.get("location"))
            frame = shot["shot"].get("freeze_frame")
            for person in frame if isinstance(frame, list) else []:
                if isinstance(person, dict):
                    person["location"] = place(person.get("location"))

    return of_shots(change)  # fmt: skip


def _backwards(_: Rng, shots: list[Event]) -> None:
    times = [(s.get("minute"), s.get("second"), s.get("timestamp")) for s in shots][::-1]
    for shot, (minute, second, timestamp) in zip(shots, times, strict=True):
        shot |= {"minute": minute, "second": second, "timestamp": timestamp}


def _ids(*pairs: tuple[str, str]) -> Damage:
    """Two shots whose ids are nearly one."""

    def change(rng: Rng, shots: list[Event]) -> None:
        if len(shots) > 1:
            shots[0]["id"], shots[1]["id"] = rng.choice(pairs)

    return of_shots(change)


def _frame_of_another(rng: Rng, files: Files) -> None:
    names = sorted(name for name in files if name.startswith("events/"))
    try:
        one, other = (json.loads(files[name]) for name in names[:2])
        for shot, another in zip(shots_of(one), shots_of(other), strict=False):
            shot["shot"]["freeze_frame"] = another["shot"].get("freeze_frame")
        files[names[0]] = json.dumps(one).encode()
    except (ValueError, KeyError):
        return


def _ids_of_another(rng: Rng, files: Files) -> None:
    names = sorted(name for name in files if name.startswith("events/"))
    try:
        one, other = (json.loads(files[name]) for name in names[:2])
        for shot, another in zip(shots_of(one), shots_of(other), strict=False):
            shot["id"] = another.get("id")
        files[names[0]] = json.dumps(one).encode()
    except (ValueError, KeyError):
        return


def _own_goals(rng: Rng, content: Any) -> Any:
    shots = shots_of(content)
    for shot in shots[:1] * rng.choice([1, 2, 5]):
        plain = {key: value for key, value in shot.items() if key != "shot"}
        for kind in ("Own Goal Against", "Own Goal For"):
            content.append({**plain, "id": f"own-{len(content)}", "type": {"name": kind}})
    return content


def _substitution(rng: Rng, content: Any) -> Any:
    for shot in shots_of(content)[:1]:
        who = rng.choice([{"id": 999_999, "name": "Nobody"}, shot.get("player"), {}])
        plain = {key: value for key, value in shot.items() if key != "shot"}
        comes = {"replacement": rng.choice([who, {"id": 1, "name": "New"}, None])}
        content.append(
            plain | {"id": "sub", "type": {"name": "Substitution"}, "player": who, "substitution": comes}
        )
    return content


def _of_entries(change: Callable[[Rng, Event], None]) -> Damage:
    """Damage to a listing's entries."""

    def damage(rng: Rng, files: Files) -> None:
        for name in [name for name in files if name.startswith("matches/")]:
            try:
                entries = json.loads(files[name])
                for entry in entries[: rng.choice([1, 2])]:
                    change(rng, entry)
                files[name] = json.dumps(entries).encode()
            except (ValueError, TypeError, KeyError, AttributeError):
                return

    return damage


def _sides(_: Rng, entry: Event) -> None:
    home, away = entry["home_team"], entry["away_team"]
    entry["home_team"] = {"home_team_id": away["away_team_id"], "home_team_name": away["away_team_name"]}
    entry["away_team"] = {"away_team_id": home["home_team_id"], "away_team_name": home["home_team_name"]}


NEARLY_ONE = (
    ("ab", "AB"),
    ("é", "e\u0301"),
    ("7", "07"),
    ("7", " 7"),
    ("x\u00a0y", "x y"),
    ("ﬁ", "fi"),
    ("a\u200b", "a"),
)


def _of_everybody(**values: Any) -> Damage:
    """The same for everybody in the frames."""

    def change(_: Rng, shots: list[Event]) -> None:
        for shot in shots:
            frame = shot["shot"].get("freeze_frame")
            for person in frame if isinstance(frame, list) else []:
                if isinstance(person, dict):
                    person.update(values)

    return of_shots(change)


def _of_shot_details(**values: Any) -> Damage:
    def change(_: Rng, shots: list[Event]) -> None:
        for shot in shots:
            shot["shot"] |= values

    return of_shots(change)


def _player(change: Callable[[str], str]) -> Damage:
    return of_each(
        player=lambda old: {**old, "id": change(str(old.get("id")))} if isinstance(old, dict) else old
    )


def _teams_nearly_one(_: Rng, entry: Event) -> None:
    entry["home_team"]["home_team_id"], entry["away_team"]["away_team_id"] = "7", "07"


DATES = ("0001-01-01", "9999-12-31", "1500-02-03", "2024-02-30", "-2024-01-01", "2024-W01-1")
STATSBOMB: dict[str, Damage] = {
    "shots before kick-off": of_each(timestamp=lambda _: "-00:05:00.000", minute=lambda _: -5),
    "minutes of another half": of_each(minute=lambda old: old + 60 if isinstance(old, int) else old),
    "all shots in one half": of_each(period=lambda _: 2),
    "the clock runs backwards": of_shots(_backwards),
    "all shots at one place": of_each(location=lambda _: [108.0, 40.0]),
    "all shots from the goal line": of_each(location=lambda _: [120.0, 40.0]),
    "yards as metres": scaled(0.9144),
    "metres as yards": scaled(1.0936),
    "centimetres": scaled(91.44),
    "hundredths": scaled(1 / 1.2),
    "ids nearly one": _ids(*NEARLY_ONE),
    "frames of another match": _frame_of_another,
    "event ids of another match": _ids_of_another,
    "own goals again": of_json(_own_goals),
    "a substitution of nobody": of_json(_substitution),
    "players as texts": _player(str),
    "players with zeros before": _player("00{}".format),
    "sides exchanged in the listing": _of_entries(_sides),
    "another result": _of_entries(lambda rng, e: e.update(home_score=rng.choice([0, 9, 149, 150]), away_score=0)),
    "a competition of 10,000 characters": _of_entries(
        lambda _, entry: entry["competition"].update(competition_name="Cup " * 2500)
    ),
    "ids of teams nearly one": _of_entries(_teams_nearly_one),
    "a date of no calendar": _of_entries(lambda rng, entry: entry.update(match_date=rng.choice(DATES))),
    "an xG in per cent": _of_shot_details(statsbomb_xg=37.0),
    "everybody a keeper": _of_everybody(position={"name": "Goalkeeper"}),
    "everybody a team-mate": _of_everybody(teammate=True),
}  # fmt: skip


def in_dfl(kind: bytes, change: Callable[[Rng, bytes], bytes]) -> Damage:
    """Damage to all files of a kind of one match."""

    def damage(rng: Rng, files: Files) -> None:
        names = sorted(name for name in files if kind.decode() in name)
        if names:
            name = rng.choice(names)
            files[name] = change(rng, files[name])

    return damage


def times(factor: float) -> Callable[[bytes], bytes]:
    """A number in another unit."""

    def change(old: bytes) -> bytes:
        try:
            return b"%.2f" % (factor * float(old))
        except ValueError:
            return old

    return change


def later(hours: int) -> Callable[[Rng, bytes], bytes]:
    """Every time of a file that many hours later."""
    return lambda _, data: _TIME.sub(
        lambda m: b'%s="%s%02d%s' % (m[1], m[2], (int(m[3]) + hours) % 24, m[4]), data
    )


def _events_backwards(_: Rng, data: bytes) -> bytes:
    found = re.findall(rb'EventTime="([^"]*)"', data)[::-1]
    each = iter(found)
    return re.sub(rb'EventTime="[^"]*"', lambda _: b'EventTime="%s"' % next(each), data)


def _one_kick_off(_: Rng, data: bytes) -> bytes:
    """Both halves begin at once."""
    first = re.search(rb'EventTime="([^"]*)"[^<>]*>\s*<KickOff[^<>]*firstHalf', data)
    if first is None:
        return data
    return re.sub(
        rb'EventTime="[^"]*"([^<>]*>\s*<KickOff[^<>]*secondHalf)', b'EventTime="%s"\\1' % first[1], data
    )


def _positions_of_another(rng: Rng, files: Files) -> None:
    names = sorted(name for name in files if "positions" in name)
    if len(names) > 1:
        ids = [re.search(rb'MatchId="([^"]*)"', files[name]) for name in names[:2]]
        if ids[0] and ids[1]:
            files[names[0]] = files[names[1]].replace(ids[1][1], ids[0][1])


def _exchanged_sides(_: Rng, data: bytes) -> bytes:
    return data.replace(b"HomeTeam", b"\0").replace(b"GuestTeam", b"HomeTeam").replace(b"\0", b"GuestTeam")


OWN_GOAL = (
    b'<Event EventId="og%d" EventTime="2023-08-18T21:00:00.000+02:00">'
    b'<OwnGoal Team="SIM-T01" TeamOwnGoalCountsFor="SIM-T02" Player="P"/></Event>'
)
SUBSTITUTION = (
    b'<Event EventId="s1" EventTime="2023-08-18T21:00:00.000+02:00">'
    b'<Substitution Team="SIM-T01" PlayerOut="NOBODY" PlayerIn="NOBODY2" PlayingPosition="TW"/></Event>'
)


def attributes(change: Callable[[bytes], bytes], *names: bytes) -> Callable[[Rng, bytes], bytes]:
    """Every value of some attributes is another one."""
    pattern = re.compile(rb'(\b(?:%s)=")([^"]*)"' % b"|".join(map(re.escape, names)))
    return lambda _, data: pattern.sub(lambda m: m[1] + change(m[2]) + b'"', data)


def constant(value: bytes) -> Callable[[bytes], bytes]:
    return lambda _: value


def before_the_end(text: bytes) -> Callable[[Rng, bytes], bytes]:
    return lambda _, data: data.replace(b"</PutDataRequest>", text + b"</PutDataRequest>")


def replaced(pattern: bytes, new: bytes) -> Callable[[Rng, bytes], bytes]:
    return lambda _, data: re.sub(pattern, new, data)


def _much_later(old: bytes) -> bytes:
    return b"%d" % (int(old) + 50_000) if old.isdigit() else old


def _hours_before(old: bytes) -> bytes:
    return old.replace(b"T20", b"T18").replace(b"T15", b"T13")


INFO, EVENTS, POSITIONS, ANY_FILE = b"matchinformation", b"events", b"positions", b""

DFL: dict[str, Damage] = {
    "a pitch of 10 m": in_dfl(INFO, attributes(constant(b"10.00"), b"PitchX", b"PitchY")),
    "positions in centimetres": in_dfl(POSITIONS, attributes(times(100), b"X", b"Y")),
    "positions in yards": in_dfl(POSITIONS, attributes(times(1.0936), b"X", b"Y")),
    "speeds in m/s": in_dfl(POSITIONS, attributes(times(1 / 3.6), b"S")),
    "places in centimetres": in_dfl(EVENTS, attributes(times(100), b"X-Position", b"Y-Position")),
    "all shots at one place": in_dfl(EVENTS, attributes(constant(b"94.00"), b"X-Position", b"Y-Position")),
    "events an hour later": in_dfl(EVENTS, later(1)),
    "positions an hour later": in_dfl(POSITIONS, later(1)),
    "shots before kick-off": in_dfl(EVENTS, attributes(_hours_before, b"EventTime")),
    "the clock runs backwards": in_dfl(EVENTS, _events_backwards),
    "both halves at once": in_dfl(EVENTS, _one_kick_off),
    "both halves the first": in_dfl(EVENTS, attributes(constant(b"firstHalf"), b"GameSection")),
    "sides exchanged in one file": in_dfl(INFO, _exchanged_sides),
    "home on the left in both halves": in_dfl(EVENTS, attributes(constant(b"SIM-T01"), b"TeamLeft")),
    "frames of another match": _positions_of_another,
    "own goals again": in_dfl(EVENTS, before_the_end(OWN_GOAL % 1 + OWN_GOAL % 2)),
    "a substitution of nobody": in_dfl(EVENTS, before_the_end(SUBSTITUTION)),
    "zones with seconds": in_dfl(
        ANY_FILE, attributes(lambda old: old[:-6] + b"+02:00:30", b"EventTime", b"T")
    ),
    "zones of a day": in_dfl(EVENTS, attributes(lambda old: old[:-6] + b"+23:59", b"EventTime")),
    "the year 1": in_dfl(ANY_FILE, replaced(rb'="\d{4}-(\d\d-\d\dT)', rb'="0001-\1')),
    "the year 9999": in_dfl(ANY_FILE, replaced(rb'="\d{4}-(\d\d-\d\dT)', rb'="9999-\1')),
    "ids in lower case": in_dfl(ANY_FILE, replaced(rb"SIM-([TP])(\d+)", rb"sim-\1\2")),
    "ids with spaces": in_dfl(ANY_FILE, replaced(rb'"(SIM-[TP]\d+)"', rb'" \1 "')),
    "ids with zeros before": in_dfl(ANY_FILE, replaced(rb"(SIM-[TP])(\d+)", rb"\g<1>00\2")),
    "a competition of 10,000 characters": in_dfl(
        INFO, attributes(constant(b"Cup " * 2500), b"CompetitionName")
    ),
    "a name that is composed": in_dfl(INFO, attributes(constant("e\u0301".encode()), b"HomeTeamName")),
    "frames numbered from another place": in_dfl(POSITIONS, attributes(_much_later, b"N")),
    "frame numbers beyond 64 bits": in_dfl(POSITIONS, attributes(lambda old: b"9" * 20 + old, b"N")),
}
