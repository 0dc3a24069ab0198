"""The model report, and the page of the article that it reproduces."""

from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Connection

from xgoals.steps.code_version import code_version
from xgoals.steps.pages.writer import ReportWriter
from xgoals.store import matches as match_store
from xgoals.store import records as record_store
from xgoals.store import runs
from xgoals.store.evaluations import read_evaluation
from xgoals.store.published import read_honesty
from xgoals.store.yardsticks import read_yardsticks

MOST_SHOTS = 40_000
"""What the two pages draw and summarise shot by shot; of a longer history a sample of whole matches."""


def write_model(connection: Connection, writer: ReportWriter) -> Path:
    """The article's page and the model report, which link to each other; the path of the latter.

    A page that cannot be written costs a warning.
    """
    from xgoals.features.yardsticks import compare_with_official
    from xgoals.report import article_report, model_report

    matches, n_stored = record_store.sampled_matches(connection, MOST_SHOTS)
    shots, model = writer.explained(connection, matches), writer.facts(connection, writer.model_version)
    run = runs.read_run(connection, writer.context.run_id) or {}
    run |= {
        "database": writer.context.database,
        "is_simulated": match_store.is_simulated(connection),
        "code": code_version(),
        "yardsticks": compare_with_official(read_yardsticks(connection)).to_dict("records"),
        "honesty": asdict(read_honesty(connection)),
        "sampled_from": n_stored if n_stored > MOST_SHOTS else None,
    }
    version, page = writer.model_version, writer.path("model", writer.model_version).name
    with writer.or_warn(connection, title := f"The article, reproduced with {version}"):
        html = article_report(shots, model, run, model_page=f"../model/{page}", language=writer.language)
        writer.save(connection, "article", version, title, html, {})
    with writer.or_warn(connection, title := f"Model {version}"):
        html = model_report(
            shots,
            {**model, "evaluation": read_evaluation(connection, version)},
            run,
            runs.read_quarantine(connection),
            article_page=f"../article/{page}",
            language=writer.language,
        )
        writer.save(connection, "model", version, title, html, {})
    return writer.path("model", version)
