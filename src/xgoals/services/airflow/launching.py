"""A component of Airflow as a process: started with a log of its own, and a mark by which what it leaves is found."""

import sys

from xgoals.services.airflow.components import COMPONENTS, DATABASE_ROLES, component_log, ui_port
from xgoals.services.airflow.environment import airflow_environment
from xgoals.services.log_files import roll
from xgoals.services.orphans import marked
from xgoals.services.processes import RememberedProcess, launch
from xgoals.settings import Settings


def launch_component(settings: Settings, name: str) -> RememberedProcess:
    """Start one of the components; it outlives this process."""
    log = component_log(settings, name)
    roll(log)
    environment = airflow_environment(settings, ui_port=ui_port(settings))
    environment |= {"XGOALS_DATABASE_ROLE": DATABASE_ROLES[name]} | marked(settings.home, name)
    command = [sys.executable, "-m", "airflow", *COMPONENTS[name]]
    return launch(name, command, environment=environment, log=log)
