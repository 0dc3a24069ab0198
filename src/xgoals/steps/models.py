"""Which models there are, everything about one of them, and what differs between two."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from sqlalchemy import Connection

from xgoals.domain.errors import ModelError, StoreError
from xgoals.domain.model import ModelVersion
from xgoals.settings import Database, Settings
from xgoals.steps.pages.model_facts import model_facts
from xgoals.steps.predictions import predictions, published
from xgoals.steps.run_context import RunContext
from xgoals.store import features as feature_store
from xgoals.store import pins, registry
from xgoals.store.database import connect, exists
from xgoals.store.sisters import list_sisters

if TYPE_CHECKING:
    import pandas as pd

N_MOVED = 10
_SHOWN = ("match_date", "match_id", "shot_id", "team", "is_goal", "is_penalty")


def present_champion(context: RunContext) -> str:
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


@dataclass(frozen=True, slots=True)
class Champion:
    """The champion of a database, and whether a person has pinned it."""

    database: Database
    model_version: str
    is_pinned: bool


def champions(settings: Settings) -> list[Champion]:
    """The champions of all databases that answer; nothing is started or said for it."""
    found = []
    for database in get_args(Database):
        try:
            engine = connect(settings, database) if exists(settings, database) else None
        except StoreError:  # it does not answer, or has another schema: others say so
            continue
        if engine is None:
            continue
        with engine.connect() as connection:
            name, pinned = registry.champion_name(connection), pins.pinned(connection)
        engine.dispose()
        if name is not None:
            found.append(Champion(database, name, name == pinned))
    return found


def show(connection: Connection, version: str) -> dict[str, Any]:
    """All that is known of a model: window, parameters, sisters, metrics, baseline, every decision with its evidence.

    Raises
    ------
    ModelError
        If there is no such model.
    """
    from xgoals.analysis.fairness.summary import verdicts_by_facet

    facts = model_facts(connection, version)
    anchor = registry.load_anchor(connection)
    return facts | {
        "fairness": verdicts_by_facet(facts["fairness"]),
        "is_champion": registry.champion_name(connection) == version,
        "is_anchor": anchor is not None and anchor["model_version"] == version,
        "anchor": anchor,
        "is_pinned": pins.pinned(connection) == version,
        "sisters": list_sisters(connection, version),
        "decisions": registry.decisions_about(connection, version),
    }


def diff(connection: Connection, before: str, after: str) -> dict[str, Any]:
    """What differs between two models.

    Returns
    -------
    dict
        ``parameters`` and ``window`` (name -> ``[before, after]`` where they differ), ``features``
        (``added, removed``), ``metrics`` on the shots that both can be judged on, by predictions that had not seen
        the match (``before``, ``after``, ``log_loss_difference`` with 99 % bounds; None where there are none), and
        ``moved``: the shots whose xG as either publishes it differs most.

    Raises
    ------
    ModelError
        If one of them is not registered, or its bytes are not those that were registered.
    """
    one, other = (registry.load_model(connection, name) for name in (before, after))
    shots = _shots_of_both(connection, one, other)
    return {
        "before": before,
        "after": after,
        "parameters": _changes(one.parameters, other.parameters),
        "window": _changes(*({name: getattr(m, name) for name in _WINDOW} for m in (one, other))),
        "features": {
            "added": [name for name in other.feature_names if name not in one.feature_names],
            "removed": [name for name in one.feature_names if name not in other.feature_names],
        },
        "metrics": _metrics(shots),
        "moved": _moved(shots),
    }


_WINDOW = (
    "catalogue", "catalogue_version", "window_from", "window_to", "n_matches", "n_shots", "n_goals", "seed",
    "library_versions",
)  # fmt: skip


def _changes(before: Any, after: Any) -> dict[str, list[Any]]:
    names = [*before, *(name for name in after if name not in before)]
    return {
        name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)
    }


def _shots_of_both(connection: Connection, before: ModelVersion, after: ModelVersion) -> "pd.DataFrame":
    """Every shot that both can predict, as the first one's catalogue has it.

    Beside it ``before, after`` (by models that had not seen the match), ``before_xg, after_xg`` (what either would
    publish) and ``has_learned`` (whether one of them has learned from the shot).
    """
    features = _features(connection, before)
    one = predictions(connection, before, features)
    other = predictions(connection, after, _features(connection, after))
    shots = features[features["shot_key"].isin(other.own.index)].set_index("shot_key")
    one, other = one.of(shots.index), other.of(shots.index)
    return shots.assign(
        before=one.unseen,
        before_xg=published(connection, before, one),
        after=other.unseen,
        after_xg=published(connection, after, other),
        has_learned=one.has_learned | other.has_learned,
    )


def _features(connection: Connection, model: ModelVersion) -> "pd.DataFrame":
    return feature_store.read_features(connection, model.catalogue, model.catalogue_version)


def _metrics(shots: "pd.DataFrame") -> dict[str, Any] | None:
    from xgoals.model.gate import paired_loss
    from xgoals.model.metrics import compare
    from xgoals.model.shots.eligible import is_judged

    judged = shots[shots["has_learned"] & is_judged(shots)].assign(is_judged=True)
    if judged["is_goal"].nunique() < 2:
        return None
    loss = paired_loss(judged["is_goal"], judged["match_id"], judged["after"], judged["before"])
    found = compare(judged, {"before": "before", "after": "after"})
    return found | {"log_loss_difference": {"mean": loss.mean, "low": loss.low, "high": loss.high}}


def _moved(shots: "pd.DataFrame") -> list[dict[str, Any]]:
    moved = (
        (shots["after_xg"] - shots["before_xg"])
        .abs()
        .sort_values(ascending=False, kind="stable")
        .index[:N_MOVED]
    )
    rows = shots.loc[moved, [*_SHOWN, "before_xg", "after_xg"]]
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]
