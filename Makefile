# Two commands do everything on a fresh machine with Python >= 3.10 and make: `make synth` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet install --no-compile --no-deps --require-hashes

# Compiled modules are what makes the second run fast; a machine that switches them off would compile on every run.
unexport PYTHONDONTWRITEBYTECODE
# The bindings ask for Node; the environment's own is used, whatever the machine has.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: help
help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z][a-z-]*:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 10) else "Python >= 3.10 is needed; %s is %s. Name another: make PYTHON=python3.12 ..." % (sys.executable, sys.version.split()[0]))'
	@echo "creating the virtual environment $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.synth: requirements/synth.lock | $(VENV)/bin/python
	@echo "installing the locked dependencies (requirements/synth.lock) ..."
	@$(PIP) -r requirements/synth.lock
	@$(PY) -m compileall -q -x 'cdktf_cdktf_provider_aws|node' $(VENV)/lib >/dev/null || true
	@touch $@

$(VENV)/.test: requirements/test.lock $(VENV)/.synth
	@echo "installing the test tools (requirements/test.lock) ..."
	@$(PIP) -r requirements/test.lock
	@touch $@

.PHONY: synth
synth: $(VENV)/.synth ## environment files -> Terraform JSON in cdktf.out/ (ENV=prod picks one)
	@$(PY) main.py $(ENV)

.PHONY: test
test: $(VENV)/.test ## unit, property and Terraform tests
	@$(PY) -m pytest -n auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder

.PHONY: terraform-test
terraform-test: $(VENV)/.test ## real Terraform with every example, other partitions, drawn environments, policies
	@$(PY) -m pytest -m terraform

.PHONY: bindings-test
bindings-test: $(VENV)/.test ## somebody else's app, and whole bindings against slim ones
	@$(PY) -m pytest -m bindings

.PHONY: search-test
search-test: $(VENV)/.test ## what the bootstrap installs, on every real search engine (SEARCH_ENGINES picks some)
	@$(PY) -m pytest -m search

.PHONY: lint
lint: $(VENV)/.test ## ruff and mypy (strict)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

.PHONY: schema
schema: $(VENV)/.synth ## renew the published JSON Schema of environment files
	@mkdir -p schema
	@$(PY) -m constructs_lib schema > schema/environment.schema.json

.PHONY: rules
rules: $(VENV)/.synth ## renew docs/rules.md: what is refused and warned of, with the sources
	@$(PY) -m constructs_lib rules > docs/rules.md

.PHONY: scaling
scaling: $(VENV)/.test ## renew the outputs of size in docs/scaling.md
	@$(PY) -m tests.sizing.scaling

.PHONY: reports
reports: $(VENV)/.test ## renew docs/reports.md: public reports of mistakes, and what is said about each
	@$(PY) -m tests.rules.reports > docs/reports.md

.PHONY: reference
reference: $(VENV)/.synth ## renew docs/reference.md: every key of an environment file
	@$(PY) -m constructs_lib reference > docs/reference.md

.PHONY: golden
golden: $(VENV)/.test ## renew the golden JSON of the shipped environments
	@$(PY) -m tests.golden

.PHONY: client
client: $(VENV)/.test ## renew the browser client that is shipped, and its hash in docs/sending.md
	@$(PY) -m clients.browser.build

.PHONY: collector-test
collector-test: $(VENV)/.test ## a real browser sends through the applied collector into a real engine
	@$(PY) -m pytest -m collector tests/browser -s

.PHONY: plan
plan: synth ## Terraform's plan and its JSON in build/plan/ENV/; without AWS where there are no credentials (OFFLINE=1)
	@$(PY) -m constructs_lib plan $(ENV)

.venv-policy/.installed: requirements/policy.lock
	@echo "installing the policy tool (requirements/policy.lock) ..."
	@$(PYTHON) -m venv .venv-policy
	@.venv-policy/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes -r requirements/policy.lock
	@touch $@

.PHONY: policy
policy: .venv-policy/.installed $(VENV)/.test ## checkov and the Rego pack over the plans of production (ENV=...: of others)
	@names="$(ENV)"; [ -n "$$names" ] || names="$$($(PY) -m constructs_lib policy --production)"; \
	    $(MAKE) plan OFFLINE=$(or $(OFFLINE),1) ENV="$$names"; \
	    $(MAKE) policy-plans ENV="$$names"

.PHONY: check
check: .venv-policy/.installed $(VENV)/.test ## every file in environments/: checked, synthesized, validated, planned without AWS, policies
	@$(PY) -m constructs_lib check environments/*.yaml
	@names="$$(echo environments/*.yaml) $$($(PY) -m constructs_lib policy --production)"; \
	    $(PY) main.py $$names; \
	    OFFLINE=1 $(PY) -m constructs_lib plan --validate $$names
	@$(MAKE) policy-plans ENV=
	@$(PY) -m pytest -q tests/rego/test_identities.py tests/rego/test_pack.py

.PHONY: policy-plans
policy-plans: .venv-policy/.installed $(VENV)/.test ## the same over the plans that are there
	@$(PY) -m constructs_lib policy $(ENV)

.PHONY: policy-exceptions
policy-exceptions: $(VENV)/.synth .venv-policy/.installed ## renew what is written in policies/: exceptions, what holds data, actions without a resource
	@$(PY) -m constructs_lib policy --write-exceptions

.PHONY: cli-check
cli-check: $(VENV)/.test ## the official CLI (cdktf-cli 0.21.0, from a lock, without scripts) writes the same bytes as main.py
	@$(PY) -m tests.official_cli

.venv-cdktn/.installed: requirements/cdktn.lock | $(VENV)/bin/python
	@echo "installing CDK Terrain (requirements/cdktn.lock) ..."
	@$(PYTHON) -m venv .venv-cdktn
	@.venv-cdktn/bin/python -m pip --disable-pip-version-check --quiet install --no-compile --no-deps --require-hashes -r requirements/cdktn.lock
	@touch $@

.PHONY: cdktn-check
cdktn-check: .venv-cdktn/.installed $(VENV)/.test ## CDK Terrain, the successor of CDKTF, writes the same stacks
	@$(PY) -m tests.successor .venv-cdktn/bin/python

.PHONY: bench
bench: $(VENV)/.test ## what things cost, as ratios (minutes; leave the machine alone meanwhile)
	@$(PY) -m pytest -m bench -s --no-header

.PHONY: recommend-bench
recommend-bench: $(VENV)/.test ## how good and how fast recommendations are, on real engines (DATA=folder, SESSIONS=n; an hour; QUICK=1: minutes)
	@$(PY) -m tests.recommender.bench $(if $(QUICK),--quick) $(if $(DATA),--data $(DATA)) $(if $(SESSIONS),--sessions $(SESSIONS))

.PHONY: review
review: $(VENV)/.test ## ENV=prod (plans it) or PLAN=plan.json -> build/review/STACK/; BASE=main: what changes since; fails by the risk
	@if [ -n "$(PLAN)" ]; then $(PY) -m constructs_lib review "$(PLAN)" $(if $(ACCEPT),--accept $(ACCEPT)); \
	elif [ -z "$(ENV)" ]; then echo "make review ENV=prod, make review ENV=prod BASE=main, or make review PLAN=plan.json" >&2; exit 2; \
	elif [ -n "$(BASE)" ]; then $(PY) -m constructs_lib compare "$(ENV)" --base "$(BASE)" $(if $(ACCEPT),--accept $(ACCEPT)); \
	else $(MAKE) plan ENV="$(ENV)" && $(PY) -m constructs_lib review "build/plan/$$(basename "$(ENV)" .yaml)/plan.json" $(if $(ACCEPT),--accept $(ACCEPT)); fi

.PHONY: provider-lock
provider-lock: $(VENV)/.synth ## renew requirements/provider.lock.hcl: the AWS provider's version and hashes (asks the registry)
	@$(PY) -m constructs_lib provider-lock

.PHONY: size
size: $(VENV)/.synth ## what ENV=prod carries and what its traffic asks for, with simulated days and build/size/ENV.html
	@test -n "$(ENV)" || { echo "make size ENV=prod (a file of environments/; PRICES=file for money)" >&2; exit 2; }
	@$(PY) -m constructs_lib size $(if $(filter %.yaml,$(ENV)),$(ENV),environments/$(ENV).yaml) --simulate --chart build/size/$(basename $(notdir $(ENV))).html $(if $(PRICES),--prices $(PRICES))

.PHONY: rehearse
rehearse: $(VENV)/.test ## real input through the whole data path on this machine (INPUT=file, ENV=dev, SEARCH_URL=..., COLLECTOR=1: a page that sends)
	@$(PY) -m rehearsal $(if $(COLLECTOR),--collector) $(if $(ENV),--environment $(ENV)) $(INPUT)

.PHONY: rehearsal-test
rehearsal-test: $(VENV)/.test ## the emulated AWS and the delivery loop that rehearsals stand on
	@$(PY) -m pytest -m rehearsal

.PHONY: chaos
chaos: $(VENV)/.test ## the data path under every fault at once, from a seed, with the books balanced (CHAOS_SEED=n, CHAOS_ROUNDS=n)
	@$(PY) -m rehearsal.chaos $(if $(CHAOS_SEED),--seed $(CHAOS_SEED)) $(if $(CHAOS_ROUNDS),--rounds $(CHAOS_ROUNDS))

.PHONY: pictures
pictures: $(VENV)/.test ## draw the dashboards with real data into docs/images (needs Chromium)
	@$(PY) -m tests.search.pictures

.venv-fuzz/.ready: requirements/fuzz.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else "the fuzzer needs Python 3.11 to 3.13; name another: make PYTHON=python3.12 fuzz")'
	@$(PYTHON) -m venv .venv-fuzz
	@.venv-fuzz/bin/python -m pip --disable-pip-version-check --quiet install --no-compile --no-deps --require-hashes -r requirements/fuzz.lock
	@touch $@

.PHONY: guide-test
guide-test: $(VENV)/.test ## a fresh clone goes through the quick start: its commands, their output, and the tests afterwards
	@$(PY) -m pytest -m guide tests/guide -vv --no-header

.venv-docs/.installed: requirements/docs.lock
	@echo "installing the site generator (requirements/docs.lock) ..."
	@$(PYTHON) -m venv .venv-docs
	@.venv-docs/bin/python -m pip --disable-pip-version-check --quiet install --no-compile --no-deps --require-hashes -r requirements/docs.lock
	@touch $@

.PHONY: docs
docs: .venv-docs/.installed ## the pages as a site in build/docs; a broken link or anchor is an error
	@.venv-docs/bin/python -m sphinx --quiet --fail-on-warning --keep-going --fresh-env -c docs -b html . build/docs
	@echo "build/docs/index.html"

.PHONY: fuzz
fuzz: .venv-fuzz/.ready ## a million odd records through the transform, led by coverage (FUZZ_RECORDS=n, FUZZ_SEED=n)
	@.venv-fuzz/bin/python -m tests.fuzz.transform

.PHONY: apply-test
apply-test: $(VENV)/.test ## every environment applied, re-planned, used, changed and destroyed on emulated AWS (five to ten minutes)
	@$(PY) -m pytest -m apply tests/apply -s

.PHONY: lock
lock: $(VENV)/bin/python ## resolve requirements/*.in anew (for maintainers; needs uv)
	@for name in synth test policy fuzz cdktn docs; do \
	    echo "locking requirements/$$name.in ..."; \
	    python=3.10; constraint=; \
	    case $$name in test) constraint="-c requirements/synth.lock";; fuzz) python=3.11; constraint="-c requirements/synth.lock";; esac; \
	    uv pip compile --quiet --universal --python-version $$python --generate-hashes --no-header --no-annotate \
	        --no-emit-index-url $$constraint \
	        requirements/$$name.in -o requirements/$$name.lock; \
	done
	@(echo "# Written by make lock from requirements/synth.lock: the packages that travel in the functions' archives."; \
	    sed -nE '/^(ua-parser|crawler)/,/[^\\]$$/p' requirements/synth.lock) > constructs_lib/function_packages.lock

.PHONY: clean
clean: ## remove the environment, the output and the caches; Terraform state stays
	@if [ -d cdktf.out ]; then \
	    find cdktf.out ! -type d ! -name '*.tfstate*' -delete; \
	    find cdktf.out -depth -type d -empty -delete; \
	    if [ -d cdktf.out ]; then echo "kept Terraform state:"; find cdktf.out -name '*.tfstate*'; fi; \
	fi
	@rm -rf $(VENV) .venv-* build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
