"""A Clarify job from its configuration to its folder of results."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from xgoals.clarify.baseline import BaselineRows, baseline_rows
from xgoals.clarify.bias import bias_sections
from xgoals.clarify.config import AnalysisConfig, read_config
from xgoals.clarify.facts import JobFacts
from xgoals.clarify.layout import LABEL, Origin, analysis_json, write_layout
from xgoals.clarify.model import ClarifyModel, is_registered, load_model
from xgoals.clarify.note import Note
from xgoals.clarify.page.page import report_page
from xgoals.clarify.page.sentences import notes
from xgoals.clarify.pdp import partial_dependence_curves
from xgoals.clarify.results_folder import (
    ANALYSIS,
    BASELINE,
    LOCAL_VALUES,
    refuse_to_be_read_as_data,
    refuse_to_overwrite,
    refuse_what_may_not_be_written,
    whole_folder,
)
from xgoals.clarify.scope import check_scope
from xgoals.clarify.shap import Explained, Floats, Method, explain_table
from xgoals.clarify.table import Table, read_table
from xgoals.domain.errors import SettingsError
from xgoals.explain.forest import read_forest
from xgoals.explain.proof import sigmoid
from xgoals.language import language as speaker
from xgoals.settings import Database, Settings


@dataclass(frozen=True, slots=True)
class Asked:
    """A job: its configuration, data, model (a file, or a version of the registry), and where results go."""

    config: Path
    data: Path
    model: str
    output: Path
    method: Method = "exact"
    language: str = "en"
    database: Database = "main"


@dataclass(frozen=True, slots=True)
class Done:
    """What a job has made.

    Attributes
    ----------
    files
        Relative to the folder.
    expected_value, additivity_gap
        None where no values are asked for.
    notes
        What was done otherwise than in Clarify.
    seconds
        By part of the job.
    """

    output: Path
    files: tuple[str, ...]
    rows: int
    model: str
    method: Method | None
    expected_value: float | None
    additivity_gap: float | None
    notes: tuple[str, ...]
    seconds: dict[str, float]


@dataclass(slots=True)
class _Clock:
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def of(self, part: str) -> Iterator[None]:
        """Add what the block takes to a part."""
        start = time.perf_counter()
        yield
        self.seconds[part] = self.seconds.get(part, 0.0) + time.perf_counter() - start


def run_job(asked: Asked, settings: Callable[[], Settings]) -> Done:
    """Do what a configuration asks for, and write all of it or nothing.

    Parameters
    ----------
    settings
        Called for a model of the registry, whose database has to be there; a model file needs none.

    Raises
    ------
    SettingsError
        If the configuration asks for what is not there, or ``output`` holds something else.
    SourceError
        If the data cannot be read as the configuration says.
    ModelError
        If the model or a row cannot be explained.
    UnwritableError
        If ``output`` may not be written, or the disk is full; a former result stays.
    """
    clock = _Clock()
    with clock.of("read"):
        config = read_config(asked.config)
        scope = check_scope(config, str(asked.config))
        report = _report_name(config)
        refuse_to_be_read_as_data(asked.output, asked.data)
        refuse_to_overwrite(asked.output)
        refuse_what_may_not_be_written(asked.output)
    with clock.of("model"):
        model = load_model(asked.model, settings(), asked.database)
    with clock.of("read"):
        table = read_table(asked.data, config, model.feature_names)
    facts = _worked_out(asked, config, model, table, scope, clock)
    return _written(asked, facts, report, clock)


def _report_name(config: AnalysisConfig) -> str:
    """The file name of the report.

    Raises
    ------
    SettingsError
        If it is no plain name.
    """
    name = "report" if config.methods.report is None else config.methods.report.name
    if not name or name != Path(name).name or name.startswith("."):
        raise SettingsError(
            f"{name!r} is no name of a file", where="methods.report.name", advice="Use a name such as report"
        )
    return f"{name}.html"


def _worked_out(
    asked: Asked,
    config: AnalysisConfig,
    model: ClarifyModel,
    table: Table,
    scope: tuple[Note, ...],
    clock: _Clock,
) -> JobFacts:
    from xgoals.baselines.kinds import infer_kinds

    methods, columns, X = config.methods, [str(name) for name in table.columns], table.features
    kinds = infer_kinds(X, model.booster.feature_types)
    baseline: BaselineRows | None = None
    explained: Explained | None = None
    curves = None
    if methods.shap is not None:
        with clock.of("baseline"):
            baseline = baseline_rows(methods.shap, X, kinds, asked.config.parent)
        with clock.of("explain"):
            explained = explain_table(model, X, columns, baseline, methods.shap, asked.method)
    if methods.pdp is not None:
        with clock.of("pdp"):
            ranked = None if explained is None else explained.ranked
            curves = partial_dependence_curves(model, X, columns, methods.pdp, ranked)
    with clock.of("bias"):
        after_training = methods.post_training_bias is not None
        bias = bias_sections(config, table, _probability(model, table, explained) if after_training else None)
    return JobFacts(
        config=config,
        data=asked.data.name,
        model=model,
        is_registered=is_registered(asked.model),
        table=table,
        kinds=kinds,
        baseline=baseline,
        explained=explained,
        curves=curves,
        bias=bias,
        notes=(*map(_told, (*scope, *model.notes, *table.notes)), *bias.notes),
    )


def _told(note: Note) -> str:
    """A note with the key that it is about, where that is one of the configuration."""
    return note.says if note.key in ("data", "model") else f"{note.key}: {note.says}"


def _probability(model: ClarifyModel, table: Table, explained: Explained | None) -> Floats:
    """(n,) what the model predicts."""
    if explained is not None and explained.method == "exact":
        return explained.predictions if explained.space == "probability" else sigmoid(explained.predictions)
    return sigmoid(read_forest(model.booster).margin(table.features.to_numpy(np.float32)))


def _written(asked: Asked, facts: JobFacts, report: str, clock: _Clock) -> Done:
    said = tuple(note.text for note in notes(facts, speaker("en")))
    methods, explained = facts.config.methods, facts.explained
    label = _label(facts.config)
    local_values = methods.shap is not None and methods.shap.save_local_shap_values
    with clock.of("page"):
        page = report_page(facts, speaker(asked.language))
    with clock.of("write"), whole_folder(asked.output) as folder:
        analysis = analysis_json(explained, facts.curves, facts.bias, _origin(facts, report, said), label)
        write_layout(folder, analysis, explained, facts.baseline, label, local_values=local_values)
        (folder / report).write_text(page, "utf-8")
    values = () if explained is None else (BASELINE, *((LOCAL_VALUES,) if local_values else ()))
    return Done(
        output=asked.output,
        files=(ANALYSIS, *values, report),
        rows=len(facts.table.features),
        model=facts.model.origin,
        method=None if explained is None else explained.method,
        expected_value=None if explained is None else explained.base_value,
        additivity_gap=None if explained is None else explained.gap,
        notes=said,
        seconds={part: round(seconds, 3) for part, seconds in clock.seconds.items()},
    )


def _label(config: AnalysisConfig) -> str:
    """How the model's output is called in the results: as ``label_headers`` says, else as Clarify counts."""
    named = None if config.predictor is None else config.predictor.label_headers
    return str(named[0]) if named and len(named) == 1 else LABEL


def _origin(facts: JobFacts, report: str, said: tuple[str, ...]) -> Origin:
    explained, baseline = facts.explained, facts.baseline
    return Origin(
        report=report,
        data=facts.data,
        model=facts.model.origin,
        model_sha256=facts.model.sha256,
        n_rows=len(facts.table.features),
        method=None if explained is None else explained.method,
        space=None if explained is None else explained.space,
        baseline=None if baseline is None else baseline.said,
        baseline_weights=None if baseline is None else baseline.weights.tolist(),
        additivity_gap=None if explained is None else explained.gap,
        sampling_error=None if explained is None else explained.sampling_error,
        notes=said,
    )
