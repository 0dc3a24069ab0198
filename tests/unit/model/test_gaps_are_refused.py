"""Training on a feature whose absence knows the outcome."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from xgoals.domain.errors import ModelError
from xgoals.features.catalogue import EVENTS_9
from xgoals.steps.train import _compute, _Window


def test_nothing_is_trained_on_a_gap_that_knows_the_outcome() -> None:
    settings: Any = None  # it does not come to that
    is_goal = np.arange(400) < 40
    shots = pd.DataFrame({name: np.ones(400) for name in EVENTS_9.names}).assign(
        provider="datafactory", is_goal=is_goal, is_penalty=False, Header=np.where(is_goal, 1.0, np.nan)
    )
    with pytest.raises(
        ModelError, match="Header of datafactory is missing in 0% of goals and 100% of other shots"
    ):
        _compute(_Window(shots, "", {}, "", False, None), settings, EVENTS_9)
