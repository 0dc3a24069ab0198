"""Opta's F24 (events) with F7 (line-ups, result): two XML files a match.

``f24-{competition}-{season}-{match}-eventdetails.xml`` with
``srml-{competition}-{season}-f{match}-matchresults.xml`` or ``f7-...``; which files belong together says their content,
and their names where it does not. F24 alone will do where its ``Game`` names the match: then players have no names.

Coordinates are hundredths of the pitch between its lines (`by_opta_zones`), the acting team plays towards x = 100, y
grows to its left.
"""

from xgoals.feeds.event_files.feed import EventFeed
from xgoals.feeds.opta.adapter import OptaAdapter

FEED = EventFeed(OptaAdapter())
discover = FEED.discover
discover_to_score = FEED.discover_to_score
announce = FEED.announce
read_match = FEED.read_match
read_delivery = FEED.read_delivery
headers = FEED.headers

__all__ = ["announce", "discover", "discover_to_score", "headers", "read_delivery", "read_match"]
