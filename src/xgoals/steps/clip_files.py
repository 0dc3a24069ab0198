"""The files of the seconds around each shot of a match."""

from pathlib import Path

from sqlalchemy import Connection

from xgoals.domain.scene import MatchRecord
from xgoals.feeds.clips import file_name, write_clips
from xgoals.steps.run_context import RunContext
from xgoals.store import matches as store


def save_clips(connection: Connection, context: RunContext, record: MatchRecord) -> None:
    """One file a match, relative to ``XGOALS_HOME``; written before the transaction ends.

    If the transaction fails after that, the file is ahead of the database until the match is read again,
    which the next run does.
    """
    match = record.match
    path = (
        Path("clips") / context.database / file_name(match.provider) / f"{file_name(match.match_id)}.parquet"
    )
    if record.clips:
        write_clips(record.clips, context.settings.home / path)
    store.save_clips(connection, match, [clip.shot_id for clip in record.clips], str(path))
