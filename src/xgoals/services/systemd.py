"""The unit with which systemd starts xgoals with the machine, and starts it again whatever ends it."""

import getpass
import sys
from pathlib import Path

from xgoals.domain.errors import SettingsError
from xgoals.settings import Settings, config_path

UNIT_NAME = "xgoals.service"

_UNIT = """\
# Written by 'xgoals systemd'; write it anew after moving the environment, XGOALS_HOME or the settings.
[Unit]
Description=xgoals: expected goals, explained (Airflow and Postgres, watched)
After=network-online.target
Wants=network-online.target

[Service]
Type=exec
{account}WorkingDirectory={folder}
Environment={home}
Environment={config}
# Passwords and addresses of one's own servers belong here, a line each: XGOALS_DATABASE_URL=...
EnvironmentFile=-{secrets}
ExecStart={command}
Restart=on-failure
RestartSec=10
# The watch stops everything in order when it is asked to end; what is left then, is ended.
KillMode=mixed
TimeoutStopSec=180
UMask=0077

[Install]
WantedBy={target}
"""


def unit_file(settings: Settings, *, user: bool) -> str:
    """The text of the unit.

    Parameters
    ----------
    user
        For the user's own systemd (``systemctl --user``) in place of the system's.

    Raises
    ------
    SettingsError
        If a path cannot stand in a unit.
    """
    config = config_path().absolute()
    command = " ".join(
        _quoted(part).replace("$", "$$") for part in (sys.executable, "-m", "xgoals.cli", "up", "--watch")
    )
    return _UNIT.format(
        account="" if user else f"User={getpass.getuser()}\n",
        folder=_escaped(str(settings.home.parent)),
        home=_quoted(f"XGOALS_HOME={settings.home}"),
        config=_quoted(f"XGOALS_CONFIG={config}"),
        secrets=_escaped(str(settings.home / "environment")),
        command=command,
        target="default.target" if user else "multi-user.target",
    )


def how_to_use(path: Path, *, user: bool) -> str:
    """What to type once the unit lies where systemd looks."""
    if user:
        return (
            f"systemctl --user daemon-reload && systemctl --user enable --now {path.name}\n"
            "loginctl enable-linger    # so that it starts with the machine, and not with the login"
        )
    return f"systemctl daemon-reload && systemctl enable --now {path.name}"


def _quoted(text: str) -> str:
    """One word of a unit, whatever it holds."""
    escaped = _escaped(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _escaped(text: str) -> str:
    if not text.isprintable():
        raise SettingsError(
            "a path with control characters cannot stand in a unit of systemd", where=repr(text)
        )
    return text.replace("%", "%%")
