"""Every text that a page may show, found in templates and code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from xgoals import clarify, explore, report
from xgoals.features.catalogue import CATALOGUES
from xgoals.features.yardsticks import QUANTITIES
from xgoals.mail.content import failure, health, message
from xgoals.report.club import sentences as sentences_club
from xgoals.report.match import sentences as sentences_match
from xgoals.report.model import bias_words, chapters, fairness, glance
from xgoals.report.model import claims as claims_in_words
from xgoals.report.page import render
from xgoals.report.player import kinds_in_words
from xgoals.report.player import sentences as sentences_player
from xgoals.report.shot import frequency, positions_in_words
from xgoals.report.words import facts_line, feature_values, gate, rank
from xgoals.settings import asset_folder
from xgoals.steps.explain import METHOD

_CALL = re.compile(r"""(?<![\w.])(?:_|plural)\(\s*("(?:[^"\\]|\\.)*")(?:\s*,\s*("(?:[^"\\]|\\.)*"))?""")
_TEMPLATES = (".html", ".txt")
_CODE = [Path(module.__file__).parent for module in (report, message, explore, clarify)]


def texts_of_templates() -> Iterator[str]:
    for template in sorted(
        path for path in asset_folder("templates").rglob("*.*") if path.suffix in _TEMPLATES
    ):
        for match in _CALL.finditer(template.read_text("utf-8")):
            one, many = match.groups()
            yield ast.literal_eval(one)
            if many and match.group(0).startswith("plural"):
                yield ast.literal_eval(many)


def texts_of_code() -> Iterator[str]:
    for file in sorted(path for folder in _CODE for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr == "text":
                    yield from _literals(node.args[:1])
                elif node.func.attr == "plural":
                    yield from _literals(node.args[:2])


def texts_of_tables() -> Iterator[str]:
    yield from render.OUTCOME_WORDS.values()
    yield from feature_values.CATEGORIES.values()
    yield from frequency.NUMBERS
    yield from positions_in_words.TOWARDS.values()
    yield from facts_line.texts()
    yield from rank.texts()
    yield from gate.texts()
    yield from chapters.texts()
    yield from glance.texts()
    yield from fairness.texts()
    yield from bias_words.texts()
    yield from kinds_in_words.texts()
    yield from sentences_player.PARTS.values()
    yield from sentences_match._GOALS.values()
    yield from sentences_club.LUCK.values()
    yield from render.STAGES
    for catalogue in CATALOGUES.values():
        for feature in catalogue.features:
            yield feature.label
            yield feature.group
            yield from (feature.categories or {}).values()
    yield from QUANTITIES.values()
    for claim in claims_in_words.CLAIMS:
        yield claim.statement
        yield claim.figure
        yield claims_in_words.rule_of(claim)
    yield from claims_in_words.VERDICTS
    yield from health.texts_by_name()
    yield from failure.texts_by_name()
    yield METHOD
    # titles of the tables behind the pictures, verdicts, states of a run
    yield from ("xG from", "to", "from", "shots", "goals", "expected", "scored", "95 % from", "95 % to")
    yield from (
        "goals a shot",
        "mean value",
        "promoted",
        "kept",
        "awaiting approval",
        "rolled back",
        "success",
        "failed",
        "running",
        "yes",
        "no",
    )
    yield from (
        "and",
        "matches read",
        "matches new",
        "matches changed",
        "matches unchanged",
        "matches quarantined",
    )


def _literals(args: list[ast.expr]) -> Iterator[str]:
    for arg in args:
        if isinstance(arg, ast.Constant) and isinstance(arg.value, str):
            yield arg.value


def texts_in_use() -> list[str]:
    texts = dict.fromkeys([*texts_of_templates(), *texts_of_code(), *texts_of_tables()])
    return [text for text in texts if text]
