"""Before anything is said of shots: who has not seen their matches.

A match that another feed tells of once more belongs to the sister that has not seen the first telling. A champion from
before there were sisters, or one that has come back, gets its sisters now, fitted with its own parameters on its own
window, if the window still is what it was.
"""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import numpy as np
from sqlalchemy import Connection

from xgoals.domain.model import ModelSister, ModelVersion
from xgoals.steps.code_version import release_key
from xgoals.steps.run_context import log
from xgoals.store import features as feature_store
from xgoals.store import registry
from xgoals.store import sisters as sister_store
from xgoals.store.derived.states import DerivedState, read_state, save_state


def prepare_sisters(connection: Connection, model_version: str) -> None:
    """See to it that of every match the one is known who has not seen it; numbers of others are put aside.

    Where that cannot be, the log says so, and so does the model's page.
    """
    if not sister_store.has_sisters(connection, model_version):
        _fit_anew_once(connection, registry.load_model(connection, model_version))
    note_told_twice(connection, model_version)
    n_rows = sister_store.set_aside_what_had_seen(connection, model_version)
    if n_rows:
        log.info(
            "%d numbers of %s were said by a model that had learned from the match; its sisters say them anew",
            n_rows,
            model_version,
        )


def _fit_anew_once(connection: Connection, model: ModelVersion) -> None:
    """Fit the sisters of a model that has none; what cannot be done is tried once a release."""
    name, key = f"sisters of {model.model_version}", release_key()
    known = read_state(connection, name)
    reason = known.facts["reason"] if known and known.state_key == key else _fit_anew(connection, model)
    if reason is None:
        log.info("sisters of %s were fitted anew, with its parameters on its window", model.model_version)
        return
    save_state(connection, name, DerivedState(key, {"reason": reason}))
    log.warning(
        "%s has no sisters, and they cannot be fitted anew: %s. Its numbers of matches of its window come from a model "
        "that has learned from them; the next champion has sisters",
        model.model_version,
        reason,
    )


def _fit_anew(connection: Connection, model: ModelVersion) -> str | None:
    """Fit and store the sisters of a model; why they cannot be, or None."""
    from xgoals.model.fitting import fits_at_once, float32_features
    from xgoals.model.folds import match_groups
    from xgoals.model.sisters import corrected_sisters, fit_sisters
    from xgoals.model.training import as_stored, data_hash, in_order, predictions_of

    shots = feature_store.read_features(connection, model.catalogue, model.catalogue_version)
    shots = shots.merge(registry.out_of_fold(connection, model.model_version), on="shot_key", validate="1:1")
    if shots.empty or data_hash(shots) != model.data_hash:
        return "the shots that it was trained on have changed since"
    frame = in_order(shots)
    parameters = {"n_seeds": 1} | dict(model.parameters)
    nothing = np.zeros(len(frame), dtype=bool)
    X, y = float32_features(frame, model.feature_names), frame["is_goal"].to_numpy()
    with ThreadPoolExecutor(max_workers=fits_at_once(len(frame))) as pool:
        sisters = fit_sisters(pool, X, y, parameters, match_groups(frame), nothing)
    if model.metrics.get("calibration", {}).get("correction") is not None:
        sisters = corrected_sisters(frame, model.feature_names, sisters)
    said = predictions_of(frame, sisters, frame["is_held_out"].to_numpy(dtype=bool))
    registry.save_out_of_fold(
        connection,
        model.model_version,
        said.assign(shot_key=frame["shot_key"], xg_held_out=frame["xg_held_out"]),
    )
    stored = [
        ModelSister(model.model_version, s.sister, s.booster, sha256(s.booster).hexdigest(), s.golden)
        for s in as_stored(sisters, frame, model.feature_names)
    ]
    matches = sister_store.sisters_by_match(frame["provider"], frame["match_id"], said["sister"])
    sister_store.save_sisters(connection, model.model_version, stored, matches)
    return None


def note_told_twice(connection: Connection, model_version: str) -> None:
    """Matches that the window holds as another feed tells of them belong to the sister that has not seen that one.

    Whoever asks what a model says of all shots asks this first: the feed may have come since it was looked at.
    """
    if not sister_store.has_other_feeds(connection, model_version):
        return
    n_told = 0
    while found := _told_twice(connection, model_version):  # a third feed may be known by the second's words
        sister_store.add_matches(connection, model_version, found)
        n_told += len(found)
    if n_told:
        log.info("%d matches are known to %s as another feed tells of them", n_told, model_version)


def _told_twice(connection: Connection, model_version: str) -> dict[tuple[str, str], int | None]:
    """Who has not seen the matches that somebody has told of before; of those that nobody has, nothing."""
    from xgoals.model.folds import Fixture, told_before

    matches = sister_store.read_known_matches(connection, model_version)
    learned = [match for match in matches if match.is_learned]
    new = [match for match in matches if not match.is_learned]
    told, known = (
        [Fixture.of(m.provider, m.match_date, m.home_team, m.away_team) for m in some]
        for some in (new, learned)
    )
    voices, found = sister_store.read_voices(connection, model_version), dict[tuple[str, str], int | None]()
    for match, place in zip(new, told_before(told, known), strict=True):
        if place is None:
            continue
        sister = learned[place].sister
        speaks = None if sister is None else voices.of(match.provider, sister)
        if speaks != voices.of(match.provider):  # else nobody has seen it: only a level has learned from it
            found[match.provider, match.match_id] = speaks
    return found
