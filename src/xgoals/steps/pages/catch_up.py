"""The tasks before `report` once more, where others were quicker between two tasks of a run."""

from sqlalchemy import Connection

from xgoals.steps.build_features import build_features
from xgoals.steps.compute_baseline import compute_baseline
from xgoals.steps.explain import explain
from xgoals.steps.models import present_champion
from xgoals.steps.pages.promises import OvertakenError
from xgoals.steps.run_context import RunContext
from xgoals.store import registry


def refuse_former_champion(connection: Connection, model_version: str) -> None:
    """Make sure that the champion whose numbers are to be told still is it.

    Raises
    ------
    OvertakenError
        If another one is.
    """
    champion = registry.champion_name(connection)
    if champion not in (None, model_version):
        raise OvertakenError(f"{champion} is champion by now, in place of {model_version}")


def catch_up(context: RunContext) -> str:
    """Build and explain what has been stored since this run did, by the champion of the moment; its name.

    Raises
    ------
    ModelError
        As of `explain`.
    """
    build_features(context)
    champion = present_champion(context)
    compute_baseline(context, champion)
    return explain(context, champion)
