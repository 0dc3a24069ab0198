"""How far the explanations of a model can be trusted, as it was measured."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from xgoals.domain.reason import HOLDS_IN
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


def read_refits(connection: Connection, model_version: str) -> list[TrustFigure]:
    """Of all shots that a model has given reasons for: the share whose first reason holds in so many refits to be told.

    Empty where it has given none, or without refits.
    """
    row = connection.execute(
        text(
            """select count(*) as n, avg((r.held >= :holds_in)::int)::float as share,
                      count(distinct (s.provider, s.match_id)) as n_matches
               from shot_reason r
               join shot_feature f using (features_key)
               join shot s on s.shot_key = f.shot_key and s.withdrawn_at is null
               where r.model_version = :version and r.first is not null and r.n_refits >= :holds_in"""
        ),
        {"version": model_version, "holds_in": HOLDS_IN},
    ).one()
    if not row.n:
        return []
    return [TrustFigure(Game.FOOTBALL_ORDER, Question.MOST_REFITS, row.share, row.n, row.n_matches)]


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
