# Every command there is. Each line calls one tool; what is longer is a Python file in infra/.
# s=penalties limits fmt, lint, types and the tests to one service or library.
PYTHON ?= python3
python := .venv/bin/python
export PATH := $(CURDIR)/.venv/bin:$(PATH)
s ?=
where := $(if $(s),$(wildcard services/$(s) libs/$(s) infra/$(s)),$(wildcard services/* libs/* infra/local infra/verify infra/upgrade infra/drill infra/cluster infra/deploy infra/docker))
code := $(if $(s),$(where),.)
sources := $(wildcard $(where:%=%/src)) $(if $(s),,infra/gen infra/docker/images infra/deploy/deployment infra/capacity/sizing $(wildcard docs/examples/*/src))
units := $(wildcard $(where:%=%/tests/unit)) $(if $(s),,$(wildcard tests/architecture docs/examples/*/tests))
integrations := $(wildcard $(where:%=%/tests/integration))
manifests := uv.lock pyproject.toml $(wildcard libs/*/pyproject.toml services/*/pyproject.toml infra/*/pyproject.toml)

.DEFAULT_GOAL := list
.PHONY: list setup up down reset logs status demo verify rows fmt fmt-check lint types imports test test-architecture test-contract \
	test-charts scan-charts charts \
	test-integration test-e2e test-chaos test-cluster bench gen dashboards publish migration check \
	image images test-images licences secrets-scan peers peers-down test-peers

list:  ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-18s %s\n", $$1, $$2}' Makefile

setup: .venv/ready  ## uv, environment, what no wheel brings, hooks

.venv/ready: $(manifests) infra/setup.py
	@$(PYTHON) infra/setup.py

up: .venv/ready  ## everything, on this machine
	@$(python) -m embedded up

down: .venv/ready  ## stop it
	@$(python) -m embedded down

reset: .venv/ready  ## stop it and forget its data
	@$(python) -m embedded reset

peers: .venv/ready  ## beside the embedded servers those of production: PostgreSQL, Redis and Ceph RGW of Debian, three Kafka brokers
	@$(python) -m embedded peers up

peers-down: .venv/ready  ## stop them
	@$(python) -m embedded peers down

logs: .venv/ready  ## what the services write; s=penalties: of one
	@$(python) -m embedded logs --follow $(s)

status: .venv/ready  ## the addresses
	@$(python) -m embedded status

demo: .venv/ready  ## start everything and walk three cases, one of them to the police
	@$(python) -m embedded demo

verify: .venv/ready  ## invariants over the live data
	@$(python) -m embedded run $(python) -m verify

rows: .venv/ready  ## each row of the law: code, tests, gaps
	@$(python) tests/architecture/rows.py

fmt: .venv/ready  ## ruff format and fixes, buf format
	@ruff format $(code) && ruff check --fix-only $(code) && buf format -w protos

fmt-check: .venv/ready  ## what fmt would change
	@ruff format --check $(code) && buf format --diff --exit-code protos

lint: .venv/ready  ## ruff, buf lint, import-linter
	@ruff check $(code) && buf lint protos && lint-imports

types: .venv/ready  ## mypy --strict
	@mypy $(sources)

imports: .venv/ready  ## each service once in an environment of its own
	@$(python) infra/imports.py

test: .venv/ready  ## unit and architecture
	@pytest -n 2 $(units)

test-architecture: .venv/ready  ## the tree's own rules
	@pytest tests/architecture

test-contract: .venv/ready  ## protos, samples, generated code
	@pytest tests/contract

test-charts: .venv/ready  ## Helm charts: rendered, held against the schemas of Kubernetes and against the code
	@pytest -n 2 tests/charts

scan-charts: .venv/ready  ## Helm charts by kube-score and checkov, less charts/accepted-findings.yaml
	@$(python) infra/charts.py scan

charts: .venv/ready  ## READMEs of the charts, from the comments of their values
	@$(python) infra/charts.py readme

test-integration: .venv/ready  ## against real PostgreSQL, Kafka, Redis and S3
	@pytest -n 2 $(integrations)

test-e2e: .venv/ready  ## whole stories by HTTP
	@pytest tests/e2e

test-peers: .venv/ready  ## integration tests, stories and faults on the servers of production
	@$(python) infra/peers.py

test-chaos: .venv/ready  ## kill -9 of everything in the middle of traffic
	@pytest tests/chaos

test-cluster: .venv/ready  ## a real Kubernetes of one node: install, stories, upgrade, faults (root)
	@pytest tests/cluster

test-upgrade: .venv/ready  ## N and N+1 side by side under load, back and up again
	@$(python) -m upgrade roll

drill: .venv/ready  ## back up, lose, restore to an instant, refill the broker, verify
	@$(python) -m drill

bench: .venv/ready  ## budgets, beside the bare libraries
	@$(python) tests/load

gen: .venv/ready  ## protos -> libs/contracts, docs/reference
	@$(python) infra/gen

dashboards: .venv/ready  ## Grafana's JSON from infra/telemetry/registry.yaml
	@$(python) infra/telemetry

publish: .venv/ready  ## renew what tests/contract holds later contracts against; in a commit of its own
	@$(python) infra/gen --publish

migration: .venv/ready  ## next migration of one service: s=penalties m="add hearing"
	@$(python) -m embedded migration $(s) "$(m)"

image: .venv/ready  ## the image of one service or part, by buildah or docker: s=penalties
	@$(python) infra/docker build $(s)

images: .venv/ready  ## all of them, what is unchanged left out
	@$(python) infra/docker build all

test-images: .venv/ready  ## every image: no shell, user, size, bill of materials, starts read-only; needs root, runc, a builder
	@pytest tests/images

licences: .venv/ready  ## of all that others made, against infra/docker/licences.toml
	@$(python) infra/docker licences

secrets-scan: .venv/ready  ## what looks like a secret in a tracked file
	@$(python) infra/docker secrets

check: .venv/ready  ## all that CI checks
	@$(python) infra/check.py
