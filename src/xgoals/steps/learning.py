"""build_features, train, compute_baseline: scenes -> features -> challenger; champion -> baseline."""

import hashlib
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from xgoals.domain.errors import ModelError
from xgoals.domain.model import ModelVersion
from xgoals.settings import Settings
from xgoals.steps.context import RunContext, headline, log, writing
from xgoals.steps.evaluating import evaluation_of
from xgoals.steps.tuning import parameters_in_use
from xgoals.store import features as feature_store
from xgoals.store import registry
from xgoals.store import tuning as tuning_store
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
        with engine.connect() as connection:
            parameters = parameters_in_use(connection, catalogue)
            name = training.model_name(data, catalogue, parameters, settings.seed, settings.held_out_share)
            is_known = registry.has_model(connection, name)
        if is_known:
            log.info("the same data, parameters and seed have made %s before: it is used again", name)
        else:
            began = time.monotonic()
            trained = training.train(
                frame,
                catalogue,
                seed=settings.seed,
                held_out_share=settings.held_out_share,
                parameters=parameters,
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


def _catalogues_in_use(engine: Engine, settings: Settings) -> list[str]:
    """The catalogue of the next challenger, and those of champion and anchor where they are others."""
    with engine.connect() as connection:
        kept = filter(None, (registry.champion_name(connection), registry.anchor_name(connection)))
        used = [registry.load_model(connection, name).catalogue for name in kept]
    return list(dict.fromkeys([settings.training.catalogue, *used]))


def _why_not_due(
    connection: Connection, settings: Settings, catalogue: str, version: int, n_shots: int
) -> str | None:
    """Why there is nothing to train now; None if training is due, as it is when a search has brought parameters."""
    latest = registry.latest_training(connection, catalogue, version)
    if latest is None or settings.schedule.retrain == "always":
        return None
    trained_at, trained_on = latest
    found = tuning_store.latest_result(connection, catalogue, version, adopted_only=True)
    if found and found["searched_at"] > trained_at:
        return None
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
