"""The evidence that `register` decides on: read from the database, put together by `xgoals.model.evidence`."""

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection

from xgoals.domain.model import ModelVersion
from xgoals.steps.predictions import predictions
from xgoals.store import features as feature_store
from xgoals.store import registry

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.model.evidence import Evidence, Predictions
    from xgoals.model.gate import GateCheck


class Gathered(NamedTuple):
    """What the gate is shown; what the data guards have found, and what there is on providers that are new."""

    evidence: "Evidence"
    guards: "list[GateCheck]"
    newcomers: "list[GateCheck]"


_OF_A_SHOT = ["shot_key", "match_id", "match_date", "is_goal", "is_judged"]


def gather_evidence(connection: Connection, challenger: ModelVersion, champion: ModelVersion) -> Gathered:
    """What there is to be said of the shots of a challenger's window, by challenger, champion and anchor.

    Raises
    ------
    ModelError
        If stored bytes are not those that were registered.
    """
    from xgoals.model.contemporaries import as_of
    from xgoals.model.evidence import assemble
    from xgoals.model.folds import one_id_a_match
    from xgoals.model.shots.eligible import is_judged

    shots = feature_store.read_features(connection, challenger.catalogue, challenger.catalogue_version)
    of_champion = _features_of(connection, champion, challenger, shots)
    is_held_out = registry.out_of_fold(connection, challenger.model_version)[["shot_key", "is_held_out"]]
    known = one_id_a_match(shots).assign(is_judged=is_judged(shots))[_OF_A_SHOT]
    window = known.merge(is_held_out, on="shot_key", validate="1:1").set_index("shot_key")
    by_champion = predictions(connection, champion, of_champion)
    has_learned = by_champion.of(window.index).has_learned
    features = shots.loc[shots["shot_key"].isin(window.index), list(challenger.feature_names)]
    features = features.set_index(window.index)
    said = predictions(connection, challenger, shots)
    by_challenger = as_of(
        said,
        features.assign(is_goal=window["is_goal"]),
        challenger.parameters,
        challenger.metrics.get("calibration", {}).get("correction"),
        has_learned,
    )
    provider = shots.set_index("shot_key")["provider"].astype(str)
    is_known = provider.reindex(window.index).isin(provider.reindex(window.index[has_learned]).unique())
    newcomers = _newcomers(window[~is_known], said, by_champion, provider)
    evidence = assemble(
        window[is_known], by_challenger, by_champion, _of_anchor(connection, challenger, shots)
    )
    guards = _guards(challenger, champion, features, of_champion, has_learned, provider)
    return Gathered(evidence, guards, newcomers)


def _newcomers(
    window: "pd.DataFrame", challenger: "Predictions", champion: "Predictions", provider: "pd.Series[str]"
) -> "list[GateCheck]":
    """What is to be said of shots of providers that the champion's trees do not know, of the challenger's window."""
    from xgoals.model.levels.gate import newcomer_checks

    judged = window[window["is_judged"]]
    both = judged.assign(
        provider=provider.reindex(judged.index),
        challenger=challenger.of(judged.index).unseen,
        champion=champion.of(judged.index).unseen,
    )
    return newcomer_checks(both[both["champion"].notna()])


def level_evidence(
    connection: Connection, challenger: ModelVersion, champion: ModelVersion
) -> "tuple[pd.DataFrame, list[str]]":
    """What two versions of the same trees say of all stored shots, and the providers whose level differs.

    Returns
    -------
    shots, changed
        As :func:`xgoals.model.levels.gate.level_checks` takes them.
    """
    from xgoals.model.shots.eligible import is_judged

    shots = feature_store.read_features(connection, challenger.catalogue, challenger.catalogue_version)
    both = [predictions(connection, model, shots).unseen.to_numpy() for model in (champion, challenger)]
    names = ["provider", "match_id", "is_goal"]
    found = (
        shots[names].astype({"provider": str}).assign(champion=both[0], challenger=both[1])[is_judged(shots)]
    )
    levels = [model.metrics.get("levels", {}) for model in (champion, challenger)]
    providers = sorted({*levels[0], *levels[1]})
    return found, [name for name in providers if levels[0].get(name) != levels[1].get(name)]


def _of_anchor(
    connection: Connection, challenger: ModelVersion, shots: "pd.DataFrame"
) -> "Predictions | None":
    name = registry.anchor_name(connection)
    if not name:
        return None
    model = registry.load_model(connection, name)
    return predictions(connection, model, _features_of(connection, model, challenger, shots))


def _guards(
    challenger: ModelVersion,
    champion: ModelVersion,
    window: "pd.DataFrame",
    of_champion: "pd.DataFrame",
    has_learned: "pd.Series[bool]",
    provider: "pd.Series[str]",
) -> "list[GateCheck]":
    """The data guards over the challenger's window, the champion's part of it, and what is new in it.

    ``window``: its features by ``shot_key``; ``has_learned``: the champion from these shots; ``provider``: of each.
    """
    from xgoals.model.artifact import load_booster
    from xgoals.model.guards import data_guards, relied_on

    known = of_champion["shot_key"].isin(window.index[has_learned])
    new = window[~has_learned]
    return data_guards(
        of_champion.loc[known, list(champion.feature_names)],
        window,
        new,
        relied_on(load_booster(champion)),
        matches=(challenger.n_matches, champion.n_matches),
        providers=(provider.reindex(of_champion.loc[known, "shot_key"]), provider.reindex(new.index)),
    )


def _features_of(
    connection: Connection, model: ModelVersion, challenger: ModelVersion, shots: "pd.DataFrame"
) -> "pd.DataFrame":
    """``shot_key`` and the features of a model: the challenger's, read already, where they are of one catalogue."""
    wanted = (model.catalogue, model.catalogue_version)
    if wanted == (challenger.catalogue, challenger.catalogue_version):
        return shots
    return feature_store.read_features_only(connection, *wanted)
