"""Pages of seasons, clubs and players: written once, again where something has changed, and gone with their matter."""

from pathlib import Path

import pytest
from lxml import html as lxml_html
from sqlalchemy import Connection, text

from xgoals.settings import Settings
from xgoals.steps import models
from xgoals.steps.pages import seasons
from xgoals.steps.pages.files import PageFiles
from xgoals.steps.pages.index import index_of
from xgoals.steps.pages.on_demand import match_of_page, write_match_page
from xgoals.steps.pages.writer import ReportWriter
from xgoals.store.database import connect
from xgoals.store.locks import one_writer

pytestmark = pytest.mark.season_pages


@pytest.fixture
def written(monkeypatch):
    """Clubs and players whose pages are written, as they come; the pages themselves are of no matter here."""
    found: list[tuple[str, str]] = []

    def write(kind):
        def save(connection, writer, keys):
            for key in keys:
                writer.save(connection, kind, key.scope_id, key.scope_id, f"<p>{kind}", {})
                found.append((kind, key.scope_id))

        return save

    monkeypatch.setattr(
        seasons, "write_clubs", lambda connection, writer, data, keys: write("club")(connection, writer, keys)
    )
    monkeypatch.setattr(seasons, "write_players", write("player"))
    return found


def write(settings: Settings, run, *, every: bool = True) -> tuple[ReportWriter, list[str]]:
    """What a run does for seasons; the seasons' pages that it has written."""
    engine = connect(settings, "main")
    with engine.begin() as connection:
        writer = ReportWriter.load(connection, run, models.present_champion(run), "en")
        seasons.write_seasons(connection, writer, every=every)
    engine.dispose()
    return writer, [scope for kind, scope in writer.saved if kind == "season"]


def change(settings: Settings, statement: str, **values: object) -> list:
    engine = connect(settings, "main")
    with engine.begin() as connection:
        result = connection.execute(text(statement), values)
        rows = result.all() if result.returns_rows else []
    engine.dispose()
    return rows


def forget(settings: Settings) -> None:
    """As if no run had written such a page."""
    change(settings, "delete from report where kind in ('season', 'club', 'player')")
    change(settings, "delete from derived_state where name like 'pages of %'")


def test_only_what_changed_is_written_again(empty_database, first_run, written):
    forget(empty_database)
    writer, of_seasons = write(empty_database, first_run)
    (season,) = of_seasons
    clubs, players = ([scope for kind, scope in written if kind == of] for of in ("club", "player"))
    assert (
        len(clubs)
        == len(set(clubs))
        == change(empty_database, "select count(distinct team_id) from shot")[0][0]
    )
    assert len(players) == len(set(players)) > 100

    written.clear()
    assert write(empty_database, first_run)[1] == []
    assert written == []

    # after a restore there are rows of pages, and no pages
    for path in (writer.path("season", season), writer.path("club", clubs[0])):
        (empty_database.home / path).unlink()
    assert write(empty_database, first_run, every=False)[1] == [season]
    assert written == [("club", clubs[0])]
    written.clear()
    assert write(empty_database, first_run, every=False)[1] == []

    # one published number is corrected: its season, two clubs, those who were there
    ((key, home, away),) = change(
        empty_database,
        """update shot_xg x set xg = xg / 2 from shot s join match m using (provider, match_id)
           where x.shot_key = s.shot_key and x.shot_key = (select min(shot_key) from shot_xg where publication = 1)
             and x.publication = 1 returning s.shot_key, m.home_team_id, m.away_team_id""",
    )
    there = change(
        empty_database,
        """select player_id from shot_position where shot_key = :key
           union select player_id from shot where shot_key = :key
           union select assist_player_id from shot where shot_key = :key""",
        key=key,
    )
    _, of_seasons = write(empty_database, first_run)
    assert of_seasons == [season]
    assert {scope for kind, scope in written if kind == "club"} == {
        f"{season}, simulated-{team}" for team in (home, away)
    }
    named = {scope for kind, scope in written if kind == "player"}
    assert named <= {f"simulated-{player}" for (player,) in there}
    assert len(named) > 2

    # nothing is left of the season: its pages go, and nobody looks for them any more
    written.clear()
    change(empty_database, "delete from match")
    paths = [writer.path("season", season), *(writer.path("club", club) for club in clubs)]
    assert all(writer.pages.storage.exists(path) for path in paths)
    write(empty_database, first_run)
    assert not any(writer.pages.storage.exists(path) for path in paths)
    assert written == []
    assert change(empty_database, "select kind from report where kind in ('season', 'club', 'player')") == []


def test_players_of_a_backfill_come_with_later_runs_and_a_page_that_failed_with_the_next(
    empty_database, first_run, written, monkeypatch
):
    forget(empty_database)
    monkeypatch.setattr(seasons, "PLAYER_PAGES_OF_A_RUN", 30)
    of_players = lambda: {scope for kind, scope in written if kind == "player"}  # noqa: E731
    write(empty_database, first_run, every=False)
    assert len(of_players()) == 30
    _, again = write(empty_database, first_run, every=False)
    assert (len(of_players()), again) == (60, []), "the season's own page is written already"
    write(empty_database, first_run)

    def fails(connection: Connection, writer: ReportWriter, *_: object) -> None:
        with writer.or_warn(connection, "a club"):
            raise ValueError

    written.clear()
    change(empty_database, "update shot_xg set xg = xg / 2 where publication = 1")
    with monkeypatch.context() as broken:
        broken.setattr(seasons, "write_clubs", fails)
        write(empty_database, first_run)
    assert not [scope for kind, scope in written if kind == "club"]
    assert of_players()
    written.clear()
    write(empty_database, first_run)
    assert {kind for kind, _ in written} == {"club"}


def test_the_season_is_on_the_index_and_a_match_without_a_page_gets_one_when_asked_for(
    empty_database, first_run, monkeypatch
):
    settings = empty_database
    writer, _ = write(settings, first_run)
    ((provider, match_id),) = change(
        settings, "select provider, match_id from match order by match_date limit 1"
    )
    path = f"match/{provider}-{match_id}.html"
    folder = settings.home / "reports" / "main"
    (folder / path).unlink()
    n_pages = len(list((folder / "match").glob("*.html")))
    monkeypatch.setattr("xgoals.steps.pages.index.MOST_MATCHES", n_pages + 1)  # players take no match's place

    def index() -> lxml_html.HtmlElement:
        engine = connect(settings, "main")
        with engine.connect() as connection:
            page = index_of(connection, PageFiles.of(settings, "main"), "main")
        engine.dispose()
        return lxml_html.fromstring(page)

    listed = index()
    assert [Path(address).parent.name for address in listed.xpath("//*[@data-test='season']//a/@href")] == [
        "season"
    ]
    assert listed.xpath("//@data-href") == [path]
    assert path not in listed.xpath("//a/@href")
    (of_season,) = (folder / "season").glob("*.html")
    to_model = f"../model/{writer.model_version}/seasons.html"
    assert to_model in lxml_html.parse(of_season).xpath("//a/@href")

    key = match_of_page(settings, "main", path)
    assert key is not None
    for other in ("match/nobody-1.html", "match/../index.html", "season/x.html", "match/"):
        assert match_of_page(settings, "main", other) is None
    write_match_page(settings, "main", key)
    assert "data-test" in (folder / path).read_text("utf-8")
    assert path in lxml_html.parse(folder / "index.html").xpath("//a/@href")


def test_whoever_asks_for_a_page_while_a_run_writes_is_told_so(empty_database, first_run, monkeypatch):
    from datetime import timedelta

    from xgoals.domain.errors import StoreError
    from xgoals.domain.page_keys import MatchKey
    from xgoals.steps.pages import on_demand

    monkeypatch.setattr(on_demand, "PATIENCE", timedelta(0))
    ((provider, match_id),) = change(empty_database, "select provider, match_id from match limit 1")
    engine = connect(empty_database, "main")
    with one_writer(engine, "a night's run", print), pytest.raises(StoreError, match="a night's run"):
        write_match_page(empty_database, "main", MatchKey(provider, match_id))
    engine.dispose()
