# Halocline's few commands. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help demo test lint types unit requirements frontend bench clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z.]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv: $(VENV)/.ready ## make the virtual environment that the other commands use

$(VENV)/.ready: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Halocline needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: .venv ## harvest sample ocean data from local endpoints and serve the portal (PORT=8000)
	$(BIN)/python app.py demo --port $(PORT)

lint: .venv ## style and import direction
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv ## strict static types
	$(BIN)/mypy

test: .venv lint types ## everything: style, types, imports, unit, contract, end-to-end and browser tests
	$(BIN)/python -m pytest

unit: .venv ## the fast tests alone
	$(BIN)/python -m pytest -m "not peer and not browser"

bench: .venv ## measure ingest and search; writes JSON under var/bench
	$(BIN)/python app.py bench

requirements: .venv ## compile the pinned requirement files from their .in files
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 \
	  --custom-compile-command "make requirements" -o requirements.txt requirements.in
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 \
	  --custom-compile-command "make requirements" -o requirements-dev.txt requirements-dev.in
	for peer in pycsw pydap; do \
	  $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 \
	    --custom-compile-command "make requirements" -o tests/peers/$$peer.txt tests/peers/$$peer.in || exit 1; \
	done

frontend: ## bundle the portal's scripts and styles from npm (needs Node 20)
	cd search_ui/frontend && npm ci --no-audit --no-fund && npm run build

clean: ## remove the virtual environment and caches (never var/)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
