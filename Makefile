PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test test-postgresql lint screenshots format schemas clean

help: ## Name every target
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/.runtime: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned dependencies into $(VENV) (once; some minutes on a slow line) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	@echo "Installing the pinned test tools ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-dev.txt
	@touch $@

demo: $(VENV)/.runtime ## Serve a lively example company until Ctrl-C
	@$(BIN)/controlplane demo

test: $(VENV)/.dev ## Run everything: style, types, layers, unit, property, wire, database and browser tests
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -n 2 --dist loadfile

test-postgresql: $(VENV)/.dev ## Run the whole suite once more, with every store on PostgreSQL that make test has on SQLite
	@TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/.dev ## Style, types and layers only
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

screenshots: $(VENV)/.dev ## Take the README's pictures anew from the demo
	@$(BIN)/python docs/screenshots.py

format: $(VENV)/.dev ## Put all code into the house style
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

schemas: $(VENV)/.runtime ## Write schema.graphql and openapi.json anew from the code
	@$(BIN)/python -m controlplane.schemas

clean: ## Remove what was built (not ./data)
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
