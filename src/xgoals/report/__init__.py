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
"""

from xgoals.report.article.page import article_report
from xgoals.report.club.page import club_report
from xgoals.report.match.links import MatchLinks
from xgoals.report.match.page import match_report
from xgoals.report.matchday.page import matchday_report
from xgoals.report.model.page import model_report
from xgoals.report.page.index import IndexEntry, index_page
from xgoals.report.player.page import player_report
from xgoals.report.season.page import season_report

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
