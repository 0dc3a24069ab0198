"""What both exports and scores say of a shot, and whose numbers they are."""

from typing import TYPE_CHECKING

from xgoals.domain.errors import ModelError
from xgoals.store import registry

if TYPE_CHECKING:
    from sqlalchemy import Connection

IDENTITY = [
    "provider", "match_id", "shot_id", "competition", "season", "matchday", "team", "player", "minute", "is_goal",
    "is_penalty", "provider_xg", "xg",
]  # fmt: skip


def champion_of(connection: "Connection") -> str:
    """The champion's name.

    Raises
    ------
    ModelError
        If there is no champion yet.
    """
    champion = registry.champion_name(connection)
    if champion is None:
        raise ModelError("there is no champion yet", advice="Run: xgoals run")
    return champion
