"""The feed of the Deutsche Fußball Liga (DFL / Sportec): match information, events and 25 Hz positions as XML.

Three files a match, the positions about 400 MB. See ``docs/feeds-dfl.md`` for the format's traps, for how the
frame of a shot is found, and for measured accuracy.
"""

from xgoals.feeds.dfl.delivery import discover
from xgoals.feeds.dfl.match import announce, read_delivery, read_match

__all__ = ["announce", "discover", "read_delivery", "read_match"]
