"""How providers are called."""

from xgoals.feeds import FEEDS

SOURCES = {name: feed.owner for name, feed in FEEDS.items() if feed.owner}
"""Who is to be named as the source of a feed's data."""
