"""Folders of Parquet with archives, features and explanations, as Spark reads and writes them.

A folder is written beside its place and takes it when all is there; in a bucket, where nothing can be renamed, Spark's
own ``_SUCCESS`` says so. Whoever reads looks for it: what a killed job has left is told, and never read.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from xgoals.domain.errors import FeedError, SettingsError, SourceError
from xgoals.feeds.archive.opening import ADVICE, UNREADABLE, check_schema
from xgoals.feeds.archive.schema import SCHEMA
from xgoals.storage import LocalStorage, Storage, is_url, storage_at
from xgoals.whole_files import writable

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

MATCH = ("provider", "match_id")
SHOT = (*MATCH, "shot_id")
FILE, ROW = "_file", "_row"
"""Columns of `read_archives`: the file that a row comes from, and its place there."""
DONE = "_SUCCESS"
_OURS = ("part-", "_", ".")
"""So begin the names of whatever Spark writes."""
LEAST_PARTITIONS, ROWS_A_PARTITION = 4, 10_000
"""Some 400 matches in a partition are two seconds of work."""


def as_spark_reads(place: str) -> str:
    """A folder, a file or a URL as Hadoop takes it: buckets are ``s3a://`` there, bare paths may be elsewhere."""
    if not is_url(place):
        return f"file://{Path(place.removeprefix('file://')).expanduser().resolve()}"
    return f"s3a{place.removeprefix('s3')}" if place.startswith("s3://") else place


@dataclass(frozen=True, slots=True)
class Archives:
    """Files of archives as Spark reads them, and how many rows they have."""

    files: tuple[str, ...]
    n_rows: int


def find_archives(source: str, tell: Callable[[str], None]) -> Archives:
    """The archives below a folder, or the one file; of each the footer alone is looked at.

    Parameters
    ----------
    tell
        Receives a sentence for each file that is none of ours, or is damaged: the others are read.

    Raises
    ------
    SourceError
        If there is no archive.
    """
    folder, names = _folder_and_files(source)
    storage, found, n_rows, first = storage_at(folder), list[str](), 0, None
    for name in names:
        where = storage.where(name)
        try:
            footer = _footer(storage, name)
            check_schema(footer.schema.to_arrow_schema(), where)
        except FeedError as error:
            first = first or error
            tell(f"left out: {error}")
            continue
        found.append(as_spark_reads(where))
        n_rows += footer.num_rows
    if not found:
        why = (first.what, first.where, first.advice) if first else ("there is no archive", source, ADVICE)
        raise SourceError(why[0], where=why[1], advice=why[2])
    return Archives(tuple(found), n_rows)


def _folder_and_files(source: str) -> tuple[str, list[str]]:
    """A folder and the Parquet files below it, or those of a source that is such a file itself."""
    storage = storage_at(source)
    is_file = storage.folder.is_file() if isinstance(storage, LocalStorage) else source.endswith(".parquet")
    if is_file:
        folder, _, name = (source if is_url(source) else storage.where()).rpartition("/")
        return folder, [name]
    if isinstance(storage, LocalStorage) and not storage.folder.is_dir():
        raise SourceError("there is no such file or folder", where=source, advice=ADVICE)
    return source, parquet_files(storage)


def parquet_files(storage: Storage) -> list[str]:
    """The paths of a storage's Parquet files, without those that are called as Spark calls what is no data."""
    return [
        file.path
        for file in storage.files(suffix=".parquet")
        if not any(part.startswith(("_", ".")) for part in file.path.split("/"))
    ]


def _footer(storage: Storage, name: str) -> pq.FileMetaData:
    try:
        if isinstance(storage, LocalStorage):
            return pq.read_metadata(storage.where(name))
        with storage.local(name) as copy:
            return pq.read_metadata(copy)
    except UNREADABLE as error:
        advice = f"Copy or write it again. {ADVICE}"
        raise FeedError("not a complete Parquet file", where=storage.where(name), advice=advice) from error


def spark_types(schema: pa.Schema) -> "StructType":
    """The same columns as Spark names them."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(schema)


def read_archives(session: "SparkSession", archives: Archives) -> "DataFrame":
    """The rows of archives with `FILE` and `ROW`; columns that older ones lack are null."""
    # Without a look at ``name=value`` in paths: what a folder is called is not always what the match says.
    reader = session.read.schema(spark_types(SCHEMA)).option("recursiveFileLookup", "true")
    rows = reader.parquet(*archives.files)
    return rows.selectExpr("*", f"_metadata.file_path as {FILE}", f"_metadata.row_index as {ROW}")


def whole_matches(rows: "DataFrame", n_rows: int) -> "DataFrame":
    """The rows of archives in partitions of whole matches, in the order of provider, match, file and row."""
    n_partitions = max(LEAST_PARTITIONS, -(-n_rows // ROWS_A_PARTITION))
    return rows.repartition(n_partitions, *MATCH).sortWithinPartitions(*MATCH, FILE, ROW)


def read_whole(session: "SparkSession", place: str, made_by: str) -> "DataFrame":
    """A folder of Parquet that a job of ours has written to its end.

    Parameters
    ----------
    made_by
        The command that makes it.

    Raises
    ------
    SourceError
        If there is none, or it was not written to its end.
    """
    check_whole(place, made_by)
    return session.read.parquet(as_spark_reads(place))


def check_whole(place: str, made_by: str) -> None:
    """Look whether a job of ours has written a folder to its end.

    Raises
    ------
    SourceError
        If not.
    """
    storage = storage_at(place)
    if not storage.exists(DONE):
        there = next(storage.files(), None) is not None
        what = (
            "the job that wrote this folder was ended before it was done"
            if there
            else "there is no such folder"
        )
        raise SourceError(what, where=place, advice=f"Run: {made_by}")


def check_target(place: str, source: str) -> None:
    """Look whether a folder may be replaced: there is none yet, or one that such a job has written; never the source.

    Raises
    ------
    SettingsError
        If something of somebody else's would be lost.
    """
    advice = "Name a folder of its own with --to: what is in it is replaced"
    target, read = as_spark_reads(place).rstrip("/"), as_spark_reads(source).rstrip("/")
    if f"{read}/".startswith(f"{target}/") or f"{target}/".startswith(f"{read}/"):
        raise SettingsError("source and target lie one in the other", where=place, advice=advice)
    others = (file.path for file in storage_at(place).files() if not file.path.startswith(_OURS))
    if (other := next(others, None)) is not None:
        raise SettingsError(f"the folder holds something else ({other})", where=place, advice=advice)


def write_whole(parts: Mapping[str, "DataFrame"], place: str) -> None:
    """Write frames as one folder of Parquet, each into a folder of its own below it (``""``: the folder itself).

    Raises
    ------
    UnwritableError
        If the place may not be written; what was there before stays, but in a bucket.
    """
    storage = storage_at(place)
    if not isinstance(storage, LocalStorage):
        for name, frame in sorted(parts.items()):
            frame.write.mode("append" if name else "overwrite").parquet(_below(as_spark_reads(place), name))
        return
    folder = storage.folder
    unfinished, before = (folder.with_name(f".{folder.name}.{state}") for state in ("part", "before"))
    with writable(folder):
        shutil.rmtree(unfinished, ignore_errors=True)
        for name, frame in sorted(parts.items()):
            frame.write.mode("append").parquet(_below(as_spark_reads(str(unfinished)), name))
        if folder.exists():
            shutil.rmtree(before, ignore_errors=True)
            folder.rename(before)
        unfinished.rename(folder)
        shutil.rmtree(before, ignore_errors=True)


def _below(url: str, name: str) -> str:
    return f"{url}/{name}" if name else url
