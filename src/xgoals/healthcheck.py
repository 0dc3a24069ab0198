"""``python -m xgoals.healthcheck scheduler``: exit 0 if Airflow's health page calls that component healthy.

For containers: it imports nothing, so that asking every few seconds costs next to nothing. The page is at the
address in ``XGOALS_HEALTH_URL``.
"""

import json
import os
import sys
import urllib.request

TIMEOUT_S = 8


def main() -> None:
    """Ask for the component named on the command line; say what is wrong."""
    component = sys.argv[1]
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
