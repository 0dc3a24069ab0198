"""The explorer on a port of this machine's loopback, until Ctrl-C."""

import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from uvicorn.config import LOGGING_CONFIG

from xgoals.domain.errors import SettingsError
from xgoals.explore.app import PREFIX, create_app
from xgoals.logs import is_json
from xgoals.settings import Database, Settings

ADDRESS = "127.0.0.1"


def serve(settings: Settings, database: Database, *, port: int | None, ready: Callable[[str], None]) -> None:
    """Serve the explorer of a database; comes back when it is interrupted.

    Parameters
    ----------
    port
        None takes a free one.
    ready
        Is told the page's address once it answers.

    Raises
    ------
    SettingsError
        If the port is taken.
    ModelError
        If there is no champion to ask.
    """
    app = create_app(settings)
    with _listening(port) as listens, suppress(KeyboardInterrupt):
        app.state.library.warm_up(database)
        ready(f"http://{ADDRESS}:{listens.getsockname()[1]}{PREFIX}/explore/{database}")
        config = uvicorn.Config(
            app,
            log_level="warning",
            log_config=None if is_json(settings) else LOGGING_CONFIG,
            access_log=False,
            timeout_graceful_shutdown=2,
        )
        uvicorn.Server(config).run(sockets=[listens])


def _listening(port: int | None) -> socket.socket:
    """A socket that listens; what comes before the server runs waits in it."""
    listens = socket.socket()
    listens.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listens.bind((ADDRESS, port or 0))
    except OSError as error:
        listens.close()
        raise SettingsError(
            f"port {port} cannot be had: {error.strerror}", advice="Leave --port out, and a free one is taken"
        ) from None
    listens.listen(128)
    return listens
