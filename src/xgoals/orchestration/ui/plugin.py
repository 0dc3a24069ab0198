"""The Airflow plugin; Airflow finds it through the entry point ``airflow.plugins`` of this package.

Every component of Airflow loads it, so that importing it must cost nothing: the web application is made when the
API server asks for it.
"""

import logging
from functools import cached_property
from typing import Any

from airflow.plugins_manager import AirflowPlugin

from xgoals.orchestration.ui.links import URL_PREFIX, ReportLink, public_prefix

log = logging.getLogger(__name__)
_PREFIX = public_prefix()
_ICONS = {"icon": f"{_PREFIX}/icon/dark.svg", "icon_dark_mode": f"{_PREFIX}/icon/light.svg"}


class XgoalsPlugin(AirflowPlugin):  # type: ignore[misc]
    """Reports and explorer in the navigation, a tab on every run, a button on the report task, and what they show."""

    name = "xgoals"
    external_views = [  # noqa: RUF012  (Airflow's own interface)
        {
            "name": "Reports",
            "href": f"{_PREFIX}/",
            "url_route": "xgoals-reports",
            "destination": "nav",
            "nav_top_level": True,
            **_ICONS,
        },
        {
            "name": "Explorer",
            "href": f"{_PREFIX}/explore",
            "url_route": "xgoals-explorer",
            "destination": "nav",
            "nav_top_level": True,
            **_ICONS,
        },
        {
            "name": "Report",
            "href": f"{_PREFIX}/runs/{{DAG_ID}}/{{RUN_ID}}",
            "url_route": "xgoals-report",
            "destination": "dag_run",
            **_ICONS,
        },
    ]
    operator_extra_links = [ReportLink()]  # noqa: RUF012

    @cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:
        """The application behind ``/xgoals``."""
        from xgoals.domain.errors import XgoalsError
        from xgoals.orchestration.ui.app import create_app, excuse

        try:
            app = create_app()
        except XgoalsError as problem:  # the Airflow around it may have other things to do
            log.error("xgoals has no pages here: %s", problem)
            app = excuse(problem)
        return [{"app": app, "url_prefix": URL_PREFIX, "name": "xgoals"}]
