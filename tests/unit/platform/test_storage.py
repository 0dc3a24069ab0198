"""Files that machines share: what holds for a folder and for a bucket alike, and what either says when it cannot."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from buckets import S3Server, counted
from databases import default_settings
from xgoals.domain.errors import SettingsError, StoreError, UnwritableError
from xgoals.storage import BucketStorage, LocalStorage, Storage, parts_of, storage_of, where_is
from xgoals.storage import bucket as bucket_module
from xgoals.store.database import is_outage

PAGE = "reports/main/match/a.html"


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "bucket":
        made: BucketStorage = request.getfixturevalue("bucket")
        return made
    return LocalStorage(tmp_path / "home")


def test_what_is_written_is_read_listed_and_removed(storage: Storage) -> None:
    assert (storage.read(PAGE), storage.exists(PAGE), list(storage.files("reports"))) == (None, False, [])
    began = datetime.now(UTC) - timedelta(seconds=2)
    storage.write(PAGE, b"one")
    storage.write(PAGE, b"another")
    storage.write("reports/main/index.html", b"")
    storage.write("clips/main/p/7.parquet", b"\x00\xff")
    assert storage.read(PAGE) == b"another"
    assert storage.read("reports/main/index.html") == b""
    assert storage.exists(PAGE)
    assert not storage.exists("reports/main/match"), "a folder is no file"
    assert storage.read("reports/main/match") is None
    assert [file.path for file in storage.files("reports")] == ["reports/main/index.html", PAGE]
    (clip,) = storage.files(suffix=".parquet")
    assert (clip.path, clip.size_bytes) == ("clips/main/p/7.parquet", 2)
    assert began <= clip.written_at <= datetime.now(UTC) + timedelta(seconds=2)
    with storage.local(clip.path) as file:
        assert (file.name, file.read_bytes()) == ("7.parquet", b"\x00\xff")
    storage.remove([PAGE, "reports/main/never.html"])
    storage.remove([PAGE])
    storage.remove([])
    assert [file.path for file in storage.files("reports")] == ["reports/main/index.html"]
    with pytest.raises(FileNotFoundError), storage.local(PAGE):
        pass


def test_a_folder_whose_name_begins_alike_is_another_one(storage: Storage) -> None:
    storage.write("reports/main2/x.html", b"")
    storage.write("reports/main/x.html.old", b"")
    assert list(storage.files("reports/main")) == [*storage.files("reports/main", suffix=".old")]
    assert not storage.exists("reports/main/x.html"), "nor a file"


OUTSIDE = [
    "", ".", "..", "../x", "a/../../x", "/etc/passwd", "//etc/passwd", "a/", "a//b", "a/./b", ".hidden", "a/.hidden",
    "a\\b", "a\0b", "~/.ssh/../../x",
]  # fmt: skip


def test_no_path_leads_outside(storage: Storage) -> None:
    for path in OUTSIDE:
        assert parts_of(path) is None, path
        assert storage.read(path) is None
        assert not storage.exists(path)
        with pytest.raises(ValueError, match="no path of the storage"):
            storage.write(path, b"x")
        with pytest.raises(ValueError, match="no path of the storage"):
            storage.remove([path])
    assert list(storage.files()) == []


def test_names_that_people_give_are_kept(storage: Storage) -> None:
    names = ["r/München 1860 – [1].html", "r/a+b&c=d?e#f.html", "r/*.html", "r/100%25.html"]
    for name in names:
        storage.write(name, name.encode())
    assert sorted(file.path for file in storage.files()) == sorted(names)
    assert [storage.read(name) for name in names] == [name.encode() for name in names]
    storage.remove(["r/*.html"])
    assert len(list(storage.files())) == 3, "a star is a name here, and no pattern"


# A folder


def test_links_below_the_first_folder_are_neither_followed_nor_listed_nor_written_through(
    tmp_path: Path,
) -> None:
    storage, outside = LocalStorage(tmp_path / "home"), tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.html").write_text("secret")
    storage.write(PAGE, b"page")
    folder = tmp_path / "home" / "reports" / "main"
    (folder / "linked").symlink_to(outside)
    (folder / "link.html").symlink_to(outside / "secret.html")
    for path in ("reports/main/linked/secret.html", "reports/main/link.html"):
        assert storage.read(path) is None
        assert not storage.exists(path)
    assert [file.path for file in storage.files()] == [PAGE]
    with pytest.raises(UnwritableError, match="is a link"):
        storage.write("reports/main/linked/new.html", b"x")
    with pytest.raises(UnwritableError, match="is a link"):
        storage.remove(["reports/main/linked/secret.html"])
    assert [path.name for path in outside.iterdir()] == ["secret.html"]


def test_the_first_folder_may_be_a_link_to_another_disk(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "reports").symlink_to(tmp_path / "disk")
    storage = LocalStorage(tmp_path / "home")
    storage.write(PAGE, b"page")
    assert storage.read(PAGE) == b"page"
    assert [file.path for file in storage.files("reports")] == [PAGE]
    storage.remove([PAGE])
    assert not storage.exists(PAGE)


def test_unfinished_and_hidden_files_and_pipes_do_not_exist(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in ("x.html.99.part", ".nfs0001", "y.unfinished"):
        (folder / name).write_text("half")
    os.mkfifo(folder / "fifo.html")
    storage = LocalStorage(tmp_path)
    assert list(storage.files()) == []
    assert storage.read("reports/fifo.html") is None, "a pipe would let the reader wait for ever"


# A bucket


def test_a_file_costs_one_request_and_a_thousand_are_listed_or_removed_by_one(bucket: BucketStorage) -> None:
    with counted(bucket) as sent:
        bucket.write(PAGE, b"x" * 1_500_000)
        bucket.read(PAGE)
        bucket.exists(PAGE)
        bucket.read("reports/main/none.html")
    assert sent == ["PutObject", "GetObject", "ListObjectsV2", "GetObject"]
    for n in range(3):
        bucket.client.put_object(Bucket=bucket.bucket, Key=f"xgoals/league/clips/{n}.parquet")
    with counted(bucket) as sent:
        assert len(list(bucket.files("clips"))) == 3
        bucket.remove(f"clips/{n}.parquet" for n in range(1001))
    assert sent == ["ListObjectsV2", "DeleteObjects", "DeleteObjects"]
    assert list(bucket.files("clips")) == []


def test_what_others_keep_in_the_bucket_is_not_ours(bucket: BucketStorage) -> None:
    for key in ("other/x.html", "xgoals/league2/x.html", "xgoals/league/", "xgoals/league/a//b.html"):
        bucket.client.put_object(Bucket=bucket.bucket, Key=key, Body=b"theirs")
    assert list(bucket.files()) == []
    whole = BucketStorage.at(bucket.bucket)
    assert whole.read("other/x.html") == b"theirs", "without a prefix all of the bucket is"


def test_browsers_and_mail_programs_are_told_what_it_is(bucket: BucketStorage) -> None:
    for path, kind in (
        (PAGE, "text/html"),
        ("outbox/a.eml", "message/rfc822"),
        ("c/x.parquet", "octet-stream"),
    ):
        bucket.write(path, b"x")
        assert (
            kind
            in bucket.client.head_object(Bucket=bucket.bucket, Key=f"xgoals/league/{path}")["ContentType"]
        )


def refusals(storage: Storage) -> Iterator[StoreError]:
    """What each of its deeds says when it fails."""
    deeds: list[Callable[[], object]] = [
        lambda: storage.read(PAGE),
        lambda: storage.exists(PAGE),
        lambda: list(storage.files("reports")),
        lambda: storage.write(PAGE, b"new"),
        lambda: storage.remove([PAGE]),
        lambda: storage.local(PAGE).__enter__(),
    ]
    for deed in deeds:
        with pytest.raises(StoreError) as caught:
            deed()
        assert is_outage(caught.value), "no match is to blame, and the task is tried again"
        yield caught.value


def test_a_missing_bucket_is_no_missing_file(s3_server: S3Server, use_s3: Callable[..., None]) -> None:
    use_s3(s3_server.url)
    for error in refusals(BucketStorage.at("nobody-made-this", "p")):
        assert "there is no bucket 'nobody-made-this'" in str(error)
        assert "mend storage_url" in str(error)
        assert str(error).startswith("s3://nobody-made-this/p/")


def test_unknown_keys_are_told(
    bucket: BucketStorage, s3_server: S3Server, use_s3: Callable[..., None]
) -> None:
    use_s3(s3_server.url, key="AKIAUNKNOWN", secret="wrong")
    with s3_server.asking_for_rights():
        for error in refusals(BucketStorage.at(bucket.bucket, "xgoals/league")):
            assert "the keys for the storage are not accepted" in str(error)
            assert "AWS_SECRET_ACCESS_KEY" in str(error)
            assert "wrong" not in str(error)


def test_keys_without_rights_are_told_which_they_need(
    bucket: BucketStorage, s3_server: S3Server, use_s3: Callable[..., None]
) -> None:
    import botocore.session

    bucket.write(PAGE, b"before")
    iam = botocore.session.get_session().create_client("iam")
    iam.create_user(UserName="reader")
    may = '{"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}'
    iam.put_user_policy(
        UserName="reader", PolicyName="p", PolicyDocument=f'{{"Version": "2012-10-17", "Statement": [{may}]}}'
    )
    keys = iam.create_access_key(UserName="reader")["AccessKey"]
    use_s3(s3_server.url, key=keys["AccessKeyId"], secret=keys["SecretAccessKey"])
    reader = BucketStorage.at(bucket.bucket, "xgoals/league")
    with s3_server.asking_for_rights():
        for deed in (lambda: reader.write(PAGE, b"after"), lambda: reader.remove([PAGE])):
            with pytest.raises(UnwritableError, match="refuses it to these keys") as caught:
                deed()
            assert "s3:PutObject" in str(caught.value)
        assert reader.read(PAGE) == b"before"
    iam.close()


def test_without_keys_it_says_where_they_come_from(
    s3_server: S3Server, use_s3: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_s3(s3_server.url)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    for error in refusals(BucketStorage.at("any-bucket")):
        assert "there are no keys for the storage" in str(error)


@contextmanager
def answering(status: int, body: bytes = b"", *, promised: int | None = None) -> Iterator[SimpleNamespace]:
    """A server with one answer for everything; it keeps count."""
    told = SimpleNamespace(n=0, url="")

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.n += 1
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) if promised is None else promised))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        do_PUT = do_POST = do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        told.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield told
        server.shutdown()
        thread.join()


SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"


def test_a_busy_server_is_asked_again_and_then_told(
    use_s3: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_module, "TRIES", 2)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    with answering(503, SLOW_DOWN) as server:
        use_s3(server.url)
        for n, error in enumerate(refusals(BucketStorage.at("busy")), start=1):
            assert "does not do it now" in str(error)
            assert "SlowDown" in str(error)
            assert "Nothing is half written and it is tried again" in str(error)
            assert server.n == 2 * n


def test_an_answer_that_breaks_off_is_never_half_a_file(
    use_s3: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_module, "TRIES", 2)
    with answering(200, b"<html>half", promised=1000) as server:
        use_s3(server.url)
        with pytest.raises(StoreError, match="does not answer"):
            BucketStorage.at("broken").read(PAGE)
        assert server.n == 2


def test_where_nobody_listens_it_is_told_soon(
    use_s3: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_module, "TRIES", 1)
    use_s3("http://127.0.0.1:9")
    for error in refusals(BucketStorage.at("nowhere")):
        assert "the storage does not answer" in str(error)
        assert "AWS_ENDPOINT_URL" in str(error)


def test_nobody_waits_for_ever(bucket: BucketStorage) -> None:
    config = bucket.client.meta.config
    assert (config.connect_timeout, config.read_timeout) == (10, 60)
    assert config.retries == {"mode": "standard", "total_max_attempts": 5}


# Where it lies


def test_the_setting_says_where(
    tmp_path: Path, use_s3: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_s3("http://127.0.0.1:9")
    home = tmp_path / "home"
    monkeypatch.chdir(tmp_path)

    def place(url: str | None) -> str:
        settings = default_settings(home=home, storage_url=url)
        assert where_is(settings, PAGE) == storage_of(settings).where(PAGE)
        return storage_of(settings).where()

    assert place(None) == str(home)
    assert place("/data/league 1#2") == "/data/league 1#2"
    assert place("file:///data/a%20b") == "/data/a b"
    assert place("shared") == str(tmp_path / "shared")
    assert place("s3://bucket") == "s3://bucket"
    assert place("s3://bucket/a/b/") == "s3://bucket/a/b"


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "s3://",
        "s3:/bucket",
        "gs://bucket",
        "http://x/y",
        "file://host/x",
        "s3://key:secret@bucket/x",
    ],
)
def test_what_is_no_place_is_refused_at_the_entrance(url: str) -> None:
    with pytest.raises(SettingsError, match=r"storage_url: .* neither a folder .* nor a bucket"):
        default_settings(storage_url=url)


def test_a_bucket_s_name_that_cannot_be_is_told(s3_server: S3Server, use_s3: Callable[..., None]) -> None:
    use_s3(s3_server.url)
    with pytest.raises(StoreError, match="there can be no such bucket"):
        storage_of(default_settings(storage_url="s3://no_Such Bucket!")).read(PAGE)


def test_without_the_package_it_says_how_to_install_it(
    use_s3: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_s3("http://127.0.0.1:9")
    monkeypatch.setitem(__import__("sys").modules, "botocore.session", None)
    with pytest.raises(SettingsError, match=r"pip install 'xgoals\[s3\]'"):
        storage_of(default_settings(storage_url="s3://bucket"))
