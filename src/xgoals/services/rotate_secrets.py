"""New secrets for everything that has one: logins signed before are worth nothing afterwards."""

import json
import os
from collections.abc import Callable

from xgoals.domain.errors import ServiceError
from xgoals.metrics.token import token_path
from xgoals.services.airflow.command import run_airflow
from xgoals.services.airflow.components import ui_port
from xgoals.services.airflow.credentials import airflow_keys, make_keys, ui_password
from xgoals.services.airflow.environment import airflow_environment, variable
from xgoals.services.airflow.files import keys_path, password_path
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.services.airflow.monitoring import new_token
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.services.run_lock import run_lock
from xgoals.services.secret_files import write_secret
from xgoals.services.status import status
from xgoals.settings import Settings
from xgoals.store.embedded_address import password_file

_KEYS = (variable("core", "fernet_key"), variable("api", "secret_key"), variable("api_auth", "jwt_secret"))


def rotate_secrets(settings: Settings, say: Callable[[str], None]) -> None:
    """Replace Airflow's keys, the UI's password and the embedded database's password.

    What Airflow stores encrypted (connections, variables) is encrypted anew with the new key; the old key is
    forgotten only when that has succeeded. Killed at any point, everything opens as before or with what is new: run
    it again.

    Raises
    ------
    ServiceError
        If the services are up: they would go on with the old secrets. If keys are given by variables: nothing here
        can change those. Or if Airflow cannot encrypt anew; then both keys stay valid.
    """
    if given := [name for name in _KEYS if os.environ.get(name)]:
        raise ServiceError(
            f"{', '.join(given)} is set: these keys are not this home's to change",
            advice="Change them where they are set (docs/operations.md, 'New secrets'), or unset the variable",
        )
    if status(settings).running:
        raise ServiceError(
            "Airflow is up, with the secrets of before", advice="xgoals down, then again, then xgoals up"
        )
    with run_lock(
        settings.home,
        "xgoals rotate-secrets",
        lambda who: say(f"Waiting for {who}"),
        patience=settings.limits.wait,
    ):
        prepare_metadata(settings)
        server = EmbeddedPostgres(settings.home)
        if server.has_cluster():  # results, the demo's or Airflow's records: whatever lives there
            server.ensure_started()
            server.change_password()
            if password_file(settings.home, "reader").is_file():
                server.make_members(anew=True)
            say("The embedded database has a new password")
        _encrypt_anew(settings)
        say("Airflow has new keys; what it stores is encrypted with the new one; all logins have ended")
        password_path(settings).unlink(missing_ok=True)
        ui_password(settings)
        say(f"The UI has a new password: {password_path(settings)}")
        if token_path(settings).is_file():
            new_token(settings)
            say(f"Metrics have a new token: {token_path(settings)}")


def _encrypt_anew(settings: Settings) -> None:
    old, new = airflow_keys(settings), make_keys()
    # Airflow decrypts with each of them and encrypts with the first. Both are kept before anything is encrypted anew.
    both = new | {"fernet_key": f"{new['fernet_key']},{old['fernet_key']}"}
    write_secret(keys_path(settings), json.dumps(both))
    done = run_airflow(
        settings,
        "rotate-fernet-key",
        environment=airflow_environment(settings, ui_port=ui_port(settings)),
        log="rotation.log",
    )
    if not done.succeeded:
        raise ServiceError(
            "Airflow could not encrypt anew; the keys of before stay valid beside the new ones",
            where=str(done.log),
            advice="See why, then run it again",
        )
    write_secret(keys_path(settings), json.dumps(new))
