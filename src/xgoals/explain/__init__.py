"""Why a model predicts what it does: exact Shapley values of XGBoost models, and what is made of them.

``exact_shapley`` is the engine, ``background_shapley`` the same against several baseline rows, ``compare_shots`` holds
one row against another, ``partial_dependence`` asks what one feature does, ``kernel_shapley`` explains any other model
by sampling, and ``verify_additivity`` proves the numbers.

The package needs numpy, numba and XGBoost, and no other: shap is imported where it is asked for. Importing it is
cheap: numba and XGBoost are loaded when the engine is first asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xgoals.explain.attributions import Attributions as Attributions
    from xgoals.explain.background import background_shapley as background_shapley
    from xgoals.explain.exact import exact_shapley as exact_shapley
    from xgoals.explain.kernel import kernel_shapley as kernel_shapley
    from xgoals.explain.partial import partial_dependence as partial_dependence
    from xgoals.explain.two_shots import TwoShots as TwoShots
    from xgoals.explain.two_shots import compare_shots as compare_shots
    from xgoals.explain.verify import verify_additivity as verify_additivity

_HOMES = {
    "Attributions": "attributions",
    "TwoShots": "two_shots",
    "background_shapley": "background",
    "compare_shots": "two_shots",
    "exact_shapley": "exact",
    "kernel_shapley": "kernel",
    "partial_dependence": "partial",
    "verify_additivity": "verify",
}
__all__ = [
    "Attributions",
    "TwoShots",
    "background_shapley",
    "compare_shots",
    "exact_shapley",
    "kernel_shapley",
    "partial_dependence",
    "verify_additivity",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
