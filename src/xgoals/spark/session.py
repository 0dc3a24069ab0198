"""A session: on this machine, on a cluster, or at a Spark Connect server."""

import getpass
import os
import re
import socket
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xgoals.domain.errors import ServiceError, SettingsError
from xgoals.settings import Settings
from xgoals.spark.java import check_java

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ANSWERS_WITHIN_S = 5.0
"""A master or a Connect server takes a connection at once, or it is not there."""
EXECUTOR_WITHIN_S = 120.0
"""A worker with free cores and memory starts an executor in some seconds; on a busy machine in half a minute."""
LOOK_EVERY_S = 0.2
CONNECT_PORT = 15002
TRIES = 4
"""Of a task: a killed worker costs its tasks only, not the job. Spark itself tries once on a single machine."""
_LOCAL = re.compile(r"^local\[([\d*]+)\]$")

_RAISED = re.compile(r"^(?:Caused by: |: )?([\w.$]+(?:Error|Exception|Interrupt): .+)", re.MULTILINE)
"""The line of a traceback, Python's or Java's, that says what was raised."""

_CONF = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "1g",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.execution.arrow.pyspark.fallback.enabled": "false",
    "spark.task.maxFailures": str(TRIES),
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}
"""Of every session, unless ``spark.conf`` says otherwise."""
_SQL_CONF = tuple(key for key in _CONF if key.startswith("spark.sql."))


def spark_session(settings: Settings, name: str) -> "SparkSession":
    """A session at ``spark.remote`` where that is set, else of ``spark.master``; usable in a ``with``.

    What Spark's own processes say goes to ``XGOALS_HOME/logs/spark.log``. What goes wrong in its jobs comes in Spark's
    own words: see `spark_told`.

    Parameters
    ----------
    name
        What Spark's own pages call it.

    Raises
    ------
    SettingsError
        If Spark is not installed.
    ServiceError
        If there is no Java, or the cluster does not answer or has nothing free.
    """
    where = _where(settings)
    _check_installed()
    if settings.spark.remote is None:
        check_java()
    _check_that_somebody_answers(where)
    quiet_about_pandas()
    # Executors take their Python from the driver's variable; the option of the same name does nothing in a session.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with spark_told(settings):
        with _start_told(settings), _noise_in(_log(settings)):
            session = _builder(settings, name).getOrCreate()
        if where.startswith("spark://"):
            _wait_for_executor(session, where)
        return session


@contextmanager
def spark_told(settings: Settings) -> Iterator[None]:
    """Errors of Spark's jobs, which come with pages of Java, as one sentence.

    Raises
    ------
    ServiceError
        In place of them.
    """
    _check_installed()
    try:
        yield
    except _errors_of_spark() as error:
        what, advice = _in_words(error)
        raise ServiceError(
            what, where=_where(settings), advice=f"{advice} (Spark's own log: {_log(settings)})"
        ) from error


@contextmanager
def _start_told(settings: Settings) -> Iterator[None]:
    """A session that does not begin, as where something else than Spark listens: it has been tried for a minute."""
    try:
        yield
    except _errors_of_spark() as error:
        what, _ = _in_words(error)
        raise ServiceError(
            f"no session begins there: {what}",
            where=_where(settings),
            advice=f"Look whether a Spark 4.3 listens there, and what it says (here: {_log(settings)})",
        ) from error


def _errors_of_spark() -> tuple[type[BaseException], ...]:
    """The bridge to Java has errors of its own; a thin client of Spark Connect has no bridge."""
    from pyspark.errors import PySparkException

    if find_spec("py4j") is None:
        return PySparkException, ConnectionError
    return (
        PySparkException,
        ConnectionError,
        import_module("py4j.protocol").Py4JError,
    )  # comes with pyspark alone


def quiet_about_pandas() -> None:
    """PySpark warns at every frame that it has not been made for pandas 3; what we use of it is tested with it."""
    warnings.filterwarnings(
        "ignore", message="PySpark does not yet fully support pandas", category=FutureWarning
    )


def _log(settings: Settings) -> Path:
    return settings.home / "logs" / "spark.log"


def _check_installed() -> None:
    try:
        import pyspark.sql  # noqa: F401
    except ImportError:
        raise SettingsError(
            "Spark is not installed",
            where="this environment",
            advice="Install it: pip install 'xgoals[spark]' (a checkout: make spark-env)",
        ) from None


def _is_submitted() -> bool:
    """Whether ``spark-submit`` has begun this process, and been told where and how."""
    return "PYSPARK_GATEWAY_PORT" in os.environ


def _where(settings: Settings) -> str:
    return "spark-submit" if _is_submitted() else settings.spark.remote or settings.spark.master


def _builder(settings: Settings, name: str) -> Any:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName(name)
    if _is_submitted():
        for key in _SQL_CONF:
            builder = builder.config(key, _CONF[key])
        return builder
    if settings.spark.remote:
        builder = builder.remote(settings.spark.remote)
    else:
        builder = builder.master(_LOCAL.sub(rf"local[\1,{TRIES}]", settings.spark.master))
        if _is_loopback(settings.spark.master):
            builder = builder.config("spark.driver.host", "127.0.0.1").config(
                "spark.driver.bindAddress", "127.0.0.1"
            )
        builder = builder.config("spark.executorEnv.NUMBA_CACHE_DIR", _numba_cache())
        for key, value in _CONF.items():
            builder = builder.config(key, value)
    for key, value in settings.spark.conf.items():
        builder = builder.config(key, value)
    return builder


def _numba_cache() -> str:
    """For executors: a folder that can be written on any node, also where the user has no home."""
    return str(Path(tempfile.gettempdir()) / f"xgoals-numba-{getpass.getuser()}")


def _is_loopback(master: str) -> bool:
    return master.startswith(("local", "spark://127.", "spark://localhost"))


def _check_that_somebody_answers(where: str) -> None:
    """Ask at the door: Spark itself would try for minutes, and tell it in pages.

    Raises
    ------
    ServiceError
        If nobody takes a connection at any of the addresses.
    """
    scheme, _, rest = where.partition("://")
    if scheme not in ("spark", "sc") or not rest:
        return
    for address in rest.split(";")[0].split("/")[0].split(","):
        host, _, port = address.rpartition(":")
        if not host:
            host, port = address, str(CONNECT_PORT)
        try:
            with closing(socket.create_connection((host, int(port)), ANSWERS_WITHIN_S)):
                return
        except (OSError, ValueError) as error:
            reason = str(error)
    who = "master" if scheme == "spark" else "Spark Connect server"
    raise ServiceError(
        f"the {who} does not answer ({reason})",
        where=where,
        advice=f"Start it, or mend spark.{'master' if scheme == 'spark' else 'remote'} in the settings",
    )


def _wait_for_executor(session: "SparkSession", where: str) -> None:
    """A master without free workers takes every job and never begins it.

    Raises
    ------
    ServiceError
        If no worker has started an executor in time.
    """
    context = session.sparkContext
    if context.getConf().get("spark.dynamicAllocation.enabled") == "true":
        return
    until = time.monotonic() + EXECUTOR_WITHIN_S
    while context._jsc.sc().getExecutorMemoryStatus().size() < 2:  # the driver counts as one
        if time.monotonic() > until:
            session.stop()
            raise ServiceError(
                f"no worker of the cluster has begun within {EXECUTOR_WITHIN_S:.0f} s",
                where=where,
                advice="Look at the master's page whether workers are alive, and have cores and memory free for "
                "spark.executor.memory",
            )
        time.sleep(LOOK_EVERY_S)


@contextmanager
def _noise_in(log: Path) -> Iterator[None]:
    """Let what is started here write its errors into a file: Java inherits them from us."""
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stderr.flush()
    kept = os.dup(2)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    try:
        os.dup2(file, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(file)
        os.close(kept)


def _in_words(error: BaseException) -> tuple[str, str]:
    """What an error of Spark's means, and what to do."""
    text = str(error)
    if "No module named 'xgoals" in text or ("xgoals.spark" in text and "AttributeError" in text):
        return (
            "the executors' Python has no xgoals, or another version of it",
            "Install the same version of xgoals on every node, and set PYSPARK_PYTHON to that Python",
        )
    if "No module named" in text or "Cannot run program" in text:
        lines = [line for line in text.splitlines() if "No module named" in line or "Cannot run" in line]
        return (
            f"the executors' Python does not do ({lines[0].strip()[:200]})",
            "Install xgoals on every node, and set PYSPARK_PYTHON to that Python",
        )
    if "ImportError" in type(error).__name__:
        return "Spark Connect needs packages that are not installed", "pip install 'pyspark[connect]'"
    raised = _RAISED.findall(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = raised[-1] if raised else lines[0] if lines else type(error).__name__
    told = told.removeprefix("xgoals.domain.errors.")
    return f"Spark has failed ({told[:300]})", "Run again: what is done is not done a second time"
