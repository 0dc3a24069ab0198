"""An installation on several machines, as processes: what docker-compose.yml and docker-compose.workers.yml start.

Each worker is a machine of its own: another loopback address, another ``XGOALS_HOME``, another disk for its logs. What
is shared is what the files share: Postgres, redis, the keys, and the storage.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from compose_files import ROOT, Service, environment_of, filled_in, load
from xgoals.services.airflow.api_client import AirflowApi
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.services.processes import RememberedProcess, end, launch, tail, with_descendants

COMPONENTS = ("api-server", "scheduler", "dag-processor", "triggerer")
WORKERS = ("w1", "w2")
ADDRESS = {"w1": "127.0.0.11", "w2": "127.0.0.12"}
ADMINISTRATOR = "Adm1n"
PATIENCE_S = 900
SAME_PROCESSOR = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
"""Another kernel of linear algebra rounds another last digit."""
# What a machine is called says a variable: all of them are this one.
MACHINE_NAMES = "import os\n\n\ndef of_this():\n    return os.environ['MACHINE']\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(what: str, is_so: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """The first answer that is true; nothing is waited for longer than needed."""
    deadline = time.monotonic() + patience_s
    while not (answer := is_so()):
        assert time.monotonic() < deadline, f"waited {patience_s} s in vain for {what}"
        time.sleep(0.5)
    return answer


@dataclass
class Cluster:
    """The processes, by the names of the compose files; workers are ``w1`` and ``w2``.

    Attributes
    ----------
    given
        Variables as they would stand in .env.
    extra
        Variables that all processes get beside those of the files: settings of this installation.
    """

    folder: Path
    postgres: EmbeddedPostgres
    given: Mapping[str, str]
    extra: Mapping[str, str]
    running: dict[str, RememberedProcess] = field(default_factory=dict)

    @cached_property
    def services(self) -> dict[str, Service]:
        loaded: dict[str, Service] = load("docker-compose.yml", "docker-compose.workers.yml")["services"]
        return loaded

    @cached_property
    def ports(self) -> dict[str, int]:
        return {name: free_port() for name in ("api", "redis", "logs")}

    @cached_property
    def variables(self) -> dict[str, str]:
        key = urlsafe_b64encode(bytes(32)).decode()
        return filled_in(POSTGRES_PASSWORD=ADMINISTRATOR, FERNET_KEY=key) | dict(self.given)

    @cached_property
    def api(self) -> AirflowApi:
        return AirflowApi(f"http://127.0.0.1:{self.ports['api']}", "admin", self.variables["UI_PASSWORD"])

    @property
    def results_url(self) -> str:
        """The results database, for an administrator."""
        url = make_url(self.postgres.url("xgoals"))
        return url.set(username="postgres", password=ADMINISTRATOR).render_as_string(hide_password=False)

    def start(self) -> None:
        """Set up the databases as ``init`` does, and start everything."""
        self._make_administrator()
        (self.folder / "names").mkdir(parents=True, exist_ok=True)
        (self.folder / "names" / "machine_names.py").write_text(MACHINE_NAMES)
        init = self.services["init"]
        done = subprocess.run(
            init["command"], env=self.environment("init"), cwd=self.folder, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        self._start_redis()
        for name in COMPONENTS:
            self._launch(name, self.services[name]["command"], self.environment(name))
            if name == "api-server":
                wait_until("the API server", lambda: self._alive() and self.api.health())
        for worker in WORKERS:
            self.start_worker(worker)
        wait_until("all components", lambda: self._alive() and set(self.api.health().values()) == {"healthy"})
        wait_until("the DAG", self.api.dag)

    def start_worker(self, worker: str) -> None:
        """Start a worker, and the server of the logs on its disk, which the engine would let listen everywhere."""
        environment = self.environment(worker)
        command = [*self.services["worker"]["command"], "--celery-hostname", worker, "--skip-serve-logs"]
        self._launch(worker, command, environment)
        logs = [sys.executable, "-m", "uvicorn", "airflow.utils.serve_logs.log_server:get_app", "--factory"]
        listens = ["--host", ADDRESS[worker], "--port", str(self.ports["logs"])]
        self._launch(f"logs of {worker}", [*logs, *listens], environment)
        wait_until(f"worker {worker}", lambda: self._alive() and self.is_well(worker))

    def is_well(self, worker: str) -> bool:
        """What the file's healthcheck says."""
        check = [*self.services["worker"]["healthcheck"]["test"][1:], f"celery@{worker}"]
        return subprocess.run(check, env=self.environment(worker), capture_output=True).returncode == 0

    def kill_worker(self, worker: str) -> None:
        """The machine is gone, with all that ran on it."""
        for name in (worker, f"logs of {worker}"):
            for process in with_descendants(self.running.pop(name)):
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGKILL)

    def stop(self) -> None:
        """End what runs, in the opposite order."""
        self.api.__exit__()
        end(reversed(list(self.running.values())))

    def environment(self, name: str) -> dict[str, str]:
        """What a container would have in its environment; a worker has a home of its own."""
        home = self.folder / ("home0" if name not in WORKERS else f"home-{name}")
        service = self.services["worker" if name in WORKERS else name]
        places = {
            "@postgres:5432": f"@127.0.0.1:{make_url(self.postgres.url('postgres')).port}",
            "@redis:6379": f"@127.0.0.1:{self.ports['redis']}",
            "http://api-server:8080": f"http://127.0.0.1:{self.ports['api']}",
            "http://127.0.0.1:8080": f"http://127.0.0.1:{self.ports['api']}",
            "/opt/xgoals/home": str(home),
            "/opt/xgoals/airflow": str(self.folder / f"airflow-{name}"),
            "/opt/xgoals/app": str(ROOT),
            "0.0.0.0": "127.0.0.1",
        }
        own = environment_of(service, self.variables, places=places, home=self.folder)
        return own | {
            "AIRFLOW__API__PORT": str(self.ports["api"]),
            "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(self.ports["logs"]),
            "AIRFLOW__CORE__HOSTNAME_CALLABLE": "machine_names.of_this",
            "AIRFLOW__CELERY__WORKER_CONCURRENCY": "1",
            "MACHINE": ADDRESS.get(name, "127.0.0.1"),
            "XGOALS_CONFIG": os.devnull,
            "PYTHONPATH": f"{self.folder / 'names'}:{ROOT / 'src'}",
            "NO_PROXY": "127.0.0.1,127.0.0.11,127.0.0.12",
            "OMP_NUM_THREADS": "1",
            **SAME_PROCESSOR,
            **self.extra,
        }

    def run(self, conf: Mapping[str, Any], meanwhile: Callable[[str], None] = lambda _: None) -> str:
        """One run of the pipeline to its end, which is to be a good one; its id."""
        run_id = self.api.trigger(dict(conf))
        meanwhile(run_id)
        ended = ("success", "failed")
        state = wait_until("the run", lambda: self._alive() and self._state(run_id, ended))
        assert state == "success", self.told_of(run_id)
        return run_id

    def told_of(self, run_id: str) -> str:
        """What the tasks of a run say at the end of their logs."""
        parts = []
        for task in self.api.tasks(run_id):
            where = (task["task_id"], task["try_number"], task["map_index"])
            parts.append(
                f"{where} {task['state']} on {task['hostname']}: {self.api.last_error(run_id, *where)}"
            )
        return "\n".join(parts)

    def worker_of(self, run_id: str, task_id: str) -> str:
        """A worker that is at work on a task."""
        at_work = [t for t in self.api.tasks(run_id) if (t["task_id"], t["state"]) == (task_id, "running")]
        return next(worker for worker in WORKERS if ADDRESS[worker] == at_work[0]["hostname"])

    def _state(self, run_id: str, of: tuple[str, ...]) -> str | None:
        state = str(self.api.run(run_id)["state"])
        return state if state in of else None

    def _alive(self) -> bool:
        for name, process in self.running.items():
            assert process.find(), f"{name} has ended: {tail(self._log(name), 30)}"
        return True

    def _launch(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        self.running[name] = launch(name, command, environment=environment, log=self._log(name))

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _start_redis(self) -> None:
        command = [part.replace("${REDIS_PASSWORD:?see .env.example}", self.variables["REDIS_PASSWORD"])
                   for part in self.services["redis"]["command"]]  # fmt: skip
        listens = ["--bind", "127.0.0.1", "--port", str(self.ports["redis"]), "--dir", str(self.folder)]
        self._launch("redis", [*command, *listens], dict(os.environ))

    def _make_administrator(self) -> None:
        """The administrator of the image is called postgres; everything else makes ``init``."""
        engine = create_engine(self.postgres.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"create role postgres superuser login password '{ADMINISTRATOR}'")
        engine.dispose()


@contextmanager
def held(url: str, table: str) -> Iterator[Callable[[str], int]]:
    """Let nobody write to a table, so that who would is in the middle of it; how many of a step wait in vain."""
    engine = create_engine(url)

    def waiting(step: str) -> int:
        query = text(
            """select count(distinct pid) from pg_stat_activity
               where wait_event_type = 'Lock' and application_name = :step and wait_event = 'relation'"""
        )
        with engine.connect() as connection:
            return int(connection.scalar(query, {"step": f"xgoals {step}"}) or 0)

    with engine.connect() as holder:
        holder.execute(text(f"lock table xgoals.{table} in exclusive mode"))
        try:
            yield waiting
        finally:
            holder.rollback()
    engine.dispose()
