"""One match by hand: what is stored of it, and that nothing of it is left when it is removed."""

import pytest
from sqlalchemy import text

from xgoals.domain.errors import SettingsError
from xgoals.steps import models, report
from xgoals.steps.upkeep import matches
from xgoals.store.database import connect
from xgoals.store.schema.sql_files import broken_promises

TABLES = (
    "shot",
    "shot_position",
    "shot_feature",
    "shot_xg",
    "shot_explanation",
    "own_goal",
    "match",
    "match_news",
)


@pytest.fixture
def stored(reach, plain_pages):
    run, _ = reach("told")
    return run


def test_nothing_of_a_removed_match_is_left_and_the_pages_that_name_it_are_owed(stored, query, open_run):
    before = {table: len(query(f"select * from {table}")) for table in TABLES}
    match_id = query("select match_id from match where matchday = 1 order by 1")["match_id"].iloc[0]
    engine = connect(stored.settings, "main")
    with engine.begin() as connection:
        has_clip = text("update shot set clip_path = 'clips/main/x.parquet' where match_id = :id")
        connection.execute(has_clip, {"id": match_id})
        facts = matches.show(connection, match_id)
    clip = stored.settings.home / "clips" / "main" / "x.parquet"
    clip.parent.mkdir(parents=True)
    clip.write_text("")
    (page,) = facts["pages"]
    file = stored.settings.home / page["path"]
    assert file.is_file()
    assert facts["shots"] == facts["numbers_published"] > 0

    told: list[str] = []
    erased = matches.delete(stored.settings, "main", match_id, tell=told.append)
    assert (erased.n_shots, erased.n_published) == (facts["shots"], facts["numbers_published"])
    assert [str(path) for path in erased.feed_files] == [str(stored.sources[0].path)]
    assert not file.exists()
    assert not clip.exists()
    after = {table: len(query(f"select * from {table}")) for table in TABLES}
    assert before["shot"] - after["shot"] == before["shot_xg"] - after["shot_xg"] == facts["shots"]
    assert before["match"] - after["match"] == before["match_news"] - after["match_news"] == 1
    assert all(after[table] < before[table] for table in TABLES if table != "own_goal")
    for table in ("match", "shot", "feed_file", "own_goal", "quarantine", "match_news"):
        assert query(f"select 1 as x from {table} where match_id = '{match_id}'").empty
    people = (
        "select player_id from player p where not exists (select from shot s where s.player_id = p.player_id)"
    )
    in_scenes = "and not exists (select from shot_position q where q.player_id = p.player_id)"
    scored = "and not exists (select from own_goal o where o.player_id = p.player_id)"
    named = "and not exists (select from told_name n where not n.is_team and n.id = p.player_id)"
    assert query(f"{people} {in_scenes} {scored} {named}").empty
    assert (
        f"match/simulated-{match_id}.html"
        not in (stored.settings.home / "reports" / "main" / "index.html").read_text()
    )

    (day,) = query("select path from report where kind = 'matchday' and scope_id like '%, matchday 1'")[
        "path"
    ]
    page_of_day = stored.settings.home / day
    assert match_id in page_of_day.read_text().split(), "as it was, until the next run"
    later = open_run("later", "archive", stored.sources[0].path)
    report.report(later, models.present_champion(later))
    assert match_id not in page_of_day.read_text().split()
    with engine.connect() as connection:
        assert broken_promises(connection) == {}
        with pytest.raises(SettingsError, match=f"no match '{match_id}' is stored"):
            matches.show(connection, match_id)
    engine.dispose()


def test_the_last_match_of_a_round_takes_the_round_s_page_with_it(stored, query):
    of_day = query("select match_id from match where matchday = 7")["match_id"]
    (day,) = query("select path from report where kind = 'matchday' and scope_id like '%, matchday 7'")[
        "path"
    ]
    for match_id in of_day:
        assert (stored.settings.home / day).exists()
        matches.delete(stored.settings, "main", match_id, tell=print)
    assert not (stored.settings.home / day).exists()
    assert query("select * from report where scope_id like '%, matchday 7'").empty


def test_an_id_that_two_providers_use_has_to_be_said_whose(stored, query):
    match_id = query("select match_id from match order by 1")["match_id"].iloc[0]
    engine = connect(stored.settings, "main")
    with engine.begin() as connection:
        connection.execute(text("insert into team select 'other', team_id, name from team"))
        connection.execute(
            text(
                """insert into match select 'other', match_id, competition_id, competition, season_id, season, matchday,
                   stage, match_date, kick_off, home_team_id, away_team_id, home_score, away_score, pitch_length_m,
                   pitch_width_m, is_simulated, feed, fingerprint, message_time from match where match_id = :id"""
            ),
            {"id": match_id},
        )
        with pytest.raises(SettingsError, match="other and simulated have a match") as caught:
            matches.show(connection, match_id)
        assert "--provider" in str(caught.value)
        assert matches.show(connection, match_id, "other")["shots"] == 0
    engine.dispose()
