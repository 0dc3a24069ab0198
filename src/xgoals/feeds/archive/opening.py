"""A Parquet file that is an archive of ours, and what its row groups hold."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from xgoals.domain.errors import FeedError
from xgoals.domain.text import shortened
from xgoals.feeds.archive.rows import Row
from xgoals.feeds.archive.schema import OPTIONAL, SCHEMA, VERSION, VERSION_KEY, plain_rows
from xgoals.feeds.parquet_footer import row_groups_of
from xgoals.feeds.parquet_size import openable, why_too_large

ADVICE = "Write archives with 'xgoals export scenes' or 'xgoals simulate'"
UNREADABLE = (pa.ArrowException, OSError, UnicodeDecodeError)


def open_archive(path: Path) -> pq.ParquetFile:
    """The file, once it is known to be an archive of our version with all its columns.

    Raises
    ------
    FeedError
        If it is not.
    """
    where = str(path)
    try:
        file = pq.ParquetFile(openable(path), page_checksum_verification=True)
    except UNREADABLE as error:
        raise FeedError(
            "not a complete Parquet file", where=where, advice=f"Copy or write it again. {ADVICE}"
        ) from error
    try:
        check_schema(file.schema_arrow, where)
    except FeedError:
        file.close()
        raise
    return file


def check_schema(schema: pa.Schema, where: str) -> None:
    """Look whether a Parquet file is an archive of our version with all its columns.

    Raises
    ------
    FeedError
        If it is not.
    """
    version = (schema.metadata or {}).get(VERSION_KEY)
    if version is None:
        raise FeedError("a Parquet file, but not an archive of scenes", where=where, advice=ADVICE)
    if version != VERSION.encode():
        raise FeedError(
            f"archive version {shortened(str(version, 'utf-8', 'replace'), 20)} where version {VERSION} is expected",
            where=where,
            advice="Write it again with this version of xgoals",
        )
    wrong = [field.name for field in SCHEMA if field.name not in {*schema.names, *OPTIONAL}]
    wrong += [field.name for field in SCHEMA if field.name in schema.names and not _same_type(schema, field)]
    if wrong:
        raise FeedError(
            f"columns are missing, twice there, or of another type: {', '.join(wrong)}",
            where=where,
            advice=ADVICE,
        )


def _same_type(schema: pa.Schema, field: pa.Field) -> bool:
    """Whether there is one column of this name, and of this type."""
    places = schema.get_all_field_indices(field.name)
    return len(places) == 1 and bool(schema.field(places[0]).type.equals(field.type))


def read_group(file: pq.ParquetFile, path: Path, number: int, columns: list[str]) -> pa.Table:
    """Some columns of a row group; FeedError where the file is damaged, or would fill the memory."""
    try:
        if too_large := why_too_large(path, [number], columns):
            raise FeedError(too_large, where=f"{path}, row group {number}", advice=ADVICE)
        return file.read_row_group(number, columns=columns, use_threads=False)
    except UNREADABLE as error:
        raise FeedError(
            "the file is damaged",
            where=f"{path}, row group {number}",
            advice=f"Copy or write it again. {ADVICE}",
        ) from error


def byte_range(path: Path, number: int) -> tuple[int, int]:
    """Where a row group's bytes lie in the file; FeedError where the file is damaged."""
    try:
        columns = row_groups_of(path)[number]
        return min(column.start for column in columns), max(column.end for column in columns)
    except (*UNREADABLE, IndexError, ValueError) as error:
        raise FeedError(
            "the file is damaged",
            where=f"{path}, row group {number}",
            advice=f"Copy or write it again. {ADVICE}",
        ) from error


def rows_of(table: pa.Table, path: Path) -> list[Row]:
    """The rows of a table; FeedError where the file is damaged."""
    try:
        return plain_rows(table)
    except UNREADABLE as error:
        raise FeedError(
            f"the file is damaged ({error})", where=str(path), advice=f"Copy or write it again. {ADVICE}"
        ) from error
