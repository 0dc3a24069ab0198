"""The files of the seconds around each shot of a match."""

from sqlalchemy import Connection

from xgoals.domain.scene import MatchRecord
from xgoals.feeds.clips import clips_as_bytes, file_name
from xgoals.steps.run_context import RunContext
from xgoals.storage import CLIPS, storage_of
from xgoals.store import matches as store


def save_clips(connection: Connection, context: RunContext, record: MatchRecord) -> None:
    """One file a match, in the storage; written before the transaction ends.

    If the transaction fails after that, the file is ahead of the database until the match is read again,
    which the next run does.

    Raises
    ------
    StoreError
        If the storage cannot be written: no fault of the match, which is read again.
    """
    match = record.match
    folder = f"{CLIPS}/{context.database}/{file_name(match.provider)}"
    path = f"{folder}/{file_name(match.match_id)}.parquet"
    if record.clips:
        storage_of(context.settings).write(path, clips_as_bytes(record.clips))
    store.save_clips(connection, match, [clip.shot_id for clip in record.clips], path)
