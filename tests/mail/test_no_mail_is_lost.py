"""No mail is lost, and every double is one that the server took while its answer was lost: counted in the row."""

import random
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from failing_server import PLAIN, at_random

from xgoals.mail.delivery.deliver import deliver_waiting
from xgoals.orchestration.mail_server import configured_server
from xgoals.store import notifications as store

AT_ONCE = timedelta(0)


def send(settings, **options):
    return deliver_waiting(settings, "main", configured_server(settings), retry_after=AT_ONCE, **options)


@pytest.mark.parametrize(("n", "seed"), [(200, 20_241_123), (40, None)])
def test_every_outcome_arrives_and_every_double_is_a_lost_answer(
    empty_database, server, use, write, rows, n, seed
):
    seed = (
        random.randrange(2**32) if seed is None else seed
    )  # a new one each time; it stands in every message
    use(server.connection(**PLAIN))
    ids = write(n)
    server.box.fault = at_random(seed, 0.5)
    for turn in range(60):
        if turn % 4 == 3:  # nobody listens this time
            server.stop()
            assert set(send(empty_database)) <= {"failed"}, seed
            server.start()
        send(empty_database)
        if all(row["state"] == "sent" for row in rows().values()):
            break
    copies = Counter(str(message_from_bytes(raw, policy=default)["Message-ID"]) for raw in server.box.taken)
    assert set(copies) == set(ids), f"seed {seed}: lost or invented"
    for message_id, row in rows().items():
        did = server.box.did[message_id]
        assert row["state"] == "sent", (seed, row)
        assert did["answered"] == 1, f"seed {seed}: after its answer a mail is not sent again"
        assert copies[message_id] == 1 + did["lost after"], seed
        assert row["unanswered"] == did["lost after"] + did["lost before"], seed
        assert row["attempts"] > row["unanswered"], seed
    n_doubles = sum(copies.values()) - n
    assert n_doubles == sum(did["lost after"] for did in server.box.did.values())
    assert n_doubles > 0, "the server did lose answers"


def test_a_mail_is_sent_once_however_many_send_at_a_time(empty_database, server, use, write, rows):
    use(server.connection(**PLAIN))
    ids = write(40)
    with ThreadPoolExecutor(4) as pool:
        ended = sum((Counter(c) for c in pool.map(lambda _: send(empty_database), range(4))), Counter())
    assert ended == {"sent": 40}
    assert len(server.box.taken) == len(ids)
    assert {row["attempts"] for row in rows().values()} == {1}


def test_whoever_dies_while_sending_leaves_an_unanswered_attempt(
    empty_database, server, use, write, rows, engine
):
    use(server.connection(**PLAIN))
    (message_id,) = write(1)
    die = (
        "import os, sys; from datetime import UTC, datetime; from sqlalchemy import create_engine;"
        "from xgoals.store import notifications as store;"
        "engine = create_engine(sys.argv[1], connect_args={'options': '-c search_path=xgoals'});"
        "claim = store.claim(engine, sys.argv[2], datetime.now(UTC)); claim.__enter__(); os._exit(9)"
    )
    url = engine.url.render_as_string(hide_password=False)
    assert subprocess.run([sys.executable, "-c", die, url, message_id]).returncode == 9
    before = rows()[message_id]
    assert (before["state"], before["attempts"], before["unanswered"]) == ("pending", 1, 0)
    assert send(empty_database) == {"sent": 1}
    after = rows()[message_id]
    assert (after["state"], after["attempts"], after["unanswered"]) == ("sent", 2, 1)


def test_what_is_written_twice_is_one_mail(write, rows):
    assert write(3) == write(3)
    assert len(rows()) == 3


def test_dots_and_umlauts_arrive_as_they_were_written(empty_database, server, use, write):
    use(server.connection(**PLAIN))
    write(1)
    send(empty_database)
    (raw,) = server.box.taken
    text = message_from_bytes(raw, policy=default).get_body(("plain",)).get_content()
    assert "\n.a line that begins with a dot" in text
    assert "Wert 0 ÄÖÜ" in text


def test_recently_tried_mails_wait_and_new_ones_do_not(engine, empty_database, server, use, write, rows):
    use(server.connection(**PLAIN))
    (first,) = write(1)
    server.box.fault = lambda: "data 4xx"
    send(empty_database)
    server.box.fault = lambda: None
    second = write(2)[1]
    deliver_waiting(empty_database, "main", configured_server(empty_database), retry_after=timedelta(hours=1))
    assert {rows()[first]["state"], rows()[second]["state"]} == {"failed", "sent"}
    assert rows()[second]["state"] == "sent"
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    with store.claim(engine, first, datetime.now(UTC), untouched_since=an_hour_ago) as claimed:
        assert claimed is None, "who had it on his list before it was tried does not try it again at once"
    send(empty_database)
    assert rows()[first]["state"] == "sent"


def test_a_sent_mail_keeps_no_copy_and_a_waiting_one_its_own(engine, empty_database, server, use, write):
    use(server.connection(**PLAIN))
    write(1)
    send(empty_database)
    with engine.connect() as connection:
        states = connection.exec_driver_sql("select state, message is null from notification").all()
        assert states == [("sent", True)]
        assert store.waiting_ids(connection) == []
