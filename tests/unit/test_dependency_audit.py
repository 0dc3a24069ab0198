"""The audit of the pins: a vulnerability fails with its name and fix, a service that knows nothing is no audit."""

import importlib.util
import json
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "audit.py"
spec = importlib.util.spec_from_file_location("audit", SCRIPT)
audit = importlib.util.module_from_spec(spec)
sys.modules["audit"] = audit
spec.loader.exec_module(audit)

ADVISORY = {
    "id": "PYSEC-2030-1", "aliases": ["CVE-2030-1"], "summary": "s", "published": "2030-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "", "ecosystem": "PyPI"}, "versions": [],
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2"}]}],
        }
    ],
}  # fmt: skip


@pytest.fixture
def service() -> Iterator[tuple[str, dict]]:
    """A service on loopback that answers as the real one; what it knows is put into the dict, by package."""
    knows: dict[str, dict] = {}

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name = asked["package"]["name"]
            if "hangs" in knows:
                time.sleep(knows["hangs"])
            found = json.loads(json.dumps(knows.get(name, {})))
            for advisory in found.get("vulns", []):
                advisory["affected"][0]["package"]["name"] = name
            body = json.dumps(found).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query", knows
    server.shutdown()
    server.server_close()


@pytest.fixture
def ask(service, tmp_path, monkeypatch, capsys):
    """``ask()``: the exit code, and what was said, of an audit of one pin."""
    monkeypatch.setattr(
        audit, "SERVICES", ("osv",)
    )  # the other has one address, which is not to be asked here
    pins, passed_over = tmp_path / "run.txt", tmp_path / "ignored.txt"
    pins.write_text(f"invented==1.1 \\\n    --hash=sha256:{'0' * 64}\n")

    def asks(ignored: str = "", patience: str = "60") -> tuple[int, str]:
        passed_over.write_text(ignored)
        code = audit.main(
            [str(pins), "--osv-url", service[0], "--ignored", str(passed_over), "--patience", patience]
        )
        return code, capsys.readouterr().out

    return asks


def test_a_vulnerability_fails_with_its_name_and_fix_unless_it_is_passed_over_with_a_reason(
    service, ask, monkeypatch
):
    service[1].update({"jinja2": {"vulns": [ADVISORY]}, "invented": {"vulns": [ADVISORY]}})
    code, said = ask()
    assert code == 1
    assert "VULNERABLE: invented 1.1: PYSEC-2030-1, CVE-2030-1, fixed in 1.2" in said
    found = audit.Finding("invented", "1.1", ("PYSEC-2030-1", "CVE-2030-1"), ("1.2",))
    monkeypatch.setattr(audit, "ask", lambda *_: audit.Answer((found,), (), 1))
    code, said = ask("CVE-2030-1 we do not call it  # since May\n")
    assert code == 0
    assert "passed over: invented 1.1: PYSEC-2030-1, CVE-2030-1, fixed in 1.2 (we do not call it)" in said
    with pytest.raises(SystemExit, match="CVE-2030-1 is to be passed over without a reason"):
        ask("CVE-2030-1\n")


def test_a_service_without_advisories_has_audited_nothing_and_says_so(service, ask):
    code, said = ask()  # a mirror that has all packages, and knows nothing of them
    assert code == 0
    assert "NOT AUDITED: no advisory service could be asked" in said


@pytest.mark.slow
def test_a_network_that_hangs_hangs_nobody(service, ask):
    service[1].update({"hangs": 20})
    began = time.monotonic()
    code, said = ask(patience="1")
    assert time.monotonic() - began < 10
    assert code == 0
    assert "not asked: osv (no answer in time)" in said


def test_packages_that_a_service_does_not_know_are_named():
    text = '{"dependencies": [{"name": "a", "skip_reason": "not found"}, {"name": "b", "version": "1", "vulns": []}]}'
    answer = audit.read_answer(text)
    assert (answer.unknown, answer.n_known, answer.findings) == (("a",), 1, ())
    assert audit.ignored() == {}
