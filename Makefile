# `make demo` and `make test` set themselves up; nothing but Python 3.11+ and make is needed.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test integration soak lint bench clean

$(BIN)/.ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[lab,test,lint]'
	touch $@

demo: $(BIN)/.ready
	$(BIN)/python -m vpn_check lab demo

test: $(BIN)/.ready
	$(BIN)/python -m pytest -n auto

# Needs a Chromium, systemd-analyze and the programs of a PostgreSQL server; on Debian, as root, they are installed.
integration: $(BIN)/.ready
	command -v chromium >/dev/null && command -v systemd-analyze >/dev/null && \
	  ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || { apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-dejavu-core systemd postgresql >/dev/null; }
	$(BIN)/python -m pytest -m integration

soak: $(BIN)/.ready
	$(BIN)/python -m pytest -m soak -n 1

lint: $(BIN)/.ready
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(BIN)/.ready
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[bench]'
	$(BIN)/python benchmarks/start_up.py
	$(BIN)/python benchmarks/collect_devices.py
	$(BIN)/python benchmarks/parse_tunnels.py
	$(BIN)/python benchmarks/acl_sets.py
	$(BIN)/python benchmarks/match_log.py
	$(BIN)/python benchmarks/read_negotiations.py
	$(BIN)/python benchmarks/diagnose_tunnels.py
	$(BIN)/python benchmarks/poll_fleet.py
	$(BIN)/python benchmarks/history.py

clean:
	rm -rf $(VENV) .ci-venv dist build .lab .pytest_cache .mypy_cache .ruff_cache .hypothesis
