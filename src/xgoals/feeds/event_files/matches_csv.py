"""``matches.csv``: what a provider's files do not say of their matches, a line a match.

It lies in the folder of the files, or above it. All columns but ``match_id`` may be empty where the files say it
themselves. ``events`` and ``tracking`` name files that do not say which match they are of (TRACAB's metadata go with
its positions).
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xgoals.domain.bounds import GOALS, MATCHDAY, PITCH_LENGTH_M, PITCH_WIDTH_M, YEAR, Range
from xgoals.domain.errors import Problem, SettingsError
from xgoals.domain.text import clean, is_id, shortened
from xgoals.feeds.csv_file import SAVE_AS_UTF_8, read_csv

MATCHES_CSV = "matches.csv"
NOT_YET = "?"
"""What stands in a line that is proposed where somebody has to know more; as good as empty."""


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A line; None where its field is empty. ``path`` and ``line`` say where it stands."""

    match_id: str
    competition_id: str | None = None
    competition: str | None = None
    season_id: str | None = None
    season: str | None = None
    match_date: date | None = None
    matchday: int | None = None
    home_team_id: str | None = None
    home_team: str | None = None
    away_team_id: str | None = None
    away_team: str | None = None
    home_score: int | None = None
    away_score: int | None = None
    pitch_length_m: float | None = None
    pitch_width_m: float | None = None
    events: str | None = None
    tracking: str | None = None
    path: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        """The line, for sentences."""
        return f"{MATCHES_CSV}, line {self.line}"

    def content(self) -> dict[str, Any]:
        """What it says, wherever it stands."""
        return {name: value for name, value in self.as_plain().items() if name not in ("path", "line")}

    def as_plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        told = asdict(self)
        return told | {"match_date": self.match_date.isoformat() if self.match_date else None}

    @classmethod
    def of_plain(cls, told: Mapping[str, Any]) -> "MatchRow":
        """The inverse of `as_plain`."""
        day = told["match_date"]
        return cls(**{**told, "match_date": date.fromisoformat(day) if day else None})


COLUMNS = tuple(
    field.name for field in fields(MatchRow) if field.name not in ("path", "line", "events", "tracking")
)
"""Of a file that is written; ``events`` and ``tracking`` are added by who needs them."""
_NUMBERS: Mapping[str, Range] = {
    "matchday": MATCHDAY, "home_score": GOALS, "away_score": GOALS, "pitch_length_m": PITCH_LENGTH_M,
    "pitch_width_m": PITCH_WIDTH_M,
}  # fmt: skip
_TEXTS = tuple(
    field.name
    for field in fields(MatchRow)
    if field.name not in (*_NUMBERS, "match_id", "match_date", "path", "line")
)


def read_matches_csv(paths: Iterable[Path]) -> tuple[dict[str, MatchRow], list[Problem]]:
    """The lines of all these files by match id, and what is wrong with them; of two lines the first one stands."""
    rows: dict[str, MatchRow] = {}
    problems: list[Problem] = []
    for path in paths:
        for row in _rows_of(path, problems):
            first = rows.setdefault(row.match_id, row)
            if first is not row and first.content() != row.content():
                advice = "The first one stands; remove the one that is wrong"
                reason = f"match {row.match_id} is in {first.where} too, and says something else there"
                problems.append(Problem(str(path), reason, advice, row.match_id, row.where))
    return rows, problems


def _rows_of(path: Path, problems: list[Problem]) -> Iterator[MatchRow]:
    try:
        table = read_csv(path, MATCHES_CSV)
    except SettingsError as error:
        problems.append(Problem(str(path), error.what, SAVE_AS_UTF_8, severity="match"))
        return
    if "match_id" not in table.columns:
        advice = f"Name the columns in the first line: {', '.join(COLUMNS)}"
        problems.append(Problem(str(path), "there is no column match_id", advice, severity="match"))
        return
    for number, line in table.rows:
        texts = {name: "" if clean(text) == NOT_YET else clean(text) for name, text in line.items()}
        match_id = texts.get("match_id", "")
        if not is_id(match_id):
            reason = f"'{shortened(match_id, 60)}' is no id of a match"
            problems.append(
                Problem(str(path), reason, "Correct it; the line is left out", place=f"line {number}")
            )
            continue
        yield _row(texts, path, number, problems)


def _row(texts: Mapping[str, str], path: Path, number: int, problems: list[Problem]) -> MatchRow:
    match_id = texts["match_id"]
    values: dict[str, Any] = {name: texts.get(name) or None for name in _TEXTS}
    for name in ("match_date", *_NUMBERS):
        text = texts.get(name, "")
        if name == "matchday" and text == "0":  # so lists write that a match of a cup has none
            text = ""
        values[name] = _date(text) if name == "match_date" else _number(text, name)
        if text and values[name] is None:
            advice = "Write dates like 2017-08-11 or 11.08.2017" if name == "match_date" else "Correct it"
            place = f"line {number}, {name}"
            problems.append(
                Problem(
                    str(path), f"{name} = '{text}' cannot be", f"{advice}; it is left empty", match_id, place
                )
            )
    return MatchRow(match_id, **values, path=str(path), line=number)


def _date(text: str) -> date | None:
    """``2017-08-11``, with a time or without, or ``11.08.2017``; nobody knows which is the month of ``8/11/2017``."""
    day, _, _ = text.partition(" ")
    try:
        found = datetime.strptime(day, "%d.%m.%Y") if "." in day else datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.date() if found.year in YEAR else None


def _number(text: str, name: str) -> int | float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    if value not in _NUMBERS[name]:
        return None
    if name.endswith("_m"):
        return value
    return int(value) if value == int(value) else None


def line_of(known: object) -> str:
    """The line of a match with all that is known of it, and a question mark for what is needed and is not."""
    needed = {"competition", "season", "match_date", "home_team_id", "home_team", "away_team_id", "away_team"}
    values = []
    for name in COLUMNS:
        value = getattr(known, name, None)
        values.append((NOT_YET if name in needed else "") if value is None else shortened(str(value), 60))
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()


def lines_of(known: Iterable[object], columns: Sequence[str], delimiter: str = ",") -> str:
    """A line a match, with what is known of it in these columns."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    for match in known:
        values = (getattr(match, name, None) for name in columns)
        rows.writerow(["" if value is None else value for value in values])
    return text.getvalue()
