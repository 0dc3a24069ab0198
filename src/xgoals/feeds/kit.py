"""All that a feed needs, in one place: what a feed in another package imports, and may rely on.

Which of it to use when, with a template that runs: docs/write-a-feed.md.

A feed of event files (shots without positions): `Adapter` with `Piece`, `Header` and `Told`, made a
feed by `EventFeed`.
Any other feed: the functions of `Feed`, with `Delivery` and `Announcement`, its record through `plausible`.
The domain: `MatchRecord`, `Match`, `Team`, `Player`, `OwnGoal`, `Shot` and its words, `Scene`, `Person`, `Pitch`.
Places: `linear` and `by_opta_zones`, from hundredths of the pitch to metres from its centre.
Files: `read_object`, `read_list` (JSON), `read_small` (XML), `read_table` (CSV), `read_head`; and values that may be
of any type: `obj`, `items`, `whole`, `number`, `text_of`, `id_of`; of texts `number_of`, `time_of`.
What is wrong: `FeedError` for a match, `SourceError` for a source, `Problem` for all that is smaller.
"""

from xgoals.domain.bounds import FIRST_MINUTE
from xgoals.domain.circumstances import NOT_SAID, Assist, Circumstances, ShotEnd
from xgoals.domain.errors import FeedError, Problem, SourceError
from xgoals.domain.incident import Incident
from xgoals.domain.match import Match, MatchStatus, OwnGoal, Player, Team
from xgoals.domain.pitch import Pitch
from xgoals.domain.plausible import plausible, plausible_match
from xgoals.domain.scene import FrameSource, MatchRecord, Person, Scene
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.feeds import Announcement, Delivery, Feed, MatchReading, Message
from xgoals.feeds.csv_file import Row, read_table
from xgoals.feeds.event_files.adapter import Adapter, Piece, Told
from xgoals.feeds.event_files.feed import EventFeed
from xgoals.feeds.event_files.header import USUAL_PITCH, Header
from xgoals.feeds.event_files.places import by_opta_zones, linear
from xgoals.feeds.event_files.xml_text import number_of, time_of
from xgoals.feeds.json_file import Json, read_list, read_object
from xgoals.feeds.json_values import id_of, items, number, obj, text_of, whole
from xgoals.feeds.registry import About
from xgoals.feeds.safe_xml import read_head
from xgoals.feeds.seen import SeenFiles
from xgoals.feeds.small_file import read_small

__all__ = [
    "FIRST_MINUTE",
    "NOT_SAID",
    "USUAL_PITCH",
    "About",
    "Adapter",
    "Announcement",
    "Assist",
    "BallControl",
    "BodyPart",
    "Circumstances",
    "Delivery",
    "EventFeed",
    "Feed",
    "FeedError",
    "FrameSource",
    "Header",
    "Incident",
    "Json",
    "Match",
    "MatchReading",
    "MatchRecord",
    "MatchStatus",
    "Message",
    "Outcome",
    "OwnGoal",
    "Person",
    "Piece",
    "Pitch",
    "Player",
    "Problem",
    "Row",
    "Scene",
    "SeenFiles",
    "SetUp",
    "Shot",
    "ShotEnd",
    "ShotType",
    "SourceError",
    "Team",
    "Technique",
    "Told",
    "by_opta_zones",
    "id_of",
    "items",
    "linear",
    "number",
    "number_of",
    "obj",
    "plausible",
    "plausible_match",
    "read_head",
    "read_list",
    "read_object",
    "read_small",
    "read_table",
    "text_of",
    "time_of",
    "whole",
]
