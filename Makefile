# Everything one does with this repository. Python 3.11 or newer and make are all that is needed.
# The first target sets the environment up in .venv; the others do so by themselves when it is missing or old.

SHELL := /bin/sh
BIN := .venv/bin
STAMP := .venv/.complete
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
PYTEST := $(BIN)/python -m pytest -q

.DEFAULT_GOAL := help
.PHONY: help env demo up down status test test-slow test-all check format bench-env bench-explain bench-ingest bench-score clean-env

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
	$(PYTEST) -m "not slow"

test-slow: $(STAMP) ## run the slow tests
	$(PYTEST) -m slow

test-all: $(STAMP) ## run all tests
	$(PYTEST)

test-%: $(STAMP) ## run one folder of tests: unit, property, sql, dags, end_to_end, ui, browser
	$(PYTEST) tests/$*

check: $(STAMP) ## style, types, import rules, compose file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	@if [ -x $(BIN)/hadolint ]; then $(BIN)/hadolint Dockerfile; \
		else echo "NOT CHECKED: hadolint has no package for this machine, the Dockerfile was not linted"; fi

format: $(STAMP) ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench-env: $(STAMP) ## add the libraries that benchmarks compare with
	$(BIN)/uv pip install --python $(BIN)/python -e '.[dev,bench]' -c constraints.txt

bench-explain: $(STAMP) ## exact values beside every other way to get them; writes docs/benchmarks.md
	$(BIN)/python benchmarks/bench_explain.py --to docs/benchmarks.md

bench-ingest: $(STAMP) ## windows of a 400 MB positions file beside other readers
	$(BIN)/python benchmarks/bench_ingest.py

bench-score: $(STAMP) ## how long a posted scene takes; needs make up and a champion
	$(BIN)/python benchmarks/bench_score.py

clean-env: ## remove .venv (never data: those lie in XGOALS_HOME)
	rm -rf .venv

# uv resolves and installs in half a minute what takes pip several; it comes from pip itself.
$(STAMP): pyproject.toml constraints.txt
	@if [ -z "$(PYTHON)" ] && [ ! -x $(BIN)/python ]; then \
		echo "xgoals needs Python 3.11 or newer, and found none under the names python3, python3.11, ..." >&2; \
		echo "Install one, or name yours: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1; fi
	@if [ ! -x $(BIN)/python ]; then $(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python's module 'venv' is missing or broken. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
		exit 1; }; fi
	@if [ ! -x $(BIN)/uv ]; then \
		$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check uv; fi
	$(BIN)/uv pip install --python $(BIN)/python -e '.[dev]' -c constraints.txt
	@touch $@
