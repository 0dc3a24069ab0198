"""The quarantine says of each file what its last reading left out."""

from types import SimpleNamespace

from sqlalchemy import text

from xgoals.domain.errors import Problem
from xgoals.store.arrivals import deliveries as delivery_store
from xgoals.store.arrivals import quarantine
from xgoals.store.arrivals.deliveries import FeedFile


def problem(reason, place="x"):
    return Problem(path="a.json", place=place, reason=reason, advice="mend", match_id="m1", severity="value")


def test_quarantine_follows_the_last_reading_of_a_match(engine):
    def put(run, *problems):
        with engine.begin() as connection:
            quarantine.save_problems(connection, "test", "p", "m1", problems, run_id=run)
            query = text("select reason, found_by_run from quarantine order by reason")
            return [tuple(row) for row in connection.execute(query)]

    assert put("run1", problem("one"), problem("two")) == [("one", "run1"), ("two", "run1")]
    assert put("run2", problem("two"), problem("three")) == [("three", "run2"), ("two", "run1")]
    assert put("run3") == []


def test_listing_problems_of_another_source_stay(engine):
    def put(source, *paths):
        problems = [Problem(path, "broken", "mend") for path in paths]
        with engine.begin() as connection:
            quarantine.save_listing_problems(connection, "test", source, problems, run_id="r")
            return connection.scalars(text("select path from quarantine order by path")).all()

    assert put("/a", "/a/1", "/a/2") == ["/a/1", "/a/2"]
    assert put("/b", "/b/1") == ["/a/1", "/a/2", "/b/1"]
    assert put("/a", "/a/2") == ["/a/2", "/b/1"]


def refuse(engine, run, reason, match_id="m1"):
    problem = Problem(f"/a/{match_id}", reason, "mend", match_id=match_id, severity="match")
    with engine.begin() as connection:
        return quarantine.save_refusal(connection, "test", problem, run_id=run)


def test_a_broken_match_is_news_to_the_run_that_finds_it_and_to_no_later_one(engine):
    assert refuse(engine, "run1", "torn")
    assert refuse(engine, "run1", "torn"), "the same run, cleared and tried again"
    assert not refuse(engine, "run2", "torn")
    assert refuse(engine, "run3", "upside down"), "another reason is news"
    with engine.connect() as connection:
        (entry,) = quarantine.refused_matches(connection, "test", "/a")
        assert (entry["match_id"], entry["reason"], entry["found_by_run"]) == ("m1", "upside down", "run3")
        assert quarantine.refused_matches(connection, "test", "/b") == []


def test_a_list_does_not_forget_what_only_reading_can_tell(engine):
    refuse(engine, "run1", "torn", "m1")
    refuse(engine, "run1", "torn", "m2")
    with engine.begin() as connection:
        quarantine.save_listing_problems(connection, "test", "/a", [], run_id="run2", still_to_read=["m1"])
        entries = quarantine.refused_matches(connection, "test", "/a")
    assert [entry["match_id"] for entry in entries] == ["m1"], "m2 is gone from the folder"


def test_paths_and_reasons_of_any_length_are_stored(engine):
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + 500)))  # nothing that could be compressed
    path = "/" + "/".join(letters[n : n + 80] for n in range(0, 400, 80)) * 3
    for n in range(2):
        long = Problem(path, letters, "mend", match_id="m1", place=letters[:200], severity="match")
        with engine.begin() as connection:
            assert quarantine.save_refusal(connection, "test", long, run_id="r1")
            delivery_store.save_files(
                connection,
                "test",
                SimpleNamespace(provider="p", match_id="m1"),
                [FeedFile(path)],
                fingerprint="f",
            )
            assert connection.scalar(text("select count(*) from quarantine")) == 1, n


def test_the_value_that_is_wrong_has_columns_of_its_own(engine):
    told = Problem(
        "a", "x = 7 cannot be", "mend", "m1", "shot s, x", provider="p", shot_id="s", field="x", value="7"
    )
    with engine.begin() as connection:
        quarantine.save_problems(connection, "test", "p", "m1", [told], run_id="r", step="build_features")
        quarantine.save_problems(connection, "test", "p", "m1", [], run_id="r2")
        row = connection.execute(
            text("select provider, match_id, shot_id, field, value, step from quarantine")
        ).one()
        assert tuple(row) == ("p", "m1", "s", "x", "7", "build_features"), "another step's"
        quarantine.save_problems(connection, "test", "other", "m1", [], run_id="r2", step="build_features")
        assert connection.scalar(text("select count(*) from quarantine")) == 1, "another provider's match"
        quarantine.save_problems(connection, "test", "p", "m1", [], run_id="r2", step="build_features")
        assert connection.scalar(text("select count(*) from quarantine")) == 0


def test_looking_for_some_matches_forgets_nothing_of_the_others(engine):
    refuse(engine, "run1", "torn", "m1")
    refuse(engine, "run1", "torn", "m2")
    with engine.begin() as connection:
        quarantine.save_listing_problems(connection, "test", "/a", [], run_id="run2", only_of=["m1"])
        entries = quarantine.refused_matches(connection, "test", "/a")
    assert [entry["match_id"] for entry in entries] == ["m2"]


def test_what_is_refused_as_a_whole_has_a_place_too(engine):
    whole = [
        Problem(f"{n}.json", reason, "Fetch it again", "m1", severity="match")
        for n, reason in enumerate(
            ["no JSON: line 7, column 2", "cut off after byte 1,024", "the file is empty"]
        )
    ]
    with engine.begin() as connection:
        quarantine.save_problems(
            connection, "test", "p", "m1", [*whole, problem("a value", None)], run_id="r"
        )
        places = connection.scalars(text("select place from quarantine order by path")).all()
    assert places == ["line 7, column 2", "byte 1,024", "as a whole", ""]
