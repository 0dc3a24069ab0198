"""The pin: a person has said that the champion stays, whatever challengers come."""

from datetime import datetime

from sqlalchemy import Connection, text


def pinned(connection: Connection) -> str | None:
    """The model that is pinned."""
    name: str | None = connection.scalar(text("select model_version from pin"))
    return name


def set_pin(connection: Connection, model_version: str, *, pinned_at: datetime) -> None:
    """Pin a model; the pin of before goes."""
    connection.execute(
        text(
            """insert into pin (model_version, pinned_at) values (:version, :pinned_at)
               on conflict (only_row) do update
               set model_version = excluded.model_version, pinned_at = excluded.pinned_at"""
        ),
        {"version": model_version, "pinned_at": pinned_at},
    )


def remove_pin(connection: Connection) -> str | None:
    """Let challengers replace the champion again; the model that was pinned, if one was."""
    name: str | None = connection.scalar(text("delete from pin returning model_version"))
    return name
