"""Environments in which an oracle runs that does not go with ours: older pandas, another maker's SDK."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

UV = Path(sys.executable).with_name("uv")


def python_with(folder: Path, *pins: str) -> Path:
    """The Python of a new environment with these packages; without them skipped aloud, and in CI a failure."""
    python = folder / "environment" / "bin" / "python"
    for command in (
        [UV, "venv", "--python", "3.11", folder / "environment"],
        [UV, "pip", "install", "--python", python, *pins],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            reason = (
                f"{pins[0]} DOES NOT INSTALL HERE, its goldens are not derived anew: {done.stderr[-300:]}"
            )
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
    return python
