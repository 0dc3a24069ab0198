"""What steps of a run have found that wants a person."""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from xgoals.domain.pipeline import Step
from xgoals.domain.secrets import redacted
from xgoals.domain.trouble import Trouble
from xgoals.store.database import as_json


def save_troubles(connection: Connection, run_id: str, step: Step, troubles: Sequence[Trouble]) -> None:
    """Put what a step has found in place of what it found when it last did this work for the run.

    Whatever step a trouble names, it is kept as this one's.
    """
    connection.execute(
        text("delete from trouble where run_id = :run_id and step = :step"), {"run_id": run_id, "step": step}
    )
    for trouble in troubles:
        connection.execute(
            text(
                """insert into trouble (run_id, step, matter, state_key, what, place, advice, items)
                   values (:run_id, :step, :matter, :state_key, :what, :place, :advice, cast(:items as jsonb))"""
            ),
            {
                "run_id": run_id,
                "step": step,
                "matter": trouble.matter,
                "state_key": trouble.state_key,
                "what": redacted(trouble.what),
                "place": redacted(trouble.where),
                "advice": redacted(trouble.advice),
                "items": as_json([[redacted(where), redacted(what)] for where, what in trouble.items]),
            },
        )


def troubles_of(connection: Connection, run_id: str) -> list[Trouble]:
    """What the steps of a run have found."""
    rows = connection.execute(
        text(
            """select matter, state_key, what, place, advice, step, items from trouble
               where run_id = :run_id order by matter, state_key"""
        ),
        {"run_id": run_id},
    )
    return [
        Trouble(
            matter=row.matter,
            what=row.what,
            where=row.place,
            advice=row.advice,
            step=row.step,
            state_key=row.state_key,
            items=tuple((where, what) for where, what in row.items),
        )
        for row in rows
    ]
