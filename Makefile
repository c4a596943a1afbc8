# `make demo` and `make test` set everything up themselves; `make` alone says what there is.
# Set-up leaves stamps in .venv/done, so that it costs nothing when nothing changed.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
DONE := .venv/done
KITS := standin/node_modules/.package-lock.json

# Tests start hundreds of programs: each would compile all of ours anew.
unexport PYTHONDONTWRITEBYTECODE

# A stamp that is no longer true: the checkout was moved, Python or the browser is gone, another browser is wanted.
$(shell sh scripts/forget_stale_stamps.sh)

.PHONY: help setup check test test-all demo picture bench faults strangers mutations wheel lock clean

help:
	@echo "make setup     everything that is needed, into .venv and standin/node_modules"
	@echo "make demo      the five flows against the local stand-in, twice"
	@echo "make test      set-up, make check and the tests of every change: about a quarter of an hour on two cores"
	@echo "make test-all  set-up, make check and every case of every test: every night and before a release"
	@echo "make check     format, lint, types, layers"
	@echo "make bench     speed and memory, compared with plain Playwright"
	@echo "make faults    kill runner and browser round every write, and draw what a site may do: 640 cases, 60 batches (three hours)"
	@echo "make strangers all flows on 200 Business Centers that nobody wrote, with a person who answers (three hours)"
	@echo "make mutations what check-ui says of 200 seeded changes of the site, and of 60 checks without any (an hour)"
	@echo "make wheel     bcflow for pipx and uv, into dist/"
	@echo "make picture   the demo once more, and its report as docs/report.png"
	@echo "make lock      renew requirements.lock from pyproject.toml"
	@echo "make clean     remove what set-up made here"

setup: $(DONE)/bcflow $(DONE)/browser $(KITS)

$(DONE)/venv:
	@sh scripts/make_venv.sh "$(PYTHON)"

$(DONE)/packages: requirements.lock $(DONE)/venv
	@echo "setup: Python packages"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(DONE)/bcflow: pyproject.toml scripts/link_rooms.py $(DONE)/packages
	@echo "setup: bcflow itself"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python scripts/link_rooms.py
	@touch $@

$(DONE)/browser: runner/browser/choice.py scripts/set_up_browser.py $(DONE)/bcflow
	@echo "setup: a browser"
	@$(BIN)/python scripts/set_up_browser.py $@

$(KITS): standin/package.json standin/package-lock.json $(DONE)/packages
	@echo "setup: the stand-in's npm packages"
	@sh scripts/install_kits.sh
	@touch $@

check: $(DONE)/bcflow
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=.venv/links $(BIN)/lint-imports

# Three at a time on two cores: one of them waits most of the time.
test: setup check
	$(BIN)/pytest -n 3 --dist worksteal

test-all: setup check
	$(BIN)/pytest -n 3 --dist worksteal -m ""

demo: setup
	$(BIN)/bcflow dev demo

picture: demo
	$(BIN)/python scripts/picture_report.py out/demo docs/report.png

bench: setup
	$(BIN)/python -m benchmarks.run

strangers: setup
	$(BIN)/python -m tests.strangers --seeds 1-200

mutations: setup
	$(BIN)/python -m tests.mutations --seeds 0-199 --clean 0-59

faults: setup
	$(BIN)/python -m tests.faults.storm --kills 300
	$(BIN)/python -m tests.faults.weather
	$(BIN)/python -m tests.faults.many_logins --rounds 20
	$(BIN)/python -m tests.faults.batch_storm --rounds 20

wheel: setup
	@rm -rf build
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

lock: $(DONE)/venv
	@sh scripts/lock.sh

clean:
	rm -rf .venv standin/node_modules bcflow.egg-info build dist
