"""Stored paths outlive a move of the home: what lies in it is stored relative, and found in it wherever it is."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from xgoals.domain.errors import Problem
from xgoals.domain.scene import MatchRecord
from xgoals.feeds import Delivery
from xgoals.feeds.resends import contradiction
from xgoals.feeds.seen import SeenFiles
from xgoals.settings import Settings
from xgoals.store import matches, runs
from xgoals.store.arrivals import deliveries, found_matches, quarantine, seen_files
from xgoals.store.database import connect
from xgoals.store.derived.states import Content, state_key
from xgoals.store.migrate import downgrade, upgrade
from xgoals.store.upkeep.erase import describe_match, erase_match

OUTSIDE = "/feeds/dfl/events.xml"
Homes = Callable[[str], Connection]


@pytest.fixture
def at(empty_database: Settings, tmp_path: Path) -> Iterator[Homes]:
    """``at("old")``: a connection of a machine on which the home has this name; each statement counts at once."""
    with ExitStack() as opened:

        def open_at(name: str) -> Connection:
            engine = connect(empty_database.model_copy(update={"home": tmp_path / name}), "main")
            opened.callback(engine.dispose)
            return opened.enter_context(engine.connect().execution_options(isolation_level="AUTOCOMMIT"))

        yield open_at


def column(connection: Connection, query: str) -> list[Any]:
    return list(connection.scalars(text(query)))


def test_files_of_a_match_are_found_in_the_home_of_who_asks(
    at: Homes, tmp_path: Path, record: Callable[..., MatchRecord]
) -> None:
    old, new, beside = at("old"), at("new"), f"{tmp_path}/older/inbox/x.xml"
    inside = [str(tmp_path / name / "inbox" / "dfl" / "positions.xml") for name in ("old", "new")]
    stored = record("1")
    with old.engine.begin() as connection:
        matches.save_match(connection, stored, feed="dfl", fingerprint="f")
    files = [
        deliveries.FeedFile(inside[0], "positions", "a"),
        deliveries.FeedFile(OUTSIDE, "events", "b"),
        deliveries.FeedFile(beside, "match", "c"),
    ]
    deliveries.save_files(old, "dfl", stored.match, files, fingerprint="f")
    assert column(old, "select path from feed_file order by kind") == [
        OUTSIDE, beside, "inbox/dfl/positions.xml",
    ]  # fmt: skip
    found = deliveries.stored_delivery(new, ("p", "1"))
    assert found
    assert found.messages
    paths = {kind: str(message.path) for kind, message in found.messages.items()}
    assert paths == {"positions": inside[1], "events": OUTSIDE, "match": beside}
    assert deliveries.events_file(new, ("p", "1")) == ("dfl", OUTSIDE)
    assert inside[1] in [file["path"] for file in describe_match(new, ("p", "1"))["feed_files"]]
    assert Path(inside[1]) in erase_match(new, ("p", "1")).feed_files


def test_what_is_known_of_files_moves_with_them(at: Homes, tmp_path: Path) -> None:
    old, new = at("old"), at("new")
    answer = ("state", "fact")
    known = {(f"{tmp_path}/old/inbox/dfl/a.xml", "head"): answer, (OUTSIDE, "head"): answer}
    seen_files.save_seen(old, "dfl", SeenFiles(found=known), is_whole=False)
    inbox = f"{tmp_path}/new/inbox/dfl"
    moved = f"{inbox}/a.xml", "head"
    for source in (inbox, f"{tmp_path}/new", str(tmp_path), "/"):
        assert moved in seen_files.read_seen(new, "dfl", source).known, source
    for source in (f"{tmp_path}/new/inbox/d", f"{tmp_path}/ne", f"{tmp_path}/old", "/feeds"):
        assert moved not in seen_files.read_seen(new, "dfl", source).known, source
    assert seen_files.questions_elsewhere(new, "dfl", inbox) == [(OUTSIDE, "head")]
    seen_files.save_seen(new, "dfl", SeenFiles(known={moved: answer}), is_whole=True)
    assert column(new, "select path from seen_file") == [OUTSIDE], "of a file that is gone nothing is kept"


def test_what_was_left_out_is_no_news_in_another_place(at: Homes, tmp_path: Path) -> None:
    def problem(home: str) -> Problem:
        inbox = tmp_path / home / "inbox" / "dfl"
        return contradiction(inbox / "b.xml", inbox / "a.xml", "what is stored stands", "7")

    old, new = at("old"), at("new")
    quarantine.save_listing_problems(
        old, "dfl", f"{tmp_path}/old/inbox/dfl", [problem("old")], run_id="first"
    )
    keys = column(old, "select entry_key from quarantine")
    quarantine.save_listing_problems(
        new, "dfl", f"{tmp_path}/new/inbox/dfl", [problem("new")], run_id="second"
    )
    assert column(new, "select entry_key from quarantine") == keys
    assert column(new, "select found_by_run from quarantine") == ["first"]
    assert not quarantine.save_refusal(new, "dfl", problem("new"), run_id="second"), (
        "known since the first run"
    )
    (entry,) = quarantine.refused_matches(new, "dfl", f"{tmp_path}/new/inbox/dfl")
    assert entry["path"] == f"{tmp_path}/new/inbox/dfl/b.xml"
    assert entry["reason"].startswith("same MessageTime as inbox/dfl/a.xml, but")
    assert runs.read_quarantine(new)["path"].tolist() == [entry["path"]]
    (told,) = runs.quarantined_by(new, "first")
    assert told.path == entry["path"]
    quarantine.save_listing_problems(new, "dfl", f"{tmp_path}/new/inbox/dfl", [], run_id="third")
    assert column(new, "select count(*) from quarantine") == [0], "what was not found again goes"


def test_a_worker_with_the_home_elsewhere_reads_what_another_has_found(at: Homes, tmp_path: Path) -> None:
    old, new = at("old"), at("new")
    inbox = tmp_path / "old" / "inbox" / "dfl"
    inbox.mkdir(parents=True)
    for name in ("a.xml", 'ä "b".xml'):
        (inbox / name).write_text("x")
    (tmp_path / "new").symlink_to(tmp_path / "old")  # the same folder, mounted under another name
    extra = {"kept": [["positions", str(inbox / "a.xml"), "sha", None]], "home:": "xgoals-home"}
    delivery = Delivery("dfl", "7", tuple(sorted(inbox.iterdir())), "f", extra=extra)
    told = Problem(str(inbox / "a.xml"), "odd", "mend", "7")
    found_matches.hand_over(old, "run", "dfl", [delivery], [told])
    (found,) = found_matches.take(new, "run", "dfl", ["7"])
    there = tmp_path / "new" / "inbox" / "dfl"
    assert found.delivery.files == tuple(there / path.name for path in delivery.files)
    assert found.delivery.extra == {
        "kept": [["positions", str(there / "a.xml"), "sha", None]],
        "home:": "xgoals-home",
    }
    assert found.problems == (Problem(str(there / "a.xml"), "odd", "mend", "7"),)
    assert found.still_holds


BEFORE = """
insert into run (run_id, feeds, sources, started_at) values ('r', '{dfl}', '{x}', now());
insert into report (kind, scope_id, title, path, sha256, run_id) values
    ('match', '7', 't', '/srv/reports/main/h/reports/main/match/7.html', 's', 'r'),
    ('index', 'index', 't', '/srv/reports/main/h/reports/main/index.html', 's', 'r'),
    ('match', '8', 't', '/elsewhere/8.html', 's', 'r');
insert into feed_file (feed, path, provider, match_id, fingerprint) values
    ('dfl', '/srv/reports/main/h/inbox/dfl/7.xml', 'dfl', '7', 'f'),
    ('dfl', 'HOME/inbox/dfl/8.xml', 'dfl', '8', 'f'),
    ('dfl', '/feeds/inbox/dfl/9.xml', 'dfl', '9', 'f');
insert into seen_file (feed, path, what, state, fact) values
    ('dfl', '/srv/reports/main/h/inbox/dfl/7.xml', 'head', 's', 'f'), ('dfl', 'HOME/inbox/dfl/7.xml', 'head', 's', 'f'),
    ('dfl', '/feeds/inbox/dfl/9.xml', 'head', 's', 'f');
insert into quarantine (feed, path, place, reason, advice, severity, match_id, found_by_run) values
    ('dfl', '/srv/reports/main/h/inbox/dfl/7.xml', '', 'same as /srv/reports/main/h/inbox/dfl/6.xml', 'a', 'match',
     '7', 'r'),
    ('dfl', 'HOME/inbox/dfl/7.xml', '', 'same as HOME/inbox/dfl/6.xml', 'a', 'match', '7', 'r2'),
    ('dfl', '/feeds/inbox/dfl/9.xml', '', 'odd', 'a', 'match', '9', 'r');
"""


def test_a_database_of_before_is_taken_over_and_no_page_is_owed_for_it(bare_database: Settings) -> None:
    engine = connect(bare_database, "main", whatever_schema=True)
    home, contents = str(bare_database.home), list[Content](["quarantine", "match", "shot"])

    def paths() -> dict[str, list[Any]]:
        with engine.connect() as connection:
            return {
                name: column(connection, f"select path from {name} order by path")
                for name in ("report", "feed_file", "seen_file", "quarantine")
            }

    upgrade(engine, "0025")
    with engine.begin() as connection:
        connection.exec_driver_sql(BEFORE.replace("HOME", home))
        key = state_key(connection, contents)
    upgrade(engine)
    assert paths() == {
        "report": ["/elsewhere/8.html", "reports/main/index.html", "reports/main/match/7.html"],
        "feed_file": ["/feeds/inbox/dfl/9.xml", "inbox/dfl/7.xml", "inbox/dfl/8.xml"],
        "seen_file": ["/feeds/inbox/dfl/9.xml", "inbox/dfl/7.xml"],
        "quarantine": ["/feeds/inbox/dfl/9.xml", "inbox/dfl/7.xml"],
    }
    with engine.begin() as connection:
        assert state_key(connection, contents) == key, "no page tells anything else for it"
        known = runs.read_quarantine(connection).set_index("path")["reason"]
        assert known[f"{home}/inbox/dfl/7.xml"] == "same as inbox/dfl/6.xml"
        connection.exec_driver_sql("update quarantine set advice = 'b'")
        assert state_key(connection, contents) != key, "whatever changes from now on counts again"
    downgrade(engine, "0025")
    assert paths()["report"] == ["/elsewhere/8.html", f"{home}/reports/main/index.html",
                                 f"{home}/reports/main/match/7.html"]  # fmt: skip
    assert paths()["feed_file"] == [
        "/feeds/inbox/dfl/9.xml",
        f"{home}/inbox/dfl/7.xml",
        f"{home}/inbox/dfl/8.xml",
    ]
    assert paths()["quarantine"] == ["/feeds/inbox/dfl/9.xml", f"{home}/inbox/dfl/7.xml"]
    upgrade(engine)
    assert paths()["report"] == ["/elsewhere/8.html", "reports/main/index.html", "reports/main/match/7.html"]
    engine.dispose()
