"""SageMaker's ``model.tar.gz``: the model's bytes out of it. Nothing is unpacked to the disk, no link is followed."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from xgoals.clarify.columns import named
from xgoals.domain.errors import ModelError

SAGEMAKERS: Final = "xgboost-model"
_ENDINGS: Final = (".json", ".ubj", ".xgb", ".model", ".bin", ".pkl")
_MOST_MEMBERS: Final = 100_000
_LONGEST_NAME_CHARS: Final = 100


class _DamagedError(Exception):
    """The archive contradicts itself."""


def is_tar(data: bytes) -> bool:
    """Whether the bytes are an archive."""
    return data[257:262] == b"ustar"


def model_in_archive(data: bytes, path: Path) -> tuple[bytes, str]:
    """The bytes and the name of the model: SageMaker's ``xgboost-model``, else the only file that is called like one.

    Raises
    ------
    ModelError
        If the archive is damaged, no file or several could be the model, or what is called so is a link.
    """
    try:
        # Not compressed any more: tarfile is not asked to look for another compression inside.
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            member = _the_model(list(_members(archive, len(data))), path)
            taken = archive.extractfile(member)
            return (taken.read() if taken else b""), member.name[:_LONGEST_NAME_CHARS]
    except ModelError:
        raise
    except Exception as error:  # a damaged header breaks tarfile in many ways, endless recursion among them
        told = str(error)[:_LONGEST_NAME_CHARS] or type(error).__name__
        raise ModelError(f"a broken archive ({told})", where=str(path), advice="Copy it again") from None


def _members(archive: tarfile.TarFile, n_bytes: int) -> Iterator[tarfile.TarInfo]:
    """The members, each behind the one before, and none larger than the archive."""
    end = -1
    for n, member in enumerate(archive):
        if n >= _MOST_MEMBERS or member.offset <= end or not 0 <= member.size <= n_bytes:
            raise _DamagedError(f"member {n + 1} is not where it says, or larger than the archive")
        end = member.offset
        yield member


def _the_model(members: list[tarfile.TarInfo], path: Path) -> tarfile.TarInfo:
    found = [m for m in members if Path(m.name).name == SAGEMAKERS and not m.isdir()] or [
        m for m in members if m.isfile() and m.name.endswith(_ENDINGS)
    ]
    if len(found) != 1:
        names = [m.name[:_LONGEST_NAME_CHARS] for m in members if m.isfile()]
        raise ModelError(
            f"{len(found)} files of the archive could be the model",
            where=str(path),
            advice=f"One has to be called {SAGEMAKERS}; there are: {named(names)}",
        )
    if not found[0].isreg() or found[0].issparse():
        raise ModelError(
            f"{found[0].name[:_LONGEST_NAME_CHARS]} in the archive is a link, a device or a sparse file",
            where=str(path),
            advice=f"Pack the model itself as {SAGEMAKERS}",
        )
    return found[0]
