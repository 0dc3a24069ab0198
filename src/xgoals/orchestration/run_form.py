"""The form of a run in the UI (*Trigger*), and what it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.sdk import Param

from xgoals.feeds import FEEDS

if TYPE_CHECKING:
    from xgoals.steps.match_filter import MatchFilter

RUN_FORM = {
    "feed": Param(
        None,
        type=["null", "string"],
        enum=[None, *FEEDS],
        description="Kind of the feed's files; empty: of all that has come",
    ),
    "source": Param(
        None,
        type=["null", "string"],
        description="Folder to read, below XGOALS_HOME or sources.roots; empty: the inbox",
    ),
    "database": Param(
        None,
        type=["null", "string"],
        enum=[None, "main", "demo"],
        description="Real data (main), or simulated data; empty: main, or that of the inbox that was reported",
    ),
    "match_ids": Param(
        None,
        type=["null", "array"],
        items={"type": "string"},
        description="Only these matches, by id or provider:id, one a line; empty: all that are new or changed",
    ),
    "competition": Param(None, type=["null", "string"], description="Only this competition, by id or name"),
    "season": Param(None, type=["null", "string"], description="Only this season, by id or name"),
    "first_matchday": Param(
        None, type=["null", "integer"], minimum=1, description="Only matchdays from this one on"
    ),
    "last_matchday": Param(
        None, type=["null", "integer"], minimum=1, description="Only matchdays up to this one"
    ),
    "again": Param(
        False, type="boolean", description="Read also what has not changed since it was read last"
    ),
}
"""Everything can be left as it is: then the run reads what has come."""


def wanted_matches(params: Mapping[str, Any]) -> MatchFilter:
    """What the form asks for."""
    from xgoals.steps.match_filter import MatchFilter

    return MatchFilter(
        match_ids=frozenset(params["match_ids"] or ()),
        competition=params["competition"] or None,
        season=params["season"] or None,
        first_matchday=params["first_matchday"],
        last_matchday=params["last_matchday"],
        reread=params["again"],
    )
