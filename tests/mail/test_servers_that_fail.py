"""A server that refuses, hangs, is gone or is not to be trusted: what becomes of the mails, and who is told what."""

import errno
import logging
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.smtp import AuthResult
from certificates import certificate
from failing_server import PLAIN

from xgoals.mail.delivery.deliver import deliver_unqueued, deliver_waiting
from xgoals.mail.delivery.smtp import Outcome
from xgoals.orchestration.mail_server import MailServer, configured_server
from xgoals.orchestration.smtp_hook import encryption
from xgoals.store.notifications import Mail


def send(settings, **options):
    return dict(
        deliver_waiting(settings, "main", configured_server(settings), retry_after=timedelta(0), **options)
    )


@pytest.fixture(autouse=True)
def heard(caplog):
    caplog.set_level(logging.INFO, "xgoals")
    return caplog


def test_an_unknown_recipient_does_not_stop_the_others(
    empty_database, server, use, write, rows, outbox, heard
):
    use(server.connection(**PLAIN))
    server.box.unknown = {"gone@example.org"}
    write(2, "a@example.org", "gone@example.org", "b@example.org")
    assert send(empty_database) == {"sent": 4, "given_up": 2}
    given_up = [row for row in rows().values() if row["state"] == "given_up"]
    assert {row["recipient"] for row in given_up} == {"gone@example.org"}
    assert all("550 5.1.1 no such user here" in row["last_error"] for row in given_up)
    assert "Check the address gone@example.org" in heard.text
    kept = [message_from_bytes(path.read_bytes(), policy=default) for path in outbox.glob("*.eml")]
    assert {message["Message-ID"] for message in kept} == {row["message_id"] for row in given_up}
    assert send(empty_database) == {}, "it is not tried again by itself"
    server.box.unknown = set()
    assert send(empty_database, states=("given_up",)) == {"sent": 2}


def test_what_the_server_does_not_take_today_is_tried_for_days_and_then_given_up(
    empty_database, server, use, write, rows, outbox
):
    use(server.connection(**PLAIN))
    server.box.fault = lambda: "rcpt 4xx"
    (message_id,) = write(1)
    assert send(empty_database) == {"failed": 1}
    assert "450 mailbox busy" in rows()[message_id]["last_error"]
    (old,) = write(1, "old@example.org", created_at=datetime.now(UTC) - timedelta(days=4))
    assert send(empty_database) == {"failed": 1, "given_up": 1}
    assert rows()[old]["state"] == "given_up"
    assert len(list(outbox.glob("*.eml"))) == 1


def test_what_a_person_can_mend_is_said_and_kept_and_sent_when_it_is_mended(
    empty_database, server, use, write, rows, outbox, heard
):
    use(server.connection(**PLAIN))
    server.box.refusal = "550 5.7.26 This mail has been blocked because the sender is unauthenticated."
    (message_id,) = write(1)
    assert send(empty_database) == {"failed": 1}
    for said in (rows()[message_id]["last_error"], heard.text):
        assert "5.7.26" in said
        assert "SPF" in said
        assert "Check the address" not in said
    assert list(outbox.glob("*.eml")) == []
    server.box.refusal = ""
    assert send(empty_database) == {"sent": 1}


def test_a_server_is_greeted_without_a_mail(empty_database, server, use, monkeypatch):
    def greet():
        with configured_server(empty_database) as configured:
            return configured.greet(20.0)

    use(server.connection(**PLAIN))
    greeted = greet()
    assert greeted.outcome is Outcome.ACCEPTED
    assert "250" in greeted.detail
    assert server.box.taken == []
    server.stop()
    gone = greet()
    assert gone.outcome is Outcome.UNREACHABLE
    assert "127.0.0.1" in gone.detail
    monkeypatch.delenv("AIRFLOW_CONN_SMTP_DEFAULT")
    assert greet().outcome is Outcome.NO_SERVER


def test_a_full_outbox_is_told_and_the_mail_stays_in_the_queue(
    empty_database, write, rows, monkeypatch, heard
):
    monkeypatch.delenv("AIRFLOW_CONN_SMTP_DEFAULT", raising=False)
    (message_id,) = write(1)
    (empty_database.home / "outbox").parent.mkdir(parents=True, exist_ok=True)
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.write_bytes", full_disk)
        assert send(empty_database) == {"failed": 1}
    assert "the disk is full" in rows()[message_id]["last_error"]
    assert "xgoals clean" in rows()[message_id]["last_error"]
    assert send(empty_database) == {"outbox": 1}


def full_disk(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_without_a_connection_mails_are_files(empty_database, write, rows, outbox, monkeypatch, heard):
    monkeypatch.delenv("AIRFLOW_CONN_SMTP_DEFAULT", raising=False)
    write(2)
    assert send(empty_database) == {"outbox": 2}
    assert len(list(outbox.glob("*.eml"))) == 2
    assert {row["unanswered"] for row in rows().values()} == {0}
    assert "No mail server is configured" in heard.text


def test_a_dead_server_costs_one_try_and_the_mails_come_later(
    empty_database, server, use, write, rows, heard
):
    use(server.connection(**PLAIN))
    server.stop()
    write(5)
    assert send(empty_database) == {"failed": 1}, "if one finds nobody, the others need not try"
    assert "Check the connection 'smtp_default' (variable AIRFLOW_CONN_SMTP_DEFAULT" in heard.text
    server.start()
    assert send(empty_database) == {"sent": 5}
    assert {row["unanswered"] for row in rows().values()} == {0}


def _hanging(answers: bool):
    """A server that accepts and never says a word, or answers everything but the end of a mail."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        try:
            while True:
                client, _ = listener.accept()
                threading.Thread(target=talk, args=(client,), daemon=True).start()
        except OSError:
            return

    def talk(client):
        with client:
            if answers:
                client.sendall(b"220 hello\r\n")
                for line in client.makefile("rb"):
                    word = line[:4].upper()
                    if word == b"DATA":
                        client.sendall(b"354 go on\r\n")
                        break
                    client.sendall(b"250 OK\r\n")
            while client.recv(4096):
                pass

    threading.Thread(target=serve, daemon=True).start()
    return listener


@pytest.mark.parametrize(("answers", "unanswered"), [(False, 0), (True, 1)])
@pytest.mark.parametrize("by", ["socket", "patience"])
def test_a_server_that_hangs_delays_nobody_longer_than_was_set(
    empty_database, use, write, rows, answers, unanswered, by
):
    listener = _hanging(answers)
    use({"conn_type": "smtp", "host": "127.0.0.1", "port": listener.getsockname()[1], "extra": PLAIN})
    (message_id,) = write(1)
    limit_s = (
        1.0 if answers else 0.1
    )  # it has to get through the whole conversation before the server falls silent
    times = {"timeout_s": 60.0, "patience_s": 60.0} | {f"{'timeout' if by == 'socket' else by}_s": limit_s}
    email = empty_database.email.model_copy(update=times)
    began = time.monotonic()
    ended = send(empty_database.model_copy(update={"email": email}))
    assert time.monotonic() - began < 20, "far below the minute that the other limit would have allowed"
    assert ended == {"failed": 1}
    row = rows()[message_id]
    assert (row["attempts"], row["unanswered"]) == (1, unanswered)
    listener.close()


def _accounts(server, session, envelope, mechanism, data):
    return AuthResult(success=data.password == b"right", handled=False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_is_a_warning_that_names_the_connection_and_the_mail_waits(
    empty_database, start_server, use, write, heard
):
    server = start_server(authenticator=_accounts, auth_required=True, auth_require_tls=False)
    account = {**server.connection(**PLAIN), "login": "xgoals"}
    write(2)
    use({**account, "password": "wrong"})
    assert send(empty_database) == {"failed": 1}
    warning = next(
        r.getMessage() for r in heard.records if r.levelno == logging.WARNING and r.name.startswith("xgoals")
    )
    assert "does not accept this user and password" in warning
    assert "connection 'smtp_default'" in warning
    assert "wrong" not in warning
    use({**account, "password": "right"})
    assert send(empty_database) == {"sent": 2}


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_server_that_repeats_the_password_is_not_quoted_with_it(
    empty_database, start_server, use, write, rows, heard
):
    def repeats(server, session, envelope, mechanism, data):
        return AuthResult(success=False, handled=False, message=f"535 5.7.8 not '{data.password.decode()}'")

    server = start_server(authenticator=repeats, auth_required=True, auth_require_tls=False)
    (message_id,) = write(1)
    use({**server.connection(**PLAIN), "login": "xgoals", "password": "Geh-im-nis7"})
    assert send(empty_database) == {"failed": 1}
    said = [record.getMessage() for record in heard.records if record.name.startswith("xgoals")]
    with configured_server(empty_database) as greeted:
        told = [" ".join(said), str(rows()[message_id]), str(greeted.greet(5.0))]
    assert all("5.7.8" in text for text in told)
    assert "nis7" not in "".join(told)


def test_a_password_does_not_travel_unencrypted_but_on_loopback(use, monkeypatch):
    use({"conn_type": "smtp", "host": "192.0.2.1", "port": 25, "login": "u", "password": "p", "extra": PLAIN})
    with MailServer("smtp_default", 1.0) as server:
        attempt = server.send(b"", "a@x.org", "b@x.org", 5.0)
    assert "unencrypted" in attempt.detail


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.mark.parametrize("kind", ["starttls", "tls"])
@pytest.mark.parametrize("is_trusted", [True, False])
def test_a_server_whose_certificate_is_not_trusted_gets_no_mail(
    empty_database, start_server, use, write, heard, monkeypatch, tls, kind, is_trusted
):
    context, authority = tls
    options = (
        {"tls_context": context, "require_starttls": True} if kind == "starttls" else {"ssl_context": context}
    )
    server = start_server(**options)
    # A port that is neither 465 nor 587 speaks STARTTLS unless the connection says otherwise.
    use(server.connection(**({} if kind == "starttls" else {"disable_tls": True})))
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    write(1)
    assert send(empty_database) == ({"sent": 1} if is_trusted else {"failed": 1})
    assert ("is not to be trusted" in heard.text) is not is_trusted
    assert len(server.box.taken) == is_trusted


def test_a_server_without_starttls_gets_no_mail_unless_the_connection_says_so(
    empty_database, server, use, write, heard
):
    write(1)
    use(server.connection(disable_ssl=True))
    assert send(empty_database) == {"failed": 1}
    assert "offers no STARTTLS" in heard.text
    use(server.connection(**PLAIN))
    assert send(empty_database) == {"sent": 1}


@pytest.mark.parametrize(
    ("port", "extra", "expected"),
    [
        (465, {}, "tls"),
        (None, {}, "tls"),
        (587, {}, "starttls"),
        (25, {}, "starttls"),
        (465, {"disable_ssl": "true"}, "starttls"),
        (587, {"disable_tls": True}, "tls"),
        (1025, {"disable_tls": "true", "disable_ssl": "true"}, "none"),
        (1025, {"disable_tls": "false", "disable_ssl": False}, "starttls"),
    ],
)
def test_the_port_decides_about_encryption_unless_the_connection_does(port, extra, expected):
    assert encryption(port, extra) == expected


def test_a_mail_that_could_not_be_written_down_is_sent_or_lies_in_the_outbox(
    empty_database, server, use, outbox, heard
):
    use(server.connection(**PLAIN))
    mail = Mail("<x@y>", "run/1", "failure", "ingest try 1", "a@x.org", "FAILED", b"Subject: x\r\n\r\ny\r\n")
    deliver_unqueued([mail], empty_database, configured_server(empty_database))
    assert len(server.box.taken) == 1
    assert not outbox.exists()
    server.stop()
    deliver_unqueued([mail], empty_database, configured_server(empty_database))
    assert [path.read_bytes() for path in outbox.iterdir()] == [mail.message]
