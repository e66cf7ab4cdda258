.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
VENV := .venv
PY := $(VENV)/bin/python
WORKSPACE := libs/contracts libs/servicekit libs/identifiers libs/orgdirectory libs/reportkit \
  services/auth services/sgo-core services/sgo-journal services/eu-enrollment services/reporting tools/devstack tools/demodata
SIZE ?= small
# Compiled modules are kept whatever the machine's habit: the tests start some thirty processes over the same packages.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help
help: ## Show the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  \033[36m%-14s\033[0m %s\n", $$1, $$2}'

.PHONY: setup
setup: $(VENV)/.ready ## Create .venv with the locked dependencies and the workspace packages

$(VENV)/.ready: requirements.lock tools/setup.sh $(foreach p,$(WORKSPACE),$(p)/pyproject.toml)
	@tools/setup.sh $(WORKSPACE)
	@touch $@

.PHONY: demo
demo: setup ## Start everything clean and drive one enrolment campaign from application to federal form (SIZE=small|municipality)
	@rm -rf .local/demo.next
	@$(PY) -m demodata generate --size $(SIZE) --out .local/demo.next/data
	@$(PY) -m devstack reset
	@rm -rf .local/demo && mv .local/demo.next .local/demo
	@$(PY) -m devstack up
	@$(PY) -m demodata journey --data .local/demo/data --out .local/demo

# INSTANCE= names another stack beside the demo's: its own ports, data and logs.
INSTANCE ?= demo
STACK = $(PY) -m devstack

.PHONY: up
up: setup ## Start servers, the ten processes and the gateway, and wait until they are ready
	@$(STACK) up --instance $(INSTANCE)

.PHONY: down
down: setup ## Stop everything that up started; data stays
	@$(STACK) down --instance $(INSTANCE)

.PHONY: status
status: setup ## What runs, where, is it ready
	@$(STACK) status --instance $(INSTANCE)

.PHONY: logs
logs: setup ## Last lines of the logs (NAME=core-api for one process, FOLLOW=1 to keep watching)
	@$(STACK) logs $(NAME) $(if $(FOLLOW),--follow) --instance $(INSTANCE)

.PHONY: reset
reset: setup ## Stop everything and delete its data, keys and logs
	@$(STACK) reset --instance $(INSTANCE)
	@[ $(INSTANCE) != demo ] || rm -rf .local/demo

# The longest first.
CHECKS := types documents imports k8s-check lint contracts hygiene

.PHONY: check
check: setup ## Everything that needs no server: lint, format, types, imports, contracts, documents, hygiene, manifests
	@$(MAKE) --no-print-directory -j2 --output-sync=target $(CHECKS)

.PHONY: lint
lint: setup ## ruff: rules and format
	@$(VENV)/bin/ruff check --quiet
	@$(VENV)/bin/ruff format --check --quiet
	@echo "lint: ok"

TYPED = $(foreach folder,libs tools tests bench deploy docs,$(if $(shell find $(folder) -name '*.py' -print -quit 2>/dev/null),$(folder)))

# Each service is a run of its own: their folders are no Python names, so all their tests would be one package `tests`.
.PHONY: types
types: setup ## mypy, strict
	@$(VENV)/bin/mypy $(TYPED)
	@for service in services/*/; do MYPYPATH=$${service%/} $(VENV)/bin/mypy $$service; done

.PHONY: imports
imports: setup ## Import rules of docs/architecture.md
	@$(VENV)/bin/lint-imports --no-logo

.PHONY: contracts
contracts: setup ## Event schemas equal to the code, compatible with the released ones
	@$(PY) -m asu_contracts check
	@echo "contracts: ok"

.PHONY: documents
documents: setup ## Committed OpenAPI, AsyncAPI and table of rights equal to the code
	@$(PY) -m tools.documents check
	@echo "documents: ok"

.PHONY: hygiene
hygiene: setup ## No registry host and no machine's path in a tracked file
	@$(PY) tools/hygiene.py
	@echo "hygiene: ok"

.PHONY: generate
generate: setup ## Write what is generated: event schemas, OpenAPI, AsyncAPI, the table of rights
	@$(PY) -m asu_contracts export
	@$(PY) -m tools.documents write

.PHONY: fix
fix: setup ## Format, and mend what the linter can
	@$(VENV)/bin/ruff check --fix --quiet || true
	@$(VENV)/bin/ruff format --quiet

.PHONY: lock
lock: ## Resolve again and export the locks (needs uv)
	@tools/lock.sh $(ARGS)

.PHONY: servers
servers: setup ## Find PostgreSQL, RabbitMQ and nginx, install what is missing; starts nothing
	@$(PY) -m devstack servers

# What needs no service under test runs together; every other project is a pytest run of its own, because the plugin's fixtures
# stand for one service. Three at once, beside the checks, keep two cores busy: a run waits for its servers now and then. Each process
# imports, migrates and starts servers of its own, so only the one run that all others would wait for is divided among two. The
# services with most of the tests begin first, the checks fill what is left: whatever runs last leaves a core idle, and so do the
# whole system's tests, which wait for ten processes, wherever they run alone. Fuzzing is a target of its own.
# The order of tests and what property tests try are the same in every run: SEED=… looks elsewhere.
SEED ?= 20260401
SEEDED := --randomly-seed=$(SEED) --hypothesis-seed=$(SEED)
PURE := libs/contracts libs/identifiers libs/reportkit tests/gates
LONGEST := services/sgo-core services/sgo-journal services/eu-enrollment services/reporting
DIVIDED := services/sgo-core
PROJECTS = $(LONGEST) $(wildcard tests/e2e) \
  $(filter-out $(PURE) $(LONGEST),$(patsubst %/tests,%,$(wildcard services/*/tests libs/*/tests tools/*/tests)))

.PHONY: test
test: setup ## What make check does, and every test on servers of its own
	@$(MAKE) --no-print-directory --keep-going -j3 --output-sync=target servers $(PROJECTS:%=test/%) test-pure $(CHECKS)

.PHONY: test-pure
test-pure: setup
	@$(PY) -m pytest --quiet $(SEEDED) $(PURE)

$(PROJECTS:%=test/%): servers

test/%: setup
	@echo "test: $*"
	@$(PY) -m pytest --quiet $(SEEDED) --ignore-glob='*/test_fuzz.py' $(if $(filter $(DIVIDED),$*),--numprocesses 2 --dist worksteal) $*

.PHONY: k8s-check
k8s-check: setup ## Render the Kubernetes manifests offline, validate them, hold them to the house rules
	@$(PY) -m deploy.k8s.check
	@echo "k8s-check: ok"

.PHONY: bench
bench: setup ## One bench: make bench NAME=outbox|ingest|accept|import|lists|latency|year_closing|contingent|allocate|forecast|marks|journal_size|diary|form|rebuild
	@PYTHONPATH=libs/servicekit/tests/support $(PY) -m bench $(NAME)

SENDERS ?= 50000
PROCESSES ?= 1

.PHONY: surge
surge: setup servers ## A replayed 1 April with killed servers, proven: SENDERS=50000 PROCESSES=1; table, .local/surge/last.json; long
	@PYTHONPATH=libs/servicekit/tests/support $(PY) -m bench.surge --senders $(SENDERS) --processes $(PROCESSES)

.PHONY: chaos
chaos: setup servers ## Kill every process in the middle of the journey, one after another and at random; long
	@$(PY) -m pytest -v -s --no-header -p no:randomly tests/chaos

.PHONY: fuzz
fuzz: setup servers ## Fuzz every service by its OpenAPI, long: EXAMPLES=200 requests an operation
	@ASU_FUZZ_EXAMPLES=$${EXAMPLES:-200} $(MAKE) --no-print-directory --keep-going $(patsubst %,fuzz/%,$(wildcard services/*))

fuzz/%: setup servers
	@$(PY) -m pytest -v --no-header -p no:randomly --numprocesses 2 --dist worksteal $*/tests/test_fuzz.py
