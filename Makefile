# Needs Go 1.26, Node 20.19 or later, and make. "make test" says what else it
# needs, and installs it where it may.

# Vite's lock file wants npm 11; what comes with older Nodes is passed by.
NPM = $(shell test "$$(npm --version 2>/dev/null | cut -d. -f1)" -ge 11 2>/dev/null && echo npm || echo npx --yes npm@11.19.1)
INSTALL = ci --no-audit --no-fund

VERSION = $(shell git describe --always --dirty --tags 2>/dev/null || echo dev)

WEB_SOURCES = web/index.html web/manage/index.html web/guest/index.html web/owner/index.html web/embed/index.html web/package.json web/vite.config.ts web/vite.worker.mjs web/web.go web/tsconfig.json $(shell find web/src web/public -type f 2>/dev/null)
SCENES = gateway/simulate/scenes

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help build demo test walk check soak clips bench microbench screenshots tools lint web-check FORCE

help: ## show this
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

build: bin/matthan ## build bin/matthan, the viewer in it

demo: build ## eight simulated cameras on this machine; ARGS="--http :9080" and the like
	@bin/matthan demo $(ARGS)

test: tools lint web-check bin/matthan ## everything, with the race detector and a real browser
	go test -race -p 1 ./... # one package at a time: they have clocks, and machines have few cores
	go test -run '^$$' -bench . -benchtime 1x ./gateway/... # that each can still be run
	$(NPM) --prefix web run test:browser

walk: tools bin/matthan ## whole shifts in the browser, and every screen by axe: twenty minutes
	$(NPM) --prefix web run test:walk

check: lint web-check ## what must be green before every commit
	go test ./...

soak: bin/matthan ## long runs: many viewers for a minute
	go test -tags soak -run Soak -count 1 -timeout 30m -v ./...

bench: bin/matthan tools ## what a viewer costs and sees: the tables of docs/performance.md; PEER=URL PEER_PID=N beside another gateway
	go test -tags bench -run '^TestBench$$' -count 1 -timeout 60m . -args $(if $(PEER),-peer '$(PEER)' -peer-pid $(PEER_PID))
	node web/test/bench/chromium.mjs
	node web/test/bench/outage.mjs
	node web/test/bench/glass.mjs
	node web/test/bench/nine.mjs
	node web/test/bench/away.mjs
	node web/test/bench/map.mjs
	node web/test/bench/quality.mjs
	cd web && npx vitest bench --run

microbench: ## the benchmarks of the hot paths' functions
	go test -run '^$$' -bench . -benchmem ./...

screenshots: bin/matthan tools ## a picture of every screen and state, into web/test-results/screens; ARGS="--docs" for those of docs/
	node web/test/screens/make.mjs $(ARGS)

clips: tools $(SCENES)/node_modules/.installed ## draw and encode the simulated cameras' clips again
	node $(SCENES)/make.mjs
	node $(SCENES)/rig.mjs

tools:
	@.ci/tools

# Soak and benchmark are behind build tags, and are looked at all the same.
lint: web/dist/index.html
	@wrong=$$(find . -name '*.go' -not -path '*/node_modules/*' -exec gofmt -l {} +); \
	  test -z "$$wrong" || { echo "gofmt -w these:"; echo "$$wrong"; exit 1; }
	go vet -tags soak,bench ./...
	go tool staticcheck -tags soak,bench ./...
	go mod tidy -diff

web-check: web/node_modules/.installed
	$(NPM) --prefix web run check
	$(NPM) --prefix web test

# Go knows best what has changed. Without cgo it needs no C compiler.
bin/matthan: web/dist/index.html FORCE
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-X main.version=$(VERSION)' -o $@ .

# Vite empties the directory; .gitkeep lets Go build before there is a viewer.
web/dist/index.html: web/node_modules/.installed $(WEB_SOURCES)
	$(NPM) --prefix web run build
	@touch web/dist/.gitkeep $@

%/node_modules/.installed: %/package.json %/package-lock.json
	$(NPM) --prefix $* $(INSTALL)
	@touch $@
