"""The files of the seconds around each shot of a match."""

import hashlib
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection

from xgoals.domain.scene import MatchRecord
from xgoals.steps.run_context import RunContext
from xgoals.store import matches as store

MAX_NAME = 100


def save_clips(connection: Connection, context: RunContext, record: MatchRecord) -> None:
    """One file a match, relative to ``XGOALS_HOME``; written before the transaction ends.

    If the transaction fails after that, the file is ahead of the database until the match is read again,
    which the next run does.
    """
    match = record.match
    path = (
        Path("clips")
        / context.database
        / _file_name(match.provider)
        / f"{_file_name(match.match_id)}.parquet"
    )
    if record.clips:
        from xgoals.feeds.clips import write_clips

        write_clips(record.clips, context.settings.home / path)
    store.save_clips(connection, match, [clip.shot_id for clip in record.clips], str(path))


def _file_name(provider_id: str) -> str:
    """A provider's id as a name that any file system takes."""
    name = quote(provider_id, safe="")
    return name if len(name) <= MAX_NAME else hashlib.sha256(name.encode()).hexdigest()
