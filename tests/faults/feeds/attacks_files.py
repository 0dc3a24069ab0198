"""Files that are hostile by what they are, not by what they say: bombs, giants, links, pipes, names, rights."""

import gzip
import io
import json
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

GIANT_BYTES = 10 << 30
Lay = Callable[[Path], None]
"""Does it to a good file."""


def says(data: bytes | Callable[[bytes], bytes]) -> Lay:
    """Other bytes in its place."""

    def lay(path: Path) -> None:
        path.write_bytes(data(path.read_bytes()) if callable(data) else data)

    return lay


def in_its_place(make: Callable[[Path], None]) -> Lay:
    """Something else where it lies."""

    def lay(path: Path) -> None:
        path.unlink()
        make(path)

    return lay


def sparse(path: Path) -> None:
    """Ten gigabytes that take no room, behind what it says."""
    with path.open("r+b") as file:
        file.truncate(GIANT_BYTES)


def only_sparse(path: Path) -> None:
    """Ten gigabytes of nothing."""
    path.write_bytes(b"")
    os.truncate(path, GIANT_BYTES)


def circles(path: Path) -> None:
    """Two links in a folder to itself: 2 ** 40 ways to the same file."""
    for name in ("a", "b"):
        (path.parent / name).symlink_to(path.parent, target_is_directory=True)


def zipped(data: bytes) -> bytes:
    """As a mail program packs it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", data)
    return file.getvalue()


def named(name: bytes) -> Lay:
    """A copy beside it under another name."""

    def lay(path: Path) -> None:
        target = os.path.join(os.fsencode(path.parent), name + os.fsencode("".join(path.suffixes[-1:])))  # noqa: PTH118
        with open(target, "wb") as file:  # noqa: PTH123
            file.write(path.read_bytes()[:-20])

    return lay


def of_nobody(path: Path) -> None:
    """A file that nobody may read; whoever is root may."""
    path.chmod(0)


def in_a_secret_folder(path: Path) -> None:
    """A folder that nobody may look into."""
    path.parent.chmod(stat.S_IWUSR)


ANY: dict[str, Lay] = {
    "ten gigabytes of nothing behind it": sparse,
    "ten gigabytes of nothing": only_sparse,
    "a pipe": in_its_place(os.mkfifo),
    "a device": in_its_place(lambda path: path.symlink_to("/dev/zero")),
    "a device without end": in_its_place(lambda path: path.symlink_to("/dev/urandom")),
    "a process's memory": in_its_place(lambda path: path.symlink_to("/proc/self/mem")),
    "a folder": in_its_place(Path.mkdir),
    "a link to nowhere": in_its_place(lambda path: path.symlink_to("/nowhere/at/all")),
    "a link to itself": in_its_place(lambda path: path.symlink_to(path)),
    "a link to a folder": in_its_place(lambda path: path.symlink_to("/etc")),
    "links in circles": circles,
    "nobody may read it": of_nobody,
    "nobody may look into its folder": in_a_secret_folder,
    "a zip file": says(zipped),
    "a zip bomb": says(zipped(b"\0" * (100 << 20))),
    "a gzip bomb": says(gzip.compress(b"\0" * (300 << 20), 1, mtime=0)),
    "gzip in gzip": says(lambda data: gzip.compress(gzip.compress(data))),
    "spaces in gzip": says(gzip.compress(b" " * (300 << 20), 1, mtime=0)),
    "a thousand streams of gzip": says(gzip.compress(b"") * 1000 + b"x"),
    "a name with control characters": named(b"a\n\x1b[31m\x07\r\x01"),
    "a name that is no UTF-8": named(b"\xff\xfe\x80abc"),
    "a name of 250 bytes": named(b"n" * 250),
    "a name with a direction": named("a\u202etxt.".encode()),
    "a name that climbs": named(rb"..%2f..%2fetc%2fpasswd"),
    "a name that commands": named(b"$(touch x);`id`|&"),
}
"""Of files of any feed."""

_DEEP = 100_000


def value(text: str | bytes) -> Lay:
    """A JSON value beside all others of the first object, and in place of its first value."""
    raw = text.encode() if isinstance(text, str) else text

    def lay(path: Path) -> None:
        data = path.read_bytes()
        at = data.index(b"{") + 1
        path.write_bytes(data[:at] + b'"attack": ' + raw + b", " + data[at:])

    return lay


def everywhere(key: str, text: str) -> Lay:
    """A value for every key of a name."""

    def changed(content: object) -> object:
        if isinstance(content, dict):
            return {k: "\1mark\1" if k == key else changed(v) for k, v in content.items()}
        return [changed(v) for v in content] if isinstance(content, list) else content

    def lay(path: Path) -> None:
        marked = json.dumps(changed(json.loads(path.read_bytes())))
        path.write_text(marked.replace(json.dumps("\1mark\1"), text))

    return lay


JSON: dict[str, Lay] = {
    "lists in each other": says(b"[" * _DEEP + b"]" * _DEEP),
    "objects in each other": says(b'{"a":' * _DEEP + b"1" + b"}" * _DEEP),
    "objects that never end": says(b'{"a":' * _DEEP),
    "a value in a hundred thousand lists": value("[" * _DEEP + "]" * _DEEP),
    **{f"a value in {n} lists": value("[" * n + "]" * n) for n in (120, 250, 400, 600, 900, 1000, 1030, 2000)},
    **{f"an id in {n} lists": everywhere("id", "[" * n + "]" * n) for n in (98, 250, 500, 900, 1015)},
    **{f"a match id in {n} lists": everywhere("match_id", "[" * n + "]" * n) for n in (90, 250, 500, 900, 1015)},
    **{f"a date in {n} objects": everywhere("match_date", '{"a":' * n + "1" + "}" * n) for n in (90, 500, 980)},
    "twenty million empty lists": value("[" + "[]," * 20_000_000 + "1]"),
    "twenty million empty objects": value("[" + "{}," * 20_000_000 + "1]"),
    "sixteen million numbers": value("[" + "1.5," * 15_000_000 + "1]"),
    "a number of a million digits": value("9" * 1_000_000),
    "a fraction of a million digits": value("0." + "9" * 1_000_000),
    "an exponent of a million digits": value("1e" + "9" * 1_000_000),
    "a number of 5,000 digits": everywhere("id", "9" * 5000),
    "a number of 4,000 digits": everywhere("id", "9" * 4000),
    "minutes of 4,000 digits": everywhere("minute", "9" * 4000),
    "a text of 50 MB": value('"' + "x" * 50_000_000 + '"'),
    "a key of 10 MB": says(lambda data: data.replace(b'{"', b'{"' + b"k" * 10_000_000, 1)),
    "a million keys": value("{" + ",".join(f'"k{n}":1' for n in range(1_000_000)) + "}"),
    "the same key a million times": value("{" + '"k":1,' * 1_000_000 + '"k":1}'),
    "every id twice": says(lambda data: data.replace(b'"id":', b'"id": 1, "id":')),
    "NaN": value("[NaN, Infinity, -Infinity]"),
    "minutes that are no number": everywhere("minute", "NaN"),
    "lone surrogates": value(r'"\ud800 \udfff"'),
    "names with NUL": everywhere("name", r'"A\u0000B"'),
    "names of half a pair": everywhere("name", r'"\ud83d"'),
    "ids with NUL": everywhere("id", r'"A\u0000B"'),
    "a comment": says(lambda data: b"/* " + b"x" * 100 + b" */" + data),
    "escapes by the million": value('"' + r"\u0041" * 1_000_000 + '"'),
    "a prototype": value('{"__proto__": {"a": 1}, "constructor": null, "__class__": "x"}'),
    "a pickle": says(b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x02id\x94\x85\x94R\x94."),
}  # fmt: skip


def _changed_table(change: Callable[[pa.Table], pa.Table]) -> Lay:
    def lay(path: Path) -> None:
        table = pq.read_table(path)
        pq.write_table(change(table), path)

    return lay


def _constant(column: str, text: object, n_rows: int) -> Lay:
    """The first row again and again, with another value: a small file that is a giant in memory."""

    def lay(path: Path) -> None:
        table = pq.read_table(path)
        row = table.slice(0, 1)
        at = table.schema.get_field_index(column)
        row = row.set_column(
            at, table.schema.field(column), pa.array([text], table.schema.field(column).type)
        )
        columns = []
        for field, one in zip(table.schema, row.columns, strict=True):
            if pa.types.is_nested(field.type):
                columns.append(pa.nulls(n_rows, field.type))
            else:
                columns.append(
                    pa.DictionaryArray.from_arrays(
                        pa.array([0] * n_rows, pa.int32()), one.combine_chunks()
                    ).dictionary_decode()
                    if field.name != column
                    else pa.DictionaryArray.from_arrays(
                        pa.array([0] * n_rows, pa.int32()), one.combine_chunks()
                    )
                )
        schema = pa.schema(
            [pa.field(f.name, c.type) for f, c in zip(table.schema, columns, strict=True)],
            metadata=table.schema.metadata,
        )
        made = pa.Table.from_arrays(columns, schema=schema)
        # Written as texts that a dictionary holds once; read as what the schema says.
        sink = path.with_suffix(".new")
        pq.write_table(made, sink, row_group_size=n_rows, compression="zstd", store_schema=False)
        sink.replace(path)

    return lay


def _a_row_of_nothing(table: pa.Table) -> pa.Table:
    return pa.Table.from_arrays([pa.nulls(1, field.type) for field in table.schema], schema=table.schema)


_NO_VERSION = {b"xgoals.archive_version": b"\xff"}

PARQUET: dict[str, Lay] = {
    "a text of 20 kB in every one of 200,000 rows": _constant("home_team", "x" * 20_000, 200_000),
    "a word of 20 kB in every one of 200,000 rows": _constant("body_part", "x" * 20_000, 200_000),
    "a match of 300,000 shots": _changed_table(lambda table: pa.concat_tables([table] * max(1, 300_000 // len(table)))),
    "no rows": _changed_table(lambda table: table.slice(0, 0)),
    "a row of nothing": _changed_table(_a_row_of_nothing),
    "other columns": _changed_table(lambda table: table.select(["match_id"])),
    "no metadata": _changed_table(lambda table: table.replace_schema_metadata(None)),
    "a version of another day": _changed_table(lambda table: table.replace_schema_metadata(_NO_VERSION)),
    "its end lost": says(lambda data: data[:-100]),
    "its length a lie": says(lambda data: data[:-8] + (2**31 - 1).to_bytes(4, "little") + b"PAR1"),
    "a footer of zeros": says(lambda data: data[:-2000] + b"\0" * 1992 + data[-8:]),
    "zeros within": says(lambda data: data[: len(data) // 3] + b"\0" * 500 + data[len(data) // 3 + 500 :]),
}  # fmt: skip
