"""A source is listed on one machine and read on another: what only one of them sees is no match's fault."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xgoals.domain.errors import UnseenError
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_matchday
from xgoals.orchestration.failures import failure_of
from xgoals.steps import find_matches, ingest, portions, run_context
from xgoals.steps import inbox as watching
from xgoals.steps.portions import Portion
from xgoals.steps.run_context import FeedSource


@pytest.fixture
def works_on(monkeypatch):
    """``works_on("w1")``: from now on this is another machine."""

    def change(name):
        monkeypatch.setattr(portions, "this_machine", lambda: name)
        monkeypatch.setattr(find_matches, "this_machine", lambda: name)

    return change


@pytest.fixture
def source(tmp_path):
    """Three matches in a file each."""
    folder = tmp_path / "source"
    folder.mkdir()
    for record in simulate_matchday(1, 1, clubs=6):
        write_archive(folder / f"{record.match.match_id}.parquet", [record])
    return folder


@pytest.fixture
def found(open_run, source, works_on):
    """A run whose `find_matches` has listed all three on machine ``w0``, and its one portion of all."""
    works_on("w0")
    run = open_run("night", "archive", source)
    listed = find_matches.find_matches(run)
    ids = tuple(match_id for portion in listed for match_id in portion.match_ids)
    assert len(ids) == 3
    return run, Portion("archive", ids)


def hidden(source: Path, name: str, tmp_path: Path) -> Path:
    """A file as it is for a machine that does not have it."""
    return Path(shutil.move(source / name, tmp_path / name))


def test_a_worker_that_lacks_a_file_says_so_reads_the_others_and_another_one_reads_the_rest(
    found, source, works_on, query, tmp_path
):
    run, portion = found
    lacks = portion.match_ids[1]
    away = hidden(source, f"{lacks}.parquet", tmp_path)
    works_on("w1")
    with pytest.raises(UnseenError) as caught:
        ingest.ingest_matches(run, portion)
    said = str(caught.value)
    assert said.startswith(
        f"{source / lacks}.parquet: this worker (w1) does not see the files of match {lacks}"
    )
    assert "which w0 has found. Mount the source at the same path on all workers" in said
    assert set(query("select match_id from match")["match_id"]) == set(portion.match_ids) - {lacks}
    assert query("select * from quarantine").empty, "nothing is wrong with the match"

    shutil.move(away, source)
    works_on("w2")
    assert ingest.ingest_matches(run, portion) == []
    assert sorted(query("select match_id from match")["match_id"]) == sorted(portion.match_ids)
    assert query("select figures from run where run_id = 'night'")["figures"][0]["matches_read"] == 3


def test_a_worker_without_the_folder_names_the_machine_that_has_it(found, source, works_on, query):
    run, portion = found
    shutil.rmtree(source)
    works_on("w1")
    with pytest.raises(UnseenError, match=r"3 matches, the first .*, which w0 has found"):
        ingest.ingest_matches(run, portion)
    assert query("select * from quarantine").empty


def test_a_file_that_was_removed_on_the_machine_that_listed_it_is_gone_and_no_error(
    found, source, query, tmp_path, caplog
):
    run, portion = found
    hidden(source, f"{portion.match_ids[1]}.parquet", tmp_path)
    assert ingest.ingest_matches(run, portion) == []
    assert "is no longer in" in caplog.text
    assert len(query("select * from match")) == 2


def test_a_file_that_lies_there_under_another_name_is_seen(found, source, works_on, query):
    run, portion = found
    (source / f"{portion.match_ids[1]}.parquet").rename(source / "renamed.parquet")
    works_on("w1")
    assert ingest.ingest_matches(run, portion) == []
    assert len(query("select * from match")) == 3


def test_a_match_that_is_broken_is_broken_on_every_machine(found, source, works_on, query):
    run, portion = found
    (source / f"{portion.match_ids[1]}.parquet").write_bytes(b"PAR1 and no more")
    works_on("w1")
    ingest.ingest_matches(run, portion)
    assert len(query("select * from match")) == 2


def test_a_drive_that_goes_away_while_it_is_read_is_no_match_s_fault(
    found, source, works_on, query, tmp_path, monkeypatch
):
    run, portion = found
    lacks = source / f"{portion.match_ids[1]}.parquet"
    works_on("w1")
    read_all = ingest.read_all

    def read(feed, deliveries):
        hidden(source, lacks.name, tmp_path)
        return read_all(feed, deliveries)

    monkeypatch.setattr(ingest, "read_all", read)
    with pytest.raises(UnseenError, match=r"this worker \(w1\) does not see"):
        ingest.ingest_matches(run, portion)
    assert query("select * from quarantine").empty
    assert len(query("select * from match")) == 2


def test_later_tasks_keep_to_the_sources_that_were_listed(found, source, empty_database):
    def on_a_worker_that_sees(*feeds, lists):
        return run_context.open_run(
            empty_database,
            database="main",
            sources=[FeedSource(feed, Path("/elsewhere") / feed) for feed in feeds],
            dag_run_id="night",
            started_at=None,
            lists_sources=lists,
        ).sources

    assert on_a_worker_that_sees(lists=False) == (FeedSource("archive", source),)
    assert on_a_worker_that_sees("dfl", lists=False) == (FeedSource("archive", source),)
    assert on_a_worker_that_sees("dfl", lists=True) == (FeedSource("dfl", Path("/elsewhere/dfl")),)
    assert on_a_worker_that_sees(lists=False) == (FeedSource("dfl", Path("/elsewhere/dfl")),)


def test_a_worker_without_the_inbox_does_not_answer_for_what_the_watcher_has_seen(
    empty_database, source, open_run, works_on, query
):
    inbox = empty_database.inbox("archive", "main")
    shutil.copytree(source, inbox)
    events = watching.check_inbox(empty_database, "main", "archive", datetime.now(UTC)).events
    assert watching.claim_events(empty_database, "main", "archive", events, datetime.now(UTC))
    shutil.rmtree(inbox)
    works_on("w1")
    with pytest.raises(UnseenError, match=r"this worker \(w1\) has no such folder.*dag-processor"):
        find_matches.find_matches(open_run("by the watcher", "archive", inbox))
    assert query("select taken_by_run from inbox_event")["taken_by_run"].isna().all()

    shutil.copytree(source, inbox)
    assert find_matches.find_matches(open_run("by the watcher", "archive", inbox))
    assert set(query("select taken_by_run from inbox_event")["taken_by_run"]) == {"by the watcher"}


def test_airflow_tries_it_again_and_people_read_the_sentence():
    from xgoals.orchestration.tasks import told_plainly

    error = UnseenError("this worker (w1) does not see the files of match 7", where="/inbox/7.json")
    with pytest.raises(UnseenError) as raised, told_plainly():
        raise error
    context = {"exception": raised.value, "ti": _Task()}
    assert failure_of(context).error is error


class _Task:
    task_id, map_index, try_number, rendered_map_index = "ingest", 3, 4, None
