"""A window that is frozen, and shots beside their references in it."""

from collections.abc import Callable
from typing import Any

import pytest
from drawn import built, draw, frozen, matches_of
from trees_by_hand import booster_by_hand

from xgoals.features.catalogue import BEST_17
from xgoals.features.scenes import Scenes
from xgoals.reasons.from_there import Compared
from xgoals.reasons.frozen import FrozenWindow
from xgoals.reasons.of_shots import compare

__all__ = ["booster_by_hand"]


@pytest.fixture(scope="session")
def window() -> FrozenWindow:
    return frozen(draw(400, 1))


@pytest.fixture(scope="session")
def compared(window: FrozenWindow) -> Callable[..., Compared]:
    """Shots beside their references in the window, so many of them as ``k`` says."""

    def beside(scenes: Scenes, within: FrozenWindow = window, k: int | None = None) -> Compared:
        found = compare(scenes, built(scenes), matches_of(scenes), within, BEST_17)
        if k is None:
            return found
        few: dict[str, Any] = {
            name: getattr(found.references, name)[:, :k] for name in ("rows", "distance_m", "is_known")
        }
        return Compared(
            found.scenes,
            found.features,
            found.pool,
            found.pool_features,
            type(found.references)(**few),
            BEST_17,
        )

    return beside
