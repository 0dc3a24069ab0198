"""What a registered model says of stored shots, by models that had not seen the match and by itself."""

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.domain.model import CHAMPION, ModelVersion
from xgoals.store import registry
from xgoals.store.sisters import late_shots, load_boosters, shots_of_levels

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.model.artifact import Boosters
    from xgoals.model.evidence import Predictions


def predictions(connection: Connection, model: ModelVersion, shots: "pd.DataFrame") -> "Predictions":
    """What a model says of shots.

    Parameters
    ----------
    shots
        ``shot_key`` and the model's features by name.

    Raises
    ------
    ModelError
        If the model's bytes are not those that were registered.
    """
    import pandas as pd

    from xgoals.model.artifact import predict
    from xgoals.model.evidence import Predictions

    boosters, X = load_boosters(connection, model.model_version), shots[list(model.feature_names)]
    own = pd.Series(predict(boosters.of(CHAMPION), X), index=shots["shot_key"])
    own = _by_sisters(boosters, X, own, shots_of_levels(connection, model.model_version))
    window = registry.out_of_fold(connection, model.model_version).set_index("shot_key")
    said = Predictions.by(own, window["xg_held_out"].fillna(window["xg_out_of_fold"]))
    late = late_shots(connection, model.model_version)
    return replace(said, unseen=_by_sisters(boosters, X, said.unseen, late))


def _by_sisters(
    boosters: "Boosters", X: "pd.DataFrame", xg: "pd.Series[float]", asked: "pd.DataFrame"
) -> "pd.Series[float]":
    """The same numbers, those of some shots (``shot_key, sister``) by the sisters that are asked about them."""
    import pandas as pd

    who = asked.set_index("shot_key")["sister"]
    who = who[who.index.isin(xg.index)]
    if who.empty:
        return xg
    said = pd.Series(
        boosters.predict(X.set_index(xg.index).loc[who.index], who.to_numpy(dtype=int)), index=who.index
    )
    return said.reindex(xg.index).fillna(xg)


def published(connection: Connection, model: ModelVersion, said: "Predictions") -> "pd.Series[float]":
    """The numbers that a model publishes of the shots of which it says this, by ``shot_key``.

    In its window those of its sisters, where a challenger is judged by its held-out predictions.
    """
    window = registry.out_of_fold(connection, model.model_version).set_index("shot_key")
    return window["xg_out_of_fold"].reindex(said.unseen.index).fillna(said.unseen)
