"""The file that says which matches are planned for which matchday, and when they kick off."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xgoals.domain.bounds import MATCHDAY, YEAR
from xgoals.domain.errors import SettingsError
from xgoals.domain.text import MAX_ID_CHARS, clean, shortened
from xgoals.feeds.csv_file import read_csv
from xgoals.feeds.matchday import Matchday
from xgoals.feeds.numbers import parse_count
from xgoals.whole_files import whole_file

SCHEDULE_FILE = "schedule.csv"
"""In a source's folder: which matches belong to which matchday, where somebody knows."""


@dataclass(frozen=True, slots=True)
class PlannedMatch:
    """A line of a schedule; ``kick_off`` as planned, with its time zone, where the schedule says so."""

    matchday: Matchday
    match_id: str
    kick_off: datetime | None = None


def read_schedule(path: Path) -> dict[Matchday, list[str]]:
    """Match ids by matchday, of a file as `read_planned_matches` reads it."""
    schedule: dict[Matchday, list[str]] = defaultdict(list)
    for planned in read_planned_matches(path):
        schedule[planned.matchday].append(planned.match_id)
    return dict(schedule)


def read_planned_matches(path: Path) -> list[PlannedMatch]:
    """A schedule file: CSV with the columns competition_id, season_id, matchday, match_id and, if known, kick_off.

    It may be as spreadsheets save it: with a byte order mark, in Windows' Latin letters, with semicolons.

    Raises
    ------
    SettingsError
        If a column is missing, a matchday is no number, a kick-off is no time with a zone (ISO 8601), or a match
        is listed twice.
    """
    planned: list[PlannedMatch] = []
    table = read_csv(path, "the schedule")
    columns = set(table.columns)
    needed = {"competition_id", "season_id", "matchday", "match_id"}
    missing = sorted(needed - columns)
    if missing:
        advice = f"Name the columns {', '.join(sorted(needed))} in the first line"
        raise SettingsError(f"the schedule lacks the column {missing[0]}", where=str(path), advice=advice)
    for line, row in table.rows:
        told = {name: clean(row.get(name, "")) for name in table.columns}
        number = parse_count(told["matchday"])
        if number is None or number not in MATCHDAY:
            what = f"'{shortened(told['matchday'], MAX_ID_CHARS)}' is no matchday"
            raise SettingsError(what, where=f"{path}, line {line}", advice=f"Write a number ({MATCHDAY})")
        _refuse_ids(told, f"{path}, line {line}")
        day = Matchday(told["competition_id"], told["season_id"], number)
        kick_off = _kick_off(told.get("kick_off"), f"{path}, line {line}")
        planned.append(PlannedMatch(day, told["match_id"], kick_off))
    twice = [m for m, count in Counter(match.match_id for match in planned).items() if count > 1]
    if twice:
        raise SettingsError(f"match {twice[0]} is listed twice", where=str(path))
    return planned


def write_schedule(path: Path, planned: Iterable[PlannedMatch]) -> None:
    """Write a schedule file as `read_planned_matches` reads it."""
    with whole_file(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["competition_id", "season_id", "matchday", "match_id", "kick_off"])
        for match in planned:
            day = match.matchday
            kick_off = match.kick_off.isoformat() if match.kick_off else ""
            rows.writerow([day.competition_id, day.season_id, day.number, match.match_id, kick_off])


def _refuse_ids(told: Mapping[str, str], where: str) -> None:
    """Ids are as long as ids can be, and a match has one."""
    for name in ("competition_id", "season_id", "match_id"):
        if len(told[name]) > MAX_ID_CHARS or (name == "match_id" and not told[name]):
            what = f"'{shortened(told[name], MAX_ID_CHARS)}' is no {name}"
            raise SettingsError(
                what, where=where, advice=f"Write the provider's id, up to {MAX_ID_CHARS} characters"
            )


def _kick_off(text: str | None, where: str) -> datetime | None:
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None or time.year not in YEAR:
        raise SettingsError(
            f"'{shortened(text, MAX_ID_CHARS)}' is no kick-off",
            where=where,
            advice="Write it like 2025-08-22T20:30:00+02:00",
        )
    return time
