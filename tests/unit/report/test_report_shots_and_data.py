"""One shot as plain values, quarantine and the run."""

import pandas as pd

from xgoals.language import language
from xgoals.report.page.run import is_simulated, quarantine_facts, run_facts, sources
from xgoals.report.shot.facts import shot_facts

EN = language("en")


def test_a_shot_as_plain_values(shots, model):
    row = shots({"x_m": 41.5, "y_m": -4.0, "shap_AngleToGoal": 0.3, "shap_DistanceToGoal": 0.2}).to_dict(
        "records"
    )[0]
    shot = shot_facts(row, model)
    assert (shot["depth_m"], shot["left_m"]) == (11.0, -4.0)
    speed = shot["features"][-1]
    assert speed["value"] is None
    assert shot["features"][1]["value"] == 11.0


def test_a_shot_without_place(shots, model):
    shot = shot_facts(shots({"x_m": None, "y_m": None}).to_dict("records")[0], model)
    assert shot["depth_m"] is None


def test_whole_matches_come_first_in_quarantine(quarantine):
    found = quarantine_facts(quarantine, EN)
    assert [row.is_match for row in found.rows] == [True, False]
    assert found.rows[1].place == ""
    assert (found.n_matches, found.n_values, found.more) == (1, 1, 0)
    assert quarantine_facts(quarantine.iloc[:0], EN).rows == ()


def test_what_is_wrong_is_told_once_with_how_often_and_paths_from_the_source(quarantine):
    rows = [{**quarantine.iloc[0].to_dict(), "path": f"/data/season/events/{n}.json"} for n in range(60)]
    found = quarantine_facts(pd.concat([pd.DataFrame(rows), quarantine.iloc[[1]]]), EN, ["/data/season"])
    assert [(row.reason.text, row.is_match, row.n) for row in found.reasons] == [
        ("not JSON", True, 1),
        ("no keeper", False, 60),
    ]
    assert found.rows[1].path == "events/0.json"
    assert (len(found.rows), found.more) == (50, 11)


def test_the_run_in_the_order_of_the_pipeline(run, shots):
    found = run_facts(run, shots({}))
    assert [task.task for task in found.tasks] == ["ingest", "train"]
    assert (found.seconds, found.longest) == (90.0, 40.0)
    assert found.sources == ["StatsBomb"]
    assert run_facts({**run, "ended_at": None}, shots({})).seconds is None


def test_one_invented_shot_makes_the_page_simulated(run, shots):
    assert not is_simulated(run, shots({}))
    assert is_simulated(run, shots({}, {"is_simulated": True}))
    assert is_simulated({**run, "is_simulated": True}, shots({}))
    assert sources(shots({"is_simulated": True})) == []
