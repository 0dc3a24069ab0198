"""The pages of matches, and of the rounds that they belong to."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection

from xgoals.steps.pages.writer import ReportWriter
from xgoals.store import records as record_store

if TYPE_CHECKING:
    import pandas as pd


class RoundPages(NamedTuple):
    """The pages of a round; ``match`` is the last one written."""

    match: Path
    matchday: Path


def write_round(connection: Connection, writer: ReportWriter, chosen: "pd.DataFrame") -> RoundPages:
    """The pages of these matches of one round, and the round's own, which tells of all its matches."""
    from xgoals.report import matchday_report
    from xgoals.report.matchday_page import counts

    path = writer.folder
    for match in plain_rows(chosen):
        path = _write_match(connection, writer, match)
    first = plain_rows(chosen)[0]
    matches = _matches_of_round(writer, first)
    if not any(map(counts, matches)):
        return RoundPages(path, path)  # nothing was played to its end: there are no results to tell
    shots = writer.published[writer.published["match_id"].isin([match["match_id"] for match in matches])]
    named = f"matchday {first['round']}" if first["round"].isdigit() else first["round"]
    title = f"{first['competition']} {first['season']}, {named}"
    with writer.or_warn(title):
        html = matchday_report(
            first, matches, shots, writer.model, models=writer.models, language=writer.language
        )
        last = {**first, "match_date": max(str(match["match_date"]) for match in matches)}
        writer.save(connection, "matchday", title, title, html, index_facts(last, shots))
    return RoundPages(path, writer.path("matchday", title))


def _matches_of_round(writer: ReportWriter, first: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every match of a round, with the path of its page where there is one."""
    fixtures = writer.fixtures
    of_round = (
        (fixtures["competition"] == first["competition"])
        & (fixtures["season"] == first["season"])
        & (fixtures["round"] == first["round"])
    )
    matches = plain_rows(fixtures[of_round])
    for match in matches:
        page = writer.path("match", _scope_id(match))
        match["path"] = f"../match/{page.name}" if page.is_file() else None
    return matches


def _write_match(connection: Connection, writer: ReportWriter, match: dict[str, Any]) -> Path:
    """One match's page."""
    from xgoals.report import match_report

    provider, match_id = match["provider"], match["match_id"]
    shots, own = (_of_match(rows, match) for rows in (writer.published, writer.own_goals))
    people = record_store.read_people(connection, provider, match_id)
    match = match | {"own_goals": own.astype(object).where(own.notna(), None).to_dict("records")}
    known = match["home_score"] is not None and match["away_score"] is not None
    score = f"{match['home_score']}\u2013{match['away_score']}" if known else "\u2013"
    title = f"{match['home_team']} {score} {match['away_team']}{_mark(match, writer.language)}"
    with writer.or_warn(title):
        footage = writer.footage.of_match(connection, provider, match_id)
        html = match_report(
            match,
            shots,
            people,
            writer.model,
            models=writer.models,
            footage=footage,
            language=writer.language,
        )
        writer.save(connection, "match", _scope_id(match), title, html, index_facts(match, shots))
    return writer.path("match", _scope_id(match))


def _mark(match: Mapping[str, Any], language: str) -> str:
    """What is said behind a result that was not won on the pitch, as the page of the match says it."""
    from xgoals.language import language as speaker

    words = speaker(language)
    marks = {
        "abandoned": words.text("broken off"),
        "awarded": words.text("result awarded"),
        "cancelled": words.text("cancelled"),
        "unfinished": words.text("not over yet"),
    }
    mark = marks.get(match.get("status") or "played")
    return f" ({mark})" if mark else ""


def _of_match(rows: "pd.DataFrame", match: Mapping[str, Any]) -> "pd.DataFrame":
    found: pd.DataFrame = rows[
        (rows["match_id"] == match["match_id"]) & (rows["provider"] == match["provider"])
    ]
    return found


def _scope_id(match: Mapping[str, Any]) -> str:
    return f"{match['provider']}-{match['match_id']}"


def plain_rows(matches: "pd.DataFrame") -> list[dict[str, Any]]:
    """Rows as dictionaries with whole numbers, and None where a value is missing."""
    columns = [str(column) for column in matches.columns]
    values = matches.astype(object).where(matches.notna(), None).itertuples(index=False, name=None)
    rows: list[dict[str, Any]] = [dict(zip(columns, row, strict=True)) for row in values]
    for row in rows:
        for key in ("matchday", "home_score", "away_score"):
            row[key] = None if row[key] is None else int(row[key])
    return rows


def index_facts(match: dict[str, Any], shots: "pd.DataFrame") -> dict[str, Any]:
    """What the index lists and searches, and from which state of the match the page was written."""
    clubs = {*shots["team"], match["home_team"], match["away_team"]}
    xg = shots.groupby("team")["xg"].sum()
    return {
        **{key: match[key] for key in ("competition", "season", "matchday", "round")},
        **{key: match[key] for key in ("provider", "match_id", "fingerprint")},
        "match_date": str(match["match_date"]),
        "xg": [round(float(xg.get(match[side], 0.0)), 2) for side in ("home_team", "away_team")],
        "clubs": sorted(clubs),
        "players": sorted(set(shots["player"].dropna())),
    }
