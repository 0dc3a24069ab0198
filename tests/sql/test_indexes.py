"""Questions about one run, one model, one shot, one match or one season are answered by an index, not by all rows."""

import pytest
from sqlalchemy import text

QUESTIONS = {
    "shot_xg_model_version_idx": "select from shot_xg where model_version = 'xg-1'",
    "out_of_fold_shot_key_idx": "delete from out_of_fold where shot_key = 1",
    "quarantine_match_idx": "delete from quarantine where feed = 'dfl' and match_id = 'm' and severity = 'match'",
    "match_season_idx": "select from match where competition = 'c' and season = 's' order by match_date desc limit 9",
    "report_run_idx": "select from report where run_id = 'run'",
}


@pytest.fixture
def plan(engine):
    """How the server would answer if tables were long: on empty ones it would read them whole."""

    def of(connection, question: str, parameters=None) -> str:
        connection.exec_driver_sql("set local enable_seqscan = off")
        return "\n".join(connection.scalars(text(f"explain {question}"), parameters or {}))

    return of


@pytest.mark.parametrize(("index", "question"), QUESTIONS.items())
def test_a_question_has_its_index(engine, plan, index, question):
    with engine.begin() as connection:
        assert index in plan(connection, question)
