"""Setting up on a Postgres of one's own, for containers: everything that has to be there before Airflow starts."""

import os
from collections.abc import Callable, Iterator

from xgoals.domain.errors import SettingsError
from xgoals.services.airflow.credentials import known_ui_passwords, write_ui_passwords
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.services.postgres.databases import bring_up_to_date
from xgoals.services.postgres.roles import Login, make_roles_and_databases
from xgoals.settings import Settings
from xgoals.store import migrate
from xgoals.store.database import database_url
from xgoals.store.schema.group_roles import READER_ROLE, WRITER_ROLE

ADMIN_URL, UI_PASSWORD = "XGOALS_ADMIN_DATABASE_URL", "XGOALS_UI_PASSWORD"
MEMBERS = {"XGOALS_WRITER_DATABASE_URL": WRITER_ROLE, "XGOALS_READER_DATABASE_URL": READER_ROLE}
"""Addresses that other containers have in XGOALS_DATABASE_URL, and the group role of each; none need be given."""


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
    for sentence in make_roles_and_databases(os.environ[ADMIN_URL], list(_logins(settings))):
        say(sentence)
    bring_up_to_date(settings, "main")
    say(f"results: schema {migrate.head()}")
    write_ui_passwords(settings, known_ui_passwords(settings) | {settings.ui.user: os.environ[UI_PASSWORD]})
    prepare_metadata(settings)
    say("Airflow's database is migrated")


def _logins(settings: Settings) -> Iterator[Login]:
    """The owner of the results, Airflow, and those that are members of a group role."""
    check = settings.backup_check_url
    # Without a role of its own for it, the owner proves backups.
    yield Login(database_url(settings, "main"), may_create_databases=check is None)
    assert settings.airflow_database_url is not None  # noqa: S101 (provision has looked)
    yield Login(settings.airflow_database_url.get_secret_value())
    for name, group in MEMBERS.items():
        if address := os.environ.get(name):
            yield Login(address, member_of=group)
    if check is not None:
        yield Login(check.get_secret_value(), member_of=READER_ROLE, may_create_databases=True)
