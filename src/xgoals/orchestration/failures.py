"""Why a task has failed, in words for people, whatever has ended it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowTaskTimeout

from xgoals.domain.errors import XgoalsError
from xgoals.orchestration.tasks import sentence

if TYPE_CHECKING:
    from xgoals.mail.content.failure import TaskFailure


def failure_of(context: Mapping[str, Any]) -> TaskFailure:
    """The failed task of a context that Airflow gives to a callback."""
    from xgoals.mail.content.failure import TaskFailure

    ti = context["ti"]
    map_index = getattr(ti, "map_index", None)
    return TaskFailure(
        task=ti.task_id,
        error=_error(context.get("exception"), ti),
        map_index=-1 if map_index is None else map_index,
        label=str(getattr(ti, "rendered_map_index", None) or ""),
        try_number=ti.try_number,
    )


def _error(error: Any, ti: Any) -> XgoalsError:
    # What people can act on was raised as such and made into Airflow's own error on the way.
    for known in (error, getattr(error, "__cause__", None), getattr(error, "__context__", None)):
        if isinstance(known, XgoalsError):
            return known
    if error is None:
        from xgoals.mail.content.failure import KILLED

        return KILLED
    if outage := _outage(error):
        return outage
    if isinstance(error, AirflowTaskTimeout):
        return XgoalsError(
            f"it took longer than it may and was ended (limits.task_minutes, {ti.task_id})",
            advice="The end of its log says what it did. If it is only slow, give it more time in xgoals.toml; then"
            " clear this task",
        )
    return XgoalsError(sentence(error))


def _outage(error: Any) -> XgoalsError | None:
    from xgoals.store.outages import outage_of

    return outage_of(error) if isinstance(error, Exception) else None
