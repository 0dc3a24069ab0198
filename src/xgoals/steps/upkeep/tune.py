"""tune: the weekly search for parameters, which may be interrupted and is taken up again.

The writers' lock is held only while the result is stored: a matchday that arrives meanwhile does not wait.
"""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from xgoals.steps.run_context import RunContext, log, writing
from xgoals.steps.upkeep.ages import is_due
from xgoals.store import features as feature_store
from xgoals.store import tuning as tuning_store
from xgoals.store.database import connect
from xgoals.store.locks import one_searcher

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.features.catalogue import Catalogue
    from xgoals.model.search.tuning import SearchResult

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

    catalogue = find_catalogue(context.settings.training.catalogue)
    who = f"run {context.run_id}, tune"
    engine = connect(context.settings, context.database, application="xgoals tune")
    try:
        with one_searcher(engine, who, log.info, patience=context.settings.limits.wait):
            if not even_if_not_due and (last := _searched_lately(engine, catalogue)):
                log.info("no search: it is due weekly, the last one was on %s", f"{last:%d %B %H:%M}")
                return None
            found = _search(context, engine, catalogue, trials, minutes)
            return _save(context, catalogue, found)
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class _Found:
    """What a search found, and what it asked: shots and parameters in use."""

    study_name: str
    frame: "pd.DataFrame"
    present: dict[str, Any]
    result: "SearchResult"
    seconds: float


def _searched_lately(engine: Engine, catalogue: "Catalogue") -> datetime | None:
    """When the last search was, if that is less than a week ago."""
    with engine.connect() as connection:
        latest = tuning_store.latest_result(connection, catalogue.name, catalogue.version)
    if latest is None or is_due(latest["searched_at"], SEARCH_AFTER, datetime.now(UTC)):
        return None
    searched_at: datetime = latest["searched_at"]
    return searched_at


def _search(
    context: RunContext, engine: Engine, catalogue: "Catalogue", trials: int | None, minutes: float | None
) -> _Found:
    """Minutes of work that only read results: whoever writes does not wait for it."""
    from xgoals.model import training
    from xgoals.model.folds import one_id_a_match
    from xgoals.model.search import tuning
    from xgoals.model.search.confirmation import SearchData
    from xgoals.model.shots.eligible import is_judged
    from xgoals.model.shots.learnt_from import learnt_from

    settings = context.settings.training
    with engine.connect() as connection:
        stored = feature_store.read_features(connection, catalogue.name, catalogue.version)
        frame = learnt_from(stored, catalogue).shots
        present = parameters_in_use(connection, catalogue)
        number = _number_of_search(connection, catalogue)
    training.check_enough(frame, min_matches=settings.min_matches, min_goals=settings.min_goals)
    frame = frame[~training.latest_matches(frame, settings.held_out_share)].reset_index(drop=True)
    shots = SearchData(
        frame[list(catalogue.names)],
        frame["is_goal"].to_numpy(dtype=bool),
        one_id_a_match(frame)["match_id"],
        is_judged(frame).to_numpy(dtype=bool),
    )
    name = _study_name(frame, catalogue, present, settings.seed, number)
    began = time.monotonic()
    with tuning_store.open_study(engine, name) as study:
        result = tuning.search(
            study, shots, present, seed=settings.seed, trials=trials or settings.search_trials, number=number,
            out_of_time=_after_minutes(minutes or settings.search_minutes), tell=log.info,
        )  # fmt: skip
    return _Found(name, frame, present, result, time.monotonic() - began)


def _save(context: RunContext, catalogue: "Catalogue", found: _Found) -> str:
    """Store the result, unless what it rests on has changed meanwhile: then the search is due again."""
    with writing(context, "tune") as (engine, figures), engine.begin() as connection:
        outdated = _what_has_changed(connection, catalogue, found)
        reason = f"Not used, {outdated} while the search went on." if outdated else found.result.reason
        if outdated is None:
            tuning_store.save_result(
                connection,
                catalogue=catalogue.name,
                catalogue_version=catalogue.version,
                study_name=found.study_name,
                parameters=found.result.parameters,
                is_adopted=found.result.is_adopted,
                reason=reason,
                evidence=dict(found.result.evidence) | {"present": found.present, "seconds": found.seconds},
                run_id=context.run_id,
                searched_at=datetime.now(UTC),
            )
        figures.update(search=reason, search_s=found.seconds)
        log.info("%s", reason)
    return reason


def _what_has_changed(connection: Connection, catalogue: "Catalogue", found: _Found) -> str | None:
    """Parameters in use or searched shots that are others now; new matches beside them are no reason."""
    from xgoals.model.training import data_hash

    if parameters_in_use(connection, catalogue) != found.present:
        return "the parameters in use have changed"
    now = feature_store.read_features(connection, catalogue.name, catalogue.version)
    if data_hash(now[now["shot_key"].isin(found.frame["shot_key"])]) != data_hash(found.frame):
        return "the shots that it learned from have changed"
    return None


def parameters_in_use(connection: Connection, catalogue: "Catalogue") -> dict[str, Any]:
    """The latest parameters that a search of this catalogue has brought; the shipped ones before that."""
    from xgoals.model.training import PARAMETERS

    adopted = tuning_store.latest_result(connection, catalogue.name, catalogue.version, adopted_only=True)
    return dict(adopted["parameters"]) if adopted else dict(PARAMETERS)


def _number_of_search(connection: Connection, catalogue: "Catalogue") -> int:
    """Counts the searches that were brought to their end, so that each has another fifth of the matches reserved."""
    latest = tuning_store.latest_result(connection, catalogue.name, catalogue.version)
    return 0 if latest is None else int(latest["evidence"].get("number", -1)) + 1


def _study_name(
    frame: "pd.DataFrame", catalogue: "Catalogue", present: dict[str, Any], seed: int, number: int
) -> str:
    """The same for the same question: data, catalogue, parameters in use, seed."""
    from xgoals.model.search.tuning import SEARCH_VERSION
    from xgoals.model.training import data_hash, library_versions

    ingredients = [
        SEARCH_VERSION,
        data_hash(frame),
        catalogue.version,
        present,
        seed,
        number,
        library_versions(),
    ]
    digest = hashlib.sha256(json.dumps(ingredients, sort_keys=True).encode()).hexdigest()
    return f"{catalogue.name}-{digest[:12]}"


def _after_minutes(minutes: float) -> Callable[[], bool]:
    end = time.monotonic() + 60 * minutes
    return lambda: time.monotonic() > end
