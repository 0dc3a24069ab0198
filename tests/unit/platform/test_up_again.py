"""``xgoals up`` where the processes run already: whoever started them may have been killed before they were ready."""

from contextlib import nullcontext

import pytest

from xgoals.domain.errors import ServiceError
from xgoals.services import up as module
from xgoals.services.processes import RememberedProcess
from xgoals.settings import Settings, load_settings


class StartingAirflow:
    """Each question finds it a little further: nobody answers, one is missing, the DAG is not read yet, ready."""

    def __init__(self) -> None:
        self.n_healthy, self.n_dags = 0, 0

    def health(self) -> dict[str, str | None]:
        self.n_healthy += 1
        return [{}, {"scheduler": "healthy", "dag_processor": None}, {"scheduler": "healthy"}][
            min(self.n_healthy, 3) - 1
        ]

    def dag(self) -> dict[str, str] | None:
        self.n_dags += 1
        return {} if self.n_dags > 1 else None


@pytest.fixture
def airflow(monkeypatch: pytest.MonkeyPatch, tmp_path) -> tuple[StartingAirflow, Settings]:
    starting, settings = StartingAirflow(), load_settings(home=tmp_path)
    stand_ins = {
        "are_up": lambda _: True,
        "start_databases": lambda _: None,
        "bring_all_up_to_date": lambda _: None,
        "client": lambda _: nullcontext(starting),
        "remembered": lambda _: [],
        "status": lambda _: "status",
    }
    for name, stand_in in stand_ins.items():
        monkeypatch.setattr(module, name, stand_in)
    monkeypatch.setattr(module.time, "sleep", lambda _: None)
    return starting, settings


def test_it_waits_until_all_of_it_is_healthy_and_the_dag_was_read(airflow) -> None:
    starting, settings = airflow
    module.up(settings, lambda _: None, watched=False)
    assert (starting.n_healthy, starting.n_dags) == (3, 2)


def test_one_that_has_ended_meanwhile_is_said(airflow, monkeypatch, tmp_path) -> None:
    _, settings = airflow
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "scheduler.log").write_text("its last words")
    monkeypatch.setattr(module, "remembered", lambda _: [RememberedProcess("scheduler", 2**30, 0.0)])
    with pytest.raises(ServiceError, match="its last words"):
        module.up(settings, lambda _: None, watched=False)
