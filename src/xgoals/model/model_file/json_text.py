"""JSON as XGBoost writes it: no key twice, no number that is none, no more of it than a model needs."""

import json
from typing import Final, NoReturn

from xgoals.model.model_file.ubjson import BrokenError

MOST_BYTES: Final = 1 << 28
"""Python takes up to twelve times as much memory as the text; UBJSON, which XGBoost writes as well, is not dearer."""
MOST_LISTS: Final = 8_000_000


def read_json(data: bytes) -> object:
    """What a text in UTF-8 holds.

    Raises
    ------
    BrokenError
        If it is no JSON, names a key of an object twice, or holds more than any model.
    """
    if len(data) > MOST_BYTES:
        raise BrokenError(
            f"more than {MOST_BYTES:,} bytes of JSON; save it as UBJSON, which is a third as long"
        )
    if data.count(b"[") + data.count(b"{") > MOST_LISTS:
        raise BrokenError(f"more than {MOST_LISTS:,} lists and objects")
    try:
        return json.loads(data.decode(), object_pairs_hook=_once_each, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise BrokenError(f"it is not in UTF-8 at byte {error.start:,}") from None
    except RecursionError:
        raise BrokenError("nested too deeply") from None
    except ValueError as error:  # no JSON, or a number of thousands of digits
        raise BrokenError(str(error)) from None


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BrokenError(f"{twice[:40]!r} stands twice in one object")
    return found


def _refuse(constant: str) -> NoReturn:
    raise BrokenError(f"{constant} is no number of JSON")
