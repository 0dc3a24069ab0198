"""The page to play on: HTML with its policy, and the scripts and style sheet that it asks its own server for."""

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader

from xgoals.language import LANGUAGES, language
from xgoals.report.page.render import STYLES, asset, environment
from xgoals.settings import asset_folder

_POLICY = (
    "default-src 'none'",
    "connect-src 'self'",
    "img-src data:",
    "style-src 'self' 'unsafe-inline'",
    "style-src-elem 'self' '{style}'",
    "style-src-attr 'unsafe-inline'",
    "script-src 'self' '{shell}'",
    "base-uri 'none'",
    "form-action 'none'",
)
_FRAMED = "frame-ancestors 'self'"
"""Means something in a header alone."""

_NAMES = {"en": "English", "de": "Deutsch"}
_MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class ExplorerPage:
    """What a server sends.

    Attributes
    ----------
    html
        The page; it asks for ``files/<name>`` beside it (:func:`explorer_file`) and for the API of its database.
    policy
        The header ``Content-Security-Policy`` that belongs to it.
    """

    html: str
    policy: str


def explorer_page(
    code: str, *, database: str, is_simulated: bool = False, home: str | None = None
) -> ExplorerPage:
    """Write the explorer.

    Parameters
    ----------
    code
        The language, ``"en"`` or ``"de"``.
    database
        Whose model answers.
    is_simulated
        Whether its shots are invented.
    home
        The address of the reports' index as seen from the page; None where there is none.

    Raises
    ------
    ValueError
        If xgoals does not speak the language.
    """
    style, shell = asset(*STYLES), asset("page/shell.js")
    policy = "; ".join(_POLICY).format(style=style.hash, shell=shell.hash)
    (other,) = (name for name in LANGUAGES if name != code)
    html = (
        _environment(code)
        .get_template("page.html")
        .render(
            content_security_policy=policy,
            style=style,
            shell=shell,
            scripts=[],
            simulated=is_simulated,
            database=database,
            index_path=None,  # the way home stands in its own first line
            home=home,
            other_language=other,
            other_name=_NAMES[other],
        )
    )
    return ExplorerPage(html, f"{policy}; {_FRAMED}")


def explorer_file(name: str) -> tuple[bytes, str] | None:
    """A script or style sheet of the page with its media type; None where there is none of that name."""
    folder = asset_folder("templates") / "explore"
    files = {path.name: path for path in folder.iterdir() if path.suffix in _MEDIA_TYPES}
    path = files.get(name)
    return None if path is None else (path.read_bytes(), _MEDIA_TYPES[path.suffix])


@cache
def _environment(code: str) -> Environment:
    """The reports' environment, which finds the explorer's own templates first."""
    folders = [asset_folder("templates") / "explore", asset_folder("templates") / "report"]
    return environment(language(code)).overlay(loader=FileSystemLoader(folders))
