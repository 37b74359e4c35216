# Every target sets up what it needs: Python 3.11 or newer, make and the package registries suffice.

PYTHON ?= python3
VENV := .venv
PYTHON_READY := $(VENV)/.python-ready
CDK_READY := $(VENV)/.cdk-ready

# The environment's own Python, Node.js and CDK CLI come before the machine's.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

# Or Python would compile the CDK again in every run of an app.
unexport PYTHONDONTWRITEBYTECODE

# How many values `make fuzz` takes for each property.
EXAMPLES ?= 100000

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(PYTHON_READY): requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	pip install --quiet --disable-pip-version-check "$$(grep '^uv==' requirements-dev.txt)"
	uv pip sync --quiet requirements-dev.txt
	uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(CDK_READY): package.json $(PYTHON_READY)
	npm install --silent --no-package-lock --no-audit --no-fund
	ln -sf ../../node_modules/.bin/cdk $(VENV)/bin/cdk
	touch $@

.PHONY: setup
setup: $(CDK_READY) ## Set up the virtual environment, Node.js and the CDK CLI

.PHONY: synth
synth: setup ## Synthesize the sample app, with settings in ARGS="-c name=… -c membership=…"
	@cdk synth $(ARGS)

.PHONY: deploy-local
deploy-local: setup ## Deploy the sample app to a local cloud, with settings in ARGS="-c name=…"
	@python -m dev.local_cloud deploy $(ARGS)

.PHONY: local-shell
local-shell: setup ## Open a shell in a local cloud that has an association to adopt
	@python -m dev.local_cloud shell $(ARGS)

.PHONY: test
test: setup lint ## Run all tests, the deployments to a local cloud included
	pytest --numprocesses 2 --dist worksteal tests/unit --cov
	pytest --numprocesses 2 --dist worksteal --ignore tests/unit

.PHONY: fuzz
fuzz: $(PYTHON_READY) ## Compare the validation with AWS's descriptions on EXAMPLES=… values a property
	EXAMPLES=$(EXAMPLES) pytest --numprocesses 2 --dist worksteal -p no:randomly \
		tests/conformance/test_differences.py

.PHONY: mutate
mutate: $(PYTHON_READY) ## See the tests fail for each change in validation and adoption
	python -m tests.mutation

.PHONY: test-all
test-all: $(PYTHON_READY) ## Run unit tests on each Python found, and on the lowest versions supported
	nox $(ARGS)

.PHONY: bench
bench: $(PYTHON_READY) ## Measure the cost in requests, time and memory, in some minutes (ARGS=--help)
	python -m dev.benchmarks $(ARGS)

.PHONY: lint
lint: $(PYTHON_READY) ## Check style and types
	ruff check
	ruff format --check
	mypy
	cd examples/testing && mypy --cache-dir ../../.mypy_cache

.PHONY: format
format: $(PYTHON_READY) ## Bring the code into form
	ruff check --fix
	ruff format

.PHONY: docs
docs: $(PYTHON_READY) ## Build the documentation in site/, with warnings as errors
	sphinx-build --quiet --fresh-env --fail-on-warning --keep-going -d .cache/doctrees docs site

.PHONY: lock
lock: $(PYTHON_READY) ## Pin the newest development tools
	uv pip compile --quiet --upgrade --universal --no-annotate --no-header \
		--python-version 3.11 --group dev --extra discover pyproject.toml -o requirements-dev.txt

.PHONY: clean
clean: ## Remove what the targets made
	rm -rf $(VENV) node_modules cdk.out dist site .coverage .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache
