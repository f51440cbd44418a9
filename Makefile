# Two commands matter: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.ONESHELL:
.SHELLFLAGS := -eu -o pipefail -c

# The first Python from 3.11 on; `make PYTHON=/path/to/python` chooses another.
PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3 python,$(shell $(p) -c 'import sys; assert sys.version_info >= (3, 11); print("$(p)")' 2>/dev/null)))
BIN := .venv/bin
UV := uv==0.13.9
# Idle threads sleep instead of spinning: on a busy machine a boosted model is many times faster so.
export OMP_WAIT_POLICY := PASSIVE
export GOMP_SPINCOUNT := 0
export KMP_BLOCKTIME := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup run test notebooks tests lab docs bench export refresh lock wheel clean distclean
.DEFAULT_GOAL := help

help: ## this list
	@echo "churn_nb: make TARGET"
	grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  \1|/' | column -t -s '|' 2>/dev/null || grep -E '^[a-z]+:.*## ' Makefile
	echo; echo 'A table of your own: make run ARGS="--data customers.csv --target Churn --id customerID"'

setup: .venv/.ready ## make .venv with the locked versions and this package (run and test do it by themselves)

.venv/.ready: requirements.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed and none was found. Install one, or say: make PYTHON=/path/to/python" >&2; exit 1; fi
	echo "Setting up .venv with $$($(PYTHON) --version) (the first time takes from one to six minutes) ..."
	$(PYTHON) -m venv .venv || { echo "python -m venv failed: on Debian and Ubuntu, install the package python3-venv" >&2; exit 1; }
	if $(BIN)/python -m pip install -q "$(UV)" && VIRTUAL_ENV="$$PWD/.venv" $(BIN)/uv pip install -q --compile-bytecode -r requirements.lock && VIRTUAL_ENV="$$PWD/.venv" $(BIN)/uv pip install -q --no-deps -e . --config-settings editable_mode=compat; then :
	else echo "The fast installer did not work here; using pip ..."; $(BIN)/python -m pip install -q -r requirements.lock; $(BIN)/python -m pip install -q --no-deps --config-settings editable_mode=compat -e .; fi
	touch .venv/.ready

run: .venv/.ready ## the ten steps on the built-in customers, or with ARGS="--data TABLE --target COLUMN" on yours
	@$(BIN)/churn-nb run $(ARGS)

test: .venv/.ready ## everything in tests/, of which test_lab.py runs every notebook's inline tests in JupyterLab; ARGS for pytest
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

notebooks: .venv/.ready ## only the inline tests of the notebooks
	@$(BIN)/nbdev-test --n-workers 2 --timing

tests: .venv/.ready ## only what is written in tests/, without the notebooks
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --deselect tests/test_lab.py::test_notebook_runs_and_saves_without_noise $(ARGS)

lab: .venv/.ready ## JupyterLab on the notebooks; ARGS="--no-browser --port 8890" are passed on
	@if [ "$$(id -u)" = 0 ] && [[ "$(ARGS)" != *allow?root* ]]; then echo 'JupyterLab does not run as root unless it is told to: make lab ARGS="--allow-root"' >&2; exit 1; fi
	$(BIN)/python tools/jupyter/prepare.py
	# our kernel first, in our environment, whatever else is installed
	export PATH="$$PWD/$(BIN):$$PATH" JUPYTER_PREFER_ENV_PATH=1 JUPYTER_PATH="$$PWD/tools/jupyter"
	exec $(BIN)/jupyter lab --config=tools/jupyter/jupyter_server_config.py --ip=127.0.0.1 --notebook-dir=nbs --LabApp.default_url=/lab/tree/start.ipynb $(ARGS)

docs: .venv/.ready ## the documentation site in _docs/ (needs Quarto)
	@command -v quarto >/dev/null || { echo "The documentation site needs Quarto on PATH: install it from quarto.org (1.7 or newer), then run make docs again." >&2; exit 1; }
	$(BIN)/nbdev-docs

bench: .venv/.ready ## measure speed and memory, write bench.json
	@$(BIN)/python tools/bench.py $(ARGS)

export: .venv/.ready ## after editing a notebook: module, README.md and settings.ini from the notebooks, outputs cleaned
	@$(BIN)/nbdev-export
	$(BIN)/python tools/generate.py
	$(BIN)/nbdev-clean
	touch .venv/.ready  # nbdev-export writes pyproject.toml anew, with the same content

refresh: .venv/.ready ## run every notebook, the slow cells too, and store fresh outputs
	@store() { $(BIN)/nbdev-test --n-workers 0 --do-print --save --flags slow "$$@" && $(BIN)/python tools/shrink.py nbs/*.ipynb nbs/guides/*.ipynb && $(BIN)/nbdev-clean; }
	store --skip-folder-re '^([_.]|guides$$)'   # the guides run the notebooks of the steps, as they are stored
	store nbs/guides
	$(BIN)/python tools/generate.py

lock: .venv/.ready ## resolve the newest versions that pyproject.toml allows into requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --fork-strategy fewest --no-header --no-annotate -q --upgrade -o requirements.lock

wheel: .venv/.ready ## a wheel in dist/
	@$(BIN)/python -m build --wheel --no-isolation

clean: ## remove what was built (not the runs, not .venv)
	@rm -rf build dist _docs _proc *.egg-info .pytest_cache bench.json
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

distclean: clean ## also remove .venv
	@rm -rf .venv
