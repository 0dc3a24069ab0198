"""Between two tasks of a run others work: a person promotes a model, another run stores shots."""

import pytest
from sqlalchemy import text

from xgoals.steps import explain, promote, report
from xgoals.store.database import connect
from xgoals.store.schema.sql_files import broken_promises


@pytest.mark.slow
def test_a_champion_that_is_promoted_before_the_report_is_explained_and_told(reach, plain_pages, query):
    run, old = reach("rivalled")
    explain.explain(run, old, reasons="none")
    (rival,) = query(f"select model_version from model_version where model_version <> '{old}'")[
        "model_version"
    ]
    promote.promote(run.settings, "main", rival)
    report.report(run, old)
    assert set(query("select model_version from report")["model_version"]) == {rival}
    engine = connect(run.settings, "main")
    with engine.begin() as connection:
        assert broken_promises(connection) == {}
        one = "(select min(features_key) from shot_xg)"
        connection.execute(text(f"delete from shot_xg where features_key = {one}"))
        assert broken_promises(connection) == {"champion_scores_every_shot": 1}
    assert explain.explain(run, old, reasons="none") == rival, (
        "who is told of a former one goes on with this one"
    )
    report.report(run, rival)
    engine.dispose()
