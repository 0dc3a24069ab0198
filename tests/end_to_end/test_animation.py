"""A real goal, animated: from the DFL's files through every step to the card, whose line ends at the card's number."""

import json
from pathlib import Path

import pytest
from lxml import html as lxml_html

from xgoals.steps import build_features, explain, ingest, report
from xgoals.steps.pages.selection import PageSelection

pytestmark = pytest.mark.real_data


@pytest.fixture
def euro(real_data, tmp_path) -> Path:
    """The 51 matches of the Euro 2020 as a source of their own."""
    source, all_of_it = tmp_path / "euro", real_data / "statsbomb"
    (source / "matches").mkdir(parents=True)
    competitions = json.loads((all_of_it / "competitions.json").read_text("utf-8"))
    kept = [c for c in competitions if (c["competition_id"], c["season_id"]) == (55, 43)]
    (source / "competitions.json").write_text(json.dumps(kept), "utf-8")
    (source / "matches" / "55").symlink_to(all_of_it / "matches" / "55")
    for folder in ("events", "lineups"):
        (source / folder).symlink_to(all_of_it / folder)
    return source


@pytest.fixture
def report_of_the_goal(whole_run, open_run, euro, real_data, query, empty_database):
    """A model of one tournament meets a goal of another competition; ``write()`` reports on it: the match page."""
    whole_run("euro", euro, feed="statsbomb")
    context = open_run("goal", "dfl", real_data / "dfl" / "J03WMX_shot")
    ingest.ingest(context)
    build_features.build_features(context)
    (champion,) = query("select model_version from champion")["model_version"]
    explain.explain(context, champion)

    def write() -> str:
        report.report(context, champion, PageSelection(match_id="DFL-MAT-J03WMX"))
        (page,) = query("select path from report where kind = 'match' and scope_id like 'dfl%'").itertuples()
        return (empty_database.home / page.path).read_text("utf-8")

    return write


@pytest.mark.slow
def test_the_line_of_a_real_goal_ends_at_its_number(empty_database, report_of_the_goal, query, caplog):
    page = report_of_the_goal()
    (data,) = lxml_html.document_fromstring(page).xpath("//script[@class='clip-data']/text()")
    clip = json.loads(data)
    (shot,) = query(
        """select s.x_m, s.y_m, m.pitch_length_m, x.xg from shot s join match m using (provider, match_id)
           join shot_xg x using (shot_key) where s.provider = 'dfl'"""
    ).itertuples()
    assert clip["xg"][-1] == pytest.approx(shot.xg, abs=5e-5)
    assert len(clip["xg"]) == 38  # three seconds and the shot itself
    (shooter,) = (person for person in clip["people"] if person["kind"] == "shooter")
    assert shooter["name"] == "Kingsley Coman"
    at_shot = [sum(shooter[axis][:38]) / 100 for axis in "xy"]
    assert at_shot == pytest.approx([-shot.y_m, shot.pitch_length_m / 2 - shot.x_m], abs=0.006)
    assert sum(person["kind"] == "keeper" for person in clip["people"]) == 1
    assert all(clip["has_ball"][-25:]), "he has it at his feet for the last two seconds"
    assert len(page.encode()) < 1e6

    # without the file, the page stands and says nothing, and the run says why
    (path,) = query("select distinct clip_path from shot where clip_path is not null")["clip_path"]
    (empty_database.home / path).unlink()
    without = report_of_the_goal()
    assert 'data-test="animation"' not in without
    assert 'data-test="card"' in without
    assert any("cards without animation" in record.getMessage() for record in caplog.records)
