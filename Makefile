# Two commands do everything: `make run` (a demo organisation) and `make test` (every proof).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_DIR ?= var/demo
STAGE = @./tools/stage.sh

.PHONY: run test setup setup-run system check fmt sizes docs stages interop bench acme spoof ca-check kill-test fuzz clean

run: setup-run  ## a demo organisation: gateway, delivery, pages, the first protected exchange
	$(BIN)/siegel demo --dir $(RUN_DIR)

test: system setup check stages  ## everything that must always hold

setup: $(VENV)/.dev  ## virtual environment with all development tools
$(VENV)/.dev: requirements/dev.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $(VENV)/.dev $(VENV)/.run

setup-run: $(VENV)/.run
$(VENV)/.run: requirements/server.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/server.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $(VENV)/.run

system:  ## system packages the tests need (Debian; asks for root only when something is missing)
	./tools/install-system.sh

check: setup  ## format, lint, types, floors, migrations, generated documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m django makemigrations --check --dry-run --settings siegel.config.django
	$(BIN)/python tools/generate_docs.py --check
	$(BIN)/python tools/messages.py --check

fmt: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup  ## write the generated documents anew
	$(BIN)/python tools/generate_docs.py

stages: setup
	$(STAGE) unit $(BIN)/python -m pytest tests/unit tests/docs tests/cli tests/fuzz tests/spoof tests/authority -n 2 -q
	$(STAGE) store $(BIN)/python -m pytest tests/store -q
	$(STAGE) corpora $(BIN)/python -m pytest tests/corpora -n 2 -q
	$(STAGE) gateway $(BIN)/python -m pytest tests/gateway -q
	$(STAGE) flows $(BIN)/python -m pytest tests/flows -n 2 -q
	$(STAGE) web $(BIN)/python -m pytest tests/web -n 2 --dist loadscope -q
	$(STAGE) browser $(BIN)/python -m pytest tests/browser -n 2 --dist loadfile -q
	$(STAGE) interop $(BIN)/python -m pytest tests/interop -q
	$(STAGE) kill $(BIN)/python -m pytest tests/kill -n 2 --dist loadfile -q

interop: system setup  ## run the table of formats and programs; writes docs/interop.md
	$(BIN)/python -m tools.make_interop

acme: setup  ## a certificate by itself from acme2certifier: order, challenge mail, answer, chain
	$(BIN)/python -m pytest tests/interop/test_acme.py tests/flows/test_acme_orders.py tests/flows/test_acme_forged_mail.py -q

spoof: setup  ## published forgeries against every door; prints class, case and verdict
	$(BIN)/python -m tests.spoof
	$(BIN)/python -m pytest tests/spoof -n 2 -q

ca-check: setup  ## every profile and key of our authority through pkilint, openssl and our own paths
	$(BIN)/python -m tests.authority

kill-test: setup  ## kill the gateway at named points under load; prints sent, arrived, twice, plain
	$(BIN)/python -m tests.kill.run

bench: setup  ## ratios against bare primitives and openssl; writes docs/performance.md
	$(BIN)/python -m tools.bench

fuzz: .venv-fuzz/.ready  ## atheris on readers of hostile input, 10 minutes a target (SECONDS=…)
	.venv-fuzz/bin/python -m tests.fuzz --seconds $(or $(SECONDS),600)
.venv-fuzz/.ready: requirements/fuzz.lock
	test -x .venv-fuzz/bin/python || $(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/fuzz.lock
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

sizes:  ## files over 250 and functions over 40 lines: to read, not a gate
	$(BIN)/python tools/sizes.py

clean:
	rm -rf $(VENV) .venv-fuzz var
