"""Which pages a run writes, and that published numbers stay on them with the explanation that belongs to them."""

from pathlib import Path

import pytest
from lxml import html as lxml_html
from sqlalchemy import text

from leagues import no_model_pages, plain_matches
from xgoals.domain.errors import XgoalsError
from xgoals.report.model.chapters import CHAPTERS
from xgoals.settings import load_settings
from xgoals.steps import build_features, compute_baseline, explain, models, promote, report, train
from xgoals.steps.pages.selection import PageSelection
from xgoals.steps.run_context import close_run
from xgoals.store import runs
from xgoals.store.database import connect
from xgoals.store.told.keepers import read_keepers_off_line


def rows(settings, query, **values):
    engine = connect(settings, "main")
    with engine.begin() as connection:
        result = connection.execute(text(query), values)
        found = [dict(row._mapping) for row in result] if result.returns_rows else []
    engine.dispose()
    return found


def registered(settings):
    engine = connect(settings, "main")
    with engine.connect() as connection:
        found = {
            (r["kind"], r["scope_id"]): r | {"path": str(settings.home / r["path"])}
            for r in runs.list_reports(connection)
        }
    engine.dispose()
    return found


def hooks(path, name):
    found = lxml_html.fromstring(Path(path).read_text("utf-8")).xpath(f"//*[@data-test='{name}']")
    return [" ".join(element.text_content().split()) for element in found]


def hooks_of_matches(pages, name):
    return [text for key, page in pages.items() if key[0] == "match" for text in hooks(page["path"], name)]


@pytest.mark.season_pages
def test_pages_of_a_run_of_one_match_of_a_matchday_and_of_what_was_corrected(
    empty_database, first_run, open_run, league, monkeypatch
):
    settings = load_settings()
    pages = registered(settings)
    stored = rows(settings, "select match_id from match")
    assert {key[0] for key in pages} >= {"model", "article", "season", "matchday", "match", "index"}
    assert {key[1] for key in pages if key[0] == "match"} == {f"simulated-{m['match_id']}" for m in stored}
    assert all(Path(page["path"]).is_file() for page in pages.values())
    champion = models.present_champion(first_run)
    chapters = {
        key[1]: page["path"] for key, page in pages.items() if key[0] == "model" and key[1] != champion
    }
    first_page = Path(pages["model", champion]["path"])
    assert (first_page.name, len(chapters)) == (f"{champion}.html", len(CHAPTERS) - 1)
    assert chapters[f"{champion}/quality"] == str(first_page.with_suffix("") / "quality.html")
    (listed,) = hooks(first_page.parent.parent / "index.html", "chapters")
    assert "Seasons and clubs" in listed, "the index leads to the chapters, beside their model"
    assert "First model." in hooks(first_page, "verdict")[0]
    assert "Not worse than distance" in hooks(first_page, "gate")[0]
    engine = connect(settings, "main")
    with engine.connect() as connection:
        kept = {settings.home / path for path in runs.pages_of_model(connection, champion)}
    engine.dispose()
    assert kept == {first_page, *map(Path, chapters.values())}, "no page of the champion is ever cleaned away"

    # how far out keepers stood at a shot is what its frame shows
    stood = rows(
        settings,
        """select s.shot_key, m.pitch_length_m / 2 - p.x_m as off_line_m
                              from shot s join match m using (provider, match_id) join shot_position p using (shot_key)
                              where p.is_keeper and not p.is_teammate order by off_line_m desc""",
    )
    by_frame = {row["shot_key"]: max(float(row["off_line_m"]), 0.0) for row in stood}
    engine = connect(settings, "main")
    with engine.connect() as connection:
        found = read_keepers_off_line(connection, [*by_frame, -1])
    engine.dispose()
    assert found == pytest.approx(by_frame)
    assert any("(usually" in text for text in hooks_of_matches(pages, "story"))

    old = rows(settings, "select match_id from match where matchday = 1 order by match_id")
    second = open_run("second", "archive", league)
    path = report.report(second, models.present_champion(second), PageSelection(match_id=old[0]["match_id"]))
    assert path.endswith(f"simulated-{old[0]['match_id']}.html")
    (day,) = (p for p in registered(settings).values() if p["kind"] == "matchday" and p["run_id"] == "second")
    assert len(lxml_html.parse(day["path"]).xpath("//*[@data-test='results']/li")) == len(old)
    assert len(
        lxml_html.parse(day["path"]).xpath("//*[@data-test='results']//span[@class='score']/a")
    ) == len(old)

    # nothing was corrected: the old match's page stays; corrected, it is written anew
    no_model_pages(monkeypatch)
    monkeypatch.setattr(report, "write_seasons", lambda *_, **__: None)
    third = open_run("third", "archive", league)
    report.report(third, models.present_champion(third))
    assert registered(settings)["match", f"simulated-{old[0]['match_id']}"]["run_id"] == "second"
    rows(settings, "update match set fingerprint = 'another' where match_id = :id", id=old[0]["match_id"])
    fourth = open_run("fourth", "archive", league)
    report.report(fourth, models.present_champion(fourth))
    assert registered(settings)["match", f"simulated-{old[0]['match_id']}"]["run_id"] == "fourth"

    (match,) = rows(
        settings, "select competition, season from match where match_id = :id", id=old[0]["match_id"]
    )
    fifth = open_run("fifth", "archive", league)
    chosen = PageSelection(matchday=f"{match['competition']}, {match['season']}, 1")
    german = report.report(fifth, models.present_champion(fifth), chosen, language="de")
    assert lxml_html.parse(german).getroot().get("lang") == "de"
    assert lxml_html.parse(german).xpath("//h1/text()") == ["1. Spieltag"]
    with pytest.raises(XgoalsError, match="no round '99'"):
        report.report(
            fifth,
            models.present_champion(fifth),
            PageSelection(matchday=f"{match['competition']}, {match['season']}, 99"),
        )


def test_a_later_champion_leaves_number_and_explanation_as_they_were_published(
    empty_database, first_run, open_run, league, monkeypatch
):
    settings = load_settings()
    (newest,) = rows(settings, "select match_id from match order by match_date desc, match_id limit 1")
    page = registered(settings)["match", f"simulated-{newest['match_id']}"]["path"]
    before = hooks(page, "waterfall")
    assert before
    assert hooks(page, "published") == []

    plain_matches(monkeypatch, keep=[newest["match_id"]])
    no_model_pages(monkeypatch)
    monkeypatch.setenv("XGOALS_TRAINING__CATALOGUE", "article-17")
    context = open_run("other catalogue", "archive", league)
    old = models.present_champion(context)
    build_features.build_features(context)
    new = train.train(context, even_if_not_due=True)
    promote.promote(load_settings(), "main", new)
    compute_baseline.compute_baseline(context, new)
    explain.explain(context, new)
    report.report(context, new)
    assert hooks(page, "waterfall") == before
    said = hooks(page, "published")
    assert len(said) == len(hooks(page, "card"))
    assert all(f"as published, by model {old}." in text for text in said)
    assert any("Today's model: 0." in text for text in said)
    text_of_page = Path(page).read_text("utf-8")
    assert f"Model {new}." in text_of_page


def test_a_page_that_cannot_be_written_costs_a_warning_not_the_others(
    empty_database, reach, plain_pages, monkeypatch, caplog
):
    from xgoals import report as pages

    written = pages.match_report

    def fails_once(match, *rest, **more):
        if not fails_once.failed:
            fails_once.failed.append(match["match_id"])
            raise RuntimeError("no grass")
        return written(match, *rest, **more)

    fails_once.failed = []
    monkeypatch.setattr(pages, "match_report", fails_once)
    run, champion = reach("explained")
    report.report(run, champion)
    close_run(run, "success")
    found = {key[1] for key in registered(load_settings()) if key[0] == "match"}
    assert found
    assert f"simulated-{fails_once.failed[0]}" not in found
    assert "could not be written" in caplog.text
    (run,) = rows(load_settings(), "select figures from run where run_id = 'first'")
    assert run["figures"]["reports_failed"] == 1


def test_an_awarded_match_is_marked_and_has_no_place_among_the_results(
    empty_database, first_run, open_run, league
):
    settings = load_settings()
    match, *others = rows(settings, "select match_id from match where matchday = 1 order by match_id")
    rows(settings, "update match set status = 'awarded' where match_id = :match_id", **match)
    context = open_run("awarded", "archive", league)
    path = report.report(context, models.present_champion(context), PageSelection(**match))
    assert hooks(path, "status") == ["result awarded"]
    written = [page for page in registered(settings).values() if page["run_id"] == "awarded"]
    (title,) = (page["title"] for page in written if page["kind"] == "match")
    assert title.endswith("(result awarded)")
    (day,) = (page["path"] for page in written if page["kind"] == "matchday")
    assert len(lxml_html.parse(day).xpath("//*[@data-test='results']/li")) == len(others)
    (said,) = hooks(day, "not-counted")
    assert title.split()[0] in said

    rows(settings, "update match set status = 'abandoned' where matchday = 1")
    context = open_run("nothing played", "archive", league)
    path = report.report(context, models.present_champion(context), PageSelection(**others[0]))
    assert hooks(path, "status") == ["broken off"]
    kinds = {p["kind"] for p in registered(settings).values() if p["run_id"] == "nothing played"}
    assert "matchday" not in kinds, "there are no results to tell"
