# Everything runs in a virtual environment of the checkout; no target needs it activated.
.DEFAULT_GOAL := help
VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check
READY := $(VENV)/.ready
DEMO := redescribe-demo
PEERS := .venv-peers
PEERS_PIP := $(PEERS)/bin/python -m pip --disable-pip-version-check
RULES := .venv-rules
SITE := site
AUDIT := .venv-audit
FUZZ := .venv-fuzz

ASSETS := src/redescribe/report/assets
WEB_SOURCES = $(shell find web/src -type f) web/vite.config.ts web/tsconfig.json

.PHONY: help demo web web-test test nojit reference bench bench-peers bench-rules bench-scale soak fuzz check fmt lint types layers docs release-check audit clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt
	python3 -m venv $(VENV)
	$(PIP) install --quiet --constraint constraints.txt --editable '.[test,lint,bench,docs]'
	@touch $@

# Without Node the demo ends with the plain summary, and says what is missing.
demo: $(READY)  ## install, explain two small networks, write a report
	@if [ ! -f $(ASSETS)/report.js ] && command -v npm >/dev/null; then $(MAKE) web || true; fi
	$(VENV)/bin/redescribe demo --force --output $(DEMO)

web/node_modules/.ready: web/package-lock.json web/package.json
	cd web && npm ci --silent
	@touch $@

$(ASSETS)/report.js: web/node_modules/.ready $(WEB_SOURCES)
	cd web && npm run --silent build

web: $(ASSETS)/report.js  ## build the front end of the report (Node 20.19 or newer)

web-test: web/node_modules/.ready  ## format, lint and unit tests of the front end
	cd web && npm run --silent lint && npm run --silent test

# As many workers as cores.
test: $(READY)  ## all tests and doctests
	$(PYTHON) -m pytest --quiet --numprocesses auto --maxprocesses 8 --dist worksteal

nojit: $(READY)  ## the kernel tests as plain Python, which coverage can see
	NUMBA_DISABLE_JIT=1 $(PYTHON) -m pytest --quiet tests/kernels -W "ignore:overflow encountered:RuntimeWarning"

reference: $(READY)  ## compare with published results (REDESCRIBE_REFERENCE_DATA=folder)
	$(PYTHON) -m pytest --quiet -m reference

bench: $(READY)  ## print the benchmarks
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(PYTHON) -m benchmarks.run

bench-scale: $(READY)  ## time and memory over entities, units, attributes, views, workers
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(PYTHON) -m benchmarks.scale docs/data/scale.json

# The wheel of python-clired lacks files that it reads; its source distribution has them.
$(PEERS)/.ready: benchmarks/constraints-peers.txt
	rm -rf $(PEERS)
	python3 -m venv $(PEERS)
	$(PEERS_PIP) download --quiet --constraint $< --no-deps --no-binary python-clired --dest $(PEERS)/source python-clired
	tar -xzf $(PEERS)/source/python_clired-*.tar.gz -C $(PEERS)/source
	$(PEERS_PIP) install --quiet --constraint $< --editable $(PEERS)/source/python_clired-*/
	@touch $@

bench-peers: $(READY) $(PEERS)/.ready  ## the strategies beside python-clired, which it installs apart
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(PYTHON) -m benchmarks.run peers

# The peers ask for releases that exclude each other; those of the list work together.
$(RULES)/.ready: benchmarks/constraints-rules.txt
	rm -rf $(RULES)
	python3 -m venv $(RULES)
	$(RULES)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --requirement $<
	@touch $@

bench-rules: $(READY) $(RULES)/.ready  ## rules beside those of others, which it installs apart
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(PYTHON) -m benchmarks.run rules

soak: $(READY)  ## kill capture, mine, assess and merge 100 times at random moments
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(PYTHON) -m benchmarks.soak

$(FUZZ)/.ready: pyproject.toml constraints.txt
	rm -rf $(FUZZ)
	python3 -m venv $(FUZZ)
	$(FUZZ)/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt --editable . atheris==3.0.0 hypothesis pytest
	@touch $@

fuzz: $(READY) $(FUZZ)/.ready  ## fuzz the readers, a minute each; installs atheris apart
	$(PYTHON) -m pytest --quiet --hypothesis-profile explore tests/fuzz
	$(FUZZ)/bin/python -m benchmarks.fuzz

check: lint types layers docs test  ## ruff, mypy --strict, import-linter, the site, tests

fmt: $(READY)  ## format the code
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

lint: $(READY)  ## ruff
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .

types: $(READY)  ## mypy --strict
	$(VENV)/bin/mypy

layers: $(READY)  ## imports point down only
	$(VENV)/bin/lint-imports

docs: $(READY)  ## build the documentation site, offline; warnings are errors
	$(PYTHON) -m sphinx --fail-on-warning --keep-going --quiet --builder html docs $(SITE)/html

release-check: $(READY) $(ASSETS)/report.js  ## build sdist and wheel, install the wheel apart, run the demo
	$(PYTHON) -m tests.release.check

audit: $(READY)  ## compare the pinned packages with the advisories (needs their database)
	python3 -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip --disable-pip-version-check install --quiet pip-audit
	$(AUDIT)/bin/pip-audit --requirement constraints.txt --no-deps --disable-pip --strict

clean:  ## remove the environment and what the tools left
	rm -rf $(VENV) $(PEERS) $(RULES) $(AUDIT) $(FUZZ) .fuzz $(SITE) dist .rules-cache .venv-node web/node_modules $(ASSETS)/report.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache $(DEMO)
