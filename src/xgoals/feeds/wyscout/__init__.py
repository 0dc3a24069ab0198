"""Wyscout events, version 2 (also the public set of 2017/18) and version 3: one JSON file a match.

``{match_id}.json`` or ``events_{match_id}.json`` holds ``events``, ``teams``, ``players`` and, in version 3, ``match``.
What version 2 does not say (date, competition, season, who is at home, score) stands in ``matches.csv``.

Coordinates are whole hundredths of the pitch, the acting team plays towards x = 100, y grows to its right. They fit
metres linearly: 582 penalties of the public set lie at 11.2 m.
"""

from xgoals.feeds.event_files.feed import EventFeed
from xgoals.feeds.wyscout.adapter import WyscoutAdapter

FEED = EventFeed(WyscoutAdapter())
discover = FEED.discover
discover_to_score = FEED.discover_to_score
announce = FEED.announce
read_match = FEED.read_match
headers = FEED.headers

__all__ = ["announce", "discover", "discover_to_score", "headers", "read_match"]
