# The two commands of the README; each does its own set-up on a fresh machine with Python 3.11+ and make.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test samples
.DELETE_ON_ERROR:

run: $(VENV)/run.stamp
	$(BIN)/python -m archive ingest data/samples
	$(BIN)/python -m archive reindex --changed
	$(BIN)/python -m archive serve --port $(PORT)

test: $(VENV)/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

samples: $(VENV)/run.stamp
	$(BIN)/python data/make_samples.py

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/test.stamp: requirements.txt requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	sh tests/browser/install-chromium.sh
	touch $@ $(VENV)/run.stamp
