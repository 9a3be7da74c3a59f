# The menu.  Each makes .venv itself on a machine that has only Python and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: costly faults fuzz score help demo run test check bench crash fix lock docs clean
help:           ## what there is
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/'

.venv/.ready: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing the pinned packages into .venv …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: .venv/.ready    ## three weeks of a factory's complaints in under a minute, on a virtual clock
	@$(BIN)/kesu demo

run: .venv/.ready     ## the daemon, with ./config.toml
	@$(BIN)/kesu run

test: .venv/.ready    ## every test
	@$(BIN)/python -m pytest

check: .venv/.ready   ## ruff, mypy strict, import directions, no function over 50 lines
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest tests/test_architecture.py

bench: .venv/.ready   ## 1,000 mails through real servers, each stage beside its floor and a script (BENCH_MAILS=100: less)
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.due
	@$(BIN)/python -m tests.bench.ledger
	@$(BIN)/python -m tests.bench.understand

costly: .venv/.ready  ## what hostile mails of 5 and 50 MB cost to read, a line for each of 81 kinds (COSTLY_MB=5: less)
	@$(BIN)/python -m tests.bench.costly

score: .venv/.ready   ## what is read in two corpora of complaint mails, beside what a clerk reads in them
	@for corpus in tests/corpus tests/corpus/second; do \
	  $(BIN)/python tests/corpus/score.py $$corpus/mails -- $(BIN)/kesu parse --json \
	    --directory $$corpus/directory.toml --known $$corpus/known.json || test $$corpus != tests/corpus || exit 1; done

crash: .venv/.ready   ## kill the daemon, and refuse it the disk, at every boundary of a cycle; then see that all is kept
	@$(BIN)/python -W ignore -m tests.crash.sweep

faults: .venv/.ready  ## do harm between the daemon and its mail servers at every command; then see that all is kept
	@$(BIN)/python -W ignore -m tests.faults.sweep

fuzz: .venv/.ready    ## 100,000 hostile mails; 10,000 orders of what people and the daemon do in the shared ledger
	@$(BIN)/python -W ignore -m tests.fuzz.mails
	@$(BIN)/python -W ignore -m tests.fuzz

fix: .venv/.ready     ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: .venv/.ready    ## pin the dependencies anew, with hashes and without any host's name
	@$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host \
	  --no-emit-find-links --strip-extras --no-header --no-annotate --all-build-deps --extra dev \
	  --output-file requirements.txt pyproject.toml

docs: .venv/.ready    ## make docs/process.md and docs/zh-CN/流程.md anew from the profile
	@for it in en:docs/process.md zh-CN:docs/zh-CN/流程.md; do \
	  { printf '<!-- Made by `kesu process show 8d --language %s`; do not edit: `make docs` makes it anew. -->\n\n' "$${it%%:*}"; \
	    $(BIN)/kesu process show 8d --language "$${it%%:*}"; } > "$${it#*:}"; done

clean:          ## remove what the demo and the tests made
	@rm -rf demo-output .pytest_cache .mypy_cache .ruff_cache .hypothesis
