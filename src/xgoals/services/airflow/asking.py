"""What a terminal or a task asks the Airflow that it belongs to: where the results are, what its variable says.

Only a terminal whose settings name a connection asks: to import Airflow takes seconds. It is asked as it is configured
here, by ``AIRFLOW_HOME``, ``AIRFLOW__...`` and ``AIRFLOW_CONN_...``; no process of it needs to run.
"""

import json
import os
import subprocess
import sys
from typing import Any

from pydantic import SecretStr

from xgoals.domain.errors import ServiceError, SettingsError
from xgoals.services.airflow.files import is_somebody_else_s
from xgoals.settings import Settings, load_settings

_PATIENCE_S = 120.0
_ADVICE = (
    "Give this terminal the AIRFLOW_HOME and the AIRFLOW__... variables of that Airflow (its user, its environment),"
    " or set XGOALS_DATABASE_URL here in place of the connection"
)


def terminal_settings() -> Settings:
    """The settings of a command, with the address of the results where a connection of Airflow's has it.

    Raises
    ------
    SettingsError
        If they cannot be used, or Airflow knows no such connection here.
    ServiceError
        If Airflow cannot be asked.
    """
    settings = load_settings()
    if settings.database_conn_id is None:
        return settings
    says = _asked(settings.database_conn_id)
    if "what" in says:
        found_none = says["where"] == "database_conn_id"
        raise SettingsError(
            says["what"], where=says["where"], advice=_ADVICE if found_none else says["advice"]
        )
    ui = settings.ui.model_copy(update={"base_url": says["base_url"]})
    return load_settings(variable=says["variable"]).model_copy(
        update={"database_url": SecretStr(says["url"]), "ui": ui}
    )


def environment_to_ask(settings: Settings) -> dict[str, str]:
    """The environment of a process that knows what is kept in Airflow, as a server does: connections, variables."""
    as_server = {"_AIRFLOW_PROCESS_CONTEXT": "server"}
    if is_somebody_else_s(settings):
        return os.environ | as_server
    from xgoals.services.airflow.components import ui_port
    from xgoals.services.airflow.environment import airflow_environment

    return airflow_environment(settings, ui_port=ui_port(settings)) | as_server


def _asked(conn_id: str) -> dict[str, Any]:
    """The answer of the program `xgoals.orchestration.settings`."""
    done = subprocess.run(
        [sys.executable, "-m", "xgoals.orchestration.settings"],
        # A server's view: what is kept in Airflow's database counts as well as what stands in the environment.
        env=os.environ | {"_AIRFLOW_PROCESS_CONTEXT": "server"},
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE_S,
    )
    if done.returncode:
        raise ServiceError(
            f"Airflow cannot be asked for the connection '{conn_id}': {(done.stderr.splitlines() or ['?'])[-1]}",
            where="database_conn_id",
            advice=_ADVICE,
        )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
