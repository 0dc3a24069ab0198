"""What all explanations say together: sums of the teams whose shots have changed, added up with those of the others."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from xgoals.store import explanations as store
from xgoals.store import records as record_store
from xgoals.store.derived import explanation_sums as sums_store
from xgoals.store.derived.explanation_sums import Member, Sums
from xgoals.store.sisters import sisters_of_features

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from xgoals.steps.explaining.explainer import Explainer

BLOCK = 20_000
"""Shots whose interaction matrices are held at once (46 MB)."""


def update_summaries(connection: "Connection", explainer: "Explainer") -> int:
    """Bring the summaries over all explained shots up to date; for how many teams' seasons there was anything to do."""
    model = explainer.model
    present = sums_store.present_states(connection, model)
    stored = sums_store.stored_states(connection, model.model_version)
    changed = [member for member, state in present.items() if stored.get(member) != state]
    gone = [member for member in stored if member not in present]
    if not changed and not gone:
        return 0
    sums = _sums_of(connection, explainer, changed)
    sums_store.replace_sums(connection, model.model_version, gone, present, sums)
    _add_up(connection, model.model_version, list(model.feature_names))
    return len(changed) + len(gone)


def _sums_of(
    connection: "Connection", explainer: "Explainer", members: Sequence[Member]
) -> Mapping[Member, Sums]:
    """The sums of these members, from all their shots, block by block."""
    keys = sums_store.read_keys(connection, explainer.model, members)
    found: dict[Member, Sums] = {}
    for rows, starts in _cut(keys["member"]):
        for member, part in _sum_block(connection, explainer, keys, rows, starts):
            before = found.get(members[member])
            found[members[member]] = part if before is None else _sum_of_two(before, part)
    return found


def _cut(member: npt.NDArray[Any]) -> Iterator[tuple[slice, npt.NDArray[np.intp]]]:
    """Cut rows into blocks: whole members where they fit, so that their sums do not depend on who else has changed.

    Yields
    ------
    slice, array
        The rows of a block, and where in it each part begins: a member, or ``BLOCK`` shots of a larger one.
    """
    n = len(member)
    first = np.flatnonzero(np.r_[True, member[1:] != member[:-1]]) if n else np.empty(0, dtype=np.intp)
    ends = np.r_[first[1:], n]
    parts = np.array(
        [at for a, b in zip(first, ends, strict=False) for at in range(a, b, BLOCK)], dtype=np.intp
    )
    while len(parts):
        size = max(1, int(np.searchsorted(np.r_[parts[1:], n], parts[0] + BLOCK, side="right")))
        end = parts[size] if size < len(parts) else n
        yield slice(int(parts[0]), int(end)), parts[:size] - parts[0]
        parts = parts[size:]


def _sum_block(
    connection: "Connection",
    explainer: "Explainer",
    keys: Mapping[str, npt.NDArray[Any]],
    rows: slice,
    starts: npt.NDArray[np.intp],
) -> Iterator[tuple[int, Sums]]:
    from xgoals.analysis.global_summary import sum_parts

    features_keys = keys["features_key"][rows]
    X, values = sums_store.read_explained_values(connection, explainer.model, features_keys)
    sisters = sisters_of_features(connection, explainer.model.model_version, features_keys)
    parts = sum_parts(values, explainer.interactions(X, sisters), starts)
    sizes = np.diff(np.r_[starts, len(X)])
    members = keys["member"][rows][starts]
    for i, (member, n_shots) in enumerate(zip(members.tolist(), sizes.tolist(), strict=True)):
        yield member, Sums(n_shots, *(values[i] for values in parts))


def _sum_of_two(one: Sums, other: Sums) -> Sums:
    return Sums(
        one.n_shots + other.n_shots,
        one.sums + other.sums,
        one.abs_sums + other.abs_sums,
        one.pair_abs_sums + other.pair_abs_sums,
    )


def _add_up(connection: "Connection", model_version: str, names: list[str]) -> None:
    import pandas as pd

    from xgoals.analysis.global_summary import global_summary
    from xgoals.analysis.interactions import pair_means

    known = sums_store.read_sums(connection, model_version)
    members = pd.DataFrame(list(known), columns=list(Member._fields))
    members["n_shots"] = [sums.n_shots for sums in known.values()]
    n_features, n_shots = len(names), int(members["n_shots"].sum())
    sums, abs_sums, pairs = (
        np.array([getattr(own, name) for own in known.values()]).reshape(len(known), width)
        for name, width in (
            ("sums", n_features),
            ("abs_sums", n_features),
            ("pair_abs_sums", n_features * (n_features - 1) // 2),
        )
    )
    store.save_global(connection, model_version, global_summary(members, sums, abs_sums, names))
    store.save_interactions(connection, model_version, n_shots, pair_means(pairs.sum(axis=0), n_shots, names))


def keep_latest_interactions(connection: "Connection", explainer: "Explainer") -> None:
    """Keep the interaction matrices of the latest matchday of each competition, where they are not kept already."""
    model = explainer.model
    matches = record_store.read_fixtures(connection, with_shots=True)
    latest = matches[of_latest_matchday(matches)]
    keys = record_store.features_of_matches(connection, model, latest["provider"], latest["match_id"])
    if set(keys.tolist()) == store.interaction_keys(connection, model.model_version):
        return
    X = explainer.features(connection, keys)
    sisters = sisters_of_features(connection, model.model_version, keys)
    store.save_shot_interactions(connection, model.model_version, keys, explainer.interactions(X, sisters))


def of_latest_matchday(rows: "pd.DataFrame") -> "pd.Series[bool]":
    """Which rows belong to the latest matchday of their competition (without matchdays: to the latest date).

    Parameters
    ----------
    rows
        Shots or matches with ``competition, season, matchday, match_date``.
    """
    latest = rows.sort_values("match_date", kind="stable").drop_duplicates("competition", keep="last")
    latest = latest.set_index("competition")
    same_date = rows["match_date"].eq(rows["competition"].map(latest["match_date"]))
    same_season = rows["season"].eq(rows["competition"].map(latest["season"]))
    same_matchday = rows["matchday"].eq(rows["competition"].map(latest["matchday"]))
    return same_date | (same_season & same_matchday)
