"""Send waiting mails from a terminal, in a process that knows Airflow's connections as the services do.

The program ``python -m xgoals.services.resend`` reads a request (one JSON line) from standard input and writes
how many mails ended in which state.
"""

import json
import logging
import subprocess
import sys
from datetime import timedelta
from typing import Any, cast

from xgoals.domain.errors import ServiceError
from xgoals.services.airflow.asking import environment_to_ask
from xgoals.services.airflow.files import is_somebody_else_s
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.services.postgres.databases import start_database
from xgoals.settings import Database, Settings

_PATIENCE_S = 600.0
"""A person waits, and can interrupt."""


def resend(settings: Settings, database: Database, *, all_unsent: bool = False) -> dict[str, int]:
    """Try every waiting mail now.

    Parameters
    ----------
    all_unsent
        Those that were given up or laid into the outbox, too.

    Returns
    -------
    dict
        State -> how many mails ended in it.

    Raises
    ------
    ServiceError
        If Airflow cannot be asked for its connection.
    """
    start_database(settings, database)
    if not is_somebody_else_s(settings):
        prepare_metadata(settings)
    done = subprocess.run(
        [sys.executable, "-m", "xgoals.services.resend"],
        env=environment_to_ask(settings),
        input=json.dumps({"database": database, "all_unsent": all_unsent}),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ServiceError("the mails could not be sent; what it said stands above")
    return cast("dict[str, int]", json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Do what the request on standard input says."""
    request: dict[str, Any] = json.loads(sys.stdin.readline())
    stdout, sys.stdout = sys.stdout, sys.stderr  # what Airflow prints is not the answer
    from xgoals.mail.delivery.deliver import deliver_waiting
    from xgoals.orchestration.mail_server import configured_server
    from xgoals.orchestration.settings import task_settings
    from xgoals.store.notifications import WAITING

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    ours = logging.getLogger("xgoals")
    ours.handlers, ours.propagate = [handler], False
    ours.setLevel(logging.INFO)
    settings = task_settings()
    ended = deliver_waiting(
        settings,
        request["database"],
        configured_server(settings),
        retry_after=timedelta(0),
        states=(*WAITING, "outbox", "given_up") if request["all_unsent"] else WAITING,
        patience_s=_PATIENCE_S,
    )
    print(json.dumps(ended), file=stdout)


if __name__ == "__main__":
    main()
