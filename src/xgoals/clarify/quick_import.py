"""XGBoost without scikit-learn, which it would import for classes that a job never uses: two seconds of three."""

import sys


def import_xgboost_alone() -> None:
    """Import XGBoost as it is where scikit-learn is not installed; for a process that does nothing but one job.

    Its own way to do without is taken: it looks whether scikit-learn can be imported. Who imports that later gets it.
    """
    if "xgboost" in sys.modules or "sklearn" in sys.modules:
        return
    sys.modules["sklearn"] = None  # type: ignore[assignment]  # Python's own sign for "there is none"
    try:
        import xgboost  # noqa: F401
    finally:
        del sys.modules["sklearn"]
