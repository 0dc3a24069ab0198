"""Why a shot is worth what the model says: exact Shapley values, and what is made of them.

``exact_shapley`` is the engine; ``kernel`` explains any other model by sampling, ``check`` proves the
numbers. Importing this package is cheap: the engine (numba, XGBoost) is loaded when it is first asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xgoals.explain.exact import Attributions as Attributions
    from xgoals.explain.exact import exact_shapley as exact_shapley

__all__ = ["Attributions", "exact_shapley"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from xgoals.explain import exact

        return getattr(exact, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
