"""A clock that can be set: what a process of xgoals takes for the present, in Python; the database's goes on."""

import datetime as module
import sys
from datetime import datetime, timedelta, tzinfo
from typing import Any

_REAL = datetime
_ahead = timedelta(0)


class _Kind(type(datetime)):  # type: ignore[misc]
    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, _REAL)


class _Shifted(datetime, metaclass=_Kind):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """So much later than it is."""
        return _REAL.now(tz) + _ahead


def set_ahead(ahead: timedelta) -> None:
    """From now on this process takes it to be so much later, whatever of xgoals it has imported or will import."""
    global _ahead  # noqa: PLW0603
    _ahead = ahead
    module.datetime = _Shifted  # type: ignore[misc]
    for name, imported in list(sys.modules.items()):
        if name.startswith("xgoals") and getattr(imported, "datetime", None) is _REAL:
            imported.datetime = _Shifted  # type: ignore[attr-defined]
