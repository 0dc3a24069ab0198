"""report: what is stored -> self-contained HTML files under ``XGOALS_HOME/reports``."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from xgoals.domain.errors import XgoalsError
from xgoals.steps.context import RunContext, log, writing
from xgoals.steps.explaining import of_latest_matchday
from xgoals.store import explanations as explanation_store
from xgoals.store import features as feature_store
from xgoals.store import matches as match_store
from xgoals.store import records as record_store
from xgoals.store import registry, runs
from xgoals.store.evaluations import read_evaluation
from xgoals.store.sql_files import broken_promises
from xgoals.store.yardsticks import read_yardsticks

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Selection:
    """Which matches get pages: the newest matchday of each competition, one match, or all."""

    match_id: str | None = None
    every: bool = False

    def of(self, fixtures: "pd.DataFrame") -> "pd.DataFrame":
        """The chosen fixtures.

        Raises
        ------
        XgoalsError
            If there is no such match.
        """
        if self.every:
            return fixtures
        if self.match_id is None:
            return fixtures[of_latest_matchday(fixtures)]
        chosen = fixtures[fixtures["match_id"] == self.match_id]
        if chosen.empty:
            raise XgoalsError(f"there is no match '{self.match_id}'", advice="See: xgoals export shots")
        return chosen


@dataclass(frozen=True)
class _Desk:
    """What all pages of a run are written from, and where they go."""

    context: RunContext
    model_version: str
    model: dict[str, Any]
    shots: "pd.DataFrame"
    folder: Path

    def file(
        self, connection: Connection, kind: str, scope_id: str, title: str, html: str, facts: dict[str, Any]
    ) -> Path:
        """Write one page and register it."""
        path = self.folder / kind / f"{_file_name(scope_id)}.html"
        runs.save_report(
            connection,
            kind=kind,
            scope_id=scope_id,
            title=title,
            path=str(path),
            model_version=self.model_version,
            sha256=write_whole(path, html),
            run_id=self.context.run_id,
            facts=facts,
        )
        return path


def report(context: RunContext, model_version: str, selection: Selection | None = None) -> str:
    """Write the model report, the pages of the chosen matches and their matchdays, and the index.

    Returns
    -------
    str
        The path of the model report.

    Raises
    ------
    XgoalsError
        If one of the promises in ``sql/checks`` does not hold: a report on inconsistent rows would mislead.
    """
    with writing(context, "report") as (engine, figures):
        with engine.connect() as connection:
            _check_promises(connection)
            desk = _desk(connection, context, model_version)
            chosen = (selection or Selection()).of(record_store.read_fixtures(connection))
        with engine.begin() as connection:
            path = _write_model(connection, desk)
            for _, matches in chosen.groupby(["competition", "season", "matchday"], dropna=False):
                _write_matchday(connection, desk, matches)
            _write_index(connection, desk)
        figures.update(match_reports=len(chosen), report=str(path))
        log.info(
            "reports: %s and the pages of %d matches; index: %s",
            path,
            len(chosen),
            desk.folder / "index.html",
        )
    return str(path)


def _desk(connection: Connection, context: RunContext, model_version: str) -> _Desk:
    shots = explanation_store.read_explained(connection, model_version)
    window = registry.out_of_fold(connection, model_version)
    shots = shots.merge(window, on="shot_key", how="left", validate="1:1")
    shots["is_held_out"] = shots["is_held_out"].astype("boolean").fillna(False).astype(bool)
    folder = context.settings.reports / context.database
    model = model_facts(connection, model_version)
    model["evaluation"] = read_evaluation(connection, model_version)
    return _Desk(context, model_version, model, shots, folder)


def _write_model(connection: Connection, desk: _Desk) -> Path:
    from xgoals.features.yardsticks import compare_with_official
    from xgoals.report import model_report

    run = runs.read_run(connection, desk.context.run_id) or {}
    run |= {
        "database": desk.context.database,
        "is_simulated": match_store.is_simulated(connection),
        "yardsticks": compare_with_official(read_yardsticks(connection)).to_dict("records"),
    }
    html = model_report(desk.shots, desk.model, run, runs.read_quarantine(connection))
    return desk.file(connection, "model", desk.model_version, f"Model {desk.model_version}", html, {})


def _write_matchday(connection: Connection, desk: _Desk, matches: "pd.DataFrame") -> None:
    """The pages of one matchday's matches, and the matchday's own."""
    from xgoals.report import match_report, matchday_report

    fixtures = _plain(matches)
    of_day = desk.shots[desk.shots["match_id"].isin(matches["match_id"])]
    for match in fixtures:
        shots = of_day[of_day["match_id"] == match["match_id"]]
        people = record_store.read_people(connection, match["provider"], match["match_id"])
        html = match_report(match, shots, people, desk.model)
        score = (
            f"{match['home_score']}\u2013{match['away_score']}"
            if match["home_score"] is not None
            else "\u2013"
        )
        title = f"{match['home_team']} {score} {match['away_team']}"
        scope_id = f"{match['provider']}-{match['match_id']}"
        path = desk.file(connection, "match", scope_id, title, html, _searched(match, shots))
        match["path"] = f"../match/{path.name}"
    first = fixtures[0]
    day = {key: first[key] for key in ("competition", "season", "matchday")}
    number = first["matchday"] if first["matchday"] is not None else first["match_date"]
    title = f"{first['competition']} {first['season']}, matchday {number}"
    html = matchday_report(day, fixtures, of_day, desk.model)
    desk.file(connection, "matchday", title, title, html, _searched(first, of_day))


def _write_index(connection: Connection, desk: _Desk) -> None:
    from xgoals.report import index_page

    reports = [
        {"kind": r["kind"], "title": r["title"], "model_version": r["model_version"], **r["facts"]}
        | {"path": Path(r["path"]).relative_to(desk.folder).as_posix()}
        for r in runs.list_reports(connection)
        if Path(r["path"]).is_relative_to(desk.folder) and r["kind"] != "index"
    ]
    html = index_page(
        reports, is_simulated=match_store.is_simulated(connection), database=desk.context.database
    )
    write_whole(desk.folder / "index.html", html)


def _plain(matches: "pd.DataFrame") -> list[dict[str, Any]]:
    """Rows as dictionaries with whole numbers, and None where a value is missing."""
    columns = [str(column) for column in matches.columns]
    values = matches.astype(object).where(matches.notna(), None).itertuples(index=False, name=None)
    rows: list[dict[str, Any]] = [dict(zip(columns, row, strict=True)) for row in values]
    for row in rows:
        for key in ("matchday", "home_score", "away_score"):
            row[key] = None if row[key] is None else int(row[key])
    return rows


def _searched(match: dict[str, Any], shots: "pd.DataFrame") -> dict[str, Any]:
    clubs = {*shots["team"], match["home_team"], match["away_team"]}
    return {
        "competition": match["competition"],
        "season": match["season"],
        "matchday": match["matchday"],
        "match_date": str(match["match_date"]),
        "clubs": sorted(clubs),
        "players": sorted(set(shots["player"].dropna())),
    }


def _file_name(scope_id: str) -> str:
    """A file name that every file system takes, different for different ids."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", scope_id).strip("-.")
    return plain if plain == scope_id else f"{plain}-{hashlib.sha256(scope_id.encode()).hexdigest()[:6]}"


def model_facts(connection: Connection, model_version: str) -> dict[str, Any]:
    """All that is known of a model, as reports take it."""
    model = registry.load_model(connection, model_version)
    baseline = registry.load_baseline(connection, model_version) or {}
    check = explanation_store.read_check(connection, model_version) or {}
    decision = registry.decision_about(connection, model_version)
    return {
        "model_version": model_version,
        "catalogue": model.catalogue,
        "catalogue_version": model.catalogue_version,
        "features": feature_store.definitions(connection, model.catalogue, model.catalogue_version),
        "params": dict(model.parameters),
        "seed": model.seed,
        "window_from": model.window_from,
        "window_to": model.window_to,
        "n_matches": model.n_matches,
        "n_shots": model.n_shots,
        "n_goals": model.n_goals,
        "library_versions": dict(model.library_versions),
        "created_at": model.created_at,
        "sha256": model.sha256,
        "metrics": dict(model.metrics),
        "decision": {"verdict": decision.verdict, "reason": decision.reason} if decision else None,
        "baseline": baseline.get("values", {}),
        "goal_rate": baseline.get("goal_rate"),
        "mean_prediction": baseline.get("mean_prediction"),
        "prediction_at_baseline": baseline.get("prediction_at_baseline"),
        "space": check.get("space"),
        "method": check.get("method"),
        "additivity_max_error": check.get("additivity_max_error"),
        "library_max_error": check.get("library_max_error"),
        "n_library_sample": check.get("n_library_sample"),
        "explain_seconds": check.get("seconds"),
        "interactions": explanation_store.read_interactions(connection, model_version),
    }


def write_whole(path: Path, text: str) -> str:
    """Write a file so that nobody ever sees half of it; its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    content = text.encode()
    unfinished.write_bytes(content)
    unfinished.replace(path)
    return hashlib.sha256(content).hexdigest()


def _check_promises(connection: Connection) -> None:
    broken = broken_promises(connection)
    if broken:
        listed = ", ".join(f"{name} ({n} rows)" for name, n in broken.items())
        raise XgoalsError(
            f"promises that do not hold: {listed}",
            where="results database",
            advice="Run the queries of sql/checks by these names to see the rows, and run the pipeline again",
        )
