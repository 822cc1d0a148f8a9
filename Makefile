# `make` builds the environment, runs every notebook and prints the answers; `make test` runs every test. `make help` lists the rest.
PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11 python,$(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
VENV ?= .venv
LAB ?= .venv-lab
BENCH ?= .venv-bench
OUT ?= build
BIN := $(VENV)/bin
# Two more than processors: tests wait for kernels, browsers and disks.
WORKERS ?= $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 2)")
CODE := evidence tests tools benchmarks notebooks examples conftest.py
# Installed packages are compiled at once: a kernel that compiles them itself starts a second later.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := all
.PHONY: all charts deck site notebooks accept test falsify check lint format bench lab chromium browser codebook reference picture lock clean help

all: $(VENV)/.ready ## run every notebook and draw the gallery into build/, and print the answers
	@$(BIN)/evidence run --out $(OUT)
	@$(BIN)/evidence charts --out $(OUT)/charts
	@$(BIN)/evidence answers

charts: $(VENV)/.ready ## draw the gallery into build/charts/
	@$(BIN)/evidence charts --out $(OUT)/charts --format png,svg,pdf

deck: $(VENV)/.ready ## write the slide deck build/deck.pptx
	@$(BIN)/evidence deck --out $(OUT)/deck.pptx

site: $(VENV)/.ready ## build the web page into build/site/
	@$(BIN)/evidence site --out $(OUT)/site

notebooks: $(VENV)/.ready ## execute again into build/ what changed since, and show what differs; the sources stay untouched
	@$(BIN)/evidence run --changed --out $(OUT)
	@for set in examples/*/; do $(BIN)/evidence run --changed --data $$set --out $(OUT)/$$set || exit 1; done

accept: $(VENV)/.ready ## the same, and write the new outputs into the sources, and the numbers of README and docs
	@$(BIN)/evidence run --out $(OUT) --accept
	@for set in examples/*/; do $(BIN)/evidence run --data $$set --out $(OUT)/$$set --accept || exit 1; done
	@$(BIN)/python -m pytest --override-ini addopts=--true-notebooks --quiet --accept README.md docs

test: $(VENV)/.ready ## run the tests, notebooks included, in parallel (ARGS="tests/charts -x": a part, options; EVIDENCE_TESTS=all: all of the large families)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(ARGS)

falsify: $(VENV)/.ready ## change one thing at a time in a copy, and see whether the tests notice (some minutes; SAMPLE=1: one of each room)
	@$(BIN)/python tools/falsify $(if $(SAMPLE),--most $(SAMPLE))

check: $(VENV)/.ready ## check tables, bibliography and arithmetic
	@$(BIN)/evidence check

lint: $(VENV)/.ready ## style and types
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy

format: $(VENV)/.ready ## put code and the code of notebooks into the common layout, and fix what needs no decision
	@$(BIN)/ruff check --fix-only --quiet $(CODE)
	@$(BIN)/ruff format $(CODE)

bench: $(BENCH)/.ready ## compare everything with a reference, about a quarter of an hour (ARGS="balance command": parts, sizes; see ARGS=--help)
	@$(BENCH)/bin/python -m benchmarks $(ARGS)

lab: $(LAB)/.ready ## open JupyterLab on the notebooks (an environment of its own: beside it every test would start a second later)
	@$(LAB)/bin/evidence lab

chromium: ## find a browser for the tests that need one, or install Debian's Chromium
	@sh tools/browser.sh

browser: $(VENV)/.browser $(LAB)/.ready ## install what the tests in a browser need beside Chromium

codebook: $(VENV)/.ready ## write data/CODEBOOK.md from the dictionary, and data/CONTENTS.md from the tables
	@$(BIN)/evidence codebook --write
	@$(BIN)/evidence contents --write

reference: $(VENV)/.ready ## write docs/reference.md and evidence/__init__.pyi from the public names
	@$(BIN)/python tools/reference.py
	@$(BIN)/python tools/stub.py

picture: $(VENV)/.ready ## draw the pictures of the README and of docs/gallery.md anew
	@$(BIN)/python tools/pictures.py

lock: $(VENV)/.ready ## resolve the lock files anew (needs uv)
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header -p 3.11 --extra test --extra build --extra site --extra deck pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header -p 3.11 --extra build --extra lab pyproject.toml -o requirements-lab.lock
	@$(BIN)/uv pip compile -q --universal --no-annotate --no-emit-index-url --no-header -p 3.11 --extra test --extra build --extra site --extra deck --extra lab pyproject.toml -o constraints.txt
	@$(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['browser'], sep='\n')" | $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -p 3.11 -c constraints.txt - -o requirements-browser.lock
	@$(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['bench'], sep='\n')" | $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -p 3.11 -c constraints.txt - -o requirements-bench.lock
	@printf 'uv\n' | $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -p 3.11 - -o requirements-uv.lock

clean: ## delete the environment and everything built
	rm -rf $(VENV) $(LAB) $(BENCH) build .pytest_cache .mypy_cache .ruff_cache .hypothesis

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.ready: requirements.lock requirements-uv.lock pyproject.toml
	@PYTHON="$(PYTHON)" sh tools/install.sh $(VENV) requirements.lock
	@touch $@

$(VENV)/.browser: requirements-browser.lock $(VENV)/.ready
	@PYTHON="$(PYTHON)" sh tools/install.sh $(VENV) requirements-browser.lock
	@touch $@

$(LAB)/.ready: requirements-lab.lock requirements-uv.lock pyproject.toml
	@PYTHON="$(PYTHON)" sh tools/install.sh $(LAB) requirements-lab.lock
	@touch $@

$(BENCH)/.ready: requirements.lock requirements-bench.lock requirements-uv.lock pyproject.toml
	@PYTHON="$(PYTHON)" sh tools/install.sh $(BENCH) requirements.lock
	@PYTHON="$(PYTHON)" sh tools/install.sh $(BENCH) requirements-bench.lock
	@touch $@
