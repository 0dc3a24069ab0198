"""``analysis_config.json``: what is in it, read and refused as the schema of Clarify's own SDK does."""

from xgoals.clarify.config.analysis import (
    AnalysisConfig,
    BiasMethods,
    Facet,
    Methods,
    Pdp,
    Report,
    SegmentConfig,
)
from xgoals.clarify.config.elsewhere import Predictor, TimeSeriesDataConfig
from xgoals.clarify.config.reading import config_of, read_config
from xgoals.clarify.config.shap import AggMethod, Shap

__all__ = [
    "AggMethod",
    "AnalysisConfig",
    "BiasMethods",
    "Facet",
    "Methods",
    "Pdp",
    "Predictor",
    "Report",
    "SegmentConfig",
    "Shap",
    "TimeSeriesDataConfig",
    "config_of",
    "read_config",
]
