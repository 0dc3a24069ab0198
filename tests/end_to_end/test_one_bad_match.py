"""Whatever one match or one feed holds, the others go in; and what is stored never stops a later step."""

import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from test_dfl_deliveries import NEWER, saved_shot, send, three_matches

from xgoals.domain.errors import FeedError, SourceError, StoreError
from xgoals.domain.match import MatchStatus, Team
from xgoals.domain.pitch import Pitch
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_matchday
from xgoals.steps import build_features, find_matches, ingest, run_context
from xgoals.steps.run_context import FeedSource
from xgoals.store import matches as match_store
from xgoals.store.database import connect

__all__ = ["three_matches"]


@pytest.fixture
def archive(tmp_path):
    """Three matches in one file."""
    path = tmp_path / "archive" / "a.parquet"
    path.parent.mkdir()
    write_archive(path, simulate_matchday(1, 1, clubs=6))
    return path.parent


@pytest.fixture
def two_feeds(empty_database):
    """A run on two sources."""

    def begin(name, **paths):
        sources = [FeedSource(feed, path) for feed, path in paths.items()]
        return run_context.open_run(
            empty_database, database="main", sources=sources, dag_run_id=name, started_at=datetime.now(UTC)
        )

    return begin


def test_an_error_that_nobody_foresaw_while_saving_costs_its_match(open_run, archive, query, monkeypatch):
    save_match = match_store.save_match

    def save(connection, record, **given):
        if record.match.home.name == victim:
            connection.execute(text("insert into team values ('p', 'half-written', 'x')"))
            raise TypeError("unhashable type: 'list'")
        return save_match(connection, record, **given)

    victim = simulate_matchday(1, 1, clubs=6)[1].match.home.name
    monkeypatch.setattr(match_store, "save_match", save)
    context = open_run("night", "archive", archive)
    ingest.ingest(context)
    assert query("select count(*) as n from match")["n"][0] == 2
    assert query("select * from team where team_id = 'half-written'").empty
    told = query("select * from quarantine").iloc[0]
    assert "cannot be stored: TypeError: unhashable type: 'list'" in told["reason"]
    assert (told["severity"], told["step"]) == ("match", "ingest")
    with pytest.raises(FeedError, match="unhashable"):
        ingest.raise_if_newly_refused(context)
    ingest.raise_if_newly_refused(open_run("next night", "archive", archive))

    monkeypatch.setattr(match_store, "save_match", save_match)
    ingest.ingest(open_run("mended", "archive", archive))
    assert query("select count(*) as n from match")["n"][0] == 3
    assert query("select * from quarantine").empty


@pytest.mark.parametrize(
    "error", [OperationalError("insert", {}, Exception("server closed")), OSError(28, "no room")]
)
def test_an_outage_is_no_match_s_fault(open_run, archive, query, monkeypatch, error):
    def away(*_, **__):
        raise error if isinstance(error, OSError) else lost

    import psycopg2

    lost = OperationalError("insert", {}, psycopg2.OperationalError("server closed the connection"))
    monkeypatch.setattr(match_store, "save_match", away)
    with pytest.raises((StoreError, OSError)):
        ingest.ingest(open_run("night", "archive", archive))
    assert query("select * from quarantine").empty


def test_an_empty_name_and_a_nul_in_a_value_are_stored_as_they_are(empty_database, engine_of, record_with):
    """Past the gate, as an archive of an older release or SQL by hand may have left it."""
    with engine_of(empty_database).begin() as connection:
        match_store.save_match(connection, record_with("", "A\x00\ud800B"), feed="f", fingerprint="x")
        names = connection.scalars(text("select name from team order by name")).all()
    assert names == ["", "AB".replace("B", "\ufffdB")]


@pytest.fixture
def engine_of():
    engines = []

    def make(settings):
        engines.append(connect(settings, "main"))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def record_with():
    def make(home_name, away_name):
        record = simulate_matchday(1, 1, clubs=4)[0]
        home, away = Team("h", home_name), Team("a", away_name)
        return replace(
            record, match=replace(record.match, home=home, away=away), teams=(home, away), shots=(), scenes=(),
            players=(), clips=(), own_goals=(),
        )  # fmt: skip

    return make


def test_a_source_that_cannot_be_listed_does_not_take_another_with_it(two_feeds, archive, query, tmp_path):
    context = two_feeds("night", dfl=tmp_path / "no such folder", archive=archive)
    portions = find_matches.find_matches(context)
    assert [p.feed for p in portions if p.is_lost] == ["dfl"]
    assert {p.feed for p in portions if not p.is_lost} == {"archive"}
    with pytest.raises(SourceError, match="no such folder"):
        ingest.ingest(context)
    assert query("select count(*) as n from match")["n"][0] == 3
    told = query("select feed, severity, match_id, reason from quarantine").iloc[0]
    assert (told["feed"], told["severity"], told["match_id"]) == ("dfl", "match", None)


def test_a_lost_source_that_is_back_is_read_when_its_square_is_cleared(
    two_feeds, archive, query, tmp_path, three_matches
):
    context = two_feeds("night", dfl=tmp_path / "away", archive=archive)
    (lost,) = [portion for portion in find_matches.find_matches(context) if portion.is_lost]
    with pytest.raises(SourceError):
        ingest.ingest_matches(context, lost)
    shutil.copytree(three_matches / "m0", tmp_path / "away")
    assert ingest.ingest_matches(context, lost) == []
    assert query("select provider from match")["provider"].tolist() == ["dfl"]


def test_a_run_of_one_source_that_cannot_be_listed_ends_there(open_run, tmp_path):
    with pytest.raises(SourceError, match="no such folder"):
        find_matches.find_matches(open_run("night", "dfl", tmp_path / "nowhere"))


def test_a_listing_that_is_lost_ends_red_and_its_other_matches_go_in(open_run, query, statsbomb):
    (statsbomb / "matches" / "11" / "99.json").write_bytes(b"<html>")
    with pytest.raises(SourceError, match="broken JSON"):
        ingest.ingest(open_run("night", "statsbomb", statsbomb))
    assert query("select count(*) as n from match")["n"][0] == 1
    ingest.ingest(open_run("later", "statsbomb", statsbomb))
    (statsbomb / "matches" / "11" / "99.json").unlink()
    ingest.ingest(open_run("mended", "statsbomb", statsbomb))
    assert query("select * from quarantine where match_id is null").empty


@pytest.fixture
def statsbomb(tmp_path):
    """A folder of open data with one match, of one shot, in a folder whose name is not UTF-8."""
    folder = tmp_path / os.fsdecode(b"M\xfcnchen")
    for name in ("matches/11", "events"):
        (folder / name).mkdir(parents=True)
    entry = {
        "match_id": 7, "match_date": "2020-01-01", "home_score": 1, "away_score": 0, "match_week": 3,
        "competition": {"competition_id": 11, "competition_name": "La Liga"},
        "season": {"season_id": 27, "season_name": "2019/2020"}, "match_status": "awarded",
        "home_team": {"home_team_id": 1, "home_team_name": ""}, "away_team": {"away_team_id": 2, "away_team_name": "B"},
    }  # fmt: skip
    shot = {
        "id": "s1", "index": 1, "period": 1, "minute": 5, "second": 1, "timestamp": "00:05:01.000",
        "type": {"id": 16, "name": "Shot"}, "team": {"id": 1, "name": "A"}, "player": {"id": 9, "name": "Nine"},
        "location": [108.0, 40.0], "play_pattern": {"name": "Regular Play"},
        "shot": {
            "statsbomb_xg": 0.3, "outcome": {"name": "Goal"}, "type": {"name": "Open Play"},
            "body_part": {"name": "Right Foot"}, "technique": {"name": "Normal"},
        },
    }  # fmt: skip
    (folder / "matches" / "11" / "27.json").write_text(json.dumps([entry]))
    (folder / "events" / "7.json").write_text(json.dumps([shot]))
    return folder


def test_a_folder_that_is_not_utf_8_is_read_and_shown(open_run, query, statsbomb):
    ingest.ingest(open_run("night", "statsbomb", statsbomb))
    match = query("select m.status, t.name from match m join team t on t.team_id = m.home_team_id").iloc[0]
    assert tuple(match) == (MatchStatus.AWARDED, "1"), "marked; and called by its id where it has no name"
    (path,) = query("select distinct path from feed_file")["path"]
    assert "M\ufffdnchen" in path
    assert query("select matches_read from (select figures ->> 'matches_read' as matches_read from run) r")[
        "matches_read"
    ].tolist() == ["1"]


def test_what_find_matches_has_found_is_read_without_listing_again(open_run, archive, monkeypatch, query):
    context = open_run("night", "archive", archive)
    portions = find_matches.find_matches(context)
    monkeypatch.setattr(ingest, "list_arrivals", None)
    monkeypatch.setattr("xgoals.steps.sum_up.list_arrivals", None)
    for portion in portions:
        assert ingest.ingest_matches(context, portion) == []
    ingest.sum_up(context, portions)
    assert query("select count(*) as n from match")["n"][0] == 3
    monkeypatch.undo()
    for portion in portions:  # cleared: listed anew, and nothing is left to read
        assert ingest.ingest_matches(context, portion) == []
    assert query("select figures ->> 'matches_read' as n from run")["n"].tolist() == ["3"]


def test_a_file_that_was_replaced_after_it_was_found_is_taken(open_run, three_matches, tmp_path, query):
    source = shutil.copytree(three_matches / "m0", tmp_path / "inbox" / "m0").parent
    context = open_run("night", "dfl", source)
    (portion,) = find_matches.find_matches(context)
    shot_id, old, new = saved_shot(source / "m0")
    shutil.rmtree(source / "m0")
    send(three_matches / "m0", source / "m0", NEWER, (old, new))
    ingest.ingest_matches(context, portion)
    assert query(f"select body_part from shot where shot_id = '{shot_id}'")["body_part"][0] == "head"


def test_a_correction_keeps_frames_and_clips_when_the_positions_have_left_the_inbox(
    open_run, three_matches, tmp_path, query
):
    source = shutil.copytree(three_matches / "m0", tmp_path / "inbox" / "m0").parent
    ingest.ingest(open_run("matchday", "dfl", source))
    scenes = """select s.shot_id, s.x_m, s.y_m, s.frame_source, s.frame_n, s.clip_path, s.raw ->> 'place' as place,
                       (select count(*) from shot_position p where p.shot_key = s.shot_key) as people
                from shot s order by shot_id"""
    before = query(scenes)
    assert before["clip_path"].notna().all()
    shot_id, old, new = saved_shot(source / "m0")
    for path in (source / "m0").glob("*positions*"):
        path.unlink()
    corrected = send(source / "m0", tmp_path / "inbox" / "corrected", NEWER, (old, new))
    assert not list(corrected.glob("*positions*"))
    ingest.ingest(open_run("correction", "dfl", source))
    after = query(scenes)
    assert after.equals(before)
    assert query(f"select body_part from shot where shot_id = '{shot_id}'")["body_part"][0] == "head"
    kinds = query("select kind, path from feed_file order by kind").set_index("kind")["path"]
    assert list(kinds.index) == ["events", "matchinfo", "positions"], "the kinds that its numbers rest on"
    (note,) = query("select reason from quarantine where field = 'positions'")["reason"]
    assert "frames stay" in note

    # Another correction, and the night after it: nothing new.
    again = send(corrected, tmp_path / "inbox" / "again", NEWER.replace("2030", "2031"))
    assert again
    ingest.ingest(open_run("again", "dfl", source))
    assert query(scenes).equals(before)
    context = open_run("quiet", "dfl", source)
    assert find_matches.find_matches(context) == []


def test_two_matches_and_a_formula_that_fails_over_one(open_run, archive, query, monkeypatch):
    from xgoals.features import build

    victim = simulate_matchday(1, 1, clubs=6)[2].match.match_id

    def pressure(scenes):
        if victim in set(scenes.shots["match_id"]):
            raise ZeroDivisionError("float division by zero")
        return sound(scenes)

    sound = build.FORMULAS["PressureSum"]
    monkeypatch.setattr(build, "FORMULAS", {**build.FORMULAS, "PressureSum": pressure})
    context = open_run("night", "archive", archive)
    ingest.ingest(context)
    build_features.build_features(context)
    missing = """select s.match_id, bool_and(f.feature_values[17] = 'NaN') as is_missing, count(*) as n
                 from shot s join shot_feature f using (shot_key) where f.is_current group by s.match_id"""
    found = query(missing).set_index("match_id")["is_missing"]
    assert found[victim]
    assert not found.drop(victim).any(), "the others are computed"
    told = query("select match_id, provider, field, reason, step from quarantine").iloc[0]
    assert (told["match_id"], told["field"], told["step"]) == (victim, "PressureSum", "build_features")
    assert "ZeroDivisionError: float division by zero" in told["reason"]


def test_a_stored_value_beyond_its_range_is_missing_and_in_quarantine_until_it_is_mended(
    open_run, archive, query, empty_database
):
    context = open_run("night", "archive", archive)
    ingest.ingest(context)
    shot = query("select shot_key, match_id, shot_id, provider from shot order by shot_key limit 1").iloc[0]
    change(empty_database, f"update shot set shooter_vx_ms = 14 where shot_key = {shot['shot_key']}")
    build_features.build_features(context)
    told = query("select * from quarantine where step = 'build_features'").iloc[0]
    assert (told["provider"], told["match_id"], told["shot_id"]) == tuple(
        shot[["provider", "match_id", "shot_id"]]
    )
    assert (told["field"], told["severity"]) == ("PlayerSpeed", "value")
    assert float(told["value"]) > 45
    assert told["path"].endswith("a.parquet")
    assert query(
        "select 1 from shot s left join shot_feature f using (shot_key) where f.shot_key is null"
    ).empty

    ingest.ingest(open_run("quiet", "archive", archive))
    assert len(query("select 1 from quarantine where step = 'build_features'")) == 1, "it still holds"

    change(empty_database, f"update shot set shooter_vx_ms = 3 where shot_key = {shot['shot_key']}")
    change(empty_database, f"update shot_feature set is_current = false where shot_key = {shot['shot_key']}")
    build_features.build_features(open_run("mended", "archive", archive))
    assert query("select * from quarantine").empty


def change(settings, statement):
    engine = connect(settings, "main")
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_match_that_another_run_has_read_meanwhile_is_not_written_again(open_run, archive, query):
    first, second = open_run("first", "archive", archive), open_run("second", "archive", archive)
    portions = find_matches.find_matches(second)
    ingest.ingest(first)
    before = query("select xmin::text as version from shot order by shot_key")
    for portion in portions:
        assert ingest.ingest_matches(second, portion) == []
    assert query("select xmin::text as version from shot order by shot_key").equals(before)
    figures = query("select run_id, figures ->> 'matches_read' as n from run").set_index("run_id")["n"]
    assert (figures["first"], figures["second"]) == ("3", "0")


def test_a_pitch_that_the_schema_refuses_is_named_with_its_match(open_run, archive, query, monkeypatch):
    """The last net: a value that the gate let through and the table does not."""
    monkeypatch.setattr("xgoals.domain.plausible.matches.is_pitch", lambda _: True)
    records = simulate_matchday(1, 1, clubs=6)
    wrong = replace(records[0], match=replace(records[0].match, pitch=Pitch(10.0, 5.0)))
    write_archive(archive / "a.parquet", [wrong, *records[1:]])
    ingest.ingest(open_run("night", "archive", archive))
    assert query("select count(*) as n from match")["n"][0] == 2
    (told,) = query("select reason from quarantine where severity = 'match'")["reason"]
    assert "match_pitch_length_m_check" in told
