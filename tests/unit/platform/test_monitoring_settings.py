"""What `[metrics]` and `[logs]` switch on: in Airflow's configuration, in the token's file, in what doctor says."""

import stat
import sys

import pytest
from pydantic import ValidationError

from databases import default_settings
from xgoals import cli
from xgoals.domain.errors import SettingsError
from xgoals.metrics.token import is_token, metrics_token, token_path
from xgoals.services import doctor, up
from xgoals.services.airflow import monitoring
from xgoals.services.airflow.monitoring import (
    monitoring_config,
    monitoring_of,
    monitoring_variables,
    new_token,
    require_monitoring,
)
from xgoals.settings import Logs, Metrics

ADDRESS = "http://127.0.0.1:8080"


@pytest.fixture
def with_metrics(tmp_path):
    """``with_metrics(endpoint=True)``: settings with these keys in `[metrics]`."""
    return lambda **keys: default_settings(home=tmp_path / "home", metrics=Metrics(**keys))


def test_by_default_nothing_is_sent_nothing_answers_and_no_token_is_made(with_metrics):
    settings = with_metrics()
    switched = {"metrics.statsd_on": False, "metrics.otel_on": False, "logging.json_logs": False}
    assert {".".join(key): value for key, value in monitoring_config(settings).items()} == switched
    assert monitoring_variables(settings) == {}
    assert not token_path(settings).exists()
    assert not monitoring_of(settings, ADDRESS).is_on
    assert list(doctor._metrics(settings)) == []


def test_statsd_and_opentelemetry_are_told_to_airflow_in_its_own_words(with_metrics):
    config = monitoring_config(with_metrics(airflow="statsd", host="collector"))
    assert (config["metrics", "statsd_on"], config["metrics", "otel_on"]) == (True, False)
    assert (config["metrics", "statsd_host"], config["metrics", "statsd_port"]) == ("collector", 8125)
    settings = with_metrics(airflow="otel", host="collector", port=4000)
    config = monitoring_config(settings)
    assert (config["metrics", "statsd_on"], config["metrics", "otel_on"]) == (False, True)
    assert monitoring_variables(settings) == {
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://collector:4000/v1/metrics"
    }
    assert str(monitoring_of(settings, ADDRESS)) == "Airflow's own by otel to collector:4000"


def test_json_is_told_to_airflow_too(with_metrics):
    settings = with_metrics().model_copy(update={"logs": Logs(format="json")})
    assert monitoring_config(settings)["logging", "json_logs"] is True


def test_a_token_is_made_once_for_its_owner_alone_and_it_alone_opens(with_metrics):
    settings = with_metrics(endpoint=True)
    assert metrics_token(settings) is None
    assert not is_token(settings, "")
    assert [one.state for one in doctor._metrics(settings)] == ["warn"]
    monitoring_config(settings)
    token = token_path(settings).read_text().strip()
    monitoring_config(settings)
    assert token_path(settings).read_text().strip() == token
    assert stat.S_IMODE(token_path(settings).stat().st_mode) == 0o600
    assert is_token(settings, token)
    for other in ("", token[:-1], token + "x", token.upper(), "é" * len(token)):
        assert not is_token(settings, other)
    assert [(one.state, token in one.says) for one in doctor._metrics(settings)] == [("ok", False)]
    new_token(settings)
    assert not is_token(settings, token)


def test_a_token_of_ones_own_counts_and_no_file_is_written(with_metrics):
    settings = with_metrics(endpoint=True, token="a-token-of-sixteen")
    monitoring_config(settings)
    assert not token_path(settings).exists()
    assert is_token(settings, "a-token-of-sixteen")
    assert "a-token" not in repr(settings)
    assert str(monitoring_of(settings, ADDRESS)) == f"{ADDRESS}/xgoals/metrics, token in the settings"


@pytest.mark.parametrize("token", ["short", "with\nlines in it, long", "ümlaute-sind-zu-wenig"])
def test_a_token_that_is_easy_to_guess_or_cannot_be_sent_is_refused(token):
    with pytest.raises(ValidationError, match="at least 16 printable ASCII characters"):
        Metrics(token=token)


def test_an_empty_token_is_none_as_containers_pass_what_is_not_set():
    assert Metrics(token="").token is None


def test_a_missing_package_is_told_before_anything_is_started(with_metrics, monkeypatch):
    monkeypatch.setattr(monitoring, "find_spec", lambda _: None)
    settings = with_metrics(airflow="statsd")
    sentence = r"the package statsd is not installed.*xgoals\[metrics\]"
    with pytest.raises(SettingsError, match=sentence):
        up.up(settings, print)
    assert not settings.home.exists()
    with pytest.raises(SettingsError, match=sentence):
        list(doctor._metrics(settings))
    require_monitoring(with_metrics(airflow="otel", endpoint=True))


def test_the_command_tells_of_a_server_that_was_never_started_and_writes_a_whole_file(
    monkeypatch, tmp_path, capsys
):
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path))
    for arguments in (["metrics"], ["metrics", "--to", str(tmp_path / "xgoals.prom")]):
        monkeypatch.setattr(sys, "argv", ["xgoals", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert not ended.value.code
    assert 'xgoals_up{database="main"} 0.0' in capsys.readouterr().out.splitlines()
    assert 'xgoals_up{database="main"} 0.0' in (tmp_path / "xgoals.prom").read_text().splitlines()
    assert not list(tmp_path.glob("*.part"))
    assert not (tmp_path / "postgres").exists()
