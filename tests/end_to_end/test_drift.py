"""New shots that are unlike the champion's window are told to people, once."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from xgoals.mail.run_mails import end_run
from xgoals.steps import build_features, compute_baseline, explain, ingest, register, train


@pytest.fixture
def parts(league, tmp_path) -> list[Path]:
    """The league's first 30 matches, 15 more as they were, and 15 more in which every shot is called a header."""
    table = pq.read_table(league)
    matches = table["match_id"].unique()
    found = []
    for n, end in enumerate((30, 45, 60)):
        known = pc.is_in(table["match_id"], matches.slice(0, end))
        part = table.filter(known)
        if end == 60:
            is_last = pc.is_in(part["match_id"], matches.slice(45))
            column = part.schema.get_field_index("body_part")
            headers = pc.if_else(is_last, pa.scalar("head"), part["body_part"].cast(pa.string()))
            part = part.set_column(column, "body_part", headers)
        found.append(tmp_path / f"{n}" / "league.parquet")
        found[-1].parent.mkdir()
        pq.write_table(part, found[-1])
    return found


@pytest.mark.slow
def test_a_source_that_names_something_otherwise_is_told_once(open_run, parts, query):
    champion = None
    for name, n in (("first", 0), ("same", 1), ("other", 2), ("again", 2)):
        context = open_run(name, "archive", parts[n])
        ingest.ingest(context)
        build_features.build_features(context)
        champion = champion or register.register(context, train.train(context))
        compute_baseline.compute_baseline(context, champion)
        explain.explain(context, champion)
        end_run(context)
    runs = query("select run_id, figures from run").set_index("run_id")["figures"]
    assert not any(runs[name].get("warning_drift") for name in ("first", "same"))
    assert runs["same"]["shots_explained"] > 300, "or nothing was compared"
    told = runs["other"]["warning_drift"]
    assert "header (0." in told["where"]
    assert told == runs["again"]["warning_drift"], "it is still so"
    mails = query(
        "select run_id, subject from notification where kind = 'warning' and matter like 'drift: %'"
    )
    assert mails["run_id"].tolist() == ["other"], "but people are told once"
    assert "unlike those that the champion has learned from" in mails["subject"][0]
