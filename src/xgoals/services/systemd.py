"""The unit with which systemd starts xgoals with the machine, and starts it again whatever ends it."""

import getpass
import os
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
{config}# Passwords and addresses of one's own servers belong here, a line each: XGOALS_DATABASE_URL=...
EnvironmentFile=-{secrets}
ExecStart={command}
Restart=on-failure
RestartSec=10
# The watch stops everything in order when it is asked to end; what is left then, is ended.
KillMode=mixed
TimeoutStopSec=180

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
    is_named = "XGOALS_CONFIG" in os.environ or config.exists()  # a file that is named has to be there
    command = " ".join(
        _quoted(part).replace("$", "$$") for part in (sys.executable, "-m", "xgoals.cli", "up", "--watch")
    )
    return _UNIT.format(
        account="" if user else f"User={_owner(settings.home)}\n",
        folder=_escaped(str(settings.home.parent)),
        home=_quoted(f"XGOALS_HOME={settings.home}"),
        config=f"Environment={_quoted(f'XGOALS_CONFIG={config}')}\n" if is_named else "",
        secrets=_escaped(str(settings.home / "environment")),
        command=command,
        target="default.target" if user else "multi-user.target",
    )


def write_unit(settings: Settings, folder: Path, *, user: bool) -> Path:
    """Write the unit into a folder; its path.

    Raises
    ------
    SettingsError
        If it cannot be written there.
    """
    path = folder / UNIT_NAME
    try:
        path.write_text(unit_file(settings, user=user))
    except OSError as error:
        raise SettingsError(
            f"the unit cannot be written there: {error.strerror}",
            where=str(path),
            advice="For the system: sudo, and --write /etc/systemd/system. For yourself: mkdir -p"
            " ~/.config/systemd/user, then --user --write ~/.config/systemd/user",
        ) from None
    return path


def how_to_use(path: Path, *, user: bool) -> str:
    """What to type once the unit lies where systemd looks."""
    if user:
        return (
            f"systemctl --user daemon-reload && systemctl --user enable --now {path.name}\n"
            "loginctl enable-linger    # so that it starts with the machine, and not with the login"
        )
    return f"systemctl daemon-reload && systemctl enable --now {path.name}"


def _owner(home: Path) -> str:
    """Who is to run it: whose the data are, also where `sudo` writes the unit; as long as there are none, this user."""
    return home.owner() if home.is_dir() else getpass.getuser()


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
