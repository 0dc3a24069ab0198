"""What a registered model says of stored shots, by models that had not seen the match and by itself."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.domain.model import ModelVersion
from xgoals.store import registry

if TYPE_CHECKING:
    import pandas as pd

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

    from xgoals.model.artifact import load_booster, predict
    from xgoals.model.evidence import Predictions

    own = pd.Series(predict(load_booster(model), shots[list(model.feature_names)]), index=shots["shot_key"])
    window = registry.out_of_fold(connection, model.model_version).set_index("shot_key")
    return Predictions.by(own, window["xg_out_of_fold"])
