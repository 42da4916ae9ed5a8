# Everything a person does with this project. `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes
OWN := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .

.DEFAULT_GOAL := help
.PHONY: help install dev demo browser test test-spark prove check format bench bench-detection bench-linkage docs lock airflow clean

help:            ## list these targets
	@grep -E '^[a-z-]+: .*##|^[a-z-]+:  +##' $(MAKEFILE_LIST) | sed -E 's/:.*##/ ·/'

install: $(VENV)/.engine          ## the engine, from requirements.lock, in .venv
dev: $(VENV)/.dev                 ## the engine with Airflow, PostgreSQL and the test tools

$(BIN)/python:
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "reseau needs Python 3.11 or later"'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.engine: requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) -r requirements.lock
	$(OWN)
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(PIP) -r requirements-dev.lock
	$(OWN)
	@touch $@ $(VENV)/.engine

demo: install    ## a synthetic national network, from exports to report
	$(BIN)/reseau demo

browser:         ## Debian's chromium for the browser tests, where root and apt can install it and none is there
	@for name in "$$RESEAU_CHROMIUM" chromium chromium-browser google-chrome; do \
	  command -v "$$name" >/dev/null && exit 0; done; \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
	  && apt-get install -qq -y --no-install-recommends chromium; } \
	|| echo "NO BROWSER: the pages will not be tried; install chromium or set RESEAU_CHROMIUM"

# hundreds of processes are started by the tests: our modules are compiled once, even where Python was told not to
test prove: export PYTHONDONTWRITEBYTECODE =

test: dev browser  ## what CI runs: the checks, then every test but the slow proofs
	$(MAKE) check
	$(BIN)/python -m pytest -m "not slow and not spark" -n 2 --dist loadfile --no-loadscope-reorder

$(VENV)/.spark: requirements-spark.lock $(VENV)/.dev
	$(PIP) -r requirements-spark.lock
	@touch $@

test-spark: $(VENV)/.spark  ## linkage on a local Spark of two workers, with the extra spark; needs Java 17 or later
	$(BIN)/python -m pytest -m spark -rs

prove: dev       ## the slow proofs: national scale, whole chain on both engines
	$(BIN)/python -m pytest -m slow

check: dev       ## linters and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: dev      ## rewrite the code in the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: dev       ## measure time and memory; writes benchmarks/results.json and docs/benchmarks.md
	$(BIN)/python -m benchmarks.run

bench-detection: dev  ## score the detection of injected faults; writes docs/detection.md
	$(BIN)/python -m benchmarks.detection

bench-linkage: dev  ## score linkage over seeds, and its cost; writes docs/reference/linkage-quality.md
	$(BIN)/python -m benchmarks.linkage

docs: dev        ## rewrite the generated pages of docs/reference
	$(BIN)/reseau docs

lock: dev        ## resolve the pinned requirements again (needs a week-old release of everything)
	$(BIN)/python -m benchmarks.lock

clean:           ## remove the environment and everything that was generated
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache

AIRFLOW_PORT ?= 8080

airflow: dev     ## a standalone Airflow with our DAGs, for this machine only, in airflow-home/ (AIRFLOW_PORT=8080)
	$(BIN)/python dags/standalone.py airflow-home $(AIRFLOW_PORT)
