"""Kinds of damage to feed files: what editors, networks, data frames, providers and attackers do to them."""

import gzip
import random
from collections.abc import Callable
from pathlib import PurePath

from small_feeds import Files

Rng = random.Random
Damage = Callable[[Rng, Files], None]


def pick(rng: Rng, files: Files, *parts: str) -> str:
    """A file, among those whose name has one of the parts if there are any."""
    chosen = [name for part in parts for name in files if part in name]
    return rng.choice(sorted(chosen or files))


def of_bytes(change: Callable[[Rng, bytes], bytes]) -> Damage:
    """Damage to the bytes of one file."""

    def damage(rng: Rng, files: Files) -> None:
        name = pick(rng, files)
        files[name] = change(rng, files[name])

    return damage


def spot(rng: Rng, data: bytes) -> int:
    return rng.randrange(len(data) + 1)


def without_a_slice(rng: Rng, data: bytes) -> bytes:
    at = spot(rng, data)
    return data[:at] + data[at + rng.choice([1, 10, 1000]) :]


def with_flipped_bytes(rng: Rng, data: bytes) -> bytes:
    content = bytearray(data)
    for _ in range(rng.choice([1, 5, 50])):
        if content:
            content[rng.randrange(len(content))] = rng.randrange(256)
    return bytes(content)


def inserted(what: bytes) -> Callable[[Rng, bytes], bytes]:
    return lambda rng, data: data[: (at := spot(rng, data))] + what + data[at:]


def with_latin_1(rng: Rng, data: bytes) -> bytes:
    return data.replace(b"name", "nämé".encode("latin-1"), 1).replace(b"F1", "Fü".encode("latin-1"))


BYTES: dict[str, Callable[[Rng, bytes], bytes]] = {
    "cut off at the end": lambda rng, data: data[: spot(rng, data)],
    "cut off at the start": lambda rng, data: data[spot(rng, data) :],
    "empty": lambda rng, data: b"",
    "only spaces": lambda rng, data: b" \n" * 10,
    "a slice lost": without_a_slice,
    "bytes flipped": with_flipped_bytes,
    "NUL inserted": inserted(b"\0"),
    "controls inserted": inserted(b"\x01\x08\x0b\x1f\x7f"),
    "not UTF-8 inserted": inserted(b"\xff\xfe\xc3"),
    "byte order mark": lambda rng, data: b"\xef\xbb\xbf" + data,
    "byte order mark inside": inserted(b"\xef\xbb\xbf"),
    "UTF-16": lambda rng, data: data.decode("utf-8", "replace").encode("utf-16"),
    "Latin-1": with_latin_1,
    "Windows lines": lambda rng, data: data.replace(b"\n", b"\r\n").replace(b", ", b",\r\n "),
    "twice": lambda rng, data: data + data,
    "a web page": lambda rng, data: b"<!DOCTYPE html><html><body>Too many requests</body></html>",
    "an answer of an API": lambda rng, data: b'{"message": "rate limit"}',
    "gzipped under its name": lambda rng, data: gzip.compress(data),
    "half a gzip stream": lambda rng, data: gzip.compress(data)[: len(data) // 8],
    "other bytes": lambda rng, data: rng.randbytes(1000),
}


def exchange_two_files(rng: Rng, files: Files) -> None:
    one, other = pick(rng, files), pick(rng, files)
    files[one], files[other] = files[other], files[one]


def lose_a_file(rng: Rng, files: Files) -> None:
    del files[pick(rng, files)]


def copy_a_file_beside(rng: Rng, files: Files) -> None:
    name = PurePath(pick(rng, files))
    files[str(name.with_name(f"copy_{name.name}"))] = with_flipped_bytes(rng, files[str(name)])


def replace_a_file(by: bytes) -> Damage:
    """The test makes a folder, a pipe or a link of a file with this content."""

    def damage(rng: Rng, files: Files) -> None:
        files[pick(rng, files)] = by

    return damage


FOLDER, PIPE, DANGLING, LOOP = b"\0folder", b"\0pipe", b"\0dangling", b"\0loop"

FILES: dict[str, Damage] = {
    "two files exchanged": exchange_two_files,
    "a file lost": lose_a_file,
    "a second version of a file": copy_a_file_beside,
    "a folder in place of a file": replace_a_file(FOLDER),
    "a pipe in place of a file": replace_a_file(PIPE),
    "a link that leads nowhere": replace_a_file(DANGLING),
    "a link to itself": replace_a_file(LOOP),
}
