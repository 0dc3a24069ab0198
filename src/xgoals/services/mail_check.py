"""Whether the mail server answers: connection, encryption, login and EHLO; no mail is sent.

The program ``python -m xgoals.services.mail_check`` asks in a process that knows Airflow's connections as the services
do, and writes one JSON line.
"""

import json
import subprocess
import sys

from xgoals.domain.errors import ServiceError
from xgoals.services.airflow.asking import environment_to_ask
from xgoals.settings import Settings

_PATIENCE_S = 120.0


def check_mail(settings: Settings) -> tuple[bool | None, str]:
    """Whether the server that the settings name takes a conversation, and what is to be said about it.

    Returns
    -------
    tuple
        True, False, or None where no server is configured; and a sentence.

    Raises
    ------
    ServiceError
        If Airflow cannot be asked for its connection.
    """
    done = subprocess.run(
        [sys.executable, "-m", "xgoals.services.mail_check"],
        env=environment_to_ask(settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE_S,
    )
    if done.returncode:
        raise ServiceError(
            f"Airflow does not say which mail server: {(done.stderr.splitlines() or ['?'])[-1]}"
        )
    answers, says = json.loads(done.stdout.splitlines()[-1])
    return answers, says


def main() -> None:
    """Ask, and print the answer as JSON."""
    stdout, sys.stdout = sys.stdout, sys.stderr  # what Airflow prints is not the answer
    from xgoals.mail.delivery.smtp import Outcome
    from xgoals.orchestration.mail_server import configured_server
    from xgoals.orchestration.settings import task_settings

    settings = task_settings()
    with configured_server(settings) as server:
        attempt = server.greet(settings.email.patience_s)
        says = attempt.detail or server.advice()
    if attempt.outcome is not Outcome.ACCEPTED and attempt.outcome is not Outcome.NO_SERVER:
        says = f"{says}. {server.advice()}"
    answers = None if attempt.outcome is Outcome.NO_SERVER else attempt.outcome is Outcome.ACCEPTED
    print(json.dumps([answers, says]), file=stdout)


if __name__ == "__main__":
    main()
