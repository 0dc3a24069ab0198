"""A service of this machine that died and was started again."""

import socket
from dataclasses import dataclass
from datetime import datetime

from xgoals.domain.trouble import Trouble
from xgoals.language import Language
from xgoals.mail.content.news import Link, News
from xgoals.settings import Settings

SERVICES = "xgoals_services"
"""In place of a DAG, for what no run has to tell."""

SHOWN_LINES = 10


@dataclass(frozen=True, slots=True)
class ServiceDeath:
    """Which service was found dead, when, the last lines of its log, and how often in a row it was."""

    service: str
    pid: int | None
    found_at: datetime
    last_words: tuple[str, ...] = ()
    n_times: int = 1


def service_news(death: ServiceDeath, settings: Settings, words: Language) -> News:
    """That a service died, what it said last, and what to look at."""
    what = words.text("%(service)s had died and was started again.", service=death.service)
    trouble = Trouble(
        matter="service",
        what=what,
        where=f"{socket.gethostname()}, {settings.home}",
        advice=words.text(
            "Nothing has to be done if it happens once. If it happens again: 'xgoals status', the log below"
            " XGOALS_HOME/logs, and the system's journal (journalctl -k) for 'out of memory'."
        ),
    )
    return News(
        dag_id=SERVICES,
        run_id=f"{death.service} {death.found_at:%Y-%m-%dT%H:%M:%S}",
        kind="warning",
        matter=trouble.matter,
        subject=f"xgoals {words.text('warning')}: {what}",
        title=words.text("Something wants your attention"),
        lead=what,
        moment=death.found_at,
        links=(Link("Airflow", settings.ui.address),),
        content={
            "trouble": trouble,
            "items": tuple(("", line) for line in death.last_words[-SHOWN_LINES:]),
            "more": 0,
            "facts": [
                (words.text("seen"), words.moment(death.found_at)),
                (words.text("process"), str(death.pid or "")),
                (words.text("times in a row"), str(death.n_times)),
            ],
        },
    )
