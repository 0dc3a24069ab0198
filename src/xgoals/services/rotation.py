"""New secrets for everything that has one: logins signed before are worth nothing afterwards."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

from xgoals.domain.errors import ServiceError
from xgoals.services import up as services
from xgoals.services.airflow.environment import (
    airflow_environment,
    keys_path,
    log_folder,
    make_keys,
    password_path,
    ui_password,
)
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.services.postgres.cluster_files import write_secret
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.services.run_lock import run_lock
from xgoals.settings import Settings


def rotate_secrets(settings: Settings, say: Callable[[str], None]) -> None:
    """Replace Airflow's keys, the UI's password and the embedded database's password.

    What Airflow stores encrypted (connections, variables) is encrypted anew with the new key; the old key is
    forgotten only when that has succeeded.

    Raises
    ------
    ServiceError
        If the services are up: they would go on with the old secrets. Or if Airflow cannot encrypt anew; then the
        key of before stays.
    """
    if services.status(settings).running:
        raise ServiceError(
            "Airflow is up, with the secrets of before", advice="xgoals down, then again, then xgoals up"
        )
    with run_lock(settings.home, "xgoals rotate-secrets", lambda who: say(f"Waiting for {who}")):
        prepare_metadata(settings)
        if settings.airflow_database_url is None:
            EmbeddedPostgres(settings.home).change_password()
            say("The embedded database has a new password")
        _encrypt_anew(settings)
        say("Airflow has new keys; what it stores is encrypted with the new one; all logins have ended")
        password_path(settings).unlink(missing_ok=True)
        ui_password(settings)
        say(f"The UI has a new password: {password_path(settings)}")


def _encrypt_anew(settings: Settings) -> None:
    old = json.loads(keys_path(settings).read_text())
    new = make_keys()
    environment = airflow_environment(settings, ui_port=services.ui_port(settings))
    log = log_folder(settings) / "rotation.log"
    done = subprocess.run(
        [sys.executable, "-m", "airflow", "rotate-fernet-key"],
        # Airflow decrypts with either and encrypts with the first.
        env=environment | {"AIRFLOW__CORE__FERNET_KEY": f"{new['fernet_key']},{old['fernet_key']}"},
        cwd=os.sep,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    log.write_text(done.stdout)
    if done.returncode:
        raise ServiceError("Airflow could not encrypt anew; its keys are those of before", where=str(log))
    write_secret(keys_path(settings), json.dumps(new))
