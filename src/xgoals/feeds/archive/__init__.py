"""The archive: matches of any provider as one Parquet file (or a folder of them, in folders or not), loss-free.

One row is one shot with its match's columns repeated beside it, so that a data frame of the file is useful at
once; the people of the scene are a list of structs in that row. What belongs to the match as a whole (teams,
players, own goals) stands in the match's first row only. A match without a shot has one row without a shot, and a scene
without a shot has a row of its own: nothing is lost on writing, and what is read goes through the same gate as what
other feeds bring (:mod:`xgoals.domain.plausible`).

The file is written and read a row group of a few matches at a time, so memory does not grow with the league.
It carries the version of its schema, checked before anything else is read, and page checksums. Clips, the seconds
around the shots, lie beside it in the folder ``_clips``, a file a match, which its row names.
"""

from xgoals.feeds.archive.listing import discover
from xgoals.feeds.archive.reading import announce, read_match
from xgoals.feeds.archive.writing import write_archive

__all__ = ["announce", "discover", "read_match", "write_archive"]
