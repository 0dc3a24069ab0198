"""Which settings and variables of this process are secret."""

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from xgoals.domain.secrets import keep_secret

if TYPE_CHECKING:
    from xgoals.settings import Settings

_SECRET: Final = re.compile(
    r"(PASSWORD|PASSWD|SECRET|TOKEN|FERNET_KEY|API_KEY|ACCESS_KEY|PRIVATE_KEY|WEBHOOK)|(_URL|_CONN|_BACKEND)$|"
    r"^AIRFLOW_CONN_"
)
_PLACE: Final = re.compile(r"(_FILE|_PATH|_DIR|_CMD|_ARN|_TOKENS)$")


def keep_what_is_secret(
    settings: "Settings | None" = None, environment: Mapping[str, str] = os.environ
) -> None:
    """Nothing of ours says from now on what these hold: passwords, keys and tokens."""
    for name, value in environment.items():
        if _SECRET.search(name.upper()) and not _PLACE.search(name.upper()):
            keep_secret(value)
    if settings is not None:
        given = (
            settings.database_url,
            settings.airflow_database_url,
            settings.backup_check_url,
            settings.metrics.token,
        )
        keep_secret(*(value.get_secret_value() for value in given if value is not None))
