"""The pages of a model, and the page of the article that it reproduces."""

from collections.abc import Collection
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.domain.errors import ModelError
from xgoals.domain.model import RecordedDecision
from xgoals.steps.code_version import code_version
from xgoals.steps.pages.links import address
from xgoals.steps.pages.writer import Key, ReportWriter
from xgoals.store import explanations as explanation_store
from xgoals.store import matches as match_store
from xgoals.store import records as record_store
from xgoals.store import registry, runs
from xgoals.store.drift.points import read_drift
from xgoals.store.evaluations import read_evaluation
from xgoals.store.published import read_honesty
from xgoals.store.yardsticks import read_yardsticks

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.analysis.evaluated.model_change import ModelChange

MOST_SHOTS = 40_000
"""What the pages draw and summarise shot by shot; of a longer history a sample of whole matches."""


def write_model(connection: Connection, writer: ReportWriter) -> str:
    """The article's page and the pages of the model, which link to each other; the path of the model's first one.

    A page that cannot be written costs a warning.
    """
    from xgoals.features.yardsticks import compare_with_official
    from xgoals.report import article_report

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
    version, page = writer.model_version, writer.path("model", writer.model_version)
    with writer.or_warn(connection, title := f"The article, reproduced with {version}"):
        html = article_report(shots, model, run, model_page=address(page), language=writer.language)
        writer.save(connection, "article", version, title, html, {})
    with writer.or_warn(connection, f"Model {version}"):
        _write_chapters(connection, writer, shots, run, matches)
    return page


def _write_chapters(
    connection: Connection,
    writer: ReportWriter,
    shots: "pd.DataFrame",
    run: dict[str, object],
    matches: Collection[Key],
) -> None:
    """All pages of the model, made before the first one is written; its own last, so that no link leads nowhere."""
    from xgoals.report import model_report
    from xgoals.report.model.chapters import CHAPTERS, chapter_path

    version, page = writer.model_version, PurePosixPath(writer.path("model", writer.model_version))
    decisions = registry.recorded_decisions(connection, version)
    pages = model_report(
        shots,
        {**writer.facts(connection, version), "evaluation": read_evaluation(connection, version)},
        run,
        runs.read_quarantine(connection),
        decisions=decisions,
        change=change_since(connection, version, decisions, shots, matches),
        drift=read_drift(connection, version, writer.context.settings.drift.attribution_ndcg_below),
        profiles=writer.feature_profiles(connection),
        page=page.stem,
        article_page=f"../article/{page.name}",
        language=writer.language,
    )
    for n, chapter in reversed(list(enumerate(CHAPTERS))):
        is_first = chapter.key == "summary"
        writer.save(
            connection,
            "model",
            version if is_first else f"{version}/{chapter.key}",
            f"Model {version}" if is_first else f"Model {version}: {chapter.title}",
            pages[chapter.key],
            {} if is_first else {"chapter": chapter.title, "chapter_n": n},
            path=str(page.parent / chapter_path(page.stem, chapter.key)),
        )


def change_since(
    connection: Connection,
    version: str,
    decisions: list[RecordedDecision],
    shots: "pd.DataFrame",
    matches: Collection[Key],
) -> "ModelChange | None":
    """What changed from the champion that a model has replaced; None where there was none, or it is not stored.

    Parameters
    ----------
    decisions
        Those that the model had a part in, the latest first.
    shots
        The shots of these matches with its own numbers and values.
    """
    from xgoals.analysis.evaluated.model_change import model_change, shifted_numbers

    taken = (row.decision for row in decisions if row.decision.champion_after == version)
    before = next((d.champion_before for d in taken if d.champion_before not in (None, version)), None)
    if before is None:
        return None
    try:
        replaced = registry.load_model(connection, before)
    except ModelError:
        return None
    of_before = explanation_store.read_explained(connection, before, matches=matches)
    own = registry.load_model(connection, version)
    return model_change(replaced, own, shifted_numbers(of_before, shots))
