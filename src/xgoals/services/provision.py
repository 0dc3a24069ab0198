"""Setting up on a Postgres of one's own, for containers: everything that has to be there before Airflow starts."""

import os
from collections.abc import Callable

from xgoals.domain.errors import SettingsError
from xgoals.services.airflow.credentials import write_ui_passwords
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.services.postgres.databases import bring_up_to_date
from xgoals.services.postgres.roles import make_roles_and_databases
from xgoals.settings import Settings
from xgoals.store import migrate
from xgoals.store.database import database_url

ADMIN_URL, UI_PASSWORD = "XGOALS_ADMIN_DATABASE_URL", "XGOALS_UI_PASSWORD"


def provision(settings: Settings, say: Callable[[str], None]) -> None:
    """Make roles, databases and schemas, and write the UI's password; may be repeated, and then mends passwords.

    Raises
    ------
    SettingsError
        If an address or the password is not given.
    StoreError
        If the server does not answer.
    """
    given = {
        ADMIN_URL: os.environ.get(ADMIN_URL),
        UI_PASSWORD: os.environ.get(UI_PASSWORD),
        "XGOALS_DATABASE_URL": settings.database_url,
        "XGOALS_AIRFLOW_DATABASE_URL": settings.airflow_database_url,
    }
    if missing := [name for name, value in given.items() if not value]:
        raise SettingsError(f"not set: {', '.join(missing)}", where="environment", advice="See .env.example")
    assert settings.airflow_database_url is not None  # noqa: S101 (or it would be missing)
    addresses = [database_url(settings, "main"), settings.airflow_database_url.get_secret_value()]
    for sentence in make_roles_and_databases(os.environ[ADMIN_URL], addresses):
        say(sentence)
    bring_up_to_date(settings, "main")
    say(f"results: schema {migrate.head()}")
    write_ui_passwords(settings, {settings.ui.user: os.environ[UI_PASSWORD]})
    prepare_metadata(settings)
    say("Airflow's database is migrated")
