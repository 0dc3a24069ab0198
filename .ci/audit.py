"""Whether any pinned package has a known vulnerability, as far as an advisory service can be asked.

    python .ci/audit.py requirements/*.txt

Two services are asked through pip-audit. One that does not answer, or that does not even know of a vulnerability which
everybody knows (a mirror of packages answers like this), has audited nothing: that is said loudly and is no failure.
A vulnerability that is found is one, unless ``ignored-advisories.txt`` says why it does not matter.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

SERVICES = ("osv", "pypi")
KNOWN = "jinja2==2.4.1"
"""It lets templates out of their sandbox, since 2016: a service that finds nothing in it knows nothing."""
IGNORED = Path(__file__).with_name("ignored-advisories.txt")
ANSWER_S, ALL_S = 5, 90


@dataclass(frozen=True)
class Finding:
    """A vulnerability of a pinned package; ``fixed_in`` are the versions that do not have it."""

    package: str
    version: str
    ids: tuple[str, ...]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        fix = (
            f"fixed in {', '.join(self.fixed_in)}"
            if self.fixed_in
            else "no version is known to be free of it"
        )
        return f"{self.package} {self.version}: {', '.join(self.ids)}, {fix}"


@dataclass(frozen=True)
class Answer:
    """What a service says of some pins: what is wrong with them, and which it does not know."""

    findings: tuple[Finding, ...]
    unknown: tuple[str, ...]
    n_known: int


class NoAnswerError(Exception):
    """A service was not to be asked; why."""


def ask(service: str, pins: Sequence[Path], patience_s: float, osv_url: str | None = None) -> Answer:
    """What a service says of the pins.

    Raises
    ------
    NoAnswerError
        If it does not answer in time, or something else than advisories.
    """
    command = [
        sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "--format", "json",
        "--progress-spinner", "off", "--timeout", str(ANSWER_S), "--vulnerability-service", service,
        *(["--osv-url", osv_url] if osv_url and service == "osv" else []),
        *(part for path in pins for part in ("--requirement", str(path))),
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - this Python, with what is named here
            command, capture_output=True, text=True, timeout=max(patience_s, 0.1), check=False
        )
    except subprocess.TimeoutExpired:
        raise NoAnswerError("no answer in time") from None
    try:
        return read_answer(done.stdout)
    except (ValueError, KeyError, TypeError):
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise NoAnswerError(last[0][:300]) from None


def read_answer(text: str) -> Answer:
    """What pip-audit printed; raises ValueError, KeyError or TypeError where it is none of its answers."""
    findings, unknown, n_known = set[Finding](), [], 0
    for package in json.loads(text)["dependencies"]:
        if "skip_reason" in package:
            unknown.append(package["name"])
            continue
        n_known += 1
        for found in package["vulns"]:
            ids = tuple(dict.fromkeys((found["id"], *found.get("aliases", ()))))
            findings.add(Finding(package["name"], package["version"], ids, tuple(found["fix_versions"])))
    return Answer(tuple(sorted(findings, key=str)), tuple(sorted(set(unknown))), n_known)


def ignored(path: Path = IGNORED) -> dict[str, str]:
    """Advisories that do not matter here, and why.

    Raises
    ------
    SystemExit
        If one has no reason.
    """
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, reason = line.partition("#")[0].strip().partition(" ")
        if name and not reason.strip():
            raise SystemExit(
                f"{path.name}: {name} is to be passed over without a reason; write one behind it"
            )
        if name:
            found[name] = reason.strip()
    return found


def audit(
    pins: Sequence[Path], *, passed_over: dict[str, str], patience_s: float, osv_url: str | None
) -> int:
    """Ask all services, say what they say; 1 if there is a vulnerability, else 0."""
    deadline, wrong, asked = time.monotonic() + patience_s, dict[str, Finding](), 0
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda service: _asked(service, pins, deadline, osv_url), SERVICES))
    for service, answer in zip(SERVICES, answers, strict=True):
        if isinstance(answer, NoAnswerError):
            say(f"  not asked: {service} ({answer})")
            continue
        asked += 1
        say(f"  asked: {service}, {answer.n_known} packages")
        if answer.unknown:
            say(f"NOT AUDITED by {service}: {', '.join(answer.unknown)}")
        for finding in answer.findings:
            if why := next((passed_over[name] for name in finding.ids if name in passed_over), None):
                say(f"  passed over: {finding} ({why})")
            else:
                wrong.setdefault(str(finding), finding)
    if not asked:
        say(
            "NOT AUDITED: no advisory service could be asked, so nobody knows whether a pinned package is vulnerable"
        )
    for finding in wrong.values():
        say(f"VULNERABLE: {finding}")
    if wrong:
        say(
            "Take a newer version (make pins UPGRADE=...), or say in .ci/ignored-advisories.txt why it is no harm"
        )
    return int(bool(wrong))


def _asked(
    service: str, pins: Sequence[Path], deadline: float, osv_url: str | None
) -> Answer | NoAnswerError:
    """First whether it knows anything at all, then what it says of the pins."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            known = Path(folder, "known.txt")
            known.write_text(f"{KNOWN}\n", encoding="utf-8")
            patience_s = min(4 * ANSWER_S, deadline - time.monotonic())
            if not ask(service, [known], patience_s, osv_url).findings:
                return NoAnswerError(f"it finds nothing in {KNOWN}: it has no advisories")
        return ask(service, pins, deadline - time.monotonic(), osv_url)
    except NoAnswerError as error:
        return error


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Audit the files that are named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("pins", type=Path, nargs="+")
    parser.add_argument("--osv-url", help="another address of the service osv")
    parser.add_argument("--patience", type=float, default=ALL_S, help="seconds for all of it")
    parser.add_argument("--ignored", type=Path, default=IGNORED)
    given = parser.parse_args(arguments)
    return audit(
        given.pins, passed_over=ignored(given.ignored), patience_s=given.patience, osv_url=given.osv_url
    )


if __name__ == "__main__":
    sys.exit(main())
