"""Reports: one self-contained HTML file each, for people who ask why.

Statistics come from :mod:`xgoals.analysis`; a page's folder turns them into facts, sentences and pictures::

    match/ matchday/ season/ club/ player/ model/ article/
                                        a page each: facts.py, sentences.py, page.py; templates in like folders
    page/                               the shell of all pages, what stands on each of them, and the index
    shot/                               a single shot: its card, which tiles and mails show, too
    words/                              numbers in words
    draw/                               numbers into places and pictures, no football

Folders know those below them. Nothing here speaks SQL, reads a clock or opens the network, and no page that comes
out ever sends a request.

Importing this package is cheap: a page is loaded when it is first asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xgoals.report.article.page import article_report as article_report
    from xgoals.report.club.page import club_report as club_report
    from xgoals.report.match.links import MatchLinks as MatchLinks
    from xgoals.report.match.page import match_report as match_report
    from xgoals.report.matchday.page import matchday_report as matchday_report
    from xgoals.report.model.page import model_report as model_report
    from xgoals.report.page.index import IndexEntry as IndexEntry
    from xgoals.report.page.index import index_page as index_page
    from xgoals.report.player.page import player_report as player_report
    from xgoals.report.season.page import season_report as season_report

_HOMES = {
    "IndexEntry": "page.index",
    "MatchLinks": "match.links",
    "article_report": "article.page",
    "club_report": "club.page",
    "index_page": "page.index",
    "match_report": "match.page",
    "matchday_report": "matchday.page",
    "model_report": "model.page",
    "player_report": "player.page",
    "season_report": "season.page",
}
__all__ = [
    "IndexEntry",
    "MatchLinks",
    "article_report",
    "club_report",
    "index_page",
    "match_report",
    "matchday_report",
    "model_report",
    "player_report",
    "season_report",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
