# For users: four commands, nothing to install first but Python 3.11 or newer.
# For developers there is more in the justfile: .venv/bin/just --list

.DEFAULT_GOAL := help
.PHONY: help demo test clean
SHELL := /bin/sh
export PYTHON

help: ## show this list
	@echo "Klarsyn: the sub-processor page that runs"
	@awk -F ': *## *' '/^[a-z]+: *##/ { printf "  make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  PYTHON=/path/to/python3.12 chooses the interpreter; the default is the first from 3.11 on."

demo: ## check the register of KlarPris, publish its site, write its papers, deliver 200 invented customers to stand-ins
	@scripts/bootstrap.sh core
	@scripts/demo.sh

test: ## run every check: lint, types, direction of imports, tests, coverage
	@scripts/bootstrap.sh dev
	@.venv/bin/just lint
	@.venv/bin/just pythons --list
	@.venv/bin/just covered

clean: ## remove what the commands above made, the environment included
	rm -rf build dist .venv .tools .coverage .coverage.* .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find src scripts tests hatch_build.py benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
	find src/klarsyn -name '*.mo' -delete
