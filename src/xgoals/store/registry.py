"""The model registry: versions, decisions, and the one champion."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from xgoals.domain.errors import ModelError
from xgoals.domain.model import Decision, ModelVersion, RecordedDecision
from xgoals.store.database import analyse, as_json, copy_rows, read_frame
from xgoals.store.schema.seals import is_as_stored, is_sealed, seal_rows

if TYPE_CHECKING:
    import pandas as pd

_JSON = {"parameters", "library_versions", "golden", "metrics"}
_COLUMNS = tuple(name for name in ModelVersion.__dataclass_fields__ if name != "is_sealed")


def has_model(connection: Connection, model_version: str) -> bool:
    """Whether a model of that name is there as a whole: with its bytes, undamaged, and its out-of-fold predictions.

    Without them it can be neither judged nor explained. Retention takes both from refused models, and a disk may damage
    what it holds; trained again, the same data bring them back.
    """
    query = text(
        f"""select exists (
                select from model_version where model_version = :version and {is_as_stored("model_version")}
                  and exists (select from out_of_fold o where o.model_version = model_version.model_version)
                  and not exists (select from model_sister
                                  where model_sister.model_version = model_version.model_version
                                    and not {is_as_stored("model_sister")}))"""  # noqa: S608
    )
    return bool(connection.scalar(query, {"version": model_version}))


def save_model(connection: Connection, model: ModelVersion, out_of_fold: "pd.DataFrame") -> None:
    """Register a model together with its out-of-fold predictions.

    One that is known by name, but is no longer whole, becomes so again; bytes that numbers were computed with stay,
    unless they are damaged.

    Parameters
    ----------
    out_of_fold
        ``shot_key, xg, xg_held_out, is_held_out`` of every shot of the window; see :func:`out_of_fold`.
    """
    values = {name: getattr(model, name) for name in _COLUMNS}
    values |= {name: as_json(values[name]) for name in _JSON} | {"feature_names": list(model.feature_names)}
    slots = ", ".join(f"cast(:{name} as jsonb)" if name in _JSON else f":{name}" for name in _COLUMNS)
    sets = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name != "model_version")
    connection.execute(
        text(
            f"""insert into model_version ({", ".join(_COLUMNS)}) values ({slots})
                on conflict (model_version) do update set {sets}, seal = null
                where not {is_as_stored("model_version")}
                   or not exists (select from shot_xg x where x.model_version = model_version.model_version)"""  # noqa: S608
        ),
        values,
    )
    seal_rows(connection, "model_version", model.model_version)
    save_out_of_fold(connection, model.model_version, out_of_fold)


def save_out_of_fold(connection: Connection, model_version: str, out_of_fold: "pd.DataFrame") -> None:
    """Put these predictions of a model's window in place of those of before; as for :func:`save_model`."""
    connection.execute(
        text("delete from out_of_fold where model_version = :version"), {"version": model_version}
    )
    columns = ("shot_key", "xg", "is_held_out", "xg_held_out")
    rows = (
        (model_version, key, xg, is_held_out, xg_held_out if is_held_out else None)
        for key, xg, is_held_out, xg_held_out in out_of_fold[list(columns)].itertuples(index=False, name=None)
    )
    copy_rows(connection, "out_of_fold", ("model_version", *columns), rows)
    analyse(connection, "out_of_fold")


def load_model(connection: Connection, model_version: str) -> ModelVersion:
    """One model version with its bytes.

    Raises
    ------
    ModelError
        If there is none of that name.
    """
    row = connection.execute(
        text(
            f"select {', '.join(_COLUMNS)}, {is_sealed('model_version')} from model_version "  # noqa: S608
            "where model_version = :version"
        ),
        {"version": model_version},
    ).one_or_none()
    if row is None:
        raise ModelError(f"no model version '{model_version}'", advice="See: xgoals models list")
    return ModelVersion(**dict(row._mapping) | {"booster": bytes(row.booster or b"")})


def catalogue_of_model(connection: Connection, model_version: str) -> str:
    """The name of the catalogue that a registered model was trained on; its bytes are not read."""
    query = text("select catalogue from model_version where model_version = :version")
    return str(connection.execute(query, {"version": model_version}).scalar_one())


def champion_name(connection: Connection) -> str | None:
    """The present champion's name."""
    name: str | None = connection.scalar(text("select model_version from champion"))
    return name


def champion_by_now(connection: Connection, given: str, tell: Callable[[str], None]) -> str:
    """The champion of this moment for a task that was given one: between two tasks a person may have put in another."""
    champion = champion_name(connection)
    if champion is None or champion == given:
        return given
    tell(f"{champion} is champion by now, in place of {given}: the run goes on with it")
    return champion


def latest_training(connection: Connection, catalogue: str, version: int) -> tuple[datetime, int] | None:
    """When the newest model of a catalogue was trained, and on how many shots.

    Models without sisters do not count, nor do those whose trees are another's.
    """
    row = connection.execute(
        text(
            """select created_at, n_shots from model_version
               where (catalogue, catalogue_version) = (:catalogue, :version) and parent is null
                 and exists (select from model_sister s where s.model_version = model_version.model_version)
               order by created_at desc limit 1"""
        ),
        {"catalogue": catalogue, "version": version},
    ).one_or_none()
    return (row.created_at, row.n_shots) if row else None


def record_decision(
    connection: Connection, decision: Decision, *, run_id: str | None, decided_at: datetime
) -> int:
    """Store a decision and carry it out in the same transaction; its number."""
    decision_n: int = connection.execute(
        text(
            """insert into promotion (challenger, champion_before, champion_after, verdict, reason, evidence, run_id,
                                      decided_at)
               values (:challenger, :before, :after, :verdict, :reason, cast(:evidence as jsonb), :run_id,
                       :decided_at)
               returning decision_n"""
        ),
        {
            "challenger": decision.challenger,
            "before": decision.champion_before,
            "after": decision.champion_after,
            "verdict": decision.verdict,
            "reason": decision.reason,
            "evidence": as_json(decision.evidence),
            "run_id": run_id,
            "decided_at": decided_at,
        },
    ).scalar_one()
    if decision.champion_after != decision.champion_before:
        connection.execute(
            text(
                """insert into champion (model_version, decision_n) values (:version, :decision_n)
                   on conflict (only_row) do update
                   set model_version = excluded.model_version, decision_n = excluded.decision_n"""
            ),
            {"version": decision.champion_after, "decision_n": decision_n},
        )
    return decision_n


def anchor_name(connection: Connection) -> str | None:
    """The earlier champion that challengers are held against."""
    name: str | None = connection.scalar(text("select model_version from anchor"))
    return name


def load_anchor(connection: Connection) -> dict[str, object] | None:
    """The anchor: ``model_version, reason`` and ``decided_at``, since when it is one."""
    row = connection.execute(
        text(
            "select a.model_version, a.reason, p.decided_at from anchor a join promotion p using (decision_n)"
        )
    ).one_or_none()
    return dict(row._mapping) if row else None


def set_anchor(connection: Connection, model_version: str, *, decision_n: int, reason: str) -> None:
    """Drop the anchor at this model."""
    connection.execute(
        text(
            """insert into anchor (model_version, decision_n, reason) values (:version, :decision_n, :reason)
               on conflict (only_row) do update
               set model_version = excluded.model_version, decision_n = excluded.decision_n,
                   reason = excluded.reason"""
        ),
        {"version": model_version, "decision_n": decision_n, "reason": reason},
    )


def decisions_about(connection: Connection, model_version: str) -> list[dict[str, object]]:
    """Every decision that a model had a part in, the latest first, with its evidence."""
    rows = connection.execute(
        text(
            """select decision_n, challenger, champion_before, champion_after, verdict, reason, evidence, run_id,
                      decided_at
               from promotion where :version in (challenger, champion_before) order by decision_n desc"""
        ),
        {"version": model_version},
    )
    return [dict(row._mapping) for row in rows]


def recorded_decisions(connection: Connection, model_version: str) -> list[RecordedDecision]:
    """Every decision that a model had a part in, as challenger or as the champion before, the latest first."""
    fields = ("challenger", "champion_before", "verdict", "reason", "evidence")
    return [
        RecordedDecision(Decision(**{name: row[name] for name in fields}), row["decided_at"])  # type: ignore[arg-type]
        for row in decisions_about(connection, model_version)
    ]


def has_decision(connection: Connection, challenger: str, champion: str | None) -> bool:
    """Whether this challenger has been judged against this champion."""
    query = text(
        """select exists (select from promotion
               where challenger = :challenger and champion_before is not distinct from cast(:champion as text))"""
    )
    return bool(connection.scalar(query, {"challenger": challenger, "champion": champion}))


def latest_decision(connection: Connection) -> Decision | None:
    """The decision that was taken last."""
    return _decision(connection, "true", {})


def decision_about(connection: Connection, model_version: str) -> Decision | None:
    """The last decision in which this model was the challenger."""
    return _decision(connection, "challenger = :version", {"version": model_version})


def decision_of_run(connection: Connection, run_id: str) -> Decision | None:
    """The last decision that a run of the pipeline has taken."""
    return _decision(connection, "run_id = :run_id", {"run_id": run_id})


def trained_by_unended_run(connection: Connection, catalogue: str, version: int, run_id: str) -> str | None:
    """The newest model of a catalogue, if nobody has judged it because its run, or a try of this one, broke off."""
    name: str | None = connection.scalar(
        text(
            """select m.model_version from (
                   select v.model_version, v.created_by_run from model_version v
                   where (v.catalogue, v.catalogue_version) = (:catalogue, :version) and v.parent is null
                   order by v.created_at desc limit 1) m
               where not exists (select from promotion p where p.challenger = m.model_version)
                 and (m.created_by_run = :run_id
                      or exists (select from run r where r.run_id = m.created_by_run and r.state = 'failed'))"""
        ),
        {"catalogue": catalogue, "version": version, "run_id": run_id},
    )
    return name if name is not None and has_model(connection, name) else None


def number_of_decision_about(connection: Connection, model_version: str) -> int | None:
    """The number of the last decision in which this model was the challenger."""
    number: int | None = connection.scalar(
        text("select max(decision_n) from promotion where challenger = :version"), {"version": model_version}
    )
    return number


def _decision(connection: Connection, condition: str, parameters: dict[str, str]) -> Decision | None:
    row = connection.execute(
        text(
            f"""select challenger, champion_before, verdict, reason, evidence from promotion
                where {condition} order by decision_n desc limit 1"""  # noqa: S608
        ),
        parameters,
    ).one_or_none()
    return Decision(**row._mapping) if row else None


def previous_champion(connection: Connection) -> str | None:
    """The champion that the present one replaced when it was promoted: where a rollback leads.

    So a second rollback goes one further back, and not to the model that was just abandoned.
    """
    name: str | None = connection.scalar(
        text(
            """select p.champion_before from champion c join promotion p on p.champion_after = c.model_version
               where p.verdict = 'promoted' and p.champion_before <> c.model_version
               order by p.decision_n desc limit 1"""
        )
    )
    return name


def out_of_fold(
    connection: Connection, model_version: str, shot_keys: Iterable[int] | None = None
) -> "pd.DataFrame":
    """What sisters say of a model's window, or of some shots: of those that belong to it.

    Returns
    -------
    DataFrame
        ``shot_key, xg_out_of_fold`` (by the sister that has not seen the match: what is published), ``xg_held_out``
        (of the latest matches, by a model of the earlier ones: what a challenger is judged by; else NaN),
        ``is_held_out``.
    """
    wanted = "" if shot_keys is None else "and shot_key = any(:shot_keys)"
    frame = read_frame(
        connection,
        f"""select shot_key, xg as xg_out_of_fold, xg_held_out, is_held_out
           from out_of_fold where model_version = :version {wanted}""",  # noqa: S608
        {"version": model_version} | ({} if shot_keys is None else {"shot_keys": list(shot_keys)}),
    )
    return frame.astype({"xg_held_out": float})


def list_models(connection: Connection) -> list[dict[str, object]]:
    """Every model, newest first, without its bytes: what a person wants to see in a table."""
    rows = connection.execute(
        text(
            """select v.model_version, v.created_at, v.catalogue, v.n_matches, v.n_shots, v.window_from, v.window_to,
                      v.parent,
                      v.metrics -> 'held_out' -> 'model' ->> 'auc' as auc,
                      v.metrics -> 'held_out' -> 'model' ->> 'log_loss' as log_loss,
                      c.model_version is not null as is_champion,
                      n.model_version is not null as is_pinned,
                      (select p.verdict from promotion p
                       where p.challenger = v.model_version order by p.decision_n desc limit 1) as decision
               from model_version v left join champion c using (model_version) left join pin n using (model_version)
               order by v.created_at desc, v.model_version"""
        )
    )
    return [dict(row._mapping) for row in rows]


def save_baseline(
    connection: Connection,
    model_version: str,
    names: Sequence[str],
    values: Sequence[float],
    numbers: dict[str, float],
) -> None:
    """Store a model's baseline with the three reference numbers."""
    connection.execute(
        text(
            """insert into baseline (model_version, feature_names, feature_values, goal_rate, mean_prediction,
                                     prediction_at_baseline)
               values (:version, :names, :values, :goal_rate, :mean_prediction, :prediction_at_baseline)
               on conflict do nothing"""
        ),
        {"version": model_version, "names": list(names), "values": list(values)} | numbers,
    )


def load_baseline(connection: Connection, model_version: str) -> dict[str, object] | None:
    """A model's baseline: ``values`` by feature name, and the three reference numbers."""
    row = connection.execute(
        text("select * from baseline where model_version = :version"), {"version": model_version}
    ).one_or_none()
    if row is None:
        return None
    return {
        "values": dict(zip(row.feature_names, row.feature_values, strict=True)),
        "goal_rate": row.goal_rate,
        "mean_prediction": row.mean_prediction,
        "prediction_at_baseline": row.prediction_at_baseline,
    }
