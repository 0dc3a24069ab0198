"""The storage in a bucket, for the whole: pages, clips and mails lie there, are served from there, nothing at home."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from buckets import counted
from xgoals.domain.errors import StoreError
from xgoals.explore.app import create_app
from xgoals.feeds.clips import read_clips
from xgoals.feeds.simulator import simulate_matchday
from xgoals.feeds.simulator.dfl_writer import write_dfl_match
from xgoals.mail.delivery.deliver import deliver_waiting
from xgoals.mail.delivery.smtp import Attempt, Outcome
from xgoals.mail.enqueue import end_run
from xgoals.settings import Settings
from xgoals.steps import ingest as ingest_step
from xgoals.steps import report
from xgoals.steps.run_context import RunContext
from xgoals.steps.upkeep.ages import Ages
from xgoals.steps.upkeep.clean import clean, disk_use
from xgoals.steps.upkeep.matches import delete
from xgoals.storage import BucketStorage, storage_of
from xgoals.storage import bucket as bucket_module
from xgoals.store.database import connect


@pytest.fixture
def in_bucket(
    empty_database: Settings, bucket: BucketStorage, monkeypatch: pytest.MonkeyPatch
) -> BucketStorage:
    """Settings that are read from now on name this bucket."""
    monkeypatch.setenv("XGOALS_STORAGE_URL", bucket.where())
    return bucket


def column(settings: Settings, query: str) -> list[str]:
    engine = connect(settings, "main")
    with engine.connect() as connection:
        found = list(connection.scalars(text(query)))
    engine.dispose()
    return found


@dataclass(frozen=True)
class NoServer:
    """No mail server is configured."""

    def __enter__(self) -> "NoServer":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, message: bytes, sender: str, recipient: str, patience_s: float) -> Attempt:
        return Attempt(Outcome.NO_SERVER)

    def advice(self) -> str:
        return ""


def links_of(page: str) -> set[str]:
    """Pages that a page leads to, as its reader's browser would ask for them."""
    return set(re.findall(r'(?<!data-)href="([^"#:]+\.html)', page))


@pytest.fixture
def ask(run_async: Callable[..., httpx.Response]) -> Callable[[Settings, str], httpx.Response]:
    """Ask the server of the reports."""

    def get(settings: Settings, path: str) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(create_app(settings))
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as browser:
                return await browser.get(path, headers={"Accept": "text/html"})

        return run_async(send())

    return get


@pytest.mark.slow
@pytest.mark.season_pages
@pytest.mark.timeout(900)
def test_a_league_s_pages_and_mails_lie_in_the_bucket_and_every_link_opens(
    in_bucket: BucketStorage,
    reach: Callable[[str], tuple[RunContext, str]],
    ask: Callable[[Settings, str], httpx.Response],
) -> None:
    run, model = reach("explained")
    with counted(in_bucket) as sent:
        where = report.report(run, model)
    pages = {file.path for file in in_bucket.files("reports")}
    assert where == f"{in_bucket.where()}/reports/main/model/{model}.html"
    assert pages == set(column(run.settings, "select path from report"))
    assert sent.count("PutObject") == len(pages) > 300
    assert len(sent) - len(pages) <= 12, "besides what is written, a listing for each folder"
    assert not (run.settings.home / "reports").exists()

    index = ask(run.settings, "/xgoals/reports/main/index.html").text
    assert len(links_of(index)) > 60
    for link in links_of(index):
        assert f"reports/main/{link}" in pages, link
    for link in sorted(links_of(index))[::20]:
        assert ask(run.settings, f"/xgoals/reports/main/{link}").content == in_bucket.read(
            f"reports/main/{link}"
        )

    with counted(in_bucket) as sent:
        report.report(run, model)
    assert "PutObject" not in sent
    assert len(sent) <= 4, "a night without news looks at the index and three folders"

    end_run(run)
    delivered = deliver_waiting(run.settings, "main", NoServer())
    mails = [in_bucket.read(file.path) for file in in_bucket.files("outbox")]
    assert len(mails) == delivered["outbox"] > 0
    parts = [part for mail in mails for part in message_from_bytes(mail or b"", policy=default).walk()]
    said = "\n".join(part.get_content() for part in parts if part.get_content_maintype() == "text")
    linked = set(re.findall(r"/xgoals/(reports/main/[\w/.%-]+\.html)", said))
    assert len(linked) >= 3
    for link in linked:
        assert ask(run.settings, f"/xgoals/{link}").status_code == 200, link

    gone = sorted(page for page in pages if "/match/" in page)[0]
    in_bucket.remove([gone])
    answer = ask(run.settings, f"/xgoals/{gone}")
    assert answer.status_code == 200
    assert in_bucket.read(gone) == answer.content, "a match's page is written when somebody opens it"
    (match_id,) = column(run.settings, f"select facts ->> 'match_id' from report where path = '{gone}'")
    delete(run.settings, "main", match_id, tell=print)
    assert not in_bucket.exists(gone)
    assert gone.removeprefix("reports/main/") not in links_of(
        (in_bucket.read("reports/main/index.html") or b"").decode()
    )

    assert {use.what for use in disk_use(run.settings)} >= {"reports", "outbox"}
    freed = clean(run.settings, dry_run=False, tell=print, ages=Ages(_in_years()))
    assert {part.what for part in freed if part.n} >= {"mails in the outbox", "main: report pages"}
    assert list(in_bucket.files("outbox")) == []
    left = {file.path for file in in_bucket.files("reports")}
    assert left == set(column(run.settings, "select path from report"))
    assert f"reports/main/model/{model}.html" in left


def _in_years() -> datetime:
    return datetime.now(UTC) + timedelta(days=3650)


@pytest.fixture
def match_with_tracking(tmp_path: Path) -> Path:
    write_dfl_match(simulate_matchday(1, 20)[0], tmp_path / "dfl" / "m0", seed=0)
    return tmp_path / "dfl"


def test_clips_lie_in_the_bucket(
    in_bucket: BucketStorage, open_run: Callable[..., RunContext], match_with_tracking: Path
) -> None:
    run = open_run("run", "dfl", match_with_tracking)
    ingest_step.ingest(run)
    (path,) = column(run.settings, "select distinct clip_path from shot where clip_path is not null")
    with storage_of(run.settings).local(path) as file:
        clips = read_clips(file)
    assert len(clips) == int(column(run.settings, "select count(clip_path) from shot")[0]) > 0
    assert not (run.settings.home / "clips").exists()


def test_a_bucket_that_fails_is_no_match_s_fault_and_costs_nothing(
    in_bucket: BucketStorage,
    open_run: Callable[..., RunContext],
    match_with_tracking: Path,
    use_s3: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    s3_server,
) -> None:
    monkeypatch.setattr(bucket_module, "TRIES", 1)
    use_s3("http://127.0.0.1:9")
    run = open_run("run", "dfl", match_with_tracking)
    with pytest.raises(StoreError, match="the storage does not answer"):
        ingest_step.ingest(run)
    assert column(run.settings, "select count(*) from match union all select count(*) from quarantine") == [
        0,
        0,
    ]
    use_s3(s3_server.url)
    ingest_step.ingest(run)
    assert column(run.settings, "select count(*) from match") == [1], "the next try has it"
    assert len(list(in_bucket.files("clips"))) == 1
