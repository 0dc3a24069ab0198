"""What the watcher of the inbox reports, and when: on simulated matches, with the real database."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from test_dfl_deliveries import NEWER, saved_shot, send, three_matches

from xgoals.feeds.archive import write_archive
from xgoals.feeds.matchday import Matchday
from xgoals.feeds.schedule import PlannedMatch, write_schedule
from xgoals.feeds.simulator import season_schedule, simulate_matchday
from xgoals.steps import inbox as watching
from xgoals.steps import ingest
from xgoals.steps.run_context import close_run
from xgoals.store.database import connect

__all__ = ["three_matches"]

NOW = datetime.now(UTC)
MATCHDAY = 20


@pytest.fixture
def inbox(empty_database) -> Path:
    """An inbox with a schedule that expects three matches of the matchday."""
    folder = empty_database.inbox("dfl", "main")
    folder.mkdir(parents=True)
    planned = [match for match in season_schedule(1) if match.matchday.number == MATCHDAY][:3]
    write_schedule(folder / "schedule.csv", planned)
    return folder


def check(settings, now=NOW):
    return watching.check_inbox(settings, "main", "dfl", now)


def claim(settings, news, now=NOW):
    return watching.claim_events(settings, "main", "dfl", news, now)


def figures_of(settings, run_id):
    engine = connect(settings, "main")
    with engine.connect() as connection:
        figures = connection.scalar(text("select figures from run where run_id = :id"), {"id": run_id})
    engine.dispose()
    return figures


def test_an_incomplete_matchday_is_waited_for_until_its_deadline(
    empty_database, inbox, three_matches, open_run
):
    for name in ("m0", "m1"):
        shutil.copytree(three_matches / name, inbox / name)
    seen = check(empty_database)
    assert seen.events == []
    assert "is partial; 2 of 3 matches" in seen.remarks[0]
    assert seen.check_again_at is not None
    (late,) = check(empty_database, seen.check_again_at).events
    assert (late.state, late.verdict.missing_matches) == ("partial", ("SIM-2023-20-3",))
    assert claim(empty_database, [late]) == [late]
    assert claim(empty_database, [late]) == [], "a state is reported once"

    context = open_run("late", "dfl", inbox)
    ingest.ingest(context)
    figures = figures_of(empty_database, "late")
    (state,) = figures["matchday_states"]
    assert (state["is_overdue"], state["present"], state["expected"]) == (True, 2, 3)
    assert state["missing_matches"] == ["SIM-2023-20-3"]
    assert figures["matches_read"] == 2

    shutil.copytree(three_matches / "m2", inbox / "m2")
    (whole,) = check(empty_database).events
    assert whole.state == "complete"


def test_a_matchday_whose_matches_a_night_has_read_is_still_reported_when_something_lacks(
    empty_database, inbox, three_matches, open_run
):
    shutil.copytree(three_matches / "m0", inbox / "m0")
    ingest.ingest(open_run("night", "dfl", inbox))
    assert check(empty_database).events == []
    (late,) = check(empty_database, NOW + timedelta(days=2)).events
    assert claim(empty_database, [late]) == [late]
    ingest.ingest(open_run("deadline", "dfl", inbox))
    figures = figures_of(empty_database, "deadline")
    assert figures["matches_read"] == 0
    (state,) = figures["matchday_states"]
    assert state["is_overdue"]
    assert state["missing_matches"] == ["SIM-2023-20-2", "SIM-2023-20-3"]


def test_a_complete_matchday_starts_one_run_and_a_correction_another(
    empty_database, inbox, three_matches, open_run
):
    shutil.copytree(three_matches, inbox, dirs_exist_ok=True)
    (news,) = check(empty_database).events
    assert news.state == "complete"
    assert claim(empty_database, [news]) == [news]
    soon, late = NOW + watching.LOST_AFTER / 2, NOW + watching.LOST_AFTER * 2
    assert claim(empty_database, [news], soon) == [], "its run waits its turn"
    assert claim(empty_database, [news], late) == [news], "a report that was lost is made again"
    ingest.ingest(open_run("elsewhere", "dfl", three_matches / "m0"))
    assert watching.has_pending_events(empty_database, "main", "dfl"), (
        "a run on another folder does not answer for it"
    )
    ingest.ingest(open_run("run", "dfl", inbox))
    assert not watching.has_pending_events(empty_database, "main", "dfl")
    assert claim(empty_database, [news], late + watching.LOST_AFTER * 9) == []
    assert check(empty_database).events == [], "everything is stored"

    _, old, new = saved_shot(three_matches / "m1")
    send(three_matches / "m1", inbox / "again", NEWER, (old, new))
    (correction,) = check(empty_database).events
    assert correction.state == "corrected"
    assert correction.verdict.corrected_matches == ("SIM-2023-20-2",)
    assert claim(empty_database, [correction]) == [correction]
    ingest.ingest(open_run("correction", "dfl", inbox))
    assert figures_of(empty_database, "correction")["corrected_matches"] == ["SIM-2023-20-2"]
    assert check(empty_database).events == []


def test_a_half_copied_file_has_not_arrived(empty_database, inbox, three_matches):
    shutil.copytree(three_matches, inbox, dirs_exist_ok=True)
    positions = next((inbox / "m2").glob("*positions*"))
    whole = positions.read_bytes()
    positions.write_bytes(whole[: len(whole) // 2])
    seen = check(empty_database)
    assert seen.events == []
    assert "SIM-2023-20-3 lacks positions" in seen.remarks[0]
    positions.write_bytes(whole)
    assert [news.state for news in check(empty_database).events] == ["complete"]


def test_a_match_without_match_information_is_waited_for(empty_database, inbox, three_matches):
    shutil.copytree(three_matches, inbox, dirs_exist_ok=True)
    next((inbox / "m0").glob("*matchinformation*")).unlink()
    seen = check(empty_database)
    assert seen.events == []
    assert any("SIM-2023-20-1: which matchday it belongs to is not known yet" in r for r in seen.remarks)


def test_a_file_that_cannot_be_read_is_told_and_the_others_count(
    empty_database, inbox, three_matches, monkeypatch
):
    from xgoals.feeds.dfl import delivery

    shutil.copytree(three_matches, inbox, dirs_exist_ok=True)
    real = delivery.read_head

    def refuse(path: Path, size: int) -> bytes:
        if path.parent.name == "m2" and "events" in path.name:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, size)

    monkeypatch.setattr(delivery, "read_head", refuse)
    seen = check(empty_database)
    assert seen.events == []
    assert any("Permission denied" in remark for remark in seen.remarks)
    assert any("SIM-2023-20-3 lacks events" in remark for remark in seen.remarks)
    monkeypatch.undo()


def test_two_feeds_for_one_match_are_no_trouble(empty_database, inbox, three_matches, open_run):
    shutil.copytree(three_matches, inbox, dirs_exist_ok=True)
    ingest.ingest(open_run("files", "dfl", inbox))
    archives = empty_database.inbox("archive", "main")
    archives.mkdir(parents=True)
    write_archive(archives / "same.parquet", iter(simulate_matchday(1, MATCHDAY)[:3]))
    (news,) = watching.check_inbox(empty_database, "main", "archive", NOW).events
    assert news.state == "arrived"
    ingest.ingest(open_run("archive", "archive", archives))
    assert watching.check_inbox(empty_database, "main", "archive", NOW).events == []
    assert check(empty_database).events == []


def test_an_inbox_that_is_not_there_holds_nothing(empty_database):
    seen = check(empty_database)
    assert (seen.events, seen.remarks, seen.check_again_at) == ([], [], None)


def test_only_a_schedule_is_no_arrival(empty_database, inbox):
    assert check(empty_database).events == []
    assert watching.snapshot(inbox) == ""


def test_a_growing_file_changes_the_snapshot(tmp_path):
    (tmp_path / "a.xml").write_text("<a>")
    before = watching.snapshot(tmp_path)
    assert before == watching.snapshot(tmp_path) != ""
    (tmp_path / "a.xml").write_text("<a></a>")
    assert watching.snapshot(tmp_path) != before


def test_a_file_replaced_by_one_of_the_same_size_and_time_changes_the_snapshot(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text("one")
    before, stat = watching.snapshot(tmp_path), path.stat()
    path.write_text("two")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert watching.snapshot(tmp_path) != before


@pytest.mark.parametrize("change", ["new", "renamed", "removed", "new folder", "written over"])
def test_a_large_inbox_is_looked_at_by_its_folders_and_seldom_file_by_file(tmp_path, change):
    (tmp_path / "m").mkdir()
    for name in "ab":
        (tmp_path / "m" / name).write_text("one")
    scanner = watching.InboxScanner(tmp_path, settle_s=15)
    before = scanner.snapshot(0)
    scanner._all_took_s = 60  # as if there were millions
    assert scanner.snapshot(1) == before
    if change == "new":
        (tmp_path / "m" / "c").write_text("one")
    elif change == "renamed":
        (tmp_path / "m" / "a").rename(tmp_path / "m" / "z")
    elif change == "removed":
        shutil.rmtree(tmp_path / "m")
    elif change == "new folder":
        shutil.copytree(tmp_path / "m", tmp_path / "n")
    else:
        (tmp_path / "m" / "a").write_text("more")
        assert scanner.snapshot(2) == before, "no folder has changed"
    assert scanner.snapshot(2 if change != "written over" else watching.MAX_PAUSE_S) != before


def test_a_small_inbox_is_looked_at_whole_each_time(tmp_path):
    (tmp_path / "a").write_text("one")
    scanner = watching.InboxScanner(tmp_path, settle_s=15)
    before = scanner.snapshot(0)
    (tmp_path / "a").write_text("more")
    assert scanner.snapshot(5) != before


def test_an_inbox_that_vanishes_is_told(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    scanner = watching.InboxScanner(folder, settle_s=15)
    scanner.snapshot(0)
    folder.rmdir()
    with pytest.raises(OSError, match="No such file"):
        scanner.snapshot(20)


def test_what_a_failed_run_had_taken_up_is_reported_again_though_its_matches_are_stored(
    empty_database, inbox, three_matches, open_run
):
    shutil.copytree(three_matches, inbox, dirs_exist_ok=True)
    (news,) = check(empty_database).events
    claim(empty_database, [news])
    context = open_run("run", "dfl", inbox)
    ingest.ingest(context)
    under_way = check(empty_database, NOW + timedelta(hours=2))
    assert under_way.events == []
    assert under_way.check_again_at, "it is looked after"
    close_run(context, "failed", "explain", "a bug")
    seen = check(empty_database)
    assert seen.events == []
    assert seen.check_again_at == NOW + watching.LOST_AFTER
    (again,) = check(empty_database, seen.check_again_at).events
    assert (again.state, again.verdict.matchday) == ("complete", news.verdict.matchday)
    assert "has failed" in again.sentence
    assert claim(empty_database, [again], seen.check_again_at + timedelta(seconds=1)) == [again]
    context = open_run("next", "dfl", inbox)
    ingest.ingest(context)
    close_run(context, "success")
    assert check(empty_database, NOW + timedelta(hours=9)).events == []


def test_what_a_schedule_says_survives_being_written(tmp_path):
    planned = [
        PlannedMatch(Matchday("C", "S", 1), "m1", datetime(2025, 8, 22, 18, 30, tzinfo=UTC)),
        PlannedMatch(Matchday("C", "S", 1), "m2"),
    ]
    from xgoals.feeds.schedule import read_planned_matches

    write_schedule(tmp_path / "schedule.csv", planned)
    assert read_planned_matches(tmp_path / "schedule.csv") == planned
