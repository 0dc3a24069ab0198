"""What a person decides about the champion: promote another model, or roll back to the one before."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection

from xgoals.domain.errors import ModelError
from xgoals.domain.model import Decision, Verdict
from xgoals.settings import Database, Settings
from xgoals.steps.register import BETTER_ANCHOR
from xgoals.steps.run_context import log
from xgoals.store import registry
from xgoals.store.database import connect
from xgoals.store.locks import one_writer


def promote(settings: Settings, database: Database, version: str, *, where: str = "by hand") -> Decision:
    """Make a registered model champion by a person's decision, after checking its bytes and predictions.

    A model that waits for approval is approved; any other one becomes the anchor, too: what a person puts in place is
    the new reference.

    Parameters
    ----------
    where
        How the person said so, for the record.

    Raises
    ------
    ModelError
        If there is no such model, it is champion already, or its bytes are not those that were registered.
    """
    with _exclusive_transaction(settings, database) as connection:
        about = registry.decision_about(connection, version)
        is_approval = about is not None and about.verdict == "awaiting_approval"
        reason = f"Approved {where}." if is_approval else f"Promoted {where}."
        decision_n, decision = _install(connection, version, "promoted", reason)
        if not is_approval:
            registry.set_anchor(connection, version, decision_n=decision_n, reason="It was promoted by hand.")
        elif about and about.evidence["renews_anchor"]:
            registry.set_anchor(connection, version, decision_n=decision_n, reason=BETTER_ANCHOR)
    return decision


def roll_back(settings: Settings, database: Database) -> Decision:
    """Bring back the champion that the present one replaced, after checking its bytes and predictions.

    Raises
    ------
    ModelError
        If there is none, or its bytes are not those that were registered.
    """
    with _exclusive_transaction(settings, database) as connection:
        previous = registry.previous_champion(connection)
        if previous is None:
            raise ModelError("there is no earlier champion to go back to", advice="See: xgoals models list")
        return _install(connection, previous, "rolled_back", "Rolled back by hand.")[1]


def _install(connection: Connection, version: str, verdict: Verdict, reason: str) -> tuple[int, Decision]:
    from xgoals.model.artifact import load_booster

    load_booster(registry.load_model(connection, version))
    before = registry.champion_name(connection)
    if before == version:
        raise ModelError(f"{version} is champion already", advice="See: xgoals models list")
    decision = Decision(version, before, verdict, reason, {})
    return registry.record_decision(connection, decision, run_id=None, decided_at=datetime.now(UTC)), decision


@contextmanager
def _exclusive_transaction(settings: Settings, database: Database) -> Iterator[Connection]:
    """One transaction of a person's command, while no run is writing."""
    engine = connect(settings, database)
    try:
        with one_writer(engine, "xgoals models", log.info), engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
