"""report: what is stored -> self-contained HTML files under ``XGOALS_HOME/reports``."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection

from xgoals.domain.errors import XgoalsError
from xgoals.settings import Database
from xgoals.steps.code_version import code_version
from xgoals.steps.footage import Projector
from xgoals.steps.report_writer import Desk, as_published, plain_rows, searched
from xgoals.steps.run_context import RunContext, log, writing
from xgoals.steps.selection import Selection, with_rounds
from xgoals.store import explanations as explanation_store
from xgoals.store import features as feature_store
from xgoals.store import matches as match_store
from xgoals.store import records as record_store
from xgoals.store import registry, runs
from xgoals.store.evaluations import read_evaluation
from xgoals.store.published import matches_republished, read_published_otherwise
from xgoals.store.sql_files import broken_promises
from xgoals.store.yardsticks import read_yardsticks

if TYPE_CHECKING:
    import pandas as pd


def report(
    context: RunContext,
    model_version: str,
    selection: Selection | None = None,
    *,
    language: str | None = None,
) -> str:
    """Write the pages of the chosen matches and their matchdays, the index, the model report and the article's page.

    The latter two are left alone where one match or matchday was asked for.

    Parameters
    ----------
    language
        ``"en"`` or ``"de"``; default: the setting ``report.language``.

    Returns
    -------
    str
        The path of what was asked for: the model report, or the match's or matchday's page.

    Raises
    ------
    XgoalsError
        If one of the promises in ``sql/checks`` does not hold (a report on inconsistent rows would mislead), or
        there is no such match or matchday.
    """
    selection = selection or Selection()
    with writing(context, "report") as (engine, figures):
        with engine.connect() as connection:
            _check_promises(connection)
            desk = _desk(connection, context, model_version, language or context.settings.report.language)
            chosen = selection.of(desk.fixtures, _corrected(connection, desk))
        with engine.begin() as connection:
            asked_for = [_write_round(connection, desk, matches) for matches in _by_round(chosen)]
            if selection.is_narrow:
                path = asked_for[0].match if selection.match_id else asked_for[0].matchday
            else:
                path = _write_model(connection, desk)
            index = index_of(connection, desk.folder, context.database, desk.language)
            desk.file(connection, "index", "index", "Index of all reports", index, {})
        figures.update(match_reports=len(chosen), report=str(path), reports_failed=len(desk.failed))
        log.info("pages of %d matches; %s; index: %s", len(chosen), path, desk.folder / "index.html")
    return str(path)


def _desk(connection: Connection, context: RunContext, model_version: str, language: str) -> Desk:
    shots = explanation_store.read_explained(connection, model_version)
    window = registry.out_of_fold(connection, model_version)
    shots = shots.merge(window, on="shot_key", how="left", validate="1:1")
    shots["is_held_out"] = shots["is_held_out"].astype("boolean").fillna(False).astype(bool)
    otherwise = read_published_otherwise(connection, model_version)
    return Desk(
        context,
        model_version,
        {version: model_facts(connection, version) for version in {model_version, *otherwise}},
        shots,
        as_published(shots, list(otherwise.values())),
        with_rounds(record_store.read_fixtures(connection)),
        record_store.read_own_goals(connection),
        language,
        context.settings.reports / context.database,
        Projector(context.settings.home, registry.load_model(connection, model_version), shots),
    )


def _corrected(connection: Connection, desk: Desk) -> set[tuple[str, str]]:
    """Matches that changed after their page was written, or of which this run published a corrected number."""
    written = {
        (r["facts"]["provider"], r["facts"]["match_id"]): r["facts"]["fingerprint"]
        for r in runs.list_reports(connection)
        if r["kind"] == "match" and "fingerprint" in r["facts"]
    }
    now = desk.fixtures.set_index(["provider", "match_id"])["fingerprint"]
    changed = {key for key, fingerprint in written.items() if now.get(key, fingerprint) != fingerprint}
    return changed | matches_republished(connection, desk.context.run_id)


def _by_round(matches: "pd.DataFrame") -> "Iterator[pd.DataFrame]":
    for _, part in matches.groupby(["competition", "season", "round"], sort=False):
        yield part


def _write_model(connection: Connection, desk: Desk) -> Path:
    from xgoals.features.yardsticks import compare_with_official
    from xgoals.report import article_report, model_report

    run = runs.read_run(connection, desk.context.run_id) or {}
    run |= {
        "database": desk.context.database,
        "is_simulated": match_store.is_simulated(connection),
        "code": code_version(),
        "yardsticks": compare_with_official(read_yardsticks(connection)).to_dict("records"),
    }
    version, page = desk.model_version, desk.path("model", desk.model_version).name
    html = article_report(desk.shots, desk.model, run, model_page=f"../model/{page}", language=desk.language)
    desk.file(connection, "article", version, f"The article, reproduced with {version}", html, {})
    html = model_report(
        desk.shots,
        {**desk.model, "evaluation": read_evaluation(connection, version)},
        run,
        runs.read_quarantine(connection),
        article_page=f"../article/{page}",
        language=desk.language,
    )
    return desk.file(connection, "model", version, f"Model {version}", html, {})


class _Written(NamedTuple):
    """The pages of a round; ``match`` is the last one written."""

    match: Path
    matchday: Path


def _write_round(connection: Connection, desk: Desk, chosen: "pd.DataFrame") -> _Written:
    """The pages of these matches of one round, and the round's own, which tells of all its matches."""
    from xgoals.report import matchday_report

    path = desk.folder
    for match in plain_rows(chosen):
        path = _write_match(connection, desk, match)
    first = plain_rows(chosen)[0]
    fixtures = desk.fixtures
    of_round = (
        (fixtures["competition"] == first["competition"])
        & (fixtures["season"] == first["season"])
        & (fixtures["round"] == first["round"])
    )
    matches = plain_rows(fixtures[of_round])
    for match in matches:
        page = desk.path("match", _scope_id(match))
        match["path"] = f"../match/{page.name}" if page.is_file() else None
    shots = desk.published[desk.published["match_id"].isin([match["match_id"] for match in matches])]
    named = f"matchday {first['round']}" if first["round"].isdigit() else first["round"]
    title = f"{first['competition']} {first['season']}, {named}"
    page = desk.path("matchday", title)
    with desk.or_warn(title):
        html = matchday_report(first, matches, shots, desk.model, models=desk.models, language=desk.language)
        last = {**first, "match_date": max(str(match["match_date"]) for match in matches)}
        desk.file(connection, "matchday", title, title, html, searched(last, shots))
    return _Written(path, page)


def _write_match(connection: Connection, desk: Desk, match: dict[str, Any]) -> Path:
    """One match's page."""
    from xgoals.report import match_report

    shots = desk.published[
        (desk.published["match_id"] == match["match_id"]) & (desk.published["provider"] == match["provider"])
    ]
    people = record_store.read_people(connection, match["provider"], match["match_id"])
    own = desk.own_goals[
        (desk.own_goals["match_id"] == match["match_id"]) & (desk.own_goals["provider"] == match["provider"])
    ]
    match = match | {"own_goals": own.astype(object).where(own.notna(), None).to_dict("records")}
    known = match["home_score"] is not None and match["away_score"] is not None
    score = f"{match['home_score']}\u2013{match['away_score']}" if known else "\u2013"
    title = f"{match['home_team']} {score} {match['away_team']}"
    scope_id = _scope_id(match)
    with desk.or_warn(title):
        footage = desk.projector.footage(connection, match["provider"], match["match_id"])
        html = match_report(
            match, shots, people, desk.model, models=desk.models, footage=footage, language=desk.language
        )
        desk.file(connection, "match", scope_id, title, html, searched(match, shots))
    return desk.path("match", scope_id)


def _scope_id(match: Mapping[str, Any]) -> str:
    return f"{match['provider']}-{match['match_id']}"


def index_of(connection: Connection, folder: Path, database: Database, language: str = "en") -> str:
    """The index of all pages that are registered and lie in this folder, as HTML."""
    from xgoals.report import index_page

    reports = [
        {"kind": r["kind"], "title": r["title"], "model_version": r["model_version"], **r["facts"]}
        | {"path": Path(r["path"]).relative_to(folder).as_posix()}
        for r in runs.list_reports(connection)
        if r["kind"] != "index" and Path(r["path"]).is_relative_to(folder) and Path(r["path"]).is_file()
    ]
    return index_page(
        reports, language=language, is_simulated=match_store.is_simulated(connection), database=database
    )


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
        "trees_in_booster": model.trees_in_booster,
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


def _check_promises(connection: Connection) -> None:
    broken = broken_promises(connection)
    if broken:
        listed = ", ".join(f"{name} ({n} rows)" for name, n in broken.items())
        raise XgoalsError(
            f"promises that do not hold: {listed}",
            where="results database",
            advice="Run the queries of sql/checks by these names to see the rows, and run the pipeline again",
        )
