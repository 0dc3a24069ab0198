"""A backup brings every row back, and cleaning never takes what is published."""

import json
import os
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from champions import xgoals
from sqlalchemy import create_engine, text

from xgoals.domain.errors import ModelError, StoreError
from xgoals.steps import promote
from xgoals.steps.upkeep import backup
from xgoals.steps.upkeep.ages import Ages
from xgoals.steps.upkeep.clean import clean, disk_use
from xgoals.store.database import connect
from xgoals.store.notifications import waiting_ids
from xgoals.store.upkeep import backup as store

DAY_S = 86_400
# The first of these tests waits for a whole run of the steps.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def settings(first_run):
    """A home and a database after one whole run."""
    return first_run.settings


@pytest.fixture
def query(settings):
    engine = connect(settings, "main")

    def ask(statement, **parameters):
        with engine.begin() as connection:
            result = connection.execute(text(statement), parameters)
            return result.scalar() if result.returns_rows else None

    yield ask
    engine.dispose()


def all_rows(settings):
    engine = connect(settings, "main")
    with engine.connect() as connection:
        found = store.contents(connection)
    engine.dispose()
    return found


def test_what_was_destroyed_comes_back_row_for_row(settings, query, tmp_path):
    file = tmp_path / "somewhere" / "results.dump"
    before = all_rows(settings)
    n_rows = backup.backup(settings, "main", file)
    assert n_rows == sum(table.rows for table in before.values()) > 1000
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    assert list(file.parent.iterdir()) == [file], "nothing unfinished is left"

    query("delete from champion")
    query("update shot_xg set xg = 0.5")
    query("drop view champion_shot cascade")
    query("truncate shot_explanation cascade")
    assert all_rows(settings) != before
    with pytest.raises(StoreError, match="--replace"):
        backup.restore(settings, "main", file, replace=False)
    assert backup.restore(settings, "main", file, replace=True) == n_rows
    assert all_rows(settings) == before
    assert query("select count(*) from champion_shot") == query("select count(*) from shot"), (
        "views are back too"
    )


def test_an_empty_database_takes_a_backup_without_being_asked_twice(settings, bare_database, tmp_path):
    file = tmp_path / "results.dump"
    before = all_rows(settings)
    n_rows = backup.backup(settings, "main", file)
    done = xgoals("restore", str(file), "--json")  # variables lead to the empty one
    assert json.loads(done.stdout) == {"path": str(file), "rows": n_rows}
    assert all_rows(bare_database) == before


def test_the_checksum_sees_one_changed_number_and_no_change_of_order(settings, query):
    before = all_rows(settings)["shot_xg"]
    query("create table copied as select * from shot_xg order by xg")
    query("truncate shot_xg cascade")
    query("insert into shot_xg select * from copied order by xg desc")
    query("drop table copied")
    assert all_rows(settings)["shot_xg"] == before
    query("update shot_xg set xg = xg + 1e-9 where features_key = (select min(features_key) from shot_xg)")
    assert all_rows(settings)["shot_xg"] != before


def test_a_backup_of_a_newer_schema_is_refused(settings, query, tmp_path):
    known = query("select version_num from public.xgoals_schema_version")
    query("update public.xgoals_schema_version set version_num = '9999'")
    engine = create_engine(settings.database_url.get_secret_value())  # as it is, not brought up to date
    store.back_up(engine, tmp_path / "newer.dump")
    with pytest.raises(StoreError, match="schema 9999"):
        store.restore(engine, tmp_path / "newer.dump")
    query("update public.xgoals_schema_version set version_num = :v", v=known)
    engine.dispose()


def test_a_backup_that_cannot_be_written_leaves_the_one_before(settings, tmp_path):
    file = tmp_path / "results.dump"
    file.mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        backup.backup(settings, "main", file)
    assert not list(tmp_path.glob("*.part"))


def test_the_weekly_check_restores_beside_the_results_and_cleans_up(settings, query):
    before = all_rows(settings)
    assert backup.check_backup(settings, "main") == sum(table.rows for table in before.values())
    assert all_rows(settings) == before
    assert query("select count(*) from pg_database where datname like '%restore_check%'") == 0


def test_the_check_notices_a_table_that_comes_back_different(settings, query, tmp_path):
    engine = connect(settings, "main")
    saved = dict(store.back_up(engine, tmp_path / "results.dump"))
    saved["match"] = store.TableContents(saved["match"].rows, "1")
    with pytest.raises(StoreError, match="bring back what was saved: match"):
        store.check_that_it_restores(engine, tmp_path / "results.dump", saved)
    engine.dispose()
    assert query("select count(*) from pg_database where datname like '%restore_check%'") == 0


def put(path, age_days):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x" * 1000)
    then = time.time() - age_days * DAY_S
    os.utime(path, (then, then))
    return path


def test_cleaning_takes_what_is_old_and_nothing_else(settings, query):
    home, keep = settings.home, settings.retention
    old = [
        put(settings.home / "outbox" / "old.eml", keep.outbox_days + 1),
        put(home / "logs" / "tasks" / "deep" / "old.log", keep.logs_days + 1),
        put(home / "clips" / "main" / "p" / "old.parquet", keep.clips_days + 1),
        put(home / "inbox" / "statsbomb" / "events.json.part", 3),  # whoever wrote these is long dead
        put(home / "clips" / "main" / "p" / "x.unfinished", 3),
    ]
    rest = time.time() - 3 * DAY_S
    for folder in (home / "logs" / "tasks" / "deep", home / "logs" / "tasks"):
        os.utime(folder, (rest, rest))
    (home / "logs" / "fresh").mkdir()  # a task is about to open its log there
    young = [
        put(settings.home / "outbox" / "new.eml", keep.outbox_days - 1),
        put(home / "logs" / "new.log", keep.logs_days - 1),
        put(home / "inbox" / "statsbomb" / "more.json.part", 0.1),
        put(home / "clips" / "main" / "p" / "new.parquet", keep.clips_days - 1),
        put(home / "inbox" / "dfl" / "ancient.xml", 5000),
        put(settings.home / "outbox" / "no mail.txt", 5000),
    ]
    outside = put(home.parent / "outside.log", 5000)
    (home / "logs" / "link.log").symlink_to(outside)
    query("update shot set clip_path = 'clips/main/p/old.parquet' where event_n = 0")
    match_page = next((settings.home / "reports" / "main" / "match").glob("*.html"))
    model_page = next((settings.home / "reports" / "main" / "model").glob("*.html"))
    for page in (match_page, model_page, settings.home / "reports" / "main" / "index.html"):
        long_ago = time.time() - (keep.reports_days + 1) * DAY_S
        os.utime(page, (long_ago, long_ago))

    would_go = clean(settings, dry_run=True, tell=print)
    assert all(path.exists() for path in [*old, match_page])
    assert clean(settings, dry_run=False, tell=print) == would_go
    assert not any(path.exists() for path in [*old, match_page])
    assert all(path.exists() for path in [*young, outside, model_page])
    assert not (home / "logs" / "tasks").exists(), "empty folders go too"
    assert (home / "logs" / "fresh").is_dir()
    assert {part.what: part.n for part in would_go if part.n} == {
        "mails in the outbox": 1, "logs": 1, "main: clips": 1, "main: report pages": 1, "unfinished files": 2,
    }  # fmt: skip
    assert query("select count(*) from shot where clip_path is not null") == 0
    assert query("select count(*) from report where path = :p", p=str(match_page.relative_to(home))) == 0
    index = (settings.home / "reports" / "main" / "index.html").read_text()
    links = re.findall(r'(?<!data-)href="([^"#:]+\.html)"', index)
    assert links
    assert all((settings.home / "reports" / "main" / link).is_file() for link in links), (
        "no link leads nowhere"
    )
    assert {part.n for part in clean(settings, dry_run=True, tell=print)} == {0}


def test_cleaning_never_takes_published_numbers_or_champions(settings, query):
    for name in ("second", "third", "fourth"):  # nights without anything new leave nothing but their row
        query(
            "insert into run (run_id, feeds, sources, state, started_at) values (:r, '{dfl}', '{x}', 'success', now())",
            r=name,
        )
    for state in ("pending", "given_up"):
        query(
            "insert into notification (message_id, run_id, kind, matter, recipient, subject, message, state, "
            "created_at, changed_at) values (:s, 'fourth', 'digest', :s, 'a@x.org', 's', 'm', :s, now(), now())",
            s=state,
        )  # fmt: skip
    champion = query("select model_version from champion")
    query("update model_version set created_at = now() - interval '9 years'")
    query("update run set started_at = now() - interval '9 years'")
    query("update promotion set decided_at = now() - interval '9 years'")
    kept_before = {
        name: rows for name, rows in all_rows(settings).items() if name not in ("run", "notification")
    }
    freed = {
        part.what: part.n for part in clean(settings, dry_run=False, tell=print, ages=Ages(datetime.now(UTC)))
    }
    assert {name: rows for name, rows in all_rows(settings).items() if name in kept_before} == kept_before
    assert query("select model_version from champion") == champion
    assert freed["main: numbers of former and refused models"] == 0
    left = query("select string_agg(run_id, ',' order by run_id) from run")
    assert "fourth" in left, "its mail still waits"
    assert query("select count(*) from notification where run_id = 'fourth'") == 2
    assert "first" in left, "the run that published the numbers"
    assert "second" not in left, "a run that left nothing"


def test_numbers_of_a_refused_challenger_go_and_it_stays_known(settings, query):
    champion = query("select model_version from champion")
    columns = (
        "catalogue, catalogue_version, feature_names, parameters, seed, window_from, window_to, n_matches, n_shots, "
        "n_goals, data_hash, library_versions, is_simulated, booster, sha256, golden, metrics, created_by_run"
    )
    for name, age in (("xg-old", "400 days"), ("xg-young", "1 day")):
        query(
            f"insert into model_version (model_version, {columns}, created_at) select '{name}', {columns}, "
            f"now() - interval '{age}' from model_version where model_version = :c", c=champion,
        )  # fmt: skip
        query(f"insert into out_of_fold select '{name}', shot_key, xg, is_held_out from out_of_fold "
              "where model_version = :c", c=champion)  # fmt: skip
        for table, columns_of_it in (
            ("model_sister", "sister, booster, sha256, golden"),
            ("model_match", "provider, match_id, sister"),
        ):
            query(f"insert into {table} (model_version, {columns_of_it}) select '{name}', {columns_of_it} "
                  f"from {table} where model_version = :c", c=champion)  # fmt: skip
        query(
            "insert into promotion (challenger, champion_before, champion_after, verdict, reason, evidence, "
            f"decided_at) values ('{name}', :c, :c, 'kept', 'no better', '{{}}', now())", c=champion,
        )  # fmt: skip
    n = query("select count(*) from out_of_fold where model_version = 'xg-old'")
    for name in ("xg-young", "xg-old"):
        query("insert into inbox_event (event_id, feed, state, verdict, fired_at, taken_by_run) values "
              "(:n, 'dfl', 'complete', '{}', now() - cast(:age as interval), 'first')",
              n=name, age="400 days" if name == "xg-old" else "1 day")  # fmt: skip
    later = datetime.now(UTC) + timedelta(days=1)
    freed = {part.what: part for part in clean(settings, dry_run=False, tell=print, ages=Ages(later))}
    sisters = [query(f"select count(*) from {t} where model_version = :c", c=champion)
               for t in ("model_sister", "model_match")]  # fmt: skip
    assert sisters[0] == 5
    # predictions, the bytes, and the sisters with what they have not seen
    assert freed["main: numbers of former and refused models"].n == n + 1 + sum(sisters)
    for table, n_rows in zip(("model_sister", "model_match"), sisters, strict=True):
        assert query(f"select count(*) from {table} where model_version = 'xg-old'") == 0
        assert query(f"select count(*) from {table} where model_version = 'xg-young'") == n_rows
    assert freed["main: reported states of the inbox"].n == 1
    assert query("select string_agg(event_id, ',') from inbox_event") == "xg-young"
    assert query("select string_agg(model_version, ',') from model_version where booster is null") == "xg-old"
    assert freed["main: numbers of former and refused models"].size_bytes > 0
    assert query("select count(*) from out_of_fold where model_version = 'xg-old'") == 0
    for name in (champion, "xg-young"):
        assert query("select count(*) from out_of_fold where model_version = :m", m=name) == n
    assert query("select count(*) from model_version where model_version = 'xg-old'") == 1
    assert query("select count(*) from promotion where challenger = 'xg-old'") == 1
    with pytest.raises(ModelError, match="bytes of model xg-old were cleaned away"):
        promote.promote(settings, "main", "xg-old")
    assert query("select model_version from champion") == champion


def test_disk_use_counts_files_and_databases(settings):
    put(settings.home / "outbox" / "one.eml", 0)
    sizes = {part.what: part.size_bytes for part in disk_use(settings)}
    assert sizes["outbox"] == 1000
    assert sizes["reports"] > 100_000
    assert any(what.startswith("database ") and size > 1_000_000 for what, size in sizes.items())
    assert "clips" not in sizes


def test_cleaning_takes_records_of_mails_that_are_over_and_none_that_waits(settings, query):
    for state in ("pending", "failed", "outbox", "sent", "given_up"):
        for kind, matter, state_key in (("digest", "matchday 1", None), ("warning", "drift", "0123")):
            for age_days in (settings.retention.outbox_days + 1, settings.retention.outbox_days - 1):
                query(
                    """insert into notification (message_id, run_id, kind, matter, state_key, recipient, subject,
                                                 message, state, created_at, changed_at)
                       values (:m, :m, :kind, :matter, :state_key, 'a@x.org', 's',
                               case when :state = 'sent' then null else cast('m' as bytea) end, :state,
                               now() - interval '1 year', now() - make_interval(days => :days))""",
                    m=f"{state} {kind} {age_days}", kind=kind, matter=matter, state_key=state_key, state=state,
                    days=age_days,
                )  # fmt: skip
    (would_go,) = [
        p
        for p in clean(settings, dry_run=True, tell=print, ages=Ages(datetime.now(UTC)))
        if "records of mails" in p.what
    ]
    assert would_go.n == 5
    assert query("select count(*) from notification where recipient = 'a@x.org'") == 20
    clean(settings, dry_run=False, tell=print, ages=Ages(datetime.now(UTC)))
    days = settings.retention.outbox_days
    gone = {f"{state} digest {days + 1}" for state in ("sent", "given_up", "outbox")}
    left = query("select string_agg(message_id, ',') from notification where recipient = 'a@x.org'").split(
        ","
    )
    assert len(left) == 17
    assert not gone & set(left), (
        "what was told and is old, or whose file has left the outbox; what lasts stays told, what waits stays waiting"
    )
    without_text = query("select string_agg(message_id, ',') from notification where message = ''").split(",")
    assert sorted(without_text) == [f"given_up warning {days + 1}", f"outbox warning {days + 1}"]
    engine = connect(settings, "main")
    with engine.connect() as connection:
        to_send = waiting_ids(connection, states=("outbox", "given_up"))
    engine.dispose()
    assert to_send, "what is young can still be sent"
    assert not set(without_text) & set(to_send), "no empty mail is ever sent"


def test_a_champion_long_replaced_keeps_what_was_published_and_the_latest_can_come_back(settings, query):
    champion = query("select model_version from champion")
    columns = (
        "catalogue, catalogue_version, feature_names, parameters, seed, window_from, window_to, n_matches, n_shots, "
        "n_goals, data_hash, library_versions, is_simulated, booster, sha256, golden, metrics, created_by_run"
    )
    names = [f"xg-{n}" for n in range(8)]
    for before, after in zip([champion, *names], names, strict=False):
        query(f"insert into model_version (model_version, {columns}, created_at) select :m, {columns}, now() "
              "from model_version where model_version = :c", m=after, c=champion)  # fmt: skip
        query("insert into out_of_fold select :m, shot_key, xg, is_held_out from out_of_fold "
              "where model_version = :c", m=after, c=champion)  # fmt: skip
        query("insert into promotion (challenger, champion_before, champion_after, verdict, reason, evidence, "
              "decided_at) values (:m, :b, :m, 'promoted', 'better', '{}', now())", m=after, b=before)  # fmt: skip
    query("update model_version set created_at = now() - interval '400 days'")
    query("update champion set model_version = 'xg-7'")
    published = all_rows(settings)["shot_xg"]
    clean(settings, dry_run=False, tell=print)
    whole = query("select string_agg(distinct model_version, ',' order by model_version) from out_of_fold")
    assert whole.split(",") == sorted([champion, "xg-2", "xg-3", "xg-4", "xg-5", "xg-6", "xg-7"]), (
        "the champion, five before it, and the anchor"
    )
    assert all_rows(settings)["shot_xg"] == published
    assert query("select count(*) from model_version where booster is null") == 0
