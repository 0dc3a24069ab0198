"""StatsBomb open data: ``matches/{competition}/{season}.json``, ``events/`` and ``lineups/{match}.json``.

A match is listed in a ``matches`` file; its shots, each with a freeze frame of the players in view, are
events of type "Shot" in its ``events`` file, which may hold every event of the match or the shots alone.
``lineups/{match}.json`` adds nicknames and who was on the pitch when, and is optional. Source of the format:
"StatsBomb Open Data Specification", versions 1.1 and 4.0.

Coordinates are yards on a 120 x 80 pitch, the shooting team always plays towards x = 120, y grows downwards.
One yard is 0.9144 m, which keeps the goal 7.32 m wide. Period 5 is the shoot-out: no shots for the model.
"""

from xgoals.feeds.statsbomb.listing import announce, discover, discover_to_score
from xgoals.feeds.statsbomb.match import read_match

__all__ = ["announce", "discover", "discover_to_score", "read_match"]
