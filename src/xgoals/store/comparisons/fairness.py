"""Whether numbers are fair: the shots that are asked about, and what was found."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Row, text

from xgoals.domain.errors import ModelError
from xgoals.domain.findings.fairness import BiasFigure, Facet, Verdict
from xgoals.store.bulk.compact_frames import read_compact
from xgoals.store.database import copy_rows, read_frame
from xgoals.store.told.matches import TOLD_MATCH

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.domain.model import ModelVersion

_ALL = "all"
COLUMNS = (
    "facet", "facet_value", "metric", "value", "low", "high", "n_shots", "n_goals", "n_matches", "p", "q", "verdict",
    "note",
)  # fmt: skip


def read_honest_shots(connection: Connection, model: "ModelVersion") -> "pd.DataFrame":
    """Every shot with this model's number by who has not seen its match, as :mod:`xgoals.analysis.fairness` takes it.

    Those of the champion's window and of later matches. Where a match that the champion has learned from has no sister
    that has not, its shots are left out.
    """
    return read_compact(
        connection,
        f"""select s.provider, s.match_id, m.match_date, m.competition, m.season, t.name as team,
                   home.name as home_team, away.name as away_team, s.body_part, s.shot_type, s.x_m, s.y_m,
                   p.pitch_length_m, s.is_goal, s.is_penalty, x.xg
            from shot_xg x
            join shot_feature f using (features_key)
            join shot s on s.shot_key = x.shot_key and s.withdrawn_at is null
            join match p using (provider, match_id)
            join {TOLD_MATCH} m using (provider, match_id)
            join team t on (t.provider, t.team_id) = (s.provider, s.team_id)
            join team home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
            join team away on (away.provider, away.team_id) = (m.provider, m.away_team_id)
            left join model_match l
                on (l.model_version, l.provider, l.match_id) = (x.model_version, s.provider, s.match_id)
            where x.model_version = :version and f.is_current
              and (f.catalogue, f.catalogue_version) = (:catalogue, :catalogue_version)
              and (x.sister is not null or l.model_version is null)
            order by m.match_date, s.provider collate "C", s.match_id collate "C", s.shot_id collate "C"
        """,  # noqa: S608
        {
            "version": model.model_version,
            "catalogue": model.catalogue,
            "catalogue_version": model.catalogue_version,
        },
        categories=(
            *("provider", "match_id", "competition", "season", "team", "home_team", "away_team"),
            *("body_part", "shot_type"),
        ),
        floats=("x_m", "y_m", "pitch_length_m", "xg"),
    )


def save_bias(connection: Connection, model_version: str, figures: Iterable[BiasFigure]) -> None:
    """Put these in place of a model's figures."""
    connection.execute(
        text("delete from bias_metric where model_version = :version"), {"version": model_version}
    )
    rows = (
        (
            *(model_version, one.facet or _ALL, one.facet_value, one.metric, one.value, one.low, one.high),
            *(one.n_shots, one.n_goals, one.n_matches, one.p, one.q, one.verdict, one.note),
        )
        for one in figures
    )
    copy_rows(connection, "bias_metric", ("model_version", *COLUMNS), rows)


def read_bias(connection: Connection, model_version: str) -> list[BiasFigure]:
    """A model's figures, by facet, part and metric; none where nothing was measured."""
    rows = connection.execute(
        text(
            f"""select {", ".join(COLUMNS)} from bias_metric where model_version = :version
                order by facet, facet_value collate "C", metric"""  # noqa: S608
        ),
        {"version": model_version},
    )
    return [_figure(row) for row in rows]


def read_bias_of(connection: Connection, champion: str) -> "pd.DataFrame":
    """The figures of the champion as analysts see them (view ``champion_bias``).

    Raises
    ------
    ModelError
        If nothing was measured of it yet.
    """
    frame = read_frame(
        connection,
        """select * from xgoals_views.champion_bias
           order by facet, facet_value collate "C", verdict is null, metric""",
    )
    if frame.empty:
        raise ModelError(f"whether {champion} is fair was not measured yet", advice="Run: xgoals explain")
    return frame


def _figure(row: Row[tuple[object, ...]]) -> BiasFigure:
    facet = None if row.facet == _ALL else Facet(row.facet)
    verdict = None if row.verdict is None else Verdict(row.verdict)
    of = (row.facet_value, row.metric, row.value, row.low, row.high, row.n_shots, row.n_goals, row.n_matches)
    return BiasFigure(facet, *of, p=row.p, q=row.q, verdict=verdict, note=row.note)
