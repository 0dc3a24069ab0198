"""What is measured beside the explanations: where that fails it costs itself, and not the night's numbers."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Literal

from xgoals.domain.errors import StoreError
from xgoals.domain.trouble import Trouble
from xgoals.steps.run_context import log
from xgoals.store.database import is_outage

Measured = Literal["drift", "fairness"]

_WHAT: Mapping[Measured, str] = {
    "drift": "Drift could not be measured.",
    "fairness": "Fairness could not be measured.",
}
_ADVICE = (
    "Numbers and explanations are not touched by it. "
    "The log of the task explain has the details: please report them."
)


def is_unmeasured(trouble: Trouble) -> bool:
    """Whether it says that something could not be measured, and nothing of what was measured."""
    return trouble.what in _WHAT.values()


def measured_beside(matter: Measured, measure: Callable[[], Trouble | None]) -> Trouble | None:
    """What a person should know of what was measured; where it could not be, that, once for the same reason.

    Raises
    ------
    StoreError, sqlalchemy.exc.DBAPIError
        Without the database the explanations could not be stored either.
    """
    try:
        return measure()
    except Exception as error:  # whatever is wrong with it must not take the night's numbers
        if isinstance(error, StoreError) or is_outage(error):
            raise
        log.exception("%s A bug of ours, please report it", _WHAT[matter])
        found = f"{type(error).__name__}: {error}"
        return Trouble(
            matter=matter,
            what=_WHAT[matter],
            where=found.splitlines()[0],
            advice=_ADVICE,
            step="explain",
            state_key=hashlib.sha256(found.encode()).hexdigest()[:12],
        )
