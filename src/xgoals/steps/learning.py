"""build_features, train, register, compute_baseline: scenes -> features -> challenger -> champion -> baseline."""

import hashlib
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, Engine

from xgoals.domain.errors import ModelError
from xgoals.domain.model import Decision, ModelVersion
from xgoals.settings import Database, Settings
from xgoals.steps.context import RunContext, headline, log, writing
from xgoals.steps.evaluating import evaluation_of
from xgoals.store import features as feature_store
from xgoals.store import registry
from xgoals.store.database import connect
from xgoals.store.evaluations import save_evaluation

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.model.training import TrainedModel

RETRAIN_AFTER = {"weekly": timedelta(days=7), "nightly": timedelta(0), "always": timedelta(0)}
GROWTH_WORTH_TRAINING = 1.1
"""A window that has grown by a tenth since the last training is trained on at once, whatever the calendar."""


def build_features(context: RunContext) -> str:
    """Compute the features of every match that has none of the present catalogue."""
    from xgoals.features.build import build_features as compute
    from xgoals.features.catalogue import find_catalogue
    from xgoals.features.scenes import Scenes

    with writing(context, "build_features") as (engine, figures):
        n_built = 0
        for name in _catalogues_in_use(engine, context.settings):
            catalogue = find_catalogue(name)
            with engine.begin() as connection:
                feature_store.save_catalogue(connection, name, catalogue.version, catalogue.as_records())
                shots, people = feature_store.read_scenes_without_features(
                    connection, name, catalogue.version
                )
                features = compute(Scenes(shots, people), catalogue)
                feature_store.save_features(connection, name, catalogue.version, shots, features)
            n_built += len(shots)
            log.info("%s: features of %d shots built", name, len(shots))
        figures["shots_built"] = n_built
    return context.run_id


def train(context: RunContext, *, even_if_not_due: bool = False) -> str | None:
    """Train a challenger if one is due and there is enough to learn from; its name, or None."""
    from xgoals.features.catalogue import find_catalogue
    from xgoals.model import training

    settings = context.settings.training
    catalogue = find_catalogue(settings.catalogue)
    with writing(context, "train") as (engine, figures):
        with engine.connect() as connection:
            frame = feature_store.read_features(connection, catalogue.name, catalogue.version)
            champion = registry.champion_name(connection)
            reason = _why_not_due(connection, context.settings, catalogue.name, catalogue.version, len(frame))
        if reason and not even_if_not_due:
            log.info("no challenger: %s", reason)
            figures["training"] = reason
            return None
        try:
            training.check_enough(frame, min_matches=settings.min_matches, min_goals=settings.min_goals)
        except ModelError as error:
            if champion is None:
                raise
            log.info("no challenger: %s", error.what)
            figures["training"] = error.what
            return None
        data = training.data_hash(frame)
        name = training.model_name(
            data, catalogue, training.PARAMETERS, settings.seed, settings.held_out_share
        )
        with engine.connect() as connection:
            is_known = registry.has_model(connection, name)
        if is_known:
            log.info("the same data, parameters and seed have made %s before: it is used again", name)
        else:
            began = time.monotonic()
            trained = training.train(
                frame, catalogue, seed=settings.seed, held_out_share=settings.held_out_share
            )
            fitted = time.monotonic()
            evaluation = evaluation_of(engine, frame, trained, champion)
            figures.update(fitting_s=fitted - began, evaluation_s=time.monotonic() - fitted)
            log.info("fitted in %.1f s, evaluated in %.1f s", figures["fitting_s"], figures["evaluation_s"])
            log.info("calibration: %s", trained.metrics["calibration"]["reason"])
            with engine.begin() as connection:
                registry.save_model(
                    connection,
                    _model_version(context, name, data, catalogue.version, frame, trained),
                    frame[["shot_key"]].join(trained.predictions),
                )
                save_evaluation(connection, name, evaluation)
        figures.update(training="used again" if is_known else "trained", challenger=name)
        with engine.connect() as connection:
            held_out = registry.load_model(connection, name).metrics["held_out"]
        figures.update(headline(held_out))
        log.info(
            "challenger %s: AUC %.4f, log loss %.4f on held-out matches",
            name,
            held_out["model"]["auc"],
            held_out["model"]["log_loss"],
        )
    return name


def register(context: RunContext, challenger: str | None) -> str:
    """Let the challenger replace the champion if the evidence says so; the champion's name."""
    from xgoals.model.promotion import decide

    with writing(context, "register") as (engine, figures):
        with engine.begin() as connection:
            champion = registry.champion_name(connection)
            if challenger is None or challenger == champion:
                if champion is None:
                    raise ModelError("there is no model yet", advice="Run train first")
                log.info("no new challenger: champion %s stays", champion)
                figures["decision"] = "no new challenger"
            elif registry.has_decision(connection, challenger, champion):
                log.info(
                    "%s was judged against this champion before: champion %s stays", challenger, champion
                )
                figures["decision"] = "judged before"
            else:
                held_out = _same_matches(connection, challenger, champion)
                decision = decide(
                    challenger,
                    champion,
                    held_out,
                    margin_log_loss=context.settings.training.promotion_margin_log_loss,
                )
                registry.record_decision(
                    connection, decision, run_id=context.run_id, decided_at=datetime.now(UTC)
                )
                figures["decision"] = f"{decision.verdict}: {decision.reason}"
                log.info("%s %s: %s", challenger, decision.verdict, decision.reason)
            champion = registry.champion_name(connection)
        figures["champion"] = champion
    assert champion is not None  # noqa: S101  (a challenger that meets no champion is promoted)
    return champion


def compute_baseline(context: RunContext, model_version: str) -> str:
    """Compute the baseline row of a model and its three reference numbers, once."""
    from xgoals.explain.summary import reference_numbers
    from xgoals.features.catalogue import find_catalogue
    from xgoals.model.artifact import load_booster, predict
    from xgoals.model.baseline import baseline_row

    with writing(context, "compute_baseline") as (engine, figures):
        with engine.begin() as connection:
            if registry.load_baseline(connection, model_version) is None:
                model = registry.load_model(connection, model_version)
                catalogue = find_catalogue(model.catalogue)
                shots = feature_store.read_features(connection, model.catalogue, model.catalogue_version)
                window = registry.out_of_fold(connection, model_version)
                shots = shots.merge(window, on="shot_key", validate="1:1")
                shots = shots[~shots["is_penalty"]]
                X = shots[list(model.feature_names)]
                booster = load_booster(model)
                row = baseline_row(X, catalogue)
                at_baseline = float(predict(booster, row.to_frame().T)[0])
                numbers = reference_numbers(shots["is_goal"], predict(booster, X), at_baseline)
                registry.save_baseline(
                    connection, model_version, list(row.index), row.tolist(), asdict(numbers)
                )
            stored = registry.load_baseline(connection, model_version)
        assert stored is not None  # noqa: S101  (written just above)
        figures["prediction_at_baseline"] = stored["prediction_at_baseline"]
        log.info(
            "base value %.4f (prediction at the baseline), mean prediction %.4f, goal rate %.4f",
            stored["prediction_at_baseline"], stored["mean_prediction"], stored["goal_rate"],
        )  # fmt: skip
    return model_version


def champion(context: RunContext) -> str:
    """The present champion's name.

    Raises
    ------
    ModelError
        If there is none.
    """
    engine = connect(context.settings, context.database)
    with engine.connect() as connection:
        name = registry.champion_name(connection)
    engine.dispose()
    if name is None:
        raise ModelError("there is no champion yet", advice="Run: xgoals run")
    return name


def latest_model(context: RunContext) -> str | None:
    """The model that was trained last; None if there is none."""
    engine = connect(context.settings, context.database)
    with engine.connect() as connection:
        models = registry.list_models(connection)
    engine.dispose()
    return str(models[0]["model_version"]) if models else None


def install_champion(settings: Settings, database: Database, version: str, reason: str) -> None:
    """Make a registered model champion by a person's decision, after checking its bytes and predictions."""
    from xgoals.model.artifact import load_booster

    engine = connect(settings, database)
    with engine.begin() as connection:
        load_booster(registry.load_model(connection, version))
        before = registry.champion_name(connection)
        verdict: Literal["promoted", "rolled_back"] = "rolled_back" if "back" in reason else "promoted"
        decision = Decision(version, before, verdict, reason, {})
        registry.record_decision(connection, decision, run_id=None, decided_at=datetime.now(UTC))
    engine.dispose()


def _catalogues_in_use(engine: Engine, settings: Settings) -> list[str]:
    """The catalogue of the next challenger, and the champion's where that is another one."""
    with engine.connect() as connection:
        champion = registry.champion_name(connection)
        used = (
            registry.load_model(connection, champion).catalogue if champion else settings.training.catalogue
        )
    return list(dict.fromkeys([settings.training.catalogue, used]))


def _why_not_due(
    connection: Connection, settings: Settings, catalogue: str, version: int, n_shots: int
) -> str | None:
    """Why there is nothing to train now; None if training is due."""
    latest = registry.latest_training(connection, catalogue, version)
    if latest is None or settings.schedule.retrain == "always":
        return None
    trained_at, trained_on = latest
    wait = RETRAIN_AFTER[settings.schedule.retrain]
    if n_shots >= GROWTH_WORTH_TRAINING * trained_on or datetime.now(UTC) - trained_at >= wait:
        return None
    return f"training is due {settings.schedule.retrain}, the last one was on {trained_at:%d %B %H:%M} UTC"


def _model_version(
    context: RunContext,
    name: str,
    data: str,
    catalogue_version: int,
    frame: "pd.DataFrame",
    trained: "TrainedModel",
) -> ModelVersion:
    from xgoals.model.training import library_versions

    return ModelVersion(
        model_version=name,
        catalogue=context.settings.training.catalogue,
        catalogue_version=catalogue_version,
        feature_names=trained.feature_names,
        parameters=trained.parameters,
        seed=context.settings.training.seed,
        window_from=frame["match_date"].min(),
        window_to=frame["match_date"].max(),
        n_matches=int(frame["match_id"].nunique()),
        n_shots=len(frame),
        n_goals=int(frame["is_goal"].sum()),
        data_hash=data,
        library_versions=library_versions(),
        is_simulated=bool(frame["is_simulated"].any()),
        booster=trained.booster,
        sha256=hashlib.sha256(trained.booster).hexdigest(),
        golden=trained.golden,
        metrics=trained.metrics,
        created_by_run=context.run_id,
        created_at=datetime.now(UTC),
    )


def _same_matches(connection: Connection, challenger: str, champion: str | None) -> "pd.DataFrame":
    """The challenger's held-out shots, with predictions by models that had not seen the match.

    For the champion that is its out-of-fold prediction where the match was in its window, and its own where the
    match is newer.
    """
    from xgoals.model.artifact import load_booster, predict

    window = registry.out_of_fold(connection, challenger)
    held_out = window[window["is_held_out"]].rename(columns={"xg_out_of_fold": "challenger"})
    model = registry.load_model(connection, champion or challenger)
    shots = feature_store.read_features(connection, model.catalogue, model.catalogue_version)
    table = held_out[["shot_key", "challenger"]].merge(shots, on="shot_key", validate="1:1")
    if champion is not None:
        seen = registry.out_of_fold(connection, champion)[["shot_key", "xg_out_of_fold"]]
        table = table.merge(seen, on="shot_key", how="left", validate="1:1")
        own = predict(load_booster(model), table[list(model.feature_names)])
        table["champion"] = table["xg_out_of_fold"].where(table["xg_out_of_fold"].notna(), own)
    return table
