"""In which order the tests run, and which of them stay in one process, where `pytest -n 4` shares them out."""

import gc
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# Those that take longest come first, so that no worker is left with one of them in the end. Airflow's are one piece:
# they wait much and compute little, which goes well with neighbours that compute. The UI's tests make the league that
# most others copy; until then there are some that need none.
FOLDERS = ("dags", "faults", "ui", "property", "end_to_end", "browser", "mail", "sql", "unit")
IN_ONE_PIECE = ("tests/dags/", "tests/ui/", "tests/unit/feeds_simulator/")
SLOW_S, AFTER_A_WHOLE_RUN_S = 1800, 900
"""So long a test may take that says nothing else: a slow one; one that may have to make the first run before."""


class LongestFirst(LoadScopeScheduling):
    """Hands out files in the order of collection; some folders are handed out whole."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return next((folder for folder in IN_ONE_PIECE if file.startswith(folder)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LongestFirst:
    """Whatever ``--dist`` says."""
    config.option.loadscopereorder = (
        False  # xdist's own order begins with files of many tests, which are our shortest
    )
    return LongestFirst(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Folders in the order above; one that is not named there, first."""
    rank = {folder: number for number, folder in enumerate(FOLDERS)}
    items.sort(key=lambda item: rank.get(item.nodeid.split("/")[1], -1))
    for item in items:
        if item.get_closest_marker("timeout"):
            continue
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.timeout(SLOW_S))
        elif item.nodeid.startswith("tests/end_to_end/"):
            item.add_marker(pytest.mark.timeout(AFTER_A_WHOLE_RUN_S))


def pytest_collection_finish() -> None:
    """The modules that are loaded by now stay: the garbage collector need not look through them time and again."""
    gc.collect()
    gc.freeze()
