"""Footers of Parquet files that contradict themselves: over one bit Arrow ended the whole process."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from limited import read_limited
from sources import archive_pair, read_source, write

from small_feeds import excerpt
from xgoals.feeds.archive import write_archive
from xgoals.feeds.parquet_footer import row_groups_of
from xgoals.feeds.parquet_size import MAX_VALUES, why_too_large

TAIL_BYTES = 8


def as_required(data: bytes, column: bytes) -> bytes:
    """The file whose schema says that a column has a value in each row, while the column's statistics count gaps."""
    footer = len(data) - TAIL_BYTES - int.from_bytes(data[-TAIL_BYTES:-4], "little")
    name = bytes([0x18, len(column)]) + column
    at = data.index(b"\x25\x02" + name, footer) + 1
    return data[:at] + b"\x00" + data[at + 1 :]


@pytest.mark.parametrize("column", [b"assist_kind", b"stage", b"matchday"])
def test_one_bit_of_a_footer_ends_no_process(column: bytes, tmp_path: Path) -> None:
    files = archive_pair(tmp_path / "made")
    write(files | {"0.parquet": as_required(files["0.parquet"], column)}, tmp_path / "in")
    outcome = read_limited("archive", tmp_path / "in").outcome
    assert outcome.faults == []
    assert len(outcome.digests) == 1
    assert any("the file is damaged" in sentence for sentence in outcome.sentences)


def test_a_footer_says_what_arrow_reads_in_it(tmp_path: Path) -> None:
    path = tmp_path / "0.parquet"
    write_archive(path, [excerpt(3, number=number) for number in (0, 1)])
    groups, told = row_groups_of(path), pq.read_metadata(path)
    assert len(groups) == told.num_row_groups
    for number, group in enumerate(groups):
        chunks = [told.row_group(number).column(n) for n in range(told.num_columns)]
        assert [column.path for column in group] == [chunk.path_in_schema for chunk in chunks]
        for column, chunk in zip(group, chunks, strict=True):
            start = chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset
            assert (column.start, column.end) == (start, start + chunk.total_compressed_size)
            assert (column.n_values, column.n_bytes) == (chunk.num_values, chunk.total_uncompressed_size)
            assert column.is_text is (chunk.physical_type == "BYTE_ARRAY")


def test_a_damaged_footer_is_read_or_refused_and_names_no_bytes_beyond_the_file(tmp_path: Path) -> None:
    """A size beyond the file was a buffer of that size."""
    data, path, rng = archive_pair(tmp_path / "made")["0.parquet"], tmp_path / "x.parquet", random.Random(5)
    footer = len(data) - TAIL_BYTES - int.from_bytes(data[-TAIL_BYTES:-4], "little")
    refused = 0
    for _ in range(400):
        at, n = rng.randrange(footer, len(data)), rng.choice([1, 1, 9])
        path.write_bytes(data[:at] + rng.choice([b"\xff", b"\x00", rng.randbytes(1)]) * n + data[at + n :])
        try:
            groups = row_groups_of(path)
        except pa.ArrowInvalid:
            refused += 1
            continue
        assert all(0 <= column.start <= column.end <= len(data) for group in groups for column in group)
    assert 40 < refused < 400


def test_a_column_under_another_name_counts_all_the_same(tmp_path: Path) -> None:
    """Arrow finds columns by the schema: what the metadata of a column call it is nothing to rest a limit on."""
    path = tmp_path / "bomb.parquet"
    pq.write_table(pa.table({"shot_id": pa.nulls(MAX_VALUES + 1, pa.int32())}), path)
    data = path.read_bytes()
    at = data.rindex(b"shot_id")
    assert data.index(b"shot_id") < at
    path.write_bytes(data[:at] + b"another" + data[at + 7 :])
    assert "values" in (why_too_large(path, columns=["shot_id"]) or "")


def test_two_messages_of_the_first_day_are_ordered(tmp_path: Path) -> None:
    """A time without zone before this machine's calendar ended the listing, and with it all matches of the source."""
    write(archive_pair(tmp_path / "made"), tmp_path / "in")
    path = tmp_path / "in" / "0.parquet"
    table = pq.read_table(path)
    for name, value in (("message_time", datetime(1, 1, 1, tzinfo=UTC)), ("message_time_offset_s", None)):
        column = pa.array([value] * table.num_rows, table.schema.field(name).type)
        at = table.schema.get_field_index(name)
        table = table.set_column(at, table.schema.field(name), column)
    for name in ("0.parquet", "twice.parquet"):
        pq.write_table(table, tmp_path / "in" / name)
    assert len(read_source("archive", tmp_path / "in").records) == 2
