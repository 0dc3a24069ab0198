"""Two providers whose ids and names are all the same: matches, teams, players, shots, competition and season."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pandas as pd
import pytest
from champions import query
from sqlalchemy import Connection

from leagues import no_model_pages, plain_matches
from xgoals.domain.errors import XgoalsError
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.mail.matchday_changes import matchdays_with_news
from xgoals.outputs import exports
from xgoals.settings import Settings
from xgoals.steps import build_features, explain, find_matches, ingest, report, run_context
from xgoals.steps.match_filter import MatchFilter
from xgoals.steps.pages.selection import PageSelection
from xgoals.steps.run_context import FeedSource, RunContext
from xgoals.steps.upkeep import matches
from xgoals.store import match_news
from xgoals.store.database import connect
from xgoals.store.schema.sql_files import broken_promises

LAST = slice(54, 60)
"""Six of the nine matches of the newest matchday that the first provider tells of."""


@pytest.fixture
def twins(empty_database: Settings, reach, tmp_path: Path) -> tuple[Settings, str, RunContext]:
    """A league with its pages; then another provider tells of matches of its newest matchday."""
    _, model = reach("published")
    write_archive(
        tmp_path / "twins.parquet",
        [
            replace(record, match=replace(record.match, provider="other"))
            for record in islice(simulate_league(), LAST.start, LAST.stop)
        ],
    )
    run = RunContext(empty_database, "main", "twins", (FeedSource("archive", tmp_path / "twins.parquet"),))
    ingest.ingest(run)
    build_features.build_features(run)
    explain.explain(run, model)
    return empty_database, model, run


@pytest.fixture
def connection(twins: tuple[Settings, str, RunContext]) -> Iterator[Connection]:
    engine = connect(twins[0], "main")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@pytest.mark.season_pages
def test_every_page_is_one_providers(twins, monkeypatch):
    settings, model, run = twins
    plain_matches(monkeypatch)
    no_model_pages(monkeypatch)
    of_days = "select path from report where kind = 'matchday'"
    before = [settings.home / path for (path,) in query(settings, of_days)]
    report.report(run, model)
    pages = {"season": {}, "matchday": {}, "match": {}}
    for kind, title, path in query(settings, "select kind, title, path from report where path like '%.html'"):
        pages.setdefault(kind, {})[title] = settings.home / path
    names = ("Meridian League (other) 2023/24", "Meridian League (simulated) 2023/24")
    assert sorted(pages["season"]) == [*names]
    assert {title.split(",")[0] for title in pages["matchday"]} == {*names}
    assert before
    assert not any(path.exists() for path in before), "of rounds that are called otherwise now"
    one, other = (pages["season"][name].read_text() for name in names)
    assert "6 matches" in one
    assert "60 matches" in other
    for name in names:
        assert pages["matchday"][f"{name}, matchday 7"].is_file()
    ids = {path.name for path in (settings.home / "reports" / "main" / "match").iterdir()}
    assert {f"{provider}-SIM-2023-07-1.html" for provider in ("other", "simulated")} <= ids
    index = (settings.home / "reports" / "main" / "index.html").read_text()
    assert all(name.split(" 20")[0] in index for name in names)
    with connect(settings, "main").connect() as stored:
        assert broken_promises(stored) == {}


def test_a_match_is_named_by_its_provider_where_its_id_is_two_matches(twins, connection):
    _, model, run = twins
    match_id = "SIM-2023-07-1"
    both = "other and simulated have a match 'SIM-2023-07-1' each.*other:SIM-2023-07-1 or simulated:"
    with pytest.raises(XgoalsError, match=both):
        report.report(run, model, PageSelection(match_id))
    with pytest.raises(XgoalsError, match=both):
        matches.show(connection, match_id)
    assert matches.show(connection, f"other:{match_id}")["provider"] == "other"
    assert matches.show(connection, match_id, "simulated")["provider"] == "simulated"
    connection.commit()
    for provider in ("other", "simulated"):
        path = report.report(run, model, PageSelection(f"{provider}:{match_id}"))
        assert Path(path).name == f"{provider}-{match_id}.html"
    with pytest.raises(XgoalsError, match=r"There are: .*Meridian League \(other\)"):
        report.report(run, model, PageSelection(matchday="Meridian League, 2023/24, 7"))
    assert "other" in report.report(run, model, PageSelection(matchday="Meridian League (other), 2023/24, 7"))


def test_numbers_mails_and_files_keep_the_two_apart(twins, connection, tmp_path):
    settings, *_ = twins
    sisters = {(p, m): s for p, m, s in query(settings, "select provider, match_id, sister from model_match")}
    told_twice = {key[1] for key in sisters if key[0] == "other"}
    assert len(told_twice) == 6
    assert all(sisters["other", m] == sisters["simulated", m] is not None for m in told_twice)
    exports.export_shots(settings, "main", tmp_path / "shots.parquet")
    shots = pd.read_parquet(tmp_path / "shots.parquet")
    assert not shots.duplicated(["provider", "match_id", "shot_id"]).any()
    assert shots[shots["provider"] == "other"]["match_id"].nunique() == 6
    theirs, ours = (shots[shots["match_id"].isin(told_twice) & (shots["provider"] == p)].set_index("shot_id")["xg"]
                    for p in ("other", "simulated"))  # fmt: skip
    pd.testing.assert_series_equal(theirs.sort_index(), ours.sort_index(), check_exact=False, atol=1e-6)
    days = matchdays_with_news(
        connection, [n for n in match_news.read_news(connection).news if n.provider == "other"]
    )
    assert [day.title for day in days] == ["Meridian League (other) 2023/24, matchday 7"]
    assert {match["provider"] for match in days[0].matches} == {"other"}


def test_a_run_reads_the_match_that_is_meant(twins, league, tmp_path):
    settings, *_ = twins
    folder = tmp_path / "both"
    folder.mkdir()
    (folder / "a.parquet").symlink_to(league)
    (folder / "b.parquet").symlink_to(tmp_path / "twins.parquet")
    sources = [FeedSource("archive", folder)]
    run = run_context.open_run(settings, database="main", sources=sources, dag_run_id="both", started_at=None)

    def names(*asked: str) -> list[str]:
        wanted = MatchFilter(match_ids=frozenset(asked), reread=True)
        return [name for portion in find_matches.find_matches(run, wanted) for name in portion.match_ids]

    with pytest.raises(XgoalsError, match="other and simulated have a match"):
        names("SIM-2023-07-1")
    assert names("other:SIM-2023-07-1") == ["SIM-2023-07-1"]
    assert names("SIM-2023-06-1", "simulated:SIM-2023-07-1") == ["SIM-2023-06-1", "SIM-2023-07-1"]
    both = names("other:SIM-2023-07-1", "simulated:SIM-2023-07-1")
    assert sorted(both) == ["other:SIM-2023-07-1", "simulated:SIM-2023-07-1"]
    for name in both:
        (portion,) = find_matches.find_matches(run, MatchFilter(frozenset({name}), reread=True))
        assert ingest.ingest_matches(run, portion, reread=True) == []
    stored = query(settings, "select provider, count(*) from match group by 1 order by 1")
    assert stored == [("other", 6), ("simulated", 60)]
