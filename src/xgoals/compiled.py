"""One way to compile a function: without the interpreter lock, kept on disk, and never out of date.

numba looks only at a function's own file to see whether its machine code is still good. Our functions
call each other across files, so an old ``_explain_block`` could go on using an old table of coalitions
after an update. The cache therefore lives in a folder named after the contents of the function's whole package:
in ``NUMBA_CACHE_DIR`` when that is set, else in the user's cache folder (an installed package may be
read-only). Where neither can be written, functions are compiled anew by each process: some 8 s.
"""

import hashlib
import inspect
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numba

_log = logging.getLogger(__name__)


def compiled(*, reorder_sums: bool = False, contract: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """Compile a function with numba.

    Parameters
    ----------
    reorder_sums
        Let sums be taken in any order, which is what makes vector instructions of them. NaN and
        infinity keep their meaning.
    contract
        Let a product and a sum become one instruction with one rounding.
    """
    fastmath = {"reassoc", "contract", "nsz"} if reorder_sums else {"contract"} if contract else False

    def compile_(function: Callable[..., Any]) -> Any:
        """The function, compiled; its machine code is kept with that of its package."""
        package = Path(inspect.getfile(function)).parent
        with _cache_of_this_version(package) as writable:
            return numba.njit(nogil=True, cache=writable, fastmath=fastmath)(function)

    return compile_


def fingerprint(folder: Path) -> str:
    """A short hash of all sources in a folder, and of how they are compiled."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for source in sorted(folder.glob("*.py")):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def user_cache() -> Path:
    """Where this system keeps what can be made again: a library for it would be one more to install."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return named if named.is_absolute() else Path.home() / ".cache"  # as the specification has it


@contextmanager
def _cache_of_this_version(package: Path) -> Iterator[bool]:
    """Point numba to our folder while it decides where a function's cache is; yields whether there is one."""
    folder, before = _cache_folder(package), numba.config.CACHE_DIR
    numba.config.CACHE_DIR = "" if folder is None else str(folder)
    try:
        yield folder is not None
    finally:
        numba.config.CACHE_DIR = before


@cache
def _cache_folder(package: Path) -> Path | None:
    parent = Path(numba.config.CACHE_DIR or user_cache() / "xgoals" / "compiled")
    folder = parent / fingerprint(package)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _log.warning("compiling anew, since %s cannot be written (%s); set NUMBA_CACHE_DIR", folder, error)
        return None
    if not os.access(folder, os.W_OK):
        _log.warning("compiling anew, since %s cannot be written; set NUMBA_CACHE_DIR", folder)
        return None
    return folder
