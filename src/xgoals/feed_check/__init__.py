"""Checks that every feed must pass, run on files of it and without any database: ``xgoals feed-check FEED DIR``.

The good files are read here, in this process; damaged ones in a process of its own, for a reader may hang or run out of
memory over them. In a feed's own tests::

    from xgoals.feed_check import check_feed

    def test_my_feed():
        report = check_feed("acme", Path("samples"))
        assert report.passed, report.as_text()
"""

from xgoals.feed_check.check import check_feed
from xgoals.feed_check.report import Check, FeedReport, Verdict

__all__ = ["Check", "FeedReport", "Verdict", "check_feed"]
