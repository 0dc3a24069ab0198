"""New shots that are unlike the champion's window are told to people, once."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from xgoals.mail.enqueue import end_run
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
    found = query("select run_id, matter, state_key, what, place, advice, step from trouble").set_index(
        "run_id"
    )
    assert set(found.index) == {"other", "again"}
    assert runs["same"]["shots_explained"] > 300, "or nothing was compared"
    assert "header (0." in found.loc["other", "place"]
    assert found.loc["other"].equals(found.loc["again"]), "it is still so"
    mails = query(
        "select run_id, subject, state_key from notification where kind = 'warning' and matter = 'drift'"
    )
    assert mails["run_id"].tolist() == ["other"], "but people are told once"
    assert mails["state_key"].tolist() == [found.loc["other", "state_key"]]
    assert "unlike those that the champion has learned from" in mails["subject"][0]
