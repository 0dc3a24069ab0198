"""train: features of all stored matches -> a challenger with its evaluation, where one is due."""

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from xgoals.domain.errors import ModelError
from xgoals.domain.model import ModelSister, ModelVersion
from xgoals.features.catalogue import Catalogue, find_catalogue
from xgoals.settings import Settings
from xgoals.steps.build_features import count_built
from xgoals.steps.code_version import release_key
from xgoals.steps.evaluate import Evaluation, evaluation_of
from xgoals.steps.levels.learn import learn_levels
from xgoals.steps.run_context import RunContext, headline, log, writing
from xgoals.steps.upkeep.ages import is_due
from xgoals.steps.upkeep.tune import parameters_in_use
from xgoals.store import features as feature_store
from xgoals.store import matches as match_store
from xgoals.store import registry
from xgoals.store import tuning as tuning_store
from xgoals.store.derived.states import DerivedState, read_state, save_state, state_key, training_state
from xgoals.store.sisters import save_sisters, sisters_by_match

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.model.fitting import Grow
    from xgoals.model.training import TrainedModel

RETRAIN_AFTER = {"weekly": timedelta(days=7), "nightly": timedelta(0), "always": timedelta(0)}
GROWTH_WORTH_TRAINING = 1.1
"""A window that has grown by a tenth since the last training is trained on at once, whatever the calendar."""


def train(context: RunContext, *, even_if_not_due: bool = False, grow: "Grow | None" = None) -> str | None:
    """Train a challenger if one is due and there is enough to learn from; its name, or None.

    Parameters
    ----------
    even_if_not_due
        Train now, whatever the calendar says.
    grow
        Who grows the trees; None: this process.

    Raises
    ------
    ModelError
        If there is too little to learn from, and no champion that could go on.
    """
    catalogue = find_catalogue(context.settings.training.catalogue)
    with writing(context, "train") as (engine, figures):
        if not even_if_not_due and _is_empty(engine):
            log.info("nothing to do yet: no match is stored")
            figures["training"] = "nothing to do yet: no match is stored"
            return None
        reason = None if even_if_not_due else _why_not_due(engine, context.settings, catalogue)
        known = (
            _left_unjudged(engine, context, catalogue)
            if reason
            else _known_outcome(engine, context.settings, catalogue)
        )
        if known is None:
            known = _Outcome(reason=reason) if reason else _train(context, engine, catalogue, figures, grow)
        outcome = known
        _tell(outcome.notes, figures)
        if outcome.name is None:
            if (levelled := learn_levels(context, engine)) is not None:
                figures.update(training=f"{outcome.reason}; levels of providers", challenger=levelled)
                return levelled
            log.info("no challenger: %s", outcome.reason)
            figures["training"] = outcome.reason
            return None
        if outcome.is_known:
            log.info("the same data, parameters and seed have made %s before: it is used again", outcome.name)
        figures.update(training="used again" if outcome.is_known else "trained", challenger=outcome.name)
        figures.update(_say_how_good(engine, outcome.name))
    return outcome.name


def _tell(notes: tuple[str, ...], figures: dict[str, Any]) -> None:
    for note in notes:
        log.warning("%s", note)
    if notes:
        figures["training_notes"] = " ".join(notes)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What training came to: the challenger's name and whether it was registered before, or why there is none.

    ``notes`` are what people are told of the shots beside it.
    """

    name: str | None = None
    is_known: bool = False
    reason: str | None = None
    notes: tuple[str, ...] = ()


def _train(
    context: RunContext, engine: Engine, catalogue: Catalogue, figures: dict[str, Any], grow: "Grow | None"
) -> _Outcome:
    """Read all features, and train on them unless that was done before or they are too few."""
    window = _load(engine, context.settings, catalogue)
    if reason := _too_little(window, context.settings):
        outcome = _Outcome(reason=reason, notes=window.notes)
    elif window.is_known:
        outcome = _Outcome(window.name, is_known=True, notes=window.notes)
    else:
        _train_on(context, engine, catalogue, window, figures, grow)
        outcome = _Outcome(window.name, notes=window.notes)
    with engine.begin() as connection:
        state = DerivedState(
            _state_key(connection, context.settings, catalogue),
            {
                "name": outcome.name,
                "reason": outcome.reason,
                "notes": list(outcome.notes),
                "n_left_out": window.n_left_out,
            },
        )
        save_state(connection, training_state(catalogue.name), state)
    return outcome


def _train_on(
    context: RunContext,
    engine: Engine,
    catalogue: Catalogue,
    window: "_Window",
    figures: dict[str, Any],
    grow: "Grow | None",
) -> None:
    began = time.monotonic()
    challenger = _compute(window, context.settings, catalogue, grow)
    fitted = time.monotonic()
    evaluation = evaluation_of(
        engine,
        window.shots,
        challenger,
        window.champion,
        with_glass_box=context.settings.training.glass_box,
    )
    figures.update(fitting_s=fitted - began, evaluation_s=time.monotonic() - fitted)
    log.info("fitted in %.1f s, evaluated in %.1f s", figures["fitting_s"], figures["evaluation_s"])
    log.info("calibration: %s", challenger.metrics["calibration"]["reason"])
    _save(engine, _model_version(context, window, catalogue, challenger), window, challenger, evaluation)


def _state_key(connection: Connection, settings: Settings, catalogue: Catalogue) -> str:
    """All that a challenger's name is the hash of, and what is enough to learn from."""
    wanted = settings.training
    found = tuning_store.latest_result(connection, catalogue.name, catalogue.version, adopted_only=True)
    return state_key(
        connection,
        ("match", "team", "shot", "shot_feature"),
        *(catalogue.name, catalogue.version, found["parameters"] if found else None),
        *(wanted.seed, wanted.held_out_share, wanted.min_matches, wanted.min_goals, release_key()),
    )


def _left_unjudged(engine: Engine, context: RunContext, catalogue: Catalogue) -> _Outcome | None:
    """The model for which training is not due again, if its run broke off before anybody judged it."""
    with engine.connect() as connection:
        name = registry.trained_by_unended_run(connection, catalogue.name, catalogue.version, context.run_id)
        if name is None:
            return None
        state = read_state(connection, training_state(catalogue.name))
    notes = state.facts.get("notes", ()) if state is not None and state.facts.get("name") == name else ()
    return _Outcome(name, is_known=True, notes=tuple(notes))


def _known_outcome(engine: Engine, settings: Settings, catalogue: Catalogue) -> _Outcome | None:
    """What training on the very same rows came to when it was done last; None where they have changed.

    No feature is read for it: in a pause of the leagues training is due every night.
    """
    with engine.connect() as connection:
        known = read_state(connection, training_state(catalogue.name))
        if known is None or known.state_key != _state_key(connection, settings, catalogue):
            return None
        name, reason = known.facts["name"], known.facts["reason"]
        notes = tuple(known.facts.get("notes", ()))
        if name is None:
            is_enough = registry.champion_name(connection) is not None
            return _Outcome(reason=reason, notes=notes) if is_enough else None
        return _Outcome(name, is_known=True, notes=notes) if registry.has_model(connection, name) else None


@dataclass(frozen=True, slots=True)
class _Window:
    """What a challenger would learn from, by which parameters, and the name that all of it makes.

    Attributes
    ----------
    shots
        As :func:`xgoals.store.features.read_features` returns them, those that may be learnt from.
    is_known
        Whether a model of this name is registered: the same ingredients have been trained on before.
    n_left_out, notes
        See :class:`xgoals.model.shots.learnt_from.LearntFrom`.
    """

    shots: "pd.DataFrame"
    data_hash: str
    parameters: dict[str, Any]
    name: str
    is_known: bool
    champion: str | None
    n_left_out: int = 0
    notes: tuple[str, ...] = ()


def _load(engine: Engine, settings: Settings, catalogue: Catalogue) -> _Window:
    from xgoals.model import training
    from xgoals.model.shots.learnt_from import learnt_from

    with engine.connect() as connection:
        stored = feature_store.read_features(connection, catalogue.name, catalogue.version)
        learnt = learnt_from(stored, catalogue)
        shots = learnt.shots
        del stored
        parameters = parameters_in_use(connection, catalogue)
        data = training.data_hash(shots)
        del shots["features_hash"]  # a text a shot, and what nobody asks for any more
        name = training.model_name(
            data, catalogue, parameters, settings.training.seed, settings.training.held_out_share
        )
        return _Window(
            shots,
            data,
            parameters,
            name,
            registry.has_model(connection, name),
            registry.champion_name(connection),
            learnt.n_left_out,
            learnt.notes,
        )


def _is_empty(engine: Engine) -> bool:
    """Whether this is a new installation: no match is stored, and there never was a model."""
    with engine.connect() as connection:
        return not match_store.any_match(connection) and registry.champion_name(connection) is None


def _why_not_due(engine: Engine, settings: Settings, catalogue: Catalogue) -> str | None:
    """Why there is nothing to train now; None if training is due, as it is when a search has brought parameters.

    No feature is read for it: on most nights nothing is due.
    """
    with engine.connect() as connection:
        latest = registry.latest_training(connection, catalogue.name, catalogue.version)
        if latest is None or settings.schedule.retrain == "always":
            return None
        trained_at, trained_on = latest
        found = tuning_store.latest_result(connection, catalogue.name, catalogue.version, adopted_only=True)
        last = read_state(connection, training_state(catalogue.name))
        n_left_out = 0 if last is None else int(last.facts.get("n_left_out", 0))
        n_shots = count_built(connection, catalogue) - n_left_out
    if found and found["searched_at"] > trained_at:
        return None
    wait = RETRAIN_AFTER[settings.schedule.retrain]
    if n_shots >= GROWTH_WORTH_TRAINING * trained_on or is_due(trained_at, wait, datetime.now(UTC)):
        return None
    return f"training is due {settings.schedule.retrain}, the last one was on {trained_at:%d %B %H:%M} UTC"


def _too_little(window: _Window, settings: Settings) -> str | None:
    """Why there is not enough to learn from while a champion goes on; None if there is enough.

    Raises
    ------
    ModelError
        If there is not enough, and no champion.
    """
    from xgoals.model.training import check_enough

    wanted = settings.training
    try:
        check_enough(window.shots, min_matches=wanted.min_matches, min_goals=wanted.min_goals)
    except ModelError as error:
        if window.champion is None:
            raise ModelError(
                error.what, advice=" ".join([error.advice or "", *window.notes]).strip()
            ) from None
        return error.what
    return None


def _compute(
    window: _Window, settings: Settings, catalogue: Catalogue, grow: "Grow | None"
) -> "TrainedModel":
    from xgoals.model import fitting, training

    return training.train(
        window.shots,
        catalogue,
        seed=settings.training.seed,
        held_out_share=settings.training.held_out_share,
        parameters=window.parameters,
        grow=grow or fitting.in_this_process,
    )


def _save(
    engine: Engine,
    model: ModelVersion,
    window: _Window,
    challenger: "TrainedModel",
    evaluation: Evaluation,
) -> None:
    shots, said, version = window.shots, challenger.predictions, model.model_version
    sisters = [
        ModelSister(
            version, s.sister, s.booster, hashlib.sha256(s.booster).hexdigest(), s.golden, s.speaks_for
        )
        for s in challenger.sisters
    ]
    matches = sisters_by_match(shots["provider"], shots["match_id"], said["sister"].loc[shots.index])
    with engine.begin() as connection:
        registry.save_model(connection, model, shots[["shot_key"]].join(said))
        save_sisters(connection, version, sisters, matches)
        evaluation.save(connection, version)


def _say_how_good(engine: Engine, name: str) -> dict[str, float | None]:
    """The figures of a challenger that people ask for first, in the log and for the run's row."""
    with engine.connect() as connection:
        held_out = registry.load_model(connection, name).metrics["held_out"]
    log.info(
        "challenger %s: AUC %.4f, log loss %.4f on held-out matches",
        name,
        held_out["model"]["auc"],
        held_out["model"]["log_loss"],
    )
    return headline(held_out)


def _model_version(
    context: RunContext, window: _Window, catalogue: Catalogue, challenger: "TrainedModel"
) -> ModelVersion:
    from xgoals.model.folds import one_id_a_match
    from xgoals.model.training import library_versions

    shots = window.shots
    return ModelVersion(
        model_version=window.name,
        catalogue=catalogue.name,
        catalogue_version=catalogue.version,
        feature_names=challenger.feature_names,
        parameters=challenger.parameters,
        seed=context.settings.training.seed,
        window_from=shots["match_date"].min(),
        window_to=shots["match_date"].max(),
        n_matches=int(one_id_a_match(shots)["match_id"].nunique()),
        n_shots=len(shots),
        n_goals=int(shots["is_goal"].sum()),
        data_hash=window.data_hash,
        library_versions=library_versions(),
        is_simulated=bool(shots["is_simulated"].any()),
        booster=challenger.booster,
        sha256=hashlib.sha256(challenger.booster).hexdigest(),
        golden=challenger.golden,
        metrics=challenger.metrics,
        created_by_run=context.run_id,
        created_at=datetime.now(UTC),
    )
