"""Reports: one self-contained HTML file each, for people who ask why.

Three rooms, entered in this order::

    rows --summarise--> dict --figures, sentences--> pictures and words --render--> HTML

``summarise_*`` turns the frames that the store delivers into plain dicts of numbers, ``figures*`` and
``beeswarm`` turn numbers into pictures, ``sentences`` into words, ``render`` pours all into the small
Jinja2 templates of ``templates/report``. Nothing here speaks SQL, reads a clock or opens the network,
and no page that comes out ever sends a request.
"""

from xgoals.report.article_page import article_report
from xgoals.report.index_page import index_page
from xgoals.report.match_page import match_report
from xgoals.report.matchday_page import matchday_report
from xgoals.report.model_page import model_report

__all__ = ["article_report", "index_page", "match_report", "matchday_report", "model_report"]
