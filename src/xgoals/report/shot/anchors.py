"""Where on its match's page a shot has its card."""

import pandas as pd

from xgoals.analysis.sides import in_order_of_play


def anchors(shots: pd.DataFrame) -> dict[str, str]:
    """The cards' names of a match's shots, by shot id: "shot-1" is the first of the match."""
    return {
        str(shot_id): f"shot-{n}" for n, shot_id in enumerate(in_order_of_play(shots)["shot_id"], start=1)
    }
