"""Every row of the decision tables in docs/scheduling.md, and that no case is left out of them."""

import re
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from reading_docs import tables_below
from xgoals.feeds import Delivery, Message
from xgoals.feeds.resends import Classified, Resend, Stored, StoredMessage, classify, kept_messages, sha256_of

Row = dict[str, str]
FILES, MATCHES, WHOLES = tables_below("scheduling.md", "Which delivery stands")

T1 = datetime(2026, 8, 22, 18, tzinfo=UTC)
TIMES = {"later": T1 + timedelta(hours=1), "earlier": T1 - timedelta(hours=1), "equal": T1}
KINDS = ("events", "positions")
OF_FILES = {
    "stored": ("no", "yes"),
    "MessageTime": ("later", "earlier", "equal", "not known"),
    "SHA-256": ("equal", "differs"),
}
OF_MATCHES = {
    "the one": ("contradiction", "new", "newer", "older", "unchanged"),
    "the other": ("contradiction", "new", "newer", "older", "unchanged", "not sent"),
    "the other's stored file": ("there", "gone", "positions gone"),
}
OF_WHOLES = {
    "MessageTime": ("later", "earlier", "equal", "not known"),
    "an archive of another feed's match": ("no", "yes"),
}


def fits(row: Row, case: Row) -> bool:
    """Whether a case is one that a row is about."""
    return all(row[name] == "any" or value in re.split(", | or ", row[name]) for name, value in case.items())


def every_case(table: list[Row], values: dict[str, tuple[str, ...]]) -> list[tuple[Row, Row]]:
    """Each case with each row that is about it."""
    possible = (dict(zip(values, case, strict=True)) for case in product(*values.values()))
    return [(case, row) for case in possible for row in table if fits(row, case)]


def named(pairs: list[tuple[Row, Row]]) -> list:
    return [pytest.param(case, row, id=", ".join(case.values())) for case, row in pairs]


class Files:
    """Deliveries and stored states, file by file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sent: list[Message] = []
        self.stored: dict[str, StoredMessage] = {}

    def store(self, kind: str, time: datetime | None) -> StoredMessage:
        path = self._write("stored", kind, "as stored")
        self.stored[kind] = StoredMessage(kind, path, sha256_of(path), time)
        return self.stored[kind]

    def send(self, kind: str, time: datetime | None, content: str = "as stored") -> None:
        self.sent.append(Message(kind, self._write("sent", kind, content), time))

    def _write(self, folder: str, kind: str, content: str) -> Path:
        path = self.folder / folder / kind
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{kind} {content}")
        return path

    def classify(self) -> Classified:
        paths = tuple(message.path for message in self.sent)
        delivery = Delivery("dfl", "M", paths, "new", T1, tuple(self.sent))
        return classify("dfl", delivery, Stored("dfl", "old", T1, self.stored))


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.mark.parametrize(("case", "row"), named(every_case(FILES, OF_FILES)))
def test_a_file_against_the_stored_one_of_its_kind(files: Files, case: Row, row: Row) -> None:
    files.store("positions", T1)
    if case["stored"] == "yes":
        files.store("events", T1)
    content = "as stored" if case["SHA-256"] == "equal" else "otherwise"
    files.send("events", TIMES.get(case["MessageTime"]), content)
    # Beside it nothing of the other kind, so that the match is what the file is; what is new is read with the other.
    expected = {"new": "newer"}.get(row["the file is"], row["the file is"])
    assert files.classify().resend == expected


def test_no_time_is_not_known_whichever_of_the_two_has_none(files: Files) -> None:
    files.store("events", None)
    files.send("events", T1, "otherwise")
    assert files.classify().resend is Resend.NEWER


SENT = {
    "new": (T1, "otherwise"),
    "newer": (TIMES["later"], "otherwise"),
    "older": (TIMES["earlier"], "otherwise"),
    "unchanged": (T1, "as stored"),
    "contradiction": (T1, "otherwise"),
}


def possible(pairs: list[tuple[Row, Row]]) -> list[tuple[Row, Row]]:
    """A kind that is new has no stored file that could be gone."""
    return [
        (case, row)
        for case, row in pairs
        if case["the other"] != "new" or case["the other's stored file"] == "there"
    ]


@pytest.mark.parametrize("one_is", KINDS)
@pytest.mark.parametrize(("case", "row"), named(possible(every_case(MATCHES, OF_MATCHES))))
def test_a_match_of_two_kinds_of_files(files: Files, case: Row, row: Row, one_is: str) -> None:
    (other_is,) = set(KINDS) - {one_is}
    if case["the other's stored file"] == {"events": "positions gone", "positions": "gone"}[other_is]:
        return  # another kind's case
    for kind, is_what in ((one_is, case["the one"]), (other_is, case["the other"])):
        if is_what != "new":
            files.store(kind, T1)
        if is_what != "not sent":
            files.send(kind, *SENT[is_what])
    if case["the other's stored file"] != "there":
        files.stored[other_is].path.unlink()
    classified = files.classify()
    assert classified.resend == row["the delivery is"]
    assert bool(classified.problems) == ("quarantine" in row["read is"])
    assert classified.resend.is_to_be_read == (not row["read is"].startswith("nothing"))
    if classified.resend.is_to_be_read:
        read = {path.name: path.parent.name for path in classified.delivery.files}
        if "frames and clips stay" in row["read is"]:
            assert read == {one_is: "sent"}
            assert kept_messages(classified.delivery) == [files.stored["positions"]]
        else:
            other_from = "stored" if "the other as stored" in row["read is"] else "sent"
            assert read == {one_is: "sent", other_is: other_from}
            assert kept_messages(classified.delivery) == []


@pytest.mark.parametrize(("case", "row"), named(every_case(WHOLES, OF_WHOLES)))
def test_a_delivery_as_a_whole(tmp_path: Path, case: Row, row: Row) -> None:
    archive = case["an archive of another feed's match"] == "yes"
    path = tmp_path / "match"
    path.write_text("anything")
    stored = Stored("dfl" if archive else "archive", "old", T1, {})
    delivery = Delivery("dfl", "M", (path,), "new", TIMES.get(case["MessageTime"]))
    assert classify("archive", delivery, stored).resend == row["the delivery is"]


@pytest.mark.parametrize(
    ("table", "values"),
    [(FILES, OF_FILES), (MATCHES, OF_MATCHES), (WHOLES, OF_WHOLES)],
    ids=["files", "matches", "wholes"],
)
def test_no_case_is_left_out_and_none_has_two_answers(
    table: list[Row], values: dict[str, tuple[str, ...]]
) -> None:
    found = [tuple(case.values()) for case, _ in every_case(table, values)]
    assert len(set(found)) == len(found)
    covered = set(found)
    if table is MATCHES:  # either may be called the one
        covered |= {(other, one, there) for one, other, there in found if other != "not sent"}
    assert covered == set(product(*values.values()))
