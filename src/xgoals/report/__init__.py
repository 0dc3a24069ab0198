"""Reports: one self-contained HTML file each, for people who ask why.

Statistics come from :mod:`xgoals.analysis`; what happens to them here::

    numbers --summarise--> facts of a page --figures, sentences--> pictures and words --render--> HTML

``*_page`` asks for the numbers of one page; ``summarise_*`` adds what only a page needs (shots as dicts, goals in
their order, the run). ``shot`` is the room of a single shot: its card, which tiles and mails show, too. ``figures*``,
``charts``, ``swarms``, ``beeswarm``, ``raster`` and ``labels`` place and draw; ``words``, ``sentences*`` and
``claims_in_words`` speak; ``render`` pours all into the small Jinja2 templates of ``templates/report``. Nothing here
speaks SQL, reads a clock or opens the network, and no page that comes out ever sends a request.
"""

from xgoals.report.article_page import article_report
from xgoals.report.index_page import index_page
from xgoals.report.match_page import match_report
from xgoals.report.matchday_page import matchday_report
from xgoals.report.model_page import model_report

__all__ = ["article_report", "index_page", "match_report", "matchday_report", "model_report"]
