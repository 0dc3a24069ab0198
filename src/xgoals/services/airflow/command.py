"""One command of Airflow's own command line, to its end."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xgoals.services.airflow.files import log_folder
from xgoals.settings import Settings
from xgoals.whole_files import writable


@dataclass(frozen=True, slots=True)
class CommandOutcome:
    """How a command ended, and what it said; that stands in its log, too."""

    succeeded: bool
    said: str
    log: Path


def run_airflow(
    settings: Settings,
    *arguments: str,
    environment: Mapping[str, str],
    log: str,
    timeout_s: float | None = None,
) -> CommandOutcome:
    """Run ``airflow ARGUMENTS``.

    Parameters
    ----------
    environment
        As `airflow_environment` returns it.
    log
        Name of the file in the folder of logs that takes what it says; what it held before is gone.
    timeout_s
        After how many seconds it is killed; by default it is waited for.

    Raises
    ------
    subprocess.TimeoutExpired
        If it takes longer.
    UnwritableError
        If there is no room for its log.
    """
    path = log_folder(settings) / log
    with writable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        log_file = path.open("w")
    with log_file:
        done = subprocess.run(  # noqa: S603 - Airflow's own command
            [sys.executable, "-m", "airflow", *arguments],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log_file,
            stderr=subprocess.STDOUT,
            timeout=timeout_s,
            check=False,
        )
    return CommandOutcome(done.returncode == 0, path.read_text(errors="replace"), path)
