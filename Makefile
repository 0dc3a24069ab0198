# Everything one does with this repository. Python 3.11 or newer and make are all that is needed.
# The first target sets the environment up in .venv; the others do so by themselves when it is missing or old.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.complete
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
PYTEST := $(BIN)/python -m pytest -q
# A company's proxy shows a certificate that only the system knows. Where the system knows none at all: UV_SYSTEM_CERTS=0.
export UV_SYSTEM_CERTS ?= 1
UV := $(BIN)/uv
# Wheels of complete lists, each checked against its hash: nothing is resolved and nothing is built.
INSTALL := $(UV) pip install --python $(BIN)/python --no-deps --no-build --require-hashes
# Two cores, four files at a time: browsers and Airflow keep one waiting. tests/order.py says which come first.
IN_PARALLEL := -n 4

PINS := $(addprefix requirements/,$(addsuffix .txt,bench build dev installer keycloak run spark workers))

.DEFAULT_GOAL := help
.PHONY: help env demo up down status test test-slow test-faults test-all test-python check format pins bench-arrival bench-clarify bench-drift bench-env bench-explain bench-explore bench-frames bench-growth bench-ingest bench-levels bench-listing bench-pages bench-promotion bench-reasons bench-report bench-score bench-tracking check-helm clean-env spark-env

help: ## this list
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

env: $(STAMP) ## create or update .venv from the pinned versions

demo: $(STAMP) ## simulate a league, run the whole pipeline through Airflow, say where to look
	$(BIN)/xgoals demo

up: $(STAMP) ## start embedded Postgres and Airflow with its UI
	$(BIN)/xgoals up

down: $(STAMP) ## stop both
	$(BIN)/xgoals down

status: $(STAMP) ## what runs, where, with which login
	$(BIN)/xgoals status

test: $(STAMP) ## run all tests but the slow ones
	$(PYTEST) $(IN_PARALLEL) -m "not slow"

test-slow: $(STAMP) ## run the slow tests
	$(PYTEST) -n 2 -m slow --durations=20

test-faults: $(STAMP) ## try the pipeline under faults, load and attack (half as often as promised; SCALE=1 for all); writes docs/reliability.md
	$(PYTEST) -n 2 tests/faults tests/ui/test_login_and_files.py tests/ui/test_addresses.py --scale $(or $(SCALE),0.5) --publish docs/reliability.md --durations=20

test-all: $(STAMP) ## run all tests
	$(PYTEST)

test-python: ## run all tests but the slow ones under another Python, in a .venv-3.x of its own: make test-python PYTHON=python3.13
	@version=$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])') && \
		$(MAKE) --no-print-directory test VENV=.venv-$$version

test-%: $(STAMP) ## run one folder of tests: unit, property, sql, mail, dags, end_to_end, ui, browser, spark, faults
	$(PYTEST) tests/$*

check: $(STAMP) ## style, types, import rules, compose file, known vulnerabilities of what is pinned
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml docker-compose.keycloak.yml docker-compose.workers.yml
	@if [ -x $(BIN)/hadolint ]; then $(BIN)/hadolint Dockerfile; \
		else echo "NOT CHECKED: hadolint has no package for this machine, the Dockerfile was not linted"; fi
	$(BIN)/python .ci/audit.py $(PINS)

check-helm: $(STAMP) ## the Helm values against the schema of Airflow's chart (needs helm and its repository apache-airflow, or CHART=folder)
	@chart="$(CHART)"; if [ -z "$$chart" ]; then \
		command -v helm >/dev/null || { echo "helm is not installed: install it, or name an unpacked chart: make check-helm CHART=folder" >&2; exit 1; }; \
		folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
		helm pull apache-airflow/airflow --untar --untardir "$$folder" || exit 1; chart="$$folder/airflow"; fi; \
	AIRFLOW_CHART="$$chart" $(PYTEST) tests/dags/test_helm_values.py

format: $(STAMP) ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

PIN := $(UV) pip compile --universal --python-version 3.11 --no-annotate --no-header --quiet
PIN_HASHES := $(PIN) --generate-hashes --constraint constraints.txt
# keycloak.txt, workers.txt, spark.txt and dev.txt add to run.txt, bench.txt to run.txt and dev.txt. Tests need what workers need.
WITHOUT = $$(sed -nE 's/^([a-z0-9-]+)==.*/--no-emit-package \1/p' $(1))
WORKERS := --extra celery --extra s3 --extra metrics

pins: $(BIN)/uv ## pin all dependencies anew; UPGRADE=--upgrade takes newer versions
	$(PIN) pyproject.toml --all-extras --group build --group installer $(UPGRADE) --output-file constraints.txt
	$(PIN_HASHES) --group installer --output-file requirements/installer.txt
	$(PIN_HASHES) --group build --output-file requirements/build.txt
	$(PIN_HASHES) pyproject.toml --output-file requirements/run.txt
	$(PIN_HASHES) pyproject.toml --extra keycloak $(call WITHOUT,requirements/run.txt) --output-file requirements/keycloak.txt
	$(PIN_HASHES) pyproject.toml $(WORKERS) $(call WITHOUT,requirements/run.txt) --output-file requirements/workers.txt
	$(PIN_HASHES) pyproject.toml --extra spark $(call WITHOUT,requirements/run.txt) --output-file requirements/spark.txt
	$(PIN_HASHES) pyproject.toml --extra dev $(WORKERS) $(call WITHOUT,requirements/run.txt) --output-file requirements/dev.txt
	$(PIN_HASHES) pyproject.toml --extra dev --extra bench $(WORKERS) \
		$(call WITHOUT,requirements/run.txt requirements/dev.txt) --output-file requirements/bench.txt

spark-env: $(STAMP) ## add Spark to .venv (480 MB; Java 17 is yours to install)
	$(UV) pip install --python $(BIN)/python --no-deps --require-hashes -r requirements/spark.txt

bench-env: $(STAMP) ## add the libraries that benchmarks compare with
	$(INSTALL) -r requirements/bench.txt

bench-explain: $(STAMP) ## exact values beside every other way to get them; writes docs/benchmarks.md
	$(BIN)/python benchmarks/bench_explain.py --to docs/benchmarks.md

bench-explore: $(STAMP) ## how long a move on the explorer's pitch takes (after xgoals run); writes docs/exploring.md
	$(BIN)/python benchmarks/bench_explore.py --to docs/exploring.md

bench-frames: $(STAMP) ## how many shots of two providers get the right frame, whatever clocks and cameras do; writes docs/feeds-tracking.md
	$(BIN)/python benchmarks/bench_frames.py --to docs/feeds-tracking.md

bench-growth: $(STAMP) ## what training, evaluating and explaining cost as history grows; writes docs/benchmarks.md
	$(BIN)/python benchmarks/bench_growth.py --to docs/benchmarks.md

bench-ingest: $(STAMP) ## windows of a 400 MB positions file beside other readers
	$(BIN)/python benchmarks/bench_ingest.py

bench-tracking: $(STAMP) ## CPU and memory of a match of two providers beside kloppy; writes docs/feeds-tracking.md
	$(BIN)/python benchmarks/bench_tracking.py --to docs/feeds-tracking.md

bench-levels: $(STAMP) ## what a level is worth to a provider without positions (TEACHER=, OTHER=folder); writes docs/feeds-providers.md
	$(BIN)/python benchmarks/bench_levels.py $(or $(TEACHER),../shared/data/statsbomb) $(or $(OTHER),../shared/data/wyscout) --to docs/feeds-providers.md

bench-listing: $(STAMP) ## a look at sources of 40,000 matches of which nothing has changed; writes docs/benchmarks.md
	$(BIN)/python benchmarks/bench_listing.py --to docs/benchmarks.md

bench-promotion: $(STAMP) ## the gate before 30 bad and 100 good challengers on real matches (DATA=folder); writes docs/models.md
	$(BIN)/python benchmarks/bench_promotion.py $(or $(DATA),../shared/data/statsbomb) --to docs/models.md

bench-pages: $(STAMP) ## how fast the reports of a folder open in Chromium: make bench-pages FOLDER=.xgoals/reports/demo
	$(BIN)/python benchmarks/bench_pages.py $(or $(FOLDER),.xgoals/reports/demo)

bench-arrival: $(STAMP) ## a matchday from its last file to its reports, by the running services (after make demo)
	$(BIN)/python benchmarks/bench_arrival.py

bench-clarify: $(STAMP) ## a Clarify job of 40,000 rows, process and all, beside shap's KernelExplainer; writes docs/benchmarks.md
	$(BIN)/python benchmarks/clarify_job.py --to docs/benchmarks.md

bench-reasons: $(STAMP) ## how far reasons hold, and what they cost, on the champion's window (after xgoals run); writes docs/reasons.md
	$(BIN)/python benchmarks/bench_reasons.py --to docs/reasons.md

bench-drift: $(STAMP) ## how often drift over matchdays is a false alarm, and how soon it is found (after xgoals run); writes docs/drift.md
	$(BIN)/python benchmarks/bench_drift.py --to docs/drift.md

bench-score: $(STAMP) ## how long a posted scene takes; needs make up and a champion
	$(BIN)/python benchmarks/bench_score.py

bench-report: $(STAMP) ## size and seconds of reports on 40,000 shots; writes docs/benchmarks.md
	$(BIN)/python benchmarks/bench_report.py --to docs/benchmarks.md

clean-env: ## remove .venv and those of other Pythons (never data: those lie in XGOALS_HOME)
	rm -rf .venv .venv-*

# uv installs in seconds what takes pip minutes; it comes from pip itself, of which versions before 24.2 look at the
# system's certificates only when told to: the second try.
INSTALL_UV := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
	--require-hashes -r requirements/installer.txt
CERTIFICATES := $(BIN)/python -c 'import ssl; at = ssl.get_default_verify_paths(); print(at.cafile or at.capath or "")'
$(BIN)/uv: requirements/installer.txt
	@if [ -z "$(PYTHON)" ] && [ ! -x $(BIN)/python ]; then \
		echo "xgoals needs Python 3.11 or newer, and found none under the names python3, python3.11, ..." >&2; \
		echo "Install one, or name yours: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1; fi
	@if [ ! -x $(BIN)/python ]; then $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python's module 'venv' is missing or broken. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
		exit 1; }; fi
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(INSTALL_UV) 2>/dev/null || { at=$$($(CERTIFICATES)); $(INSTALL_UV) $${at:+--cert "$$at"}; }
	@touch $@

$(STAMP): pyproject.toml requirements/build.txt requirements/run.txt requirements/dev.txt $(BIN)/uv
	$(INSTALL) -r requirements/build.txt -r requirements/run.txt -r requirements/dev.txt
	$(UV) pip install --python $(BIN)/python --no-deps --no-build-isolation --offline -e .
	@touch $@
