"""What says that features are the same as before: wherever they were built, in a step or on an executor of Spark."""

import hashlib

import numpy as np


def features_hash(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> str:
    """A short hash of one row of feature values; the same values always give the same hash."""
    return hashlib.sha256(np.ascontiguousarray(values, dtype="<f8").tobytes()).hexdigest()[:16]
