"""The page of a job: what was asked, what moves the predictions, single rows, curves, bias, and how exact it is."""

from dataclasses import dataclass

from xgoals.clarify.facts import JobFacts
from xgoals.clarify.page.bias import BiasTables, bias_tables
from xgoals.clarify.page.curves import HEIGHT, LEFT, RIGHT, SHOWN, WIDTH, CurvePicture, curve_picture
from xgoals.clarify.page.examples import Example, examples
from xgoals.clarify.page.importance import Importance, importance
from xgoals.clarify.page.sentences import aggregated, how_exact, lead, notes, unit
from xgoals.clarify.shap import Explained
from xgoals.language import Language
from xgoals.report.page.render import render
from xgoals.report.words.said import Said


@dataclass(frozen=True, slots=True)
class Values:
    """What there is to say and to show of the values."""

    explained: Explained
    unit: str
    aggregated: str
    importance: Importance
    examples: tuple[Example, ...]
    how_exact: tuple[str, ...]
    baseline_said: Said


@dataclass(frozen=True, slots=True)
class ReportPage:
    """All that the page shows; None and empty where nothing of the kind was asked for."""

    title: str
    lead: str
    origin: Said
    facts: JobFacts
    label: str | None
    n_rows: int
    notes: tuple[Said, ...]
    values: Values | None
    curves: tuple[CurvePicture, ...]
    n_curves_left_out: int
    curve_width: int
    curve_height: int
    curve_left: float
    curve_right: float
    bias: tuple[BiasTables, ...]


def report_page(facts: JobFacts, words: Language) -> str:
    """Write the report of a job: one self-contained HTML page."""
    report = facts.config.methods.report
    page = ReportPage(
        title=(report.title if report else None) or words.text("Analysis report"),
        lead=lead(facts, words),
        origin=Said(facts.model.origin, is_translated=words.code == "en"),
        facts=facts,
        label=None if facts.table.label is None else str(facts.table.label.name),
        n_rows=len(facts.table.features),
        notes=notes(facts, words),
        values=_values(facts, words),
        curves=tuple(curve_picture(curve, words) for curve in (facts.curves or ())[:SHOWN]),
        n_curves_left_out=max(len(facts.curves or ()) - SHOWN, 0),
        curve_width=WIDTH,
        curve_height=HEIGHT,
        curve_left=LEFT,
        curve_right=RIGHT,
        bias=bias_tables(facts, words),
    )
    context = {name: getattr(page, name) for name in ReportPage.__slots__}
    return render(
        "clarify/page.html", words, {**context, "index_path": None, "styles": ["clarify/style.css"]}
    )


def _values(facts: JobFacts, words: Language) -> Values | None:
    explained, baseline, shap = facts.explained, facts.baseline, facts.config.methods.shap
    if explained is None or baseline is None or shap is None:
        return None
    return Values(
        explained=explained,
        unit=unit(explained, words),
        aggregated=aggregated(explained, words),
        importance=importance(facts, explained),
        examples=examples(facts, explained, words) if shap.save_local_shap_values else (),
        how_exact=how_exact(explained, words),
        baseline_said=Said(baseline.said, is_translated=words.code == "en"),
    )
