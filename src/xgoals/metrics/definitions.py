"""Every metric: its name, what it means, its labels, and its values in a snapshot.

Names and units as Prometheus wants them: base units, the unit in the name; moments are seconds since 1970, so that an
age is ``time() - metric``. All are gauges: rows that retention removes count no more. Labels have few values:
databases, providers, feeds, competitions, states, steps; never a match or a player.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from xgoals.metrics.snapshot import Snapshot
from xgoals.store.monitoring.champion import ChampionFigures, Interval
from xgoals.store.monitoring.figures import Figures

Sample = tuple[tuple[str, ...], float | int | datetime | None]
"""Values of the labels, and the value; None is left out."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One family: ``samples`` finds its values in a snapshot."""

    name: str
    help: str
    labels: tuple[str, ...]
    samples: Callable[[Snapshot], Iterable[Sample]]


def _of_figures(
    name: str, help_text: str, labels: tuple[str, ...], find: Callable[[Figures], Iterable[Sample]]
) -> Metric:
    """A metric of each results database that answers."""

    def samples(snapshot: Snapshot) -> Iterator[Sample]:
        for asked in snapshot.databases:
            if asked.figures is not None:
                yield from (((asked.database, *of), value) for of, value in find(asked.figures))

    return Metric(name, help_text, ("database", *labels), samples)


def _of_champion(
    name: str, help_text: str, labels: tuple[str, ...], find: Callable[[ChampionFigures], Iterable[Sample]]
) -> Metric:
    return _of_figures(
        name, help_text, labels, lambda figures: find(figures.champion) if figures.champion else ()
    )


def _one(value: float | int | datetime | None) -> list[Sample]:
    return [((), value)]


def _by_name(values: Iterable[tuple[str, float]]) -> list[Sample]:
    return [((name,), value) for name, value in values]


def _with_bounds(
    name: str,
    help_text: str,
    labels: tuple[str, ...],
    find: Callable[[ChampionFigures], Mapping[tuple[str, ...], Interval | None]],
) -> list[Metric]:
    """A figure, and the bounds of its 95 % interval as two metrics beside it."""

    def part(get: Callable[[Interval], float | None]) -> Callable[[ChampionFigures], Iterable[Sample]]:
        return lambda champion: [(of, get(found)) for of, found in find(champion).items() if found]

    bound = f"of the 95 % interval of {name}."
    return [
        _of_champion(name, help_text, labels, part(lambda found: found.value)),
        _of_champion(f"{name}_low", f"Lower bound {bound}", labels, part(lambda found: found.low)),
        _of_champion(f"{name}_high", f"Upper bound {bound}", labels, part(lambda found: found.high)),
    ]


_WHOLE = [
    Metric(
        "xgoals_build_info",
        "Always 1; the version of xgoals that answers.",
        ("version",),
        lambda snapshot: [((snapshot.version,), 1)],
    ),
    Metric(
        "xgoals_up",
        "1 if the results database answers with the schema that this version knows, else 0.",
        ("database",),
        lambda snapshot: [((it.database,), it.figures is not None) for it in snapshot.databases],
    ),
    Metric(
        "xgoals_scrape_seconds",
        "How long the results database took to tell all of this.",
        ("database",),
        lambda snapshot: [((it.database,), it.seconds) for it in snapshot.databases],
    ),
    Metric(
        "xgoals_disk_size_bytes",
        "Size of the file system that XGOALS_HOME lies on.",
        (),
        lambda snapshot: _one(snapshot.disk.size_bytes if snapshot.disk else None),
    ),
    Metric(
        "xgoals_disk_free_bytes",
        "Of it, what is free.",
        (),
        lambda snapshot: _one(snapshot.disk.free_bytes if snapshot.disk else None),
    ),
    Metric(
        "xgoals_airflow_heartbeat_timestamp_seconds",
        "When a component of Airflow gave its last sign of life.",
        ("component",),
        lambda snapshot: [((name,), beat) for name, beat in snapshot.heartbeats.items()],
    ),
]

_DATA = [
    _of_figures(
        "xgoals_matches",
        "Matches that are stored.",
        ("provider",),
        lambda figures: [((it.provider,), it.n_matches) for it in figures.counts.providers],
    ),
    _of_figures(
        "xgoals_shots",
        "Shots that are stored, without those that their feed has taken back.",
        ("provider",),
        lambda figures: [((it.provider,), it.n_shots) for it in figures.counts.providers],
    ),
    _of_figures(
        "xgoals_newest_match_timestamp_seconds",
        "Kick-off of the newest match that is stored; where it is unknown, midnight UTC of its day.",
        ("provider",),
        lambda figures: [((it.provider,), it.newest_match) for it in figures.counts.providers],
    ),
    _of_figures(
        "xgoals_newest_file_timestamp_seconds",
        "When the newest file of a feed that was looked into came or was changed, as its file system tells.",
        ("feed",),
        lambda figures: [((it.feed,), it.changed_at) for it in figures.counts.newest_files],
    ),
    _of_figures(
        "xgoals_quarantine_entries",
        "What was left out: whole matches, single shots or single values.",
        ("feed", "severity"),
        lambda figures: [((it.feed, it.severity), it.n) for it in figures.counts.quarantine],
    ),
    _of_figures(
        "xgoals_database_size_bytes",
        "Size of a database on the server: the results, and Airflow's own in the embedded one.",
        ("name",),
        lambda figures: _by_name(figures.size_bytes.items()),
    ),
    _of_figures(
        "xgoals_schema_version",
        "Number of the newest migration that was applied.",
        (),
        lambda figures: _one(int(figures.schema_version)),
    ),
]

_WORK = [
    _of_figures(
        "xgoals_runs",
        "Runs of the pipeline on record by state (running, success, failed).",
        ("state",),
        lambda figures: _by_name(figures.runs.n_by_state.items()),
    ),
    _of_figures(
        "xgoals_last_success_timestamp_seconds",
        "When the last run that succeeded ended.",
        (),
        lambda figures: _one(figures.runs.last_success),
    ),
    _of_figures(
        "xgoals_last_failure_timestamp_seconds",
        "When the last run that failed ended.",
        (),
        lambda figures: _one(figures.runs.last_failure),
    ),
    _of_figures(
        "xgoals_running_since_timestamp_seconds",
        "When the oldest run that is not over began; absent while none is under way.",
        (),
        lambda figures: _one(figures.runs.running_since),
    ),
    _of_figures(
        "xgoals_step_seconds",
        "Working time of each step when it was last done, without waiting for other writers.",
        ("step",),
        lambda figures: _by_name(figures.runs.seconds_by_step.items()),
    ),
    _of_figures(
        "xgoals_mails",
        "Mails on record by state: pending and failed wait, given_up was not taken, outbox has no server, sent.",
        ("state",),
        lambda figures: _by_name(figures.mails.n_by_state.items()),
    ),
    _of_figures(
        "xgoals_mail_waiting_since_timestamp_seconds",
        "Since when the oldest mail waits to be sent; absent while none does.",
        (),
        lambda figures: _one(figures.mails.waiting_since),
    ),
    _of_figures(
        "xgoals_pages_owed",
        "Pages of matches that are not written: due at the next run, later for those of a backfill.",
        ("when",),
        lambda figures: [(("due",), figures.owed.pages_due), (("later",), figures.owed.pages_later)],
    ),
    _of_figures(
        "xgoals_mails_owed",
        "Matches whose news no mail has told yet.",
        (),
        lambda figures: _one(figures.owed.mails_due),
    ),
    _of_figures(
        "xgoals_reasons_owed",
        "Published numbers that still wait for their reasons.",
        (),
        lambda figures: _one(figures.n_without_reasons),
    ),
]

_MODEL = [
    _of_champion(
        "xgoals_champion_info",
        "Always 1; which model is champion, and its catalogue of features.",
        ("model_version", "catalogue"),
        lambda champion: [((champion.model_version, champion.catalogue), 1)],
    ),
    _of_champion(
        "xgoals_champion_since_timestamp_seconds",
        "When it became champion.",
        (),
        lambda champion: _one(champion.champion_since),
    ),
    _of_champion(
        "xgoals_champion_trained_timestamp_seconds",
        "When it was trained.",
        (),
        lambda champion: _one(champion.trained_at),
    ),
    _of_champion(
        "xgoals_champion_log_loss",
        "Log loss on matches that it had not seen: the latest (held_out), or all of its window (out_of_fold).",
        ("split",),
        lambda champion: [((it.split,), it.log_loss) for it in champion.quality],
    ),
    _of_champion(
        "xgoals_champion_auc",
        "Area under the ROC curve on the same shots.",
        ("split",),
        lambda champion: [((it.split,), it.auc) for it in champion.quality],
    ),
    _of_champion(
        "xgoals_champion_shots",
        "Shots that these figures rest on, without penalties.",
        ("split",),
        lambda champion: [((it.split,), it.n_shots) for it in champion.quality],
    ),
    _of_champion(
        "xgoals_champion_goals",
        "Goals among them.",
        ("split",),
        lambda champion: [((it.split,), it.n_goals) for it in champion.quality],
    ),
    *_with_bounds(
        "xgoals_champion_calibration_slope",
        "Slope of goals on its log odds, out of fold; 1 is calibrated.",
        (),
        lambda champion: {(): champion.calibration_slope},
    ),
    *_with_bounds(
        "xgoals_champion_xg_per_goal",
        "Sum of its xG over goals, out of fold; 1 is the level of football.",
        (),
        lambda champion: {(): champion.xg_per_goal},
    ),
    *_with_bounds(
        "xgoals_provider_xg_per_goal",
        "Sum of its xG over goals of a provider's shots, by models that had not seen the match; absent of too few.",
        ("provider",),
        lambda champion: {(it.provider,): it.xg_per_goal for it in champion.levels},
    ),
    _of_champion(
        "xgoals_provider_shots",
        "Shots that this rests on, without penalties.",
        ("provider",),
        lambda champion: [((it.provider,), it.n_shots) for it in champion.levels],
    ),
    _of_champion(
        "xgoals_provider_goals",
        "Goals among them.",
        ("provider",),
        lambda champion: [((it.provider,), it.n_goals) for it in champion.levels],
    ),
    _of_champion(
        "xgoals_provider_off_level",
        "1 if a provider's numbers are off the level of goals, beyond chance and by more than 3 %; else 0.",
        ("provider",),
        lambda champion: [((it.provider,), it.verdict == "off") for it in champion.levels],
    ),
    _of_figures(
        "xgoals_drift_warning",
        "1 if new shots are unlike those that the champion has learned from, else 0.",
        (),
        lambda figures: _one(figures.is_drifting),
    ),
    _of_figures(
        "xgoals_drift_alarms",
        "Series of drift over matchdays that are beyond chance at their competition's newest matchday.",
        (),
        lambda figures: _one(figures.n_drift_alarms),
    ),
    _of_figures(
        "xgoals_attribution_ndcg",
        "How like the window's the ranking of features by attribution is on the newest matchday; 1 is the same order.",
        ("competition",),
        lambda figures: _by_name(figures.attribution_ndcg.items()),
    ),
]

METRICS: tuple[Metric, ...] = (*_WHOLE, *_DATA, *_WORK, *_MODEL)
"""All of them, in the order in which they are told."""
