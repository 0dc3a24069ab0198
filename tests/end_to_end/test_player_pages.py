"""Pages of players after a run: their links lead to cards and pages that are there, their counts to what is stored."""

import pytest
from lxml import html as lxml_html
from sqlalchemy import text

from xgoals.settings import load_settings
from xgoals.store import runs
from xgoals.store.database import connect

pytestmark = pytest.mark.season_pages


def test_marks_lead_to_the_card_of_the_shot_and_counts_are_those_that_are_stored(first_run):
    engine = connect(load_settings(), "main")
    with engine.connect() as connection:
        pages = {
            r["scope_id"]: load_settings().home / r["path"]
            for r in runs.list_reports(connection)
            if r["kind"] == "player"
        }
        stored = connection.execute(
            text(
                """select s.provider || '-' || s.player_id as scope, c.player as name, count(*) as n,
                          round(sum(c.xg)::numeric, 2) as xg
                   from xgoals_views.champion_shot c join shot s using (shot_key)
                   where s.player_id is not null group by 1, 2 order by n desc, 1 limit 3"""
            )
        ).all()
    engine.dispose()
    assert stored
    for row in stored:
        page = lxml_html.fromstring(pages[row.scope].read_text("utf-8"))
        rows = page.xpath("//section[@id='map']//tbody/tr")
        assert len(rows) == row.n
        assert page.xpath("string(//*[@data-test='selection'])").startswith(f"{row.n} shots, ")
        assert f"{row.xg} xG" in page.xpath("string(//*[@data-test='selection'])")
        assert f"{row.n} shots" in page.xpath("string(//*[@data-test='lead'])")
        for shot in rows[:3]:
            (link,) = shot.xpath(".//a/@href")
            file, anchor = link.split("#")
            match = lxml_html.fromstring((pages[row.scope].parent / file).resolve().read_text("utf-8"))
            card = match.get_element_by_id(anchor).getparent()
            assert row.name.split()[-1] in card.xpath("string(.//h3)")
            minute = shot.xpath("string(.//a)").rpartition(", ")[2]
            assert card.xpath("string(.//*[@class='when'])") == minute
