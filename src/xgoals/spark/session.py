"""A session: on this machine, on a cluster, or at a Spark Connect server."""

import os
import sys
from typing import TYPE_CHECKING

from xgoals.domain.errors import ServiceError, SettingsError
from xgoals.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def spark_session(settings: Settings, name: str) -> "SparkSession":
    """The session of this process: at ``spark.remote`` where that is set, else of ``spark.master``.

    Parameters
    ----------
    name
        What Spark's own pages call it.

    Raises
    ------
    SettingsError
        If Spark is not installed.
    ServiceError
        If there is no Java, or the cluster does not answer.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise SettingsError(
            "Spark is not installed",
            where="this environment",
            advice="Install it: pip install 'xgoals[spark]'",
        ) from None
    # Executors take their Python from the driver's variable; the option of the same name does nothing in a session.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName(name)
    if settings.spark.remote:
        builder = builder.remote(settings.spark.remote)
    else:
        builder = builder.master(settings.spark.master).config("spark.ui.enabled", "false")
    for key, value in settings.spark.conf.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, RuntimeError) as error:
        raise ServiceError(
            f"Spark does not start ({error})",
            where=settings.spark.remote or settings.spark.master,
            advice="It wants Java 17 (JAVA_HOME, or java in the PATH), and a master that answers",
        ) from None
