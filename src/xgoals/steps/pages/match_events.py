"""What happened in matches beside their shots, for whoever tells of them: own goals, cards, substitutions."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from xgoals.store.told.circumstances import read_circumstances, read_incidents, read_own_goals
from xgoals.store.told.common_names import with_common_names

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[str, str]
"""Provider and match id."""


def with_events(connection: Connection, matches: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The matches with ``own_goals`` and ``incidents``, each a list of rows; empty where nothing is known."""
    matches = list(matches)
    keys = [(match["provider"], match["match_id"]) for match in matches]
    own_goals, incidents = (
        _rows_by_match(read(connection, keys)) for read in (read_own_goals, read_incidents)
    )
    return [
        {**match, "own_goals": own_goals.get(key, []), "incidents": incidents.get(key, [])}
        for match, key in zip(matches, keys, strict=True)
    ]


def with_circumstances(
    connection: Connection, shots: "pd.DataFrame", matches: Iterable[Key]
) -> "pd.DataFrame":
    """The shots of some matches (``shot_key, player``) with what their feeds say of them, names as people know them."""
    said = read_circumstances(connection, list(matches))
    return with_common_names(shots.merge(said, on="shot_key", how="left", validate="1:1"), "player")


def _rows_by_match(frame: "pd.DataFrame") -> dict[Key, list[dict[str, Any]]]:
    found: dict[Key, list[dict[str, Any]]] = {}
    for row in frame.astype(object).where(frame.notna(), None).to_dict("records"):
        found.setdefault((row["provider"], row["match_id"]), []).append({str(key): row[key] for key in row})
    return found
