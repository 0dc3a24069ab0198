"""The pages of matches, and of the rounds that they belong to."""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from sqlalchemy import Connection

from xgoals.domain.difference import ShotDifference
from xgoals.domain.page_keys import ClubKey, MatchKey, PlayerKey, RoundKey, SeasonKey
from xgoals.domain.reason import ShotReasons
from xgoals.steps.pages.links import address
from xgoals.steps.pages.match_events import with_events
from xgoals.steps.pages.writer import Key, ReportWriter
from xgoals.store import match_news
from xgoals.store import records as record_store
from xgoals.store.differences import read_differences
from xgoals.store.told.keepers import read_keepers_off_line

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.report import MatchLinks


class RoundPages(NamedTuple):
    """The pages of a round; ``match`` is the last one written."""

    match: str
    matchday: str


class Why(NamedTuple):
    """Why shots have their numbers, why those are not the provider's, and what is usual; by ``shot_key``."""

    reasons: Mapping[int, ShotReasons]
    differences: Mapping[int, ShotDifference]
    usual_keepers: Mapping[int, float]


def write_round(connection: Connection, writer: ReportWriter, chosen: "pd.DataFrame") -> RoundPages:
    """The pages of these matches of one round, and the round's own, which tells of all its matches."""
    from xgoals.report import matchday_report
    from xgoals.report.matchday.page import counts

    path, first = writer.pages.index, plain_rows(chosen)[0]
    matches = with_events(connection, _matches_of_round(writer, first))
    keys = [(match["provider"], match["match_id"]) for match in matches]
    shots = writer.published(connection, keys)
    models = writer.models(connection, shots)
    why = _why(connection, writer, keys)
    for match in with_events(connection, plain_rows(chosen)):
        path = _write_match(connection, writer, match, _of_match(shots, match), models, why)
    matches = [match | _page_of(writer, match) for match in matches]
    if not any(map(counts, matches)):
        return RoundPages(path, path)  # nothing was played to its end: there are no results to tell
    title = round_title(first)
    with writer.or_warn(connection, title):
        html = matchday_report(
            first,
            matches,
            shots,
            models[writer.model_version],
            people=people_of(connection, matches),
            models=models,
            **why._asdict(),
            levels=writer.levels_off(connection, shots),
            season_path=writer.links.to(_season(first)),
            language=writer.language,
        )
        last = {**first, "match_date": max(str(match["match_date"]) for match in matches)}
        writer.save(connection, "matchday", title, title, html, index_facts(last, shots))
    return RoundPages(path, writer.path("matchday", title))


def _why(connection: Connection, writer: ReportWriter, matches: Collection[Key]) -> Why:
    reasons = writer.reasons(connection, matches)
    return Why(reasons, read_differences(connection, matches), keepers_at_references(connection, reasons))


def keepers_at_references(connection: Connection, reasons: Mapping[int, ShotReasons]) -> Mapping[int, float]:
    """How far off their lines keepers stood at the shots that these were compared with, by ``shot_key``."""
    from xgoals.report.shot.usual import usual_keepers

    references = {reference for of in reasons.values() for reference in of.references}
    return usual_keepers(reasons, read_keepers_off_line(connection, references))


def round_title(match: Mapping[str, Any]) -> str:
    """What the page of a match's round is called, and registered as."""
    return RoundKey(_season(match), match["round"]).scope_id


def match_title(match: Mapping[str, Any]) -> str:
    """A match with its result, as far as that is known."""
    known = match["home_score"] is not None and match["away_score"] is not None
    score = f"{match['home_score']}\u2013{match['away_score']}" if known else "\u2013"
    return f"{match['home_team']} {score} {match['away_team']}"


def shots_of(matches: Iterable[Mapping[str, Any]], shots: "pd.DataFrame") -> "pd.DataFrame":
    """The shots of these matches; an id alone may be another provider's match."""
    keys = {(match["provider"], match["match_id"]) for match in matches}
    is_of = [key in keys for key in zip(shots["provider"], shots["match_id"], strict=True)]
    return shots[np.array(is_of, dtype=bool)]


def people_of(connection: Connection, matches: Iterable[Mapping[str, Any]]) -> "pd.DataFrame":
    """Everybody but the shooters in the scenes of these matches, with ``match_id``."""
    import pandas as pd

    return pd.concat(
        [
            record_store.read_people(connection, match["provider"], match["match_id"]).assign(
                match_id=match["match_id"]
            )
            for match in matches
        ],
        ignore_index=True,
    )


def _matches_of_round(writer: ReportWriter, first: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every match of a round."""
    fixtures = writer.fixtures
    of_round = (
        (fixtures["competition"] == first["competition"])
        & (fixtures["season"] == first["season"])
        & (fixtures["round"] == first["round"])
    )
    return plain_rows(fixtures[of_round])


def _page_of(writer: ReportWriter, match: Mapping[str, Any]) -> dict[str, str | None]:
    """The path of a match's page, where there is one."""
    page = writer.path("match", scope_id(match))
    return {"path": address(page) if writer.pages.lies(page) else None}


def _write_match(
    connection: Connection,
    writer: ReportWriter,
    match: dict[str, Any],
    shots: "pd.DataFrame",
    models: Mapping[str, dict[str, Any]],
    why: Why,
) -> str:
    """One match's page."""
    from xgoals.report import match_report

    provider, match_id = match["provider"], match["match_id"]
    title = match_title(match) + _mark(match, writer.language)
    with writer.or_warn(connection, title):
        people = record_store.read_people(connection, provider, match_id)
        footage = writer.footage.of_match(connection, provider, match_id)
        html = match_report(
            match,
            shots,
            people,
            models[writer.model_version],
            models=models,
            footage=footage,
            **why._asdict(),
            levels=writer.levels_off(connection, shots),
            links=_links(writer, match, shots),
            language=writer.language,
        )
        writer.save(connection, "match", scope_id(match), title, html, index_facts(match, shots))
        match_news.settle_pages(connection, [(provider, match_id)], "written")
    return writer.path("match", scope_id(match))


def _season(match: Mapping[str, Any]) -> SeasonKey:
    return SeasonKey(match["competition"], match["season"])


def _links(writer: ReportWriter, match: Mapping[str, Any], shots: "pd.DataFrame") -> "MatchLinks":
    """Where a match's page leads: its season, its matchday, both clubs, the shooters."""
    from xgoals.report import MatchLinks

    season, provider, to = _season(match), match["provider"], writer.links.to
    home, away = (
        to(ClubKey(season, provider, match[f"{side}_team_id"], match[f"{side}_team"]))
        for side in ("home", "away")
    )
    known = shots[shots["player_id"].notna()]
    players = {
        shot_id: address
        for shot_id, player_id in zip(known["shot_id"], known["player_id"], strict=True)
        if (address := to(PlayerKey(provider, player_id)))
    }
    return MatchLinks(to(season), to(RoundKey(season, match["round"])), home, away, players)


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


def scope_id(match: Mapping[str, Any]) -> str:
    """By which name the page of a match is registered."""
    return MatchKey(match["provider"], match["match_id"]).scope_id


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
