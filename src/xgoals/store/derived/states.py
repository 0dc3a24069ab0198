"""From which state of the stored rows something was derived last: what a night without news asks, and all it asks."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, text

from xgoals.store.database import as_json

Content = Literal[
    "team", "player", "match", "own_goal", "shot", "shot_position", "shot_feature", "shot_xg", "shot_explanation",
    "out_of_fold", "model_version", "promotion", "baseline", "model_evaluation", "global_explanation",
    "interaction_explanation", "shot_interaction", "explanation_check", "quarantine", "match_incident",
    "model_sister", "model_match", "model_reference", "model_refit", "shot_reason", "shot_actor",
    "shot_difference", "model_surrogate", "model_trust", "provider_level", "drift_point", "bias_metric",
]  # fmt: skip
"""The tables that count their changes (migrations 0012 and later)."""


@dataclass(frozen=True, slots=True)
class DerivedState:
    """What something was derived from last.

    Attributes
    ----------
    state_key
        As :func:`state_key` returned it.
    facts
        What is told of it again while there is nothing new.
    """

    state_key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def state_key(connection: Connection, contents: Collection[Content], *ingredients: object) -> str:
    """A key that changes whenever a row of one of these tables does, or an ingredient; whatever history holds.

    Parameters
    ----------
    contents
        The tables that something is derived from.
    ingredients
        What else enters it: versions, settings. Values that JSON knows.

    Notes
    -----
    A table's counter is raised while its change is not committed yet: ask under the writers' lock, which nobody who
    stores results goes round.
    """
    counted = connection.execute(text("select content, revision from xgoals.content_revisions()"))
    revisions: dict[str, int] = {row.content: row.revision for row in counted}
    asked = {content: revisions[content] for content in sorted(contents)}
    return hashlib.sha256(as_json([asked, *ingredients]).encode()).hexdigest()[:32]


def training_state(catalogue: str) -> str:
    """What the state of training on a catalogue is kept under."""
    return f"training on {catalogue}"


def read_state(connection: Connection, name: str) -> DerivedState | None:
    """What this was derived from last; None if it never was."""
    row = connection.execute(
        text("select state_key, facts from derived_state where name = :name"), {"name": name}
    ).one_or_none()
    return DerivedState(row.state_key, row.facts) if row else None


def save_state(connection: Connection, name: str, state: DerivedState) -> None:
    """Note what something was derived from."""
    connection.execute(
        text(
            """insert into derived_state (name, state_key, facts) values (:name, :state_key, cast(:facts as jsonb))
               on conflict (name) do update set state_key = excluded.state_key, facts = excluded.facts
               where (derived_state.state_key, derived_state.facts)
                   is distinct from (excluded.state_key, excluded.facts)"""
        ),
        {"name": name, "state_key": state.state_key, "facts": as_json(dict(state.facts))},
    )


def forget_state(connection: Connection, name: str) -> None:
    """Let this be derived anew, or be over."""
    connection.execute(text("delete from derived_state where name = :name"), {"name": name})


def count_from_elsewhere(connection: Connection) -> None:
    """Let every counter jump, so that all is derived anew: after a restore the counts are of other rows."""
    connection.execute(
        text(
            """select setval(format('%I.%I', schemaname, sequencename)::regclass,
                             coalesce(last_value, 0) + 1 + floor(random() * 1e12)::bigint)
               from pg_sequences where schemaname = 'xgoals' and right(sequencename, 9) = '_revision'"""
        )
    )
