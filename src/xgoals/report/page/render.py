"""Dicts into HTML: one environment, strict about what is missing, that escapes everything it is given."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from xgoals.domain.text import is_number
from xgoals.language import Language, language
from xgoals.report.draw.figures import Missing, Picture
from xgoals.report.words.feature_values import feature_value
from xgoals.settings import asset_folder

STYLES = ("page/style.css", "page/shell.css", "shot/animation.css")
"""The style sheets of every page, in the order in which they apply."""

_POLICY = (
    "default-src 'none'",
    "img-src data:",
    # Only our style sheet; attributes of single elements place bars and marks. Browsers that do not tell the two
    # apart read style-src.
    "style-src 'unsafe-inline'",
    "style-src-elem '{styles}'",
    "style-src-attr 'unsafe-inline'",
    "script-src {scripts}",
    "base-uri 'none'",
    "form-action 'none'",
)
"""Stands in every page: whatever a name may smuggle in, the browser loads nothing, applies no other style sheet and
runs nothing but our scripts, named by their hashes."""

OUTCOME_WORDS = {
    "goal": "goal",
    "saved": "saved",
    "blocked": "blocked",
    "off_target": "off target",
    "woodwork": "woodwork",
    "other": "no goal",
}
"""How the outcomes of :class:`xgoals.domain.shot.Outcome` are called on a page."""


INDEX = "../index.html"
"""Where a page in the folder of its kind finds the index; ``index_path`` in the context says it for others."""

STAGES = (
    *("Group Stage", "1st Round", "2nd Round", "Round of 32", "Round of 16", "Quarter-finals", "Semi-finals"),
    *("3rd Place Final", "Final", "Play-offs"),
)
"""Stages of competitions that have their German; others are shown as the feed calls them."""


def render(template: str, words: Language, context: Mapping[str, Any]) -> str:
    """Fill a template of ``templates/report``.

    ``scripts`` and ``styles`` in the context name the files under ``templates/report`` that the page adds to the
    shell's own.

    Raises
    ------
    jinja2.UndefinedError
        If the template asks for something that the context does not hold.
    """
    style, shell = asset(*STYLES, *context.get("styles", ())), asset("page/shell.js")
    scripts = [asset(name) for name in context.get("scripts", ())]
    hashes = " ".join(f"'{script.hash}'" for script in (shell, *scripts))
    policy = "; ".join(_POLICY).format(styles=style.hash, scripts=hashes)
    page = {
        "content_security_policy": policy,
        "style": style,
        "shell": shell,
        "index_path": INDEX,
        "level_notes": (),
        **context,
        "scripts": scripts,
    }
    return _environment_of(words.code).get_template(template).render(page)


@cache
def _environment_of(code: str) -> Environment:
    """One environment a language and process: its templates are compiled once, not once a page."""
    return environment(language(code))


@dataclass(frozen=True)
class Asset:
    """A script or style sheet of ours and the hash by which a page's policy lets it in."""

    text: Markup
    hash: str


def asset(*names: str) -> Asset:
    """Files under ``templates/report``, one after the other, to stand in their element as they are.

    Raises
    ------
    ValueError
        If the text would end its own element.
    """
    folder = asset_folder("templates") / "report"
    text = "".join((folder / name).read_text("utf-8") for name in names)
    if "</" in text or "<!--" in text:
        raise ValueError(f"{', '.join(names)} cannot stand inside a page")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Asset(Markup(text), f"sha256-{digest}")  # noqa: S704 (files of ours, not data)


def local_link(path: str) -> str:
    """A relative address of another report, safe in ``href``.

    Raises
    ------
    ValueError
        If it is empty, absolute, or has a scheme.
    """
    if not path or path.startswith("/") or "\\" in path or ":" in path.split("/")[0]:
        raise ValueError(f"not a link to a report: {path!r}")
    return quote(path)


def environment(words: Language) -> Environment:
    """The Jinja2 environment of a language: ``_`` translates, the filters format."""
    env = Environment(
        loader=FileSystemLoader(asset_folder("templates") / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        xg=words.xg,
        number=words.number,
        signed=lambda value, decimals=2: words.number(value, decimals, signed=True),
        count=words.count,
        figure=words.figure,
        share=words.share,
        day=words.day,
        round_name=words.round_name,
        moment=words.moment,
        seconds=words.seconds,
        score=words.score,
        listing=words.listing,
        value_of=lambda value, feature: feature_value(feature, value, words),
        sentence=lambda text: text[:1].upper() + text[1:],
        tiny=lambda value: "–" if value is None else f"{value:.0e}",
        css=lambda value: f"{value:.2f}",
        svg=trusted_svg,
    )
    env.tests["number_of_matchday"] = is_number
    env.tests["missing_figure"] = lambda value: isinstance(value, Missing)
    env.globals.update(
        _=words.text,
        plural=words.plural,
        language=words.code,
        outcome_words=OUTCOME_WORDS,
    )
    return env


def trusted_svg(picture: Picture) -> Markup:
    """The SVG of a picture that this package has drawn (matplotlib escapes the texts in it)."""
    return Markup(picture.svg)  # noqa: S704
