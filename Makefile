# make run      set up, run the spaCy project over corpus/, say where the ledger is
# make test     the test suite (Python packages only)
# make laws     the property tests with 20,000 examples each, and time in proportion up to a million characters
# make bench    measure speed, start-up and growth, and put the figures into docs/speed.md (about ten minutes)
# make docs     the documentation, into build/docs
# make wheelhouse PLATFORM=manylinux2014_x86_64 PYTHON=3.12
#               all that a machine without a network installs, into wheelhouse/
# make fuzz     fuzz view, numerals, markers, records and readers (SECONDS each; led by atheris where it is installed)
# make cleanroom
#               the wheels, installed with no network on every supported Python of this machine; for the others, are there wheels?
# make coverage the tests, and which lines and branches of the package they do not reach; fails below 95 %
# make mutants  do the tests notice small changes of numerals, comparators, markers and linking? (NUMBER of each)
# make floors   raise the quality floors to what is reached now; lower them with REASON="…"
# make system   what some tests need besides (Debian, root): LibreOffice, a Chinese font, PDF tools, Chromium, systemd-analyze
PYTHON ?= python3
# … which for the wheelhouse is the other machine's version
BASE := $(if $(filter 3.%,$(PYTHON)),python3,$(PYTHON))
BIN := .venv/bin
# The package step builds without the network, from wheels that were fetched with what is installed.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
OFFLINE := PIP_NO_INDEX=1 PIP_FIND_LINKS="$(CURDIR)/.venv/wheels"

.PHONY: run test laws fuzz cleanroom coverage mutants floors bench lint docs wheelhouse system clean
.DELETE_ON_ERROR:

run: .venv/installed
	$(OFFLINE) $(BIN)/python -m spacy project run all .
	@echo
	@echo "ledger   $(CURDIR)/output/ledger.xlsx"
	@echo "records  $(CURDIR)/output/records.jsonl"

# One process a core; a test that waits for its turn goes to whoever is idle (some take a minute, most a moment).
test: .venv/tests
	$(OFFLINE) $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

laws: .venv/installed
	$(BIN)/python -m pytest tests/test_laws.py tests/test_bounds.py --hypothesis-profile laws

bench: .venv/installed
	$(BIN)/python -m pip install --quiet jionlp matplotlib
	$(BIN)/python benchmarks/speed.py --output docs/speed.md --picture docs/images/speed.svg

EXTRAS ?= io,web
SECONDS ?= 60
NUMBER ?= 40

fuzz: .venv/installed
	-$(BIN)/python -m pip install --quiet atheris  # where there is none for this machine, pieces are put together at random
	$(BIN)/python fuzz/run.py --seconds $(SECONDS)

cleanroom: .venv/tests
	$(BIN)/python -m pytest tests/test_clean_room.py -v

coverage: .venv/tests
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered

mutants: .venv/installed
	$(BIN)/python tests/mutants.py --number $(NUMBER)

floors: .venv/installed
	$(BIN)/python tests/floors.py $(if $(REASON),--allow-lower "$(REASON)")

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/mypy

docs: .venv/docs
	$(BIN)/python -m sphinx --fail-on-warning --keep-going -q -b html docs build/docs
	@echo "docs     $(CURDIR)/build/docs/index.html"

# pip asks the markers of dependencies (sys_platform) of this machine: what only Windows needs is named.
wheelhouse: .venv/bin/python
	$(if $(and $(PLATFORM),$(filter 3.%,$(PYTHON))),,$(error say which machine: make wheelhouse PLATFORM=manylinux2014_x86_64 PYTHON=3.12))
	rm -f wheelhouse/duban-*.whl
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir wheelhouse .
	$(BIN)/python -m pip download --quiet --only-binary=:all: $(addprefix --platform ,$(PLATFORM)) --python-version $(PYTHON) --dest wheelhouse \
		"$$(ls wheelhouse/duban-*.whl)[$(EXTRAS)]" $(if $(filter win%,$(PLATFORM)),colorama)
	@echo "wheels   $(CURDIR)/wheelhouse"

.venv/bin/python:
	$(BASE) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

.venv/installed: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	$(BIN)/python -m pip download --quiet --dest .venv/wheels setuptools wheel
	touch $@

# What only some tests need (Ray, Label Studio's library, Sphinx, what a clean room installs), so that `make run` need not wait for it.
.venv/tests: .venv/installed
	$(BIN)/python -m pip install --quiet --editable ".[dev,test]"
	$(BIN)/python -m pip wheel --quiet --wheel-dir .venv/wheels ".[$(EXTRAS)]"
	touch $@

.venv/docs: .venv/installed
	$(BIN)/python -m pip install --quiet --editable ".[docs]"
	touch $@

system:
	apt-get update -q
	apt-get install -yq --no-install-recommends libreoffice-calc-nogui libreoffice-writer-nogui fonts-wqy-zenhei poppler-utils chromium systemd

clean:
	rm -rf .venv build dist output wheelhouse project.lock
