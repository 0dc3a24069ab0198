"""What the terminal says of a run's pages: those that it is about by name, thousands of others as a number."""

from xgoals.cli.pipeline import MOST_LISTED, _pages_in_words
from xgoals.settings import Settings

SETTINGS = Settings(storage_url="s3://pages")


def page(kind: str, n: int, **facts: str) -> dict[str, object]:
    return {"kind": kind, "path": f"{kind}/{n}.html", "facts": facts}


def test_pages_that_a_run_is_about_are_named_and_the_others_counted() -> None:
    pages = [page("model", 1), page("model", 2, chapter="trust"), page("index", 1)]
    pages += [page("player", n) for n in range(2659)] + [page("season", 1)]
    assert list(_pages_in_words(SETTINGS, pages)) == [
        "Report: s3://pages/model/1.html",
        "Report: s3://pages/season/1.html",
        "Further pages: player 2,659",
    ]


def test_named_they_are_only_as_long_as_they_are_few() -> None:
    few = [page("matchday", n) for n in range(MOST_LISTED)]
    assert list(_pages_in_words(SETTINGS, few)) == [
        f"Report: s3://pages/matchday/{n}.html" for n in range(MOST_LISTED)
    ]
    assert list(_pages_in_words(SETTINGS, [*few, page("matchday", 10)])) == ["Further pages: matchday 11"]
    assert list(_pages_in_words(SETTINGS, [])) == []
