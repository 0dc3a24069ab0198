"""Fixtures that every kind of test shares."""

import os
from pathlib import Path

import pytest

_BESIDE_THE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real match data: ``XGOALS_REAL_DATA``, else ``../shared/data`` beside the checkout."""
    folder = Path(os.environ.get("XGOALS_REAL_DATA", _BESIDE_THE_CHECKOUT))
    if folder.is_dir():
        return folder
    reason = f"REAL DATA ABSENT: no folder {folder}; set XGOALS_REAL_DATA to run this test"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
