"""tune: the weekly search for parameters, which may be interrupted and is taken up again."""

import hashlib
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from xgoals.steps.context import RunContext, log, writing
from xgoals.store import features as feature_store
from xgoals.store import tuning as tuning_store

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.features.catalogue import Catalogue

SEARCH_AFTER = timedelta(days=7)


def tune(
    context: RunContext,
    *,
    trials: int | None = None,
    minutes: float | None = None,
    even_if_not_due: bool = False,
) -> str | None:
    """Search for better parameters if a search is due; what came of it in one sentence, or None.

    Parameters
    ----------
    trials, minutes
        Where to stop, whichever comes first; default: the settings. A search that was stopped by time or killed goes
        on where it was, as long as the data are the same.

    Raises
    ------
    ModelError
        If there is too little to learn from.
    """
    from xgoals.features.catalogue import find_catalogue
    from xgoals.model import training, tuning

    settings = context.settings.training
    catalogue = find_catalogue(settings.catalogue)
    with writing(context, "tune") as (engine, figures):
        with engine.connect() as connection:
            frame = feature_store.read_features(connection, catalogue.name, catalogue.version)
            present = parameters_in_use(connection, catalogue)
            latest = tuning_store.latest_result(connection, catalogue.name, catalogue.version)
        if latest and not even_if_not_due and datetime.now(UTC) - latest["searched_at"] < SEARCH_AFTER:
            log.info(
                "no search: it is due weekly, the last one was on %s", f"{latest['searched_at']:%d %B %H:%M}"
            )
            return None
        training.check_enough(frame, min_matches=settings.min_matches, min_goals=settings.min_goals)
        frame = frame[~training.latest_matches(frame, settings.held_out_share)].reset_index(drop=True)
        shots = tuning.Shots(
            frame[list(catalogue.names)],
            frame["is_goal"].to_numpy(dtype=bool),
            frame["match_id"],
            ~frame["is_penalty"].to_numpy(dtype=bool),
        )
        name = _study_name(frame, catalogue, present, settings.seed)
        began = time.monotonic()
        with tuning_store.open_study(engine, name) as study:
            found = tuning.search(
                study, shots, present, seed=settings.seed, trials=trials or settings.search_trials,
                out_of_time=_after_minutes(minutes or settings.search_minutes), tell=log.info,
            )  # fmt: skip
        with engine.begin() as connection:
            tuning_store.save_result(
                connection,
                catalogue=catalogue.name,
                catalogue_version=catalogue.version,
                study_name=name,
                parameters=found.parameters,
                is_adopted=found.is_adopted,
                reason=found.reason,
                evidence=dict(found.evidence)
                | {"present": dict(present), "seconds": time.monotonic() - began},
                run_id=context.run_id,
                searched_at=datetime.now(UTC),
            )
        figures["search"] = found.reason
        log.info("%s", found.reason)
    return found.reason


def parameters_in_use(connection: Connection, catalogue: "Catalogue") -> dict[str, Any]:
    """The latest parameters that a search of this catalogue has brought; the shipped ones before that."""
    from xgoals.model.training import PARAMETERS

    adopted = tuning_store.latest_result(connection, catalogue.name, catalogue.version, adopted_only=True)
    return dict(adopted["parameters"]) if adopted else dict(PARAMETERS)


def _study_name(frame: "pd.DataFrame", catalogue: "Catalogue", present: dict[str, Any], seed: int) -> str:
    """The same for the same question: data, catalogue, parameters in use, seed."""
    from xgoals.model.training import data_hash, library_versions
    from xgoals.model.tuning import SEARCH_VERSION

    ingredients = [SEARCH_VERSION, data_hash(frame), catalogue.version, present, seed, library_versions()]
    digest = hashlib.sha256(json.dumps(ingredients, sort_keys=True).encode()).hexdigest()
    return f"{catalogue.name}-{digest[:12]}"


def _after_minutes(minutes: float) -> Callable[[], bool]:
    end = time.monotonic() + 60 * minutes
    return lambda: time.monotonic() > end
