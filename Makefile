# The commands one needs; `make` alone lists them. Everything they install goes into .venv.

PYTHON = .venv/bin/python
MANAGE = $(PYTHON) manage.py
# tests/scheduling.py sees to it that those which need quiet run alone.
ON_ALL_CORES = --numprocesses auto --maxprocesses 8
PIP = $(PYTHON) -m pip install -qq --disable-pip-version-check

.PHONY: help run test test-fast test-scaled lint bench messages

help:
	@echo 'make run          start Airside with its demo day, on HOST and PORT (127.0.0.1, 8000)'
	@echo 'make test         run all tests, those in a browser too; ARGS="-k board" for some'
	@echo 'make test-fast    run those that are quick and need no server and no browser, in about a minute'
	@echo 'make test-scaled  run those that PostgreSQL, Redis and two processes can change; ALL=1 for all'
	@echo 'make lint         format, imports, migrations, settings of production, templates'
	@echo 'make bench        measure how fast a change reaches everybody; JSON=1 for machines'
	@echo 'make messages     collect the texts to translate into locale/, and compile them'

run: export AIRSIDE_DEMO = 1
run: .venv/.run
	@$(MANAGE) demo

# Tests and checks have folders of their own for what they write: they see nothing of a demo that ran before.
test: export AIRSIDE_DATA = $(CURDIR)/var/test
test: .venv/.test
	@$(PYTHON) -m tests.browser
	@$(PYTHON) -m pytest $(ON_ALL_CORES) $(ARGS)

test-fast: export AIRSIDE_DATA = $(CURDIR)/var/test-fast
test-fast: .venv/.test
	@$(PYTHON) -m pytest $(ON_ALL_CORES) -m 'not served and not alone and not slow' --hypothesis-profile fast $(ARGS)

test-scaled: export AIRSIDE_DATA = $(CURDIR)/var/test-scaled
test-scaled: .venv/.test
	@$(PYTHON) -m tests.browser
	@$(PYTHON) -m tests.scaled $(if $(ALL),--all) $(ON_ALL_CORES) $(ARGS)

lint: export AIRSIDE_DATA = $(CURDIR)/var/lint
lint: .venv/.test
	@.venv/bin/ruff format --check --output-format concise .
	@.venv/bin/ruff check .
	@PYTHONPATH=site:. .venv/bin/lint-imports --no-logo
	@PYTHONPATH=site:. .venv/bin/mypy --cache-dir $(AIRSIDE_DATA)/mypy --no-error-summary
	@$(MANAGE) makemigrations --check --dry-run
	@AIRSIDE_DEMO=0 AIRSIDE_ORIGINS=https://airside.example ALLOWED_HOSTS=airside.example \
	    EMAIL_URL=smtp+tls://mail.airside.example:587 DEFAULT_FROM_EMAIL=desk@airside.example \
	    SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	    $(MANAGE) check --deploy --fail-level WARNING
	@find templates -name '*.html' | xargs .venv/bin/djade --check --target-version 5.2

bench: .venv/.test
	@$(PYTHON) -m tests.bench

messages: .venv/.run
	@command -v msgfmt >/dev/null || { echo 'This needs gettext; on Debian and Ubuntu: apt-get install gettext' >&2; exit 1; }
	@$(MANAGE) makemessages -l de -l es -l fr --no-obsolete --no-location --ignore .venv --ignore var --ignore tests
	@$(MANAGE) compilemessages --ignore .venv --ignore var

# Made again when the pins change, and otherwise in no time.
.venv/.run: requirements.txt | $(PYTHON)
	@echo 'Installing what Airside needs into .venv. The first time takes a minute.'
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.test: tests/requirements.txt .venv/.run
	@echo 'Installing what the tests need into .venv.'
	@$(PIP) -r tests/requirements.txt
	@touch $@

$(PYTHON):
	@for python in python3 python python3.14 python3.13 python3.12 python3.11; do \
	    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    $$python -c 'import ensurepip, venv' 2>/dev/null && exec $$python -m venv --clear .venv; \
	    found=$$python; \
	done; \
	if [ "$$found" ]; then \
	    echo "$$found has no venv module; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
	else \
	    echo 'Airside needs Python 3.11 or newer, and there is none on the PATH.' >&2; \
	fi; \
	exit 1
