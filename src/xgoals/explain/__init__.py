"""Why a shot is worth what the model says: exact Shapley values, and what is made of them.

``exact_shapley`` is the engine, ``compare_shots`` holds one shot against another, ``kernel`` explains any other model
by sampling, ``verify`` proves the numbers. Importing this package is cheap: the engine (numba, XGBoost) is loaded when
it is first asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xgoals.explain.exact import Attributions as Attributions
    from xgoals.explain.exact import exact_shapley as exact_shapley
    from xgoals.explain.two_shots import TwoShots as TwoShots
    from xgoals.explain.two_shots import compare_shots as compare_shots

_HOMES = {
    "Attributions": "exact",
    "exact_shapley": "exact",
    "TwoShots": "two_shots",
    "compare_shots": "two_shots",
}
__all__ = ["Attributions", "TwoShots", "compare_shots", "exact_shapley"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
