"""``python -m xgoals.healthcheck scheduler``: exit 0 if Airflow's health page calls that component healthy.

For containers: it imports nothing, so that asking every few seconds costs next to nothing. The page is at the
address in ``XGOALS_HEALTH_URL``. ``worker`` asks the Celery worker of this machine through its broker (a second name
says which, where there are several); that alone needs Celery.
"""

import json
import os
import socket
import sys
import urllib.request

TIMEOUT_S = 8


def main() -> None:
    """Ask for the component named on the command line; say what is wrong."""
    component, *names = sys.argv[1:]
    if component == "worker":
        _ask_worker(names[0] if names else f"celery@{socket.gethostname()}")
    else:
        _ask_for(component)


def _ask_worker(name: str) -> None:
    from celery import Celery

    broker = os.environ.get("AIRFLOW__CELERY__BROKER_URL")
    if not broker:
        sys.exit("AIRFLOW__CELERY__BROKER_URL is not set")
    try:
        answers = Celery(broker=broker).control.ping(destination=[name], timeout=TIMEOUT_S, limit=1)
    except Exception as error:  # whatever the broker's library raises
        sys.exit(f"the broker does not answer: {error}")
    if not answers:
        sys.exit(f"{name} does not answer")


def _ask_for(component: str) -> None:
    url = os.environ.get("XGOALS_HEALTH_URL", "http://127.0.0.1:8080/api/v2/monitor/health")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy
    try:
        with opener.open(url, timeout=TIMEOUT_S) as answer:
            status = json.load(answer).get(component, {}).get("status")
    except (OSError, ValueError) as error:
        sys.exit(f"{url} does not answer: {error}")
    if status != "healthy":
        sys.exit(f"{component} is {status or 'unknown'}")


if __name__ == "__main__":
    main()
