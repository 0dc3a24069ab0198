"""What a person decides about the champion: promote another model, roll back to the one before, pin the present one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection

from xgoals.domain.errors import ModelError
from xgoals.domain.model import Because, Decision, Verdict
from xgoals.settings import Database, Settings
from xgoals.steps.register import BETTER_ANCHOR, carry_out, no_longer_whole
from xgoals.steps.run_context import log
from xgoals.store import pins, registry
from xgoals.store.database import connect
from xgoals.store.locks import one_writer
from xgoals.store.sisters import load_boosters


def promote(
    settings: Settings,
    database: Database,
    version: str,
    *,
    where: str = "by hand",
    decision_n: int | None = None,
) -> Decision:
    """Make a registered model champion by a person's decision, after checking its bytes and predictions.

    A model that waits for approval is approved; any other one becomes the anchor, too: what a person puts in place is
    the new reference.

    Parameters
    ----------
    where
        How the person said so, for the record.
    decision_n
        The decision that is approved, where one was asked about.

    Raises
    ------
    ModelError
        If there is no such model, it is champion already, it is no longer whole, or its bytes are not those that were
        registered; if it waits for approval and was judged against another champion than the present one; or if the
        champion is pinned.
    """
    with _exclusive_transaction(settings, database) as connection:
        about = registry.decision_about(connection, version)
        is_approval = about is not None and about.verdict == "awaiting_approval"
        if decision_n is not None:
            _refuse_another_decision(connection, version, decision_n)
        if about is not None and is_approval:
            _refuse_another_champion(connection, about)
        reason = f"Approved {where}." if is_approval else f"Promoted {where}."
        because = Because.APPROVED if is_approval else Because.BY_HAND
        decision_n, decision = _install(connection, version, "promoted", reason, because)
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
        return _install(connection, previous, "rolled_back", "Rolled back by hand.", Because.ROLLED_BACK)[1]


def pin(settings: Settings, database: Database, version: str | None) -> str:
    """Let the champion stay whatever challengers come, or (None) let them replace it again; what was done, in words.

    Raises
    ------
    ModelError
        If that model is not the champion.
    """
    with _exclusive_transaction(settings, database) as connection:
        if version is None:
            was = pins.remove_pin(connection)
            return (
                f"{was} is no longer pinned: the next good challenger replaces it."
                if was
                else "Nothing was pinned."
            )
        champion = registry.champion_name(connection)
        if version != champion:
            registry.load_model(connection, version)  # says so where there is no such model at all
            raise ModelError(
                f"{version} is not the champion, which is {champion}",
                advice=f"First: xgoals models promote {version}",
            )
        pins.set_pin(connection, version, pinned_at=datetime.now(UTC))
    return f"{version} is pinned: challengers are judged and recorded, and do not replace it."


def waiting_for_approval(settings: Settings, database: Database) -> tuple[int, Decision] | None:
    """Number and content of the latest decision, if it awaits a person and its champion is still the champion."""
    engine = connect(settings, database)
    try:
        with engine.connect() as connection:
            decision, champion = registry.latest_decision(connection), registry.champion_name(connection)
            if (
                decision is None
                or decision.verdict != "awaiting_approval"
                or decision.champion_before != champion
            ):
                return None
            decision_n = registry.number_of_decision_about(connection, decision.challenger)
    finally:
        engine.dispose()
    return None if decision_n is None else (decision_n, decision)


def _refuse_another_decision(connection: Connection, version: str, decision_n: int) -> None:
    latest = registry.number_of_decision_about(connection, version)
    if latest != decision_n:
        raise ModelError(
            f"{version} was judged again since decision {decision_n} was asked about: decision {latest} counts",
            advice=f"See: xgoals models show {version}",
        )


def _refuse_another_champion(connection: Connection, about: Decision) -> None:
    champion = registry.champion_name(connection)
    if champion != about.champion_before:
        raise ModelError(
            f"{about.challenger} was judged against {about.champion_before}, and the champion is {champion} by now: "
            "what was found does not say whether it is better than that one",
            advice=f"Let them meet: xgoals register {about.challenger}",
        )


def _install(
    connection: Connection, version: str, verdict: Verdict, reason: str, because: Because
) -> tuple[int, Decision]:
    boosters, before = load_boosters(connection, version), registry.champion_name(connection)
    if before != version and pins.pinned(connection) == before:
        raise ModelError(f"the champion {before} is pinned", advice="First: xgoals models pin --none")
    boosters.prove()
    if not registry.has_model(connection, version):
        raise no_longer_whole(version)
    if before == version:
        raise ModelError(f"{version} is champion already", advice="See: xgoals models list")
    decision = Decision(version, before, verdict, reason, {"because": because})
    return carry_out(connection, decision, run_id=None), decision


@contextmanager
def _exclusive_transaction(settings: Settings, database: Database) -> Iterator[Connection]:
    """One transaction of a person's command, while no run is writing."""
    engine = connect(settings, database)
    try:
        alone = one_writer(engine, "xgoals models", log.info, patience=settings.limits.wait)
        with alone, engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
