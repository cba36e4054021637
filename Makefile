# multivendor.backup: everything a contributor runs. Needs python3 (3.10 or later) and make; the rest goes to .venv and .cache.

PYTHON ?= python3
BIN := .venv/bin
# The checkout under the name by which Ansible finds it.
LINK := .cache/collections/ansible_collections/multivendor/backup
COLLECTION := ansible_collections.multivendor.backup
REQUIREMENTS := $(wildcard requirements/*.txt meta/ee-requirements.txt)
# The tools of Ansible find the checkout and nothing of what the user set up.
ANSIBLE := ANSIBLE_COLLECTIONS_PATH="$(CURDIR)/.cache/collections" ANSIBLE_CONFIG="$(CURDIR)/tests/ansible.cfg" \
           LC_ALL=C.UTF-8 PATH="$(CURDIR)/$(BIN):$$PATH"

.SILENT:
.DEFAULT_GOAL := help
.PHONY: help demo test units integration browser lint sanity matrix bench docs build clean \
        style types pytest doc-lint yaml-lint ansible-lint changelog-lint licences

help: ## Show this list
	sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

demo: .venv/demo.installed ## Ask four simulated providers what ran last night, end to end
	$(BIN)/python -m tests.tools.demo

test: .venv/test.installed ## Run what every change must pass
	$(MAKE) --keep-going --no-print-directory style types doc-lint pytest

units: .venv/demo.installed ## Run the unit tests by ansible-test, on the oldest Python at hand; CORE=2.16 as well
	$(BIN)/python -m tests.tools.ansible_test units $(CORE)

integration: .venv/demo.installed ## Run tests/integration against the simulator
	$(BIN)/python -m tests.tools.integration

browser: .venv/browser.installed ## Look at the report in Chromium, and at its metrics with promtool and node_exporter
	$(BIN)/pytest tests/browser

lint: .venv/lint.installed ## Run every linter
	$(MAKE) --keep-going --no-print-directory style types doc-lint yaml-lint ansible-lint changelog-lint licences

sanity: .venv/demo.installed ## Run ansible-test sanity on the newest ansible-core at hand, or CORE=2.16
	$(BIN)/python -m tests.tools.ansible_test sanity $(CORE)

matrix: .venv/demo.installed ## Run sanity and units on every ansible-core and Python at hand
	$(BIN)/python -m tests.tools.ansible_test matrix

bench: .venv/test.installed $(LINK) ## Measure the speed against what people use today; ARGS="--quick clumio" for less
	PYTHONPATH=.cache/collections $(BIN)/python -m tests.bench $(ARGS)

docs: .venv/docs.installed $(LINK) ## Build the documentation site into .cache/docs/html
	$(BIN)/python -m tests.tools.docs

build: .venv/lint.installed ## Build the tarball and have Galaxy's importer look at it
	$(BIN)/python -m tests.tools.importer

clean: ## Remove everything that make made
	rm -rf .venv .cache

# The parts of test and lint.
style:
	$(BIN)/ruff check --quiet --output-format concise
	$(BIN)/ruff format --check --quiet

types: $(LINK)
	$(BIN)/mypy --no-error-summary -p $(COLLECTION).plugins.module_utils

pytest:
	$(BIN)/pytest -n auto --dist loadfile

doc-lint: $(LINK)
	$(ANSIBLE) antsibull-docs lint-collection-docs --plugin-docs .

yaml-lint:
	$(BIN)/yamllint --strict .

ansible-lint: $(LINK)
	$(ANSIBLE) ansible-lint -q

changelog-lint:
	$(BIN)/antsibull-changelog lint

licences:
	git ls-files -z --cached --others --exclude-standard | xargs -0 $(BIN)/reuse lint-file

# Each requirements file is installed when a target first needs it, and again when any of them changes.
.venv/%.installed: $(REQUIREMENTS)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { \
		echo "Python 3.10 or later is needed, and $(PYTHON) is not. Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) tests/tools/install.py .venv requirements/$*.txt
	touch $@

.PRECIOUS: .venv/%.installed

$(LINK):
	mkdir -p $(@D)
	ln -sfn ../../../.. $@
