"""Stats Perform's MA3 (events) with MA1 (line-ups, result), as XML or JSON: two files a match, or one answer a file.

The files name their match, competition, season and teams themselves, with ids that all of the provider's files share.
MA3 alone will do. Events are Opta's, and so are coordinates (see `xgoals.feeds.opta`).
"""

from xgoals.feeds.event_files.feed import EventFeed
from xgoals.feeds.statsperform.adapter import StatsPerformAdapter

FEED = EventFeed(StatsPerformAdapter())
discover = FEED.discover
discover_to_score = FEED.discover_to_score
announce = FEED.announce
read_match = FEED.read_match
read_delivery = FEED.read_delivery
headers = FEED.headers

__all__ = ["announce", "discover", "discover_to_score", "headers", "read_delivery", "read_match"]
