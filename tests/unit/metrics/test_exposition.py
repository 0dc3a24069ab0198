"""The text that Prometheus fetches: read back by the parsers of both formats, against a snapshot made by hand."""

import re
from dataclasses import replace

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_classic

from xgoals.metrics.definitions import METRICS
from xgoals.metrics.exposition import expose
from xgoals.metrics.snapshot import heartbeats_of
from xgoals.store.monitoring.champion import Interval

NIGHT_S = 1_795_753_800.0
OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def values(snapshot, accept=""):
    """(name, labels) -> value, as a parser reads them."""
    read = read_openmetrics if accept else read_classic
    text = expose(snapshot, accept).text.decode()
    samples = [sample for family in read(text) for sample in family.samples]
    found = {(s.name, frozenset(s.labels.items())): s.value for s in samples}
    assert len(found) == len(samples), "nothing is told twice"
    return found


def of(found, name, **labels):
    return found[name, frozenset(labels.items())]


@pytest.mark.parametrize("accept", ["", OPENMETRICS])
def test_both_formats_tell_what_the_snapshot_holds(snapshot, accept):
    found = values(snapshot, accept)
    assert of(found, "xgoals_up", database="main") == 1
    assert of(found, "xgoals_up", database="demo") == 0
    assert of(found, "xgoals_matches", database="main", provider="dfl") == 3
    assert of(found, "xgoals_shots", database="main", provider="dfl") == 70
    assert of(found, "xgoals_newest_match_timestamp_seconds", database="main", provider="dfl") == NIGHT_S
    assert of(found, "xgoals_quarantine_entries", database="main", feed="dfl", severity="match") == 2
    assert of(found, "xgoals_mails", database="main", state="given_up") == 3
    assert of(found, "xgoals_pages_owed", database="main", when="due") == 6
    assert of(found, "xgoals_pages_owed", database="main", when="later") == 7
    assert of(found, "xgoals_step_seconds", database="main", step="ingest") == 1.5
    assert of(found, "xgoals_champion_log_loss", database="main", split="held_out") == 0.265
    assert of(found, "xgoals_champion_shots", database="main", split="held_out") == 6079
    assert of(found, "xgoals_champion_calibration_slope_low", database="main") == 0.97
    assert of(found, "xgoals_provider_off_level", database="main", provider="opta") == 1
    assert of(found, "xgoals_provider_off_level", database="main", provider="wyscout") == 0
    assert of(found, "xgoals_drift_warning", database="main") == 1
    assert of(found, "xgoals_drift_alarms", database="main") == 2
    assert of(found, "xgoals_attribution_ndcg", database="main", competition="La Liga") == 0.97
    assert of(found, "xgoals_airflow_heartbeat_timestamp_seconds", component="scheduler") == NIGHT_S
    assert of(found, "xgoals_disk_free_bytes") == 40


def test_what_is_not_known_is_not_told_as_nought(snapshot, figures):
    unsure = replace(figures.champion, xg_per_goal=Interval(0.99))
    asked = replace(snapshot.databases[0], figures=replace(figures, champion=unsure))
    found = values(replace(snapshot, databases=(asked, snapshot.databases[1])))
    names = {name for name, labels in found if ("database", "demo") in labels}
    assert names == {"xgoals_up", "xgoals_scrape_seconds"}, "of a database that does not answer"
    for name, labels in (
        ("xgoals_newest_match_timestamp_seconds", {"provider": "opta"}),
        ("xgoals_champion_auc", {"split": "out_of_fold"}),
        ("xgoals_champion_xg_per_goal_low", {}),
        ("xgoals_provider_xg_per_goal", {"provider": "wyscout"}),
    ):
        assert (name, frozenset({"database": "main", **labels}.items())) not in found
    nobody = replace(snapshot, databases=(), disk=None, heartbeats={})
    assert {name for name, _ in values(nobody)} == {"xgoals_build_info"}


def test_every_metric_can_be_told_and_is_named_by_prometheus_rules(snapshot):
    found = values(snapshot)
    assert {name for name, _ in found} == {metric.name for metric in METRICS}
    units = ("_seconds", "_bytes", "_info", "_total")
    for metric in METRICS:
        assert re.fullmatch("xgoals_[a-z_]+", metric.name)
        assert metric.help.endswith(".")
        assert "\n" not in metric.help
        assert not re.search(r"_(ms|minutes|hours|mb|pct|percent|total)(_|$)", metric.name)
        if "timestamp" in metric.name:
            assert metric.name.endswith("_timestamp_seconds")
        if re.search("duration|size|free", metric.name):
            assert metric.name.endswith(units)


def test_labels_are_few_and_name_no_match_and_nobody():
    allowed = {
        "version", "database", "component", "provider", "feed", "severity", "name", "state", "step", "when",
        "model_version", "catalogue", "split", "competition",
    }  # fmt: skip
    assert {label for metric in METRICS for label in metric.labels} <= allowed


def test_an_odd_name_of_a_provider_breaks_no_line(snapshot, figures):
    odd = replace(figures.counts.providers[0], provider='a"b\\c\nd')
    counts = replace(figures.counts, providers=(odd,))
    asked = replace(snapshot.databases[0], figures=replace(figures, counts=counts))
    for accept in ("", OPENMETRICS):
        found = values(replace(snapshot, databases=(asked,)), accept)
        assert of(found, "xgoals_matches", database="main", provider='a"b\\c\nd') == 3


def test_heartbeats_are_read_from_airflow_s_health_page():
    page = {
        "metadatabase": {"status": "healthy"},
        "scheduler": {"status": "healthy", "latest_scheduler_heartbeat": "2026-11-27T04:30:00+00:00"},
        "dag_processor": {"status": "healthy", "latest_dag_processor_heartbeat": "2026-11-27T05:30:00+01:00"},
        "triggerer": {"status": None, "latest_triggerer_heartbeat": None},
    }
    beats = {name: beat.timestamp() for name, beat in heartbeats_of(page).items()}
    assert beats == {"scheduler": NIGHT_S, "dag_processor": NIGHT_S}
