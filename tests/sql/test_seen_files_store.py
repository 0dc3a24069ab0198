"""What is known of files from one look to the next, and what find_matches hands over."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from xgoals.domain.errors import Problem
from xgoals.feeds import Delivery
from xgoals.feeds.seen import SeenFiles
from xgoals.steps.arrivals import Arrivals, keep_seen
from xgoals.steps.run_context import FeedSource
from xgoals.store import runs
from xgoals.store.arrivals import found_matches, seen_files


def read(engine, source="/inbox"):
    with engine.connect() as connection:
        return dict(seen_files.read_seen(connection, "dfl", source).known)


def save(engine, seen, *, is_whole=True):
    with engine.begin() as connection:
        seen_files.save_seen(connection, "dfl", seen, is_whole=is_whole)


def test_answers_are_kept_replaced_and_forgotten_with_their_files(engine):
    save(engine, SeenFiles(found={("/inbox/a", "head"): ("1", "x"), ("/inbox/b", "head"): ("1", "y")}))
    assert read(engine) == {("/inbox/a", "head"): ("1", "x"), ("/inbox/b", "head"): ("1", "y")}
    assert read(engine, "/inb") == {}, "a folder whose name begins alike is another one"
    known = read(engine)
    asked = {("/inbox/a", "head")}
    save(engine, SeenFiles(known, {("/inbox/a", "head"): ("2", "z")}, asked), is_whole=False)
    assert len(read(engine)) == 2, "not all of it was listed"
    save(engine, SeenFiles(read(engine), {}, asked))
    assert read(engine) == {("/inbox/a", "head"): ("2", "z")}


def test_a_file_whose_name_cannot_be_stored_is_looked_at_again(engine):
    save(engine, SeenFiles(found={("/inbox/\udcfc", "head"): ("1", "x")}))
    assert read(engine) == {}


def test_a_path_that_no_index_holds_stops_nothing_and_is_looked_at_again(engine):
    long = "/inbox/" + "/".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(60))
    kept = {("/inbox/a", "head"): ("1", "x")}
    save(engine, SeenFiles(found=kept | {(long, "head"): ("1", "y")}))
    assert read(engine) == kept


def test_a_match_is_handed_over_once_and_no_longer_when_its_files_have_changed(engine, tmp_path):
    path = tmp_path / "events.xml"
    path.write_text("one")
    delivery = Delivery("dfl", "m1", (path,), "f", extra={"refused": []})
    told = Problem(str(path), "odd", "mend", "m1", "x", shot_id="s", value="7")

    def take():
        with engine.begin() as connection:
            return found_matches.take(connection, "run", "dfl", ["m1"])

    with engine.begin() as connection:
        found_matches.hand_over(
            connection, "run", "dfl", [delivery], [told, Problem("/x", "other", "mend", "m2")]
        )
    (found,) = take()
    assert (found.delivery, found.problems, found.still_holds) == (delivery, (told,), True)
    path.write_text("another")
    assert not found.still_holds
    path.unlink()
    assert not found.still_holds
    assert take() == [], "a task that is tried again lists anew"


def test_what_was_handed_over_goes_with_the_run(engine):
    delivery = Delivery("dfl", "m1", (Path("/gone"),), "f")
    with engine.begin() as connection:
        runs.open_run(connection, "old", feeds=[], sources=[], started_at=datetime.now(UTC))
        runs.close_run(connection, "old", state="failed", ended_at=datetime.now(UTC))
        for run_id in ("old", "new"):
            found_matches.hand_over(connection, run_id, "dfl", [delivery], [])
        assert connection.scalars(text("select run_id from found_match")).all() == ["new"]
        found_matches.forget(connection, "new")
        assert connection.scalar(text("select count(*) from found_match")) == 0


def test_of_sources_that_are_gone_nothing_is_kept(engine, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    there.write_text("x")
    known = {(str(path), "head"): ("1", "x") for path in (here, there, tmp_path / "gone" / "a")}
    save(engine, SeenFiles(found=known), is_whole=False)
    listed = Arrivals(FeedSource("dfl", here), {}, [], [], SeenFiles(asked={(str(here), "head")}))
    with engine.begin() as connection:
        keep_seen(connection, listed, is_whole=True)
    assert read(engine, str(tmp_path)).keys() == {(str(here), "head"), (str(there), "head")}
