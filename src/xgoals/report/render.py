"""Dicts into HTML: one environment, strict about what is missing, that escapes everything it is given."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from xgoals.language import Language
from xgoals.report.facts_in_words import feature_value
from xgoals.report.figures import Missing, Picture
from xgoals.settings import asset_folder

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
"""Stands in every page: whatever a name may smuggle in, the browser loads nothing and runs nothing."""

OUTCOME_WORDS = {
    "goal": "goal",
    "saved": "saved",
    "blocked": "blocked",
    "off_target": "off target",
    "woodwork": "woodwork",
    "other": "no goal",
}
"""How the outcomes of :class:`xgoals.domain.shot.Outcome` are called on a page."""


def render(template: str, words: Language, context: Mapping[str, Any]) -> str:
    """Fill a template of ``templates/report``.

    Raises
    ------
    jinja2.UndefinedError
        If the template asks for something that the context does not hold.
    """
    return environment(words).get_template(template).render(**context)


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
        share=words.share,
        day=words.day,
        moment=words.moment,
        seconds=words.seconds,
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
        content_security_policy=CONTENT_SECURITY_POLICY,
    )
    return env


def trusted_svg(picture: Picture) -> Markup:
    """The SVG of a picture that this package has drawn (matplotlib escapes the texts in it)."""
    return Markup(picture.svg)  # noqa: S704
