# Two commands: `make run` serves the product, `make test` runs every test. Both make their own environment.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
export HOST PORT

.PHONY: run test test-again check bench demo clean

run: $(VENV)/run.ready
	$(BIN)/python -m lib serve

test: $(VENV)/dev.ready
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --max-worker-restart 1

test-again: $(VENV)/dev.ready
	$(BIN)/python -m pytest --last-failed --last-failed-no-failures none

check: $(VENV)/dev.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_layers.py

bench: $(VENV)/dev.ready
	$(BIN)/python -m tests.bench

demo: $(VENV)/run.ready
	$(BIN)/python -m lib demo --tonight

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Common Beat needs Python 3.11 or later')"
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.ready: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/dev.ready: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ $(VENV)/run.ready
