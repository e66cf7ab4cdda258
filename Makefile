.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
VENV := .venv
PY := $(VENV)/bin/python
WORKSPACE := libs/contracts libs/servicekit libs/identifiers libs/orgdirectory \
  services/auth services/sgo-core services/sgo-journal services/eu-enrollment services/reporting tools/devstack tools/demodata
SIZE ?= small

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
	@$(PY) -m devstack reset
	@$(PY) -m devstack up
	@$(PY) -m demodata generate --size $(SIZE) --out .local/demo/data
	@$(PY) -m demodata journey --data .local/demo/data --out .local/demo
