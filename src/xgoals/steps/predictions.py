"""What a registered model says of stored shots, by models that had not seen the match."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.domain.model import ModelVersion
from xgoals.store import registry

if TYPE_CHECKING:
    import pandas as pd


def predictions(
    connection: Connection, model: ModelVersion, shots: "pd.DataFrame", name: str
) -> "pd.DataFrame":
    """What a model says of shots, by ``shot_key``.

    Returns
    -------
    DataFrame
        ``<name>``: by models that had not seen the match; ``<name>_xg``: the stored model's own;
        ``<name>_knows``: whether it has learned from the shot.
    """
    import pandas as pd

    from xgoals.model.artifact import load_booster, predict

    own = pd.Series(predict(load_booster(model), shots[list(model.feature_names)]), index=shots["shot_key"])
    seen = registry.out_of_fold(connection, model.model_version).set_index("shot_key")["xg_out_of_fold"]
    honest = seen.reindex(own.index).fillna(own)
    return pd.DataFrame({name: honest, f"{name}_xg": own, f"{name}_knows": own.index.isin(seen.index)})
