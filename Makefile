# Every target does all of its own set-up, may be repeated, and says what it installs. What each does is one script.

.DEFAULT_GOAL := help
.PHONY: help run dev build dist test proxies lint fmt host demo tour shots sdk-release bench bench-all bench-micro volumes faults fuzz mutants cluster audit clean-postgres

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build everything and serve it; prints the set-up link
	@scripts/run

dev: ## the same from a debug build, built and started again on every change
	@scripts/dev

build: ## the release binary, target/release/mintmark
	@scripts/build

dist: ## the binary to deploy, target/dist/mintmark: the same, faster, and twice as long to build
	@scripts/build dist

test: ## rules, core and HTTP on SQLite and PostgreSQL, documentation, journeys in Chromium
	@scripts/test

proxies: ## what deploy/ says to nginx, HAProxy and Caddy, tried with the binary to deploy
	@scripts/proxies

lint: ## rustfmt, clippy (native and wasm), shellcheck, what the wasm may contain
	@scripts/lint

fmt: ## format the Rust code
	@cargo fmt

host: ## a page of a second origin, to try a widget token from
	@scripts/with-node node end2end/host/serve.mjs

demo: ## the portal of a fictitious tenant with every element, on a second origin, against a running make run
	@scripts/demo

tour: ## follow the README in a browser, from an empty data folder
	@scripts/tour

shots: ## picture every page (or PAGE=name), light and dark, wide and narrow, into end2end/output
	@scripts/shots $(PAGE)

sdk-release: ## keep the browser SDK's bundles of this version for good, for the pages that pin them
	@scripts/sdk release

bench: ## measure the speed goals against hello, the limit, a hand-written back end and oidc-provider; ten minutes
	@scripts/bench

bench-all: ## the same at five million rows, and better-auth, glewlwyd and django-oauth-toolkit beside us; 34 GB of disk
	@scripts/bench --all

bench-micro: ## micro-benchmarks of signatures, origins and the core's verbs
	@cargo bench --quiet -p bench --bench micro

fuzz: ## any bytes for whatever reads them first, half an hour a target (or SECONDS_EACH=60)
	@scripts/fuzz $(SECONDS_EACH)

volumes: ## a million mints and exports, ten thousand broken tokens, thousands of sign-ins: a quarter of an hour, or WHAT="ids floods"
	@scripts/bench volumes $(WHAT)

mutants: ## change the code that credentials hang on and count what no test notices; hours, or PART=3/40 for a fortieth
	@scripts/mutants $(PART)

audit: ## licences, sources, advisories and a bill of materials of the dependencies
	@scripts/audit

faults: ## break it in every way that bench/faults knows and check what it promised; hours, or WHAT="E1 E5" for some
	@scripts/faults $(WHAT)

cluster: ## two nodes on one PostgreSQL behind a balancer, on PORT (3000)
	@scripts/faults cluster

clean-postgres: ## end the tests' throw-away PostgreSQL and remove its data
	@scripts/postgres stop
