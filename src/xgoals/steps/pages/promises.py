"""The promises that the stored rows keep, a query each in ``sql/checks``: looked at once a change, not once a night."""

from sqlalchemy import Connection

from xgoals.domain.errors import XgoalsError
from xgoals.steps.code_version import release_key
from xgoals.store import registry
from xgoals.store.derived.states import Content, DerivedState, read_state, save_state, state_key
from xgoals.store.schema.sql_files import broken_promises

STATE = "promises"
ASKED: tuple[Content, ...] = (
    "match", "shot", "shot_feature", "shot_xg", "shot_explanation", "model_version", "model_match",
    "shot_reason", "shot_actor", "bias_metric",
)  # fmt: skip
"""The tables that promises are about."""


_UNDER_WAY = frozenset({"every_shot_has_features", "champion_scores_every_shot"})
"""Promises that do not hold while another run is between two of its tasks, or after a person has put in a champion."""


class OvertakenError(XgoalsError):
    """What is to be told is not all computed: others have stored shots or exchanged the champion since this run did."""


def check_promises(connection: Connection) -> None:
    """Make sure that all promises hold; nothing is looked at where no row has changed since they did.

    Raises
    ------
    OvertakenError
        If all that is missing is the work of tasks before this one.
    XgoalsError
        If one does not hold, on every run until it does.
    """
    key = state_key(connection, ASKED, registry.champion_name(connection), release_key())
    known = read_state(connection, STATE)
    if known is not None and known.state_key == key:
        return
    broken = broken_promises(connection)
    if broken:
        listed = ", ".join(f"{name} ({n} rows)" for name, n in broken.items())
        kind = OvertakenError if broken.keys() <= _UNDER_WAY else XgoalsError
        raise kind(
            f"promises that do not hold: {listed}",
            where="results database",
            advice="Run the queries of sql/checks by these names to see the rows, and run the pipeline again",
        )
    save_state(connection, STATE, DerivedState(key))
