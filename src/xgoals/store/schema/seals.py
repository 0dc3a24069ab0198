"""What ties a stored model to its row: SQL that seals the rows of a version, and that asks whether a seal holds.

A row without one is from a hand that knew no seals, and taken as it is.
"""

import re
from typing import Final, Literal

from sqlalchemy import Connection, text

Sealed = Literal["model_version", "model_sister", "surrogate_booster", "model_refit"]
_OF: Final[dict[Sealed, str]] = {
    "model_version": "model_version, catalogue, catalogue_version::text, array_to_string(feature_names, ','), sha256, "
    "golden::text",
    "model_sister": "model_version, sister::text, sha256, golden::text, provider, base::text, fold::text",
    "surrogate_booster": "model_version, provider, sister::text, sha256",
    "model_refit": "model_version, refit::text, half::text, sha256",
}


def is_sealed(table: Sealed) -> str:
    """A column that says whether a row's seal is its own."""
    return f"coalesce(seal = xgoals.seal({_OF[table]}), true) as is_sealed"


def is_as_stored(table: Sealed) -> str:
    """A condition on a row: it has bytes, those of its checksum, and its seal is its own."""
    return (
        f"({table}.booster is not null and {table}.sha256 = encode(sha256({table}.booster), 'hex') "
        f"and coalesce({table}.seal = xgoals.seal({_of_table(table)}), true))"
    )


def _of_table(table: Sealed) -> str:
    """As `_OF`, where columns of other tables have the same names."""
    return re.sub(
        r"\b(?=(?:model_version|catalogue|catalogue_version|feature_names|sha256|golden|provider|sister|base|fold)\b)",
        f"{table}.",
        _OF[table],
    )


def seal_rows(connection: Connection, table: Sealed, model_version: str) -> None:
    """Seal the rows of a version that have no seal yet."""
    connection.execute(
        text(
            f"update {table} set seal = xgoals.seal({_OF[table]}) where model_version = :version and seal is null"  # noqa: S608
        ),
        {"version": model_version},
    )
