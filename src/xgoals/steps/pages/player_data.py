"""What all pages of players are written from: everything that is stored, read in few queries."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.steps.pages.writer import ReportWriter
from xgoals.store.told import play
from xgoals.store.told.opponents import read_opponents_seen, read_references

if TYPE_CHECKING:
    from xgoals.analysis.player.everybody import Everybody


def read_everybody(connection: Connection, writer: ReportWriter) -> "Everybody":
    """All players, compared with one another; read once a run."""
    if not writer.compared:
        writer.compared.append(_compared(connection, writer))
    return writer.compared[0]


def _compared(connection: Connection, writer: ReportWriter) -> "Everybody":
    from xgoals.analysis.player.everybody import Everybody

    about = writer.fixtures[["provider", "match_id", "competition", "season"]]
    keys = list(zip(about["provider"], about["match_id"], strict=True))
    shots = play.read_shots(connection, keys).merge(about, on=["provider", "match_id"], validate="m:1")
    number = shots.groupby(["provider", "match_id"]).cumcount() + 1
    return Everybody.of(
        shots.assign(anchor="shot-" + number.astype(str)),
        play.read_reason_values(connection, keys),
        play.read_actors(connection, keys),
        read_references(connection),
        read_opponents_seen(connection),
    )
