"""Two workers with homes of their own, killed at the worst moments: what reaches people is what one machine gives them.

The processes are those of docker-compose.workers.yml (``clusters``), the data simulated: a league without tracking, of
which the model learns, then three matches with tracking. A worker is killed while it explains the league, and one while
it reads the three; the other one goes on.
"""

import email.policy
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import httpx
import numpy as np
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from moto.server import ThreadedMotoServer
from sqlalchemy import create_engine, text

from clusters import ADDRESS, WORKERS, Cluster, free_port, held, wait_until
from databases import default_settings
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league, simulate_matchday
from xgoals.feeds.simulator.dfl_writer import write_dfl_match
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.steps import build_features, compute_baseline, explain, ingest, register, run_context, train
from xgoals.steps.run_context import FeedSource

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]

RECIPIENTS = ("analysts@example.org", "coach@example.org")
PAGES = "/xgoals/reports/main/"


class Mailbox:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        parsed: Any = BytesParser(policy=email.policy.default).parsebytes(content)
        self.messages.append(parsed)
        return "250 OK"


@dataclass(frozen=True)
class Nights:
    """Two runs that are over, and all that is left of them."""

    cluster: Cluster
    mailbox: Mailbox
    run_ids: tuple[str, str]
    one_machine_url: str
    killed: tuple[str, str]

    @property
    def pages(self) -> httpx.Client:
        """A browser of somebody who has logged in."""
        base = self.cluster.api.base_url
        login = {"username": "admin", "password": self.cluster.variables["UI_PASSWORD"]}
        token = httpx.post(f"{base}/auth/token", json=login, trust_env=False, timeout=60).json()[
            "access_token"
        ]
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=base, trust_env=False, timeout=60, headers=headers)


@pytest.fixture(scope="module")
def league(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seasons of six clubs but for the last matchday: of few clubs and players, since each has a page."""
    path = tmp_path_factory.mktemp("league") / "league.parquet"
    write_archive(path, islice(simulate_league(seasons=2, clubs=6), 57))
    return path


@pytest.fixture(scope="module")
def tracked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The last matchday, three matches with tracking around the shots."""
    folder = tmp_path_factory.mktemp("dfl")
    for number, record in enumerate(simulate_matchday(2, 10, clubs=6)):
        write_dfl_match(record, folder / f"m{number}", seed=number)
    return folder


@pytest.fixture(scope="module")
def one_machine(
    copy_database: Callable[[str, str], str],
    template_database: str,
    league: Path,
    tracked: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """The address of the results of the same two runs, step by step in this process."""
    url = copy_database(template_database, "one_machine")
    settings = default_settings(home=tmp_path_factory.mktemp("one-machine"), database_url=url)
    for name, feed, source in (("league", "archive", league), ("tracked", "dfl", tracked)):
        run = run_context.open_run(
            settings, database="main", sources=[FeedSource(feed, source)], dag_run_id=name, started_at=None
        )
        ingest.ingest(run)
        build_features.build_features(run)
        champion = register.register(run, train.train(run))
        compute_baseline.compute_baseline(run, champion)
        explain.explain(run, champion)
        run_context.close_run(run, "success")
    return url


@contextmanager
def bucket() -> Iterator[dict[str, str]]:
    """A bucket, and the variables of who may use it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    given = {
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": "s3cret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
    }
    httpx.put(f"{given['AWS_ENDPOINT_URL']}/pages", trust_env=False).raise_for_status()
    try:
        yield given | {"XGOALS_STORAGE_URL": "s3://pages/xgoals"}
    finally:
        server.stop()


@pytest.fixture(scope="module", params=["folder", "bucket"])
def nights(
    request: pytest.FixtureRequest,
    one_machine: str,
    league: Path,
    tracked: Path,
    tmp_path_factory: pytest.TempPathFactory,
    once: Any,
) -> Iterator[Nights]:
    """Pages, clips and mails that wait lie in a folder that is no worker's home, or in a bucket."""
    folder = tmp_path_factory.mktemp("cluster")
    with bucket() if request.param == "bucket" else nullcontext(in_a_folder(folder)) as storage:
        postgres = EmbeddedPostgres(once.folder / f"postgres-{request.param}")
        yield from _two_nights(folder, postgres, storage, one_machine, league, tracked)


def in_a_folder(folder: Path) -> dict[str, str]:
    return {"XGOALS_STORAGE_URL": str(folder / "shared")}


def _two_nights(
    folder: Path,
    postgres: EmbeddedPostgres,
    storage: dict[str, str],
    one_machine: str,
    league: Path,
    tracked: Path,
) -> Iterator[Nights]:
    mailbox, port = Mailbox(), free_port()
    mails = Controller(mailbox, hostname="127.0.0.1", port=port)
    cluster = Cluster(
        folder,
        postgres,
        given={
            "SMTP_CONNECTION": f"smtp://127.0.0.1:{port}?disable_ssl=true&disable_tls=true",
            **storage,
        },
        extra={
            "XGOALS_SOURCES__ROOTS": f'["{league.parent}", "{tracked}"]',
            "XGOALS_EMAIL__RECIPIENTS": str(list(RECIPIENTS)).replace("'", '"'),
            "XGOALS_SCHEDULE__WATCH_INBOX": "false",
            "XGOALS_LIMITS__REASONS_MINUTES": "0",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
        },
    )
    mails.start()
    postgres.ensure_started()
    try:
        cluster.start()
        killed: list[str] = []

        def kill_in(step: str, table: str, *, n: int) -> Callable[[str], None]:
            def meanwhile(run_id: str) -> None:
                with held(cluster.results_url, table) as waiting:
                    wait_until(f"{n} of {step} to write", lambda: waiting(step) >= n)
                    killed.append(cluster.worker_of(run_id, step))
                    cluster.kill_worker(killed[-1])

            return meanwhile

        first = cluster.run({"feed": "archive", "source": str(league)}, kill_in("explain", "shot_xg", n=1))
        cluster.start_worker(killed[0])
        second = cluster.run({"feed": "dfl", "source": str(tracked)}, kill_in("ingest", "shot", n=2))
        cluster.start_worker(killed[1])  # the machine is back, and with it the logs on its disk
        yield Nights(cluster, mailbox, (first, second), one_machine, (killed[0], killed[1]))
    finally:
        cluster.stop()
        mails.stop()
        postgres.stop()


def tasks(nights: Nights) -> list[tuple[str, dict[str, Any]]]:
    return [(run_id, task) for run_id in nights.run_ids for task in nights.cluster.api.tasks(run_id)]


def test_what_was_killed_was_tried_again_and_both_workers_have_worked(nights: Nights) -> None:
    done = {(t["task_id"], t["map_index"]): t for _, t in tasks(nights) if t["state"] == "success"}
    assert {t["hostname"] for _, t in tasks(nights) if t["hostname"]} == set(ADDRESS.values())
    first, second = nights.run_ids
    api = nights.cluster.api
    (explained,) = [t for t in api.tasks(first) if t["task_id"] == "explain"]
    assert (explained["state"], explained["try_number"]) == ("success", 2)
    (other,) = set(WORKERS) - {nights.killed[0]}
    assert explained["hostname"] == ADDRESS[other]
    reading = [t for t in api.tasks(second) if t["task_id"] == "ingest"]
    assert sorted(t["try_number"] for t in reading) == [1, 1, 2]
    (other,) = set(WORKERS) - {nights.killed[1]}
    assert {t["hostname"] for t in reading} == {ADDRESS[other]}
    assert ("report", -1) in done


HASHES = {
    "match": "select to_jsonb(m) - array['fingerprint'] from match m",
    "shot": "select to_jsonb(s) - array['shot_key', 'created_at', 'updated_at'] from shot s",
    "positions": """select jsonb_build_array(s.shot_id, to_jsonb(p) - 'shot_key')
                    from shot_position p join shot s using (shot_key)""",
    "features": """select jsonb_build_array(s.provider, s.match_id, s.shot_id, f.features_hash, f.is_current,
                       f.feature_values::text) from shot_feature f join shot s using (shot_key)""",
    "xg": """select jsonb_build_array(s.provider, s.match_id, s.shot_id, x.model_version, x.xg, x.publication)
             from shot_xg x join shot s using (shot_key)""",
    "explanations": """select jsonb_build_array(s.provider, s.match_id, s.shot_id, e.model_version, e.base_value,
                           e.prediction, e.group_values)
                       from shot_explanation e join shot_feature f using (features_key) join shot s using (shot_key)""",
    "models": "select jsonb_build_array(model_version, sha256, data_hash) from model_version",
    "quarantine": "select jsonb_build_array(match_id, reason) from quarantine",
}


@pytest.mark.parametrize("rows", HASHES)
def test_rows_are_those_of_one_machine(rows: str, nights: Nights) -> None:
    def of(url: str) -> list[str]:
        return sorted(str(row.whole) for row in asked(url, f"select t.* from ({HASHES[rows]}) t (whole)"))

    here, there = of(nights.cluster.results_url), of(nights.one_machine_url)
    assert len(here) == len(there), "nothing is lost, nothing doubled"
    assert [pair for pair in zip(here, there, strict=True) if pair[0] != pair[1]][:3] == []
    assert here or rows == "quarantine"


def test_shares_of_features_are_those_of_one_machine(nights: Nights) -> None:
    """Who reads which match decides the order of shots, and with it, in the last digit, how their shares are summed."""
    query = """select s.provider, s.match_id, s.shot_id, e.shap_values
               from shot_explanation e join shot_feature f using (features_key) join shot s using (shot_key)
               order by 1, 2, 3, e.model_version, f.features_hash"""
    here, there = (asked(url, query) for url in (nights.cluster.results_url, nights.one_machine_url))
    assert [row[:3] for row in here] == [row[:3] for row in there]
    shares = [np.array([row.shap_values for row in rows]) for rows in (here, there)]
    np.testing.assert_allclose(*shares, rtol=0, atol=1e-12)


def asked(url: str, query: str) -> Sequence[Any]:
    engine = create_engine(url, connect_args={"options": "-c search_path=xgoals,public"})
    with engine.connect() as connection:
        found = connection.execute(text(query)).all()
    engine.dispose()
    return found


def test_every_link_of_the_index_opens_through_the_api_server(nights: Nights) -> None:
    with nights.pages as browser:
        index = browser.get(f"{PAGES}index.html")
        assert index.status_code == 200, index.text[:300]
        links = {link for link in re.findall(r'href="([^"#?]+\.html)', index.text) if "://" not in link}
        kinds = {link.split("/")[0] for link in links}
        assert {"match", "model", "season", "matchday"} <= kinds
        for link in sorted(links):
            page = browser.get(urljoin(f"{PAGES}index.html", link))
            assert page.status_code == 200, link
            assert "</html>" in page.text, link


def test_clips_that_one_worker_has_cut_are_drawn_by_the_other(nights: Nights) -> None:
    with nights.pages as browser:
        for number in (1, 2, 3):
            index = browser.get(f"{PAGES}index.html").text
            (link,) = set(re.findall(rf'href="(match/[^"]*SIM-2024-10-{number}[^"]*\.html)', index))
            assert "clip-curve" in browser.get(PAGES + link).text, link


def test_the_log_of_every_try_is_readable_wherever_it_was_written(nights: Nights) -> None:
    with nights.pages as browser:
        n_read = 0
        for run_id, task in tasks(nights):
            for number in range(1, task["try_number"] + 1):
                where = (
                    f"/api/v2/dags/xgoals_pipeline/dagRuns/{quote(run_id)}/taskInstances/{task['task_id']}"
                )
                query = {"full_content": "true", "map_index": task["map_index"]}
                answer = browser.get(f"{where}/logs/{number}", params=query)
                assert answer.status_code == 200
                assert "Could not read served logs" not in answer.text, (task["task_id"], number)
                events = [line["event"] for line in answer.json()["content"] if line.get("timestamp")]
                assert events, (task["task_id"], task["map_index"], number, answer.text[:500])
                n_read += 1
    assert n_read >= 20


def test_every_mail_was_sent_once(nights: Nights) -> None:
    engine = create_engine(nights.cluster.results_url)
    with engine.connect() as connection:
        noted = connection.execute(
            text("select message_id, state, attempts, recipient, subject from xgoals.notification")
        ).all()
    engine.dispose()
    assert {row.state for row in noted} == {"sent"}
    assert {row.attempts for row in noted} == {1}
    sent = [str(message["Message-ID"]) for message in nights.mailbox.messages]
    assert sorted(sent) == sorted(row.message_id for row in noted)
    assert len(set(sent)) == len(sent)
    told = [(str(m["To"]), str(m["Subject"])) for m in nights.mailbox.messages]
    assert len(set(told)) == len(told)
    assert {to for to, _ in told} == set(RECIPIENTS)
    assert not any("FAILED" in subject for _, subject in told), "a worker that dies fails no run"
