"""How far the explanations of a model can be trusted, as it was measured."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from xgoals.domain.trust import Game, Question, TrustFigure
from xgoals.store.database import copy_rows


def save_trust(connection: Connection, model_version: str, figures: Iterable[TrustFigure]) -> None:
    """Put these in place of a model's figures."""
    connection.execute(
        text("delete from model_trust where model_version = :version"), {"version": model_version}
    )
    rows = ((model_version, of.game, of.question, of.share, of.n, of.n_matches) for of in figures)
    columns = ("model_version", "game", "question", "share", "n", "n_matches")
    copy_rows(connection, "model_trust", columns, rows)


def read_trust(connection: Connection, model_version: str) -> list[TrustFigure]:
    """A model's figures, by game and question; none where they were not measured."""
    rows = connection.execute(
        text(
            """select game, question, share, n, n_matches from model_trust
               where model_version = :version order by game, question"""
        ),
        {"version": model_version},
    )
    return [
        TrustFigure(Game(row.game), Question(row.question), row.share, row.n, row.n_matches) for row in rows
    ]
