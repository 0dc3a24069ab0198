"""A server on loopback that speaks S3, one for all tests of a process, and buckets on it."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.request import Request, urlopen

import pytest

from xgoals.storage import BucketStorage
from xgoals.storage import bucket as module


@dataclass(frozen=True)
class S3Server:
    """Where it listens; whoever has keys may do everything, but where rights are asked for."""

    url: str

    @contextmanager
    def asking_for_rights(self) -> Iterator[None]:
        """From now on keys must be known, and may do what their user may."""
        self._after("0")
        try:
            yield
        finally:
            self._after("inf")

    def _after(self, n_requests: str) -> None:
        how = {"data": n_requests.encode(), "headers": {"Content-Type": "text/plain"}, "method": "POST"}
        urlopen(Request(f"{self.url}/moto-api/reset-auth", **how)).close()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield S3Server(f"http://{host}:{port}")
    server.stop()


@pytest.fixture
def use_s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """``use_s3(url, key="k", secret="s")``: this process, and those that it starts, speak with this server from now."""

    def use(url: str, *, key: str = "somebody", secret: str = "secret") -> None:
        for name, value in {
            "AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": "eu-central-1", "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        module._client.cache_clear()

    yield use
    module._client.cache_clear()


@pytest.fixture
def bucket(s3_server: S3Server, use_s3: Callable[..., None]) -> BucketStorage:
    """A new bucket, of which a prefix is the storage."""
    use_s3(s3_server.url)
    storage = BucketStorage.at(f"bucket-{uuid.uuid4().hex[:8]}", "xgoals/league")
    storage.client.create_bucket(
        Bucket=storage.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    return storage


@contextmanager
def counted(storage: BucketStorage) -> Iterator[list[str]]:
    """The requests that are sent meanwhile, such as ``PutObject``."""
    sent: list[str] = []

    def note(event_name: str, **_: object) -> None:
        sent.append(event_name.rpartition(".")[2])

    storage.client.meta.events.register("before-send.s3", note)
    try:
        yield sent
    finally:
        storage.client.meta.events.unregister("before-send.s3", note)
