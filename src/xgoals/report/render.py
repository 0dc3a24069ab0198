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

from xgoals.language import Language, language
from xgoals.report.facts_in_words import feature_value
from xgoals.report.figures import Missing, Picture
from xgoals.settings import asset_folder

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
"""Stands in every page: whatever a name may smuggle in, the browser loads nothing and runs nothing but a script of
ours, named by its hash."""

OUTCOME_WORDS = {
    "goal": "goal",
    "saved": "saved",
    "blocked": "blocked",
    "off_target": "off target",
    "woodwork": "woodwork",
    "other": "no goal",
}
"""How the outcomes of :class:`xgoals.domain.shot.Outcome` are called on a page."""


STAGES = (
    *("Group Stage", "1st Round", "2nd Round", "Round of 32", "Round of 16", "Quarter-finals", "Semi-finals"),
    *("3rd Place Final", "Final", "Play-offs"),
)
"""Stages of competitions that have their German; others are shown as the feed calls them."""


def render(template: str, words: Language, context: Mapping[str, Any]) -> str:
    """Fill a template of ``templates/report``.

    Raises
    ------
    jinja2.UndefinedError
        If the template asks for something that the context does not hold.
    """
    policy = CONTENT_SECURITY_POLICY
    if "script" in context:
        policy += f"; script-src '{context['script'].hash}'"
    return (
        _environment_of(words.code).get_template(template).render(content_security_policy=policy, **context)
    )


@cache
def _environment_of(code: str) -> Environment:
    """One environment a language and process: its templates are compiled once, not once a page."""
    return environment(language(code))


@dataclass(frozen=True)
class Script:
    """A script of ours and the hash by which a page's policy lets it run."""

    text: Markup
    hash: str


def script(name: str) -> Script:
    """The script of that name under ``templates/report``, to stand between ``<script>`` tags as it is.

    Raises
    ------
    ValueError
        If its text would end its own element.
    """
    text = (asset_folder("templates") / "report" / name).read_text("utf-8")
    if "</" in text or "<!--" in text:
        raise ValueError(f"the script {name} cannot stand inside a page")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Script(Markup(text), f"sha256-{digest}")  # noqa: S704 (a file of ours, not data)


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
