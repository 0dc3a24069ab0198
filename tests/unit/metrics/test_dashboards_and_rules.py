"""Dashboard, alert rules and docs: they ask for what is told, and say of everything that is told what it means."""

import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
import yaml

from reading_docs import tables_below
from xgoals.metrics.definitions import METRICS

ROOT = Path(__file__).parents[3]
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "xgoals.json").read_text())
ALERTS = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text())
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
LABELS = {metric.name: set(metric.labels) for metric in METRICS}
AIRFLOWS = {row["metric"] for row in tables_below("monitoring.md", "Airflow's own figures")[0]}
OF_PROMETHEUS = {"job", "instance"}
NAME = re.compile(r"\b(?:xgoals|airflow)_\w+")
CHOICE = re.compile(r"(?P<name>\b(?:xgoals|airflow)_\w+)(?:\{(?P<labels>[^}]*)\})?")


def dashboard_expressions() -> Iterator[str]:
    for panel in DASHBOARD["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))
    yield from (annotation["expr"] for annotation in DASHBOARD["annotations"]["list"])
    yield from (one["definition"] for one in DASHBOARD["templating"]["list"] if one["type"] == "query")


EXPRESSIONS = [*dashboard_expressions(), *(rule["expr"] for rule in RULES)]


@pytest.mark.parametrize("expression", sorted(set(EXPRESSIONS)))
def test_what_is_asked_for_is_told(expression):
    names = set(NAME.findall(expression))
    assert names, "a panel or rule about nothing"
    assert names <= LABELS.keys() | AIRFLOWS
    for found in CHOICE.finditer(expression):
        wanted = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", found["labels"] or ""))
        assert wanted <= LABELS.get(found["name"], set()) | OF_PROMETHEUS, found[0]
    grouped = {
        label for group in re.findall(r"\b(?:by|on) \(([^)]*)\)", expression) for label in group.split(", ")
    }
    told = set().union(*(LABELS.get(name, set()) for name in names))
    assert grouped <= told | OF_PROMETHEUS


def test_the_dashboard_shows_each_of_our_metrics_but_those_that_say_who_tells():
    shown = {name for expression in dashboard_expressions() for name in NAME.findall(expression)}
    aside = {"xgoals_build_info", "xgoals_scrape_seconds", "xgoals_schema_version"}
    assert LABELS.keys() - shown - aside == {
        "xgoals_champion_trained_timestamp_seconds",
        "xgoals_mail_waiting_since_timestamp_seconds",
    }
    assert not shown & aside


def test_legends_name_labels_that_their_metrics_have():
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            named = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            told = set().union(*(LABELS.get(name, set()) for name in NAME.findall(target["expr"])))
            assert named <= told, panel["title"]


def test_panels_are_explained_and_do_not_lie_on_each_other():
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels) > 30
    for panel in panels:
        if panel["type"] != "row":
            assert panel["title"]
            assert panel["description"].endswith(".")
            assert panel["targets"]
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24
    for one, other in combinations((panel["gridPos"] for panel in panels), 2):
        apart_x = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        apart_y = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert apart_x or apart_y, (one, other)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_says_what_is_wrong_what_to_do_and_where_more_stands(rule):
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    notes = rule["annotations"]
    assert notes.keys() == {"summary", "description", "runbook"}
    assert len(notes["summary"]) > 20
    assert len(notes["description"]) > 50
    page, _, anchor = notes["runbook"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text(), re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert not anchor or anchor in slugs


def test_every_rule_is_in_the_docs_and_has_a_name_of_its_own():
    told = {row["alert"] for row in tables_below("monitoring.md", "Alerts")[0]}
    names = [rule["alert"] for rule in RULES]
    assert told == set(names)
    assert len(names) == len(set(names))


def test_the_docs_say_of_every_metric_what_it_means():
    tables = tables_below("monitoring.md", "Every metric")
    rows = {row["metric"]: row for table in tables for row in table}
    assert rows.keys() == LABELS.keys()
    for name, row in rows.items():
        assert set(re.findall(r"\w+", row["labels"])) == LABELS[name], name
        assert row["meaning"]
