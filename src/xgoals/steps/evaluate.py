"""The table of a model's figures: made when it is trained, or later for a model that has none."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from xgoals.domain.errors import ModelError
from xgoals.settings import Database, Settings
from xgoals.steps.predictions import predictions
from xgoals.steps.run_context import log
from xgoals.store import features as feature_store
from xgoals.store import registry
from xgoals.store.database import connect
from xgoals.store.evaluations import read_evaluation, save_evaluation, save_glass_box
from xgoals.store.locks import one_writer

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.domain.model import ModelVersion
    from xgoals.model.peers.glass_box import GlassBox
    from xgoals.model.training import TrainedModel


@dataclass(frozen=True)
class Evaluation:
    """What a model was judged with.

    Attributes
    ----------
    figures
        As :func:`xgoals.model.evaluation.evaluate` returns them.
    glass_box
        The peer among the forecasters; None where none is wanted.
    """

    figures: "pd.DataFrame"
    glass_box: "GlassBox | None"

    def save(self, connection: Connection, version: str) -> None:
        """Put this in the place of a model's evaluation."""
        save_evaluation(connection, version, self.figures)
        save_glass_box(connection, version, () if self.glass_box is None else self.glass_box.shape)


def evaluation_of(
    engine: Engine,
    frame: "pd.DataFrame",
    trained: "TrainedModel",
    champion: str | None,
    *,
    with_glass_box: bool,
) -> Evaluation:
    """The figures of a model that was just trained, beside the present champion's on the same shots.

    Parameters
    ----------
    frame
        What it was trained on, as :func:`xgoals.store.features.read_features` returns it.
    """
    with engine.connect() as connection:
        rival = champion_predictions(connection, champion, frame) if champion else None
    is_corrected = trained.metrics["calibration"]["correction"] is not None
    return _evaluate(
        frame,
        trained.forecasts,
        trained.feature_names,
        trained.parameters,
        is_corrected=is_corrected,
        champion=rival,
        with_glass_box=with_glass_box,
    )


def evaluate_model(settings: Settings, database: Database, version: str) -> "pd.DataFrame":
    """A model's figures; computed and stored now if it has none.

    Raises
    ------
    ModelError
        If there is no such model, or its figures would have to be computed and the shots that it was trained on
        are no longer the same.
    """
    engine = connect(settings, database)
    try:
        with engine.connect() as connection:
            model = registry.load_model(connection, version)
            stored = read_evaluation(connection, version)
        if not stored.empty:
            return stored
        alone = one_writer(engine, f"evaluation of {version}", log.info, patience=settings.limits.wait)
        with alone, engine.begin() as connection:
            found = _evaluate_again(connection, model, with_glass_box=settings.training.glass_box)
            found.save(connection, version)
        with engine.connect() as connection:
            return read_evaluation(connection, version)
    finally:
        engine.dispose()


def champion_predictions(connection: Connection, champion: str, frame: "pd.DataFrame") -> "pd.Series[float]":
    """The champion's predictions of these shots, by models that had not seen the match; NaN without features.

    Out of fold where the match was in the champion's window, its own where the match came later.
    """
    import pandas as pd

    model = registry.load_model(connection, champion)
    shots = feature_store.read_features_only(connection, model.catalogue, model.catalogue_version)
    said = predictions(connection, model, shots).unseen
    return pd.Series(said.reindex(frame["shot_key"]).to_numpy(), index=frame.index)


def _evaluate(
    frame: "pd.DataFrame",
    forecasts: "Mapping[str, pd.DataFrame]",
    feature_names: Sequence[str],
    parameters: Mapping[str, Any],
    *,
    is_corrected: bool,
    champion: "pd.Series[float] | None",
    with_glass_box: bool,
) -> Evaluation:
    import pandas as pd

    from xgoals.model.evaluation import evaluate, without_peer
    from xgoals.model.folds import one_id_a_match
    from xgoals.model.sisters import forecast_left_out_competitions
    from xgoals.model.training import in_order

    judged = {
        split: table if champion is None else table.assign(champion=champion.loc[table.index])
        for split, table in forecasts.items()
    }
    unseen = forecast_left_out_competitions(frame, feature_names, parameters, is_corrected=is_corrected)
    if unseen is not None:
        judged["unseen_competition"] = unseen  # the champion has learnt from every competition
    ordered, peer = in_order(frame), None
    if with_glass_box:
        peer = _glass_box(ordered, feature_names, int(parameters.get("seed", 0)))
        if peer.note is None:
            said = pd.Series(peer.predicted, ordered.index)
            judged["out_of_fold"] = judged["out_of_fold"].assign(glass_box=said)
    figures = evaluate(one_id_a_match(frame), judged)
    if peer is not None and peer.note is not None:
        figures = pd.concat([figures, without_peer(figures, peer.note)], ignore_index=True)
    return Evaluation(figures, peer)


def _glass_box(frame: "pd.DataFrame", feature_names: Sequence[str], seed: int) -> "GlassBox":
    """The peer of shots in order, in the very folds of the sisters: who is in which follows from the matches alone."""
    from xgoals.model.folds import match_folds, match_groups
    from xgoals.model.peers.glass_box import glass_box

    began = time.monotonic()
    peer = glass_box(frame, feature_names, match_folds(match_groups(frame)), seed=seed)
    log.info("glass-box peer: %s", peer.note or f"fitted in {time.monotonic() - began:.1f} s")
    return peer


def _evaluate_again(connection: Connection, model: "ModelVersion", *, with_glass_box: bool) -> Evaluation:
    """The same figures from sister models that are fitted anew."""
    from xgoals.model.fitting import float32_features
    from xgoals.model.folds import match_groups
    from xgoals.model.sisters import corrected_sisters, fit_sisters, forecast
    from xgoals.model.training import data_hash, in_order

    frame = feature_store.read_features(connection, model.catalogue, model.catalogue_version)
    window = registry.out_of_fold(connection, model.model_version)
    frame = frame.merge(window, on="shot_key", validate="1:1")
    if data_hash(frame) != model.data_hash:
        raise ModelError(
            f"the shots that {model.model_version} was trained on have changed since: "
            "its figures cannot be computed any more",
            where="model_version",
            advice="Train again (xgoals train), which evaluates the new model",
        )
    frame, parameters = in_order(frame), {"n_seeds": 1} | dict(model.parameters)
    held_out = frame["is_held_out"].to_numpy(dtype=bool)
    X, y = float32_features(frame, model.feature_names), frame["is_goal"].to_numpy()
    with ThreadPoolExecutor(max_workers=2) as pool:
        sisters = fit_sisters(pool, X, y, parameters, match_groups(frame), held_out)
    is_corrected = model.metrics.get("calibration", {}).get("correction") is not None
    if is_corrected:
        sisters = corrected_sisters(frame, model.feature_names, sisters)
    forecasts = {split: forecast(frame, of_split) for split, of_split in sisters.by_split.items()}
    return _evaluate(
        frame,
        forecasts,
        model.feature_names,
        parameters,
        is_corrected=is_corrected,
        champion=None,
        with_glass_box=with_glass_box,
    )
