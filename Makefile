# Postroom's one entrance. `make help` lists the targets; each of them installs
# what it misses by itself (or, without root, prints the command that does).

GO       ?= go
FUZZTIME ?= 20s
BENCH    ?= .
COUNT    ?= 6
FACTS    ?= ../shared/facts
TOOLS    := .tools/bin
VERSION  := $(shell sed -n 's/^ *Version *= *"\(.*\)"/\1/p' FyneApp.toml)
TOUR     ?= out/tour

export CGO_ENABLED ?= 1
# A program with the race detector sleeps a second before it ends, in case that
# something still runs which races: a tenth does, in a hundred processes.
export GORACE ?= atexit_sleep_ms=100
# The race detector watches all packages but those that only calculate: letters and
# pictures, patterns, packed and encoded bytes, the arithmetic of cryptography. None of
# them is ours; with them the window's tests take a quarter more.
UNWATCHED := crypto/internal/fips140/... compress/... encoding/base64 regexp/... image/... \
	golang.org/x/image/... github.com/go-text/... github.com/golang/freetype/... \
	github.com/fyne-io/oksvg github.com/srwiley/...
export RACE ?= -race $(foreach p,$(UNWATCHED),-gcflags=$(p)=-race=false)

# A package more at once than there are processors, as tests wait for servers, windows and
# Python as well; those that take longest begin, so that none of them is left alone at the end.
export AT_ONCE ?= -p $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
LONGEST := ./test/e2e ./test/interop ./app ./app/cli ./session/remoting
# Nothing in these or in what they import starts a goroutine, so the race detector has nothing
# to find there; with it they take five times the processor's time (test/alone_test.go). Only
# `make test` leaves it out, `make test-long` looks all the same.
export ALONE := ./session/bounded ./session/bytesize ./session/clixml ./session/cmdlet ./session/harmless ./session/psrp ./session/reference ./session/search

.DEFAULT_GOAL := help
.PHONY: help setup build run demo test test-long check cover bench fuzz dist catalogue clean tools python setup-build setup-display setup-test setup-dist setup-office

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: setup-build setup-display setup-test setup-dist tools python ## install system packages, tools and the Python peers of test/interop

setup-build setup-display setup-test setup-dist setup-office: setup-%:
	@tools/setup.sh $*

tools: setup-build
	@tools/gotools.sh

python: setup-test
	@tools/python.sh

build: setup-build ## the program: bin/postroom
	$(GO) build -o bin/postroom .

run: build ## the window
	bin/postroom

demo: build ## the whole job against the built-in simulator; without a display it drives itself and leaves out/tour
	@tools/demo.sh $(TOUR)

# make check vets.
test: build setup-display python ## all tests but the long ones (test-long), with the race detector
	@failed=0; set -x; $(GO) test $(AT_ONCE) -vet=off -timeout 20m $(ALONE) || failed=1; \
	$(GO) test $(RACE) $(AT_ONCE) -vet=off -timeout 20m $(LONGEST) \
		$(filter-out $(ALONE:./%=postroom/%),$(shell $(GO) list ./...)) || failed=1; \
	exit $$failed

test-long: build setup-display setup-office python ## what test leaves out: all fault schedules, many rows, processes, networks, power loss
	@tools/testlong.sh

check: tools ## format, vet, linters, import rules, go.mod, cross-compilation
	@tools/check.sh

cover: setup-build setup-test ## how much of each core package its tests run; the floor is 85 %
	@tools/cover.sh

bench: build python ## benchmarks with their yardsticks, in benchstat format; BENCH=regexp COUNT=n
	@tools/bench.sh '$(BENCH)' $(COUNT)

fuzz: setup-build ## every fuzz target for FUZZTIME (default 20s each)
	@tools/fuzz.sh $(FUZZTIME)

dist: setup-build setup-dist ## dist/: the whole program for Linux and Windows, with checksums
	@tools/dist.sh $(VERSION)

catalogue: setup-build ## assets/reference and the simulator's tables from the facts folder; FACTS=dir
	cd tools && GOFLAGS= $(GO) run ./catalogue -facts $(abspath $(FACTS)) -out $(CURDIR)/assets/reference
	cd tools && GOFLAGS= $(GO) run ./simtables -facts $(abspath $(FACTS)) -reference $(CURDIR)/assets/reference -out $(CURDIR)/session/simulator/exchange/data

clean: ## remove what was built
	rm -rf bin dist out .tools .venv
