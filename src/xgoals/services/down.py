"""``xgoals down``: ends what `up` has started and what that has left behind, and nothing else."""

from collections.abc import Callable

from xgoals.domain.errors import ServiceError
from xgoals.services.airflow.components import API_SERVER, services_lock
from xgoals.services.airflow.files import processes_path, watch_path
from xgoals.services.orphans import end_orphans, orphans
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.services.processes import end, remembered
from xgoals.services.run_lock import holder
from xgoals.settings import Settings


def down(settings: Settings, say: Callable[[str], None]) -> None:
    """End Airflow's components, what they have left behind, and the embedded Postgres; nothing else is touched.

    Raises
    ------
    ServiceError
        If an in-process run is under way: it needs Postgres.
    """
    with services_lock(settings):
        if under_way := holder(settings.home):
            raise ServiceError(
                f"not stopped: {under_way} is under way", advice="Wait for it, or end it first"
            )
        processes = remembered(processes_path(settings))
        # Who watches sees by this file that they are meant to end; it goes first, or it would start them again.
        processes_path(settings).unlink(missing_ok=True)
        end(remembered(watch_path(settings)))
        watch_path(settings).unlink(missing_ok=True)
        if any(process.find() for process in processes):
            say("Stopping Airflow")
            # The API server last: the others report to it how their tasks ended.
            end(process for process in processes if process.name != API_SERVER)
            end(processes)
        for orphan in end_orphans(orphans(settings.home)):
            say(f"Ended: {orphan}")
        EmbeddedPostgres(settings.home).stop()
