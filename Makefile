# conform: see README.md. Every target builds what it needs.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build

GO    ?= go
PROCS ?= 32
OUT   ?= reports/run
sources := $(shell git ls-files --cached --others --exclude-standard '*.go' '*.yaml' '*.html' '*.css' '*.js' 'reports/text/*' 'cmd/conform/text/*' go.mod go.sum 2>/dev/null)

# What the command calls itself. The toolchain would find the commit only in a plain clone, and not where GOFLAGS forbids it.
VERSION ?= $(shell git describe --tags --exact-match 2>/dev/null)
COMMIT  ?= $(shell git rev-parse HEAD 2>/dev/null)$(if $(shell git status --porcelain 2>/dev/null | head -n 1),+changes)
linked   = -X main.released=$(VERSION) -X main.commit=$(COMMIT)

# All of the proof takes some ten minutes of two processors: whoever works on the suite proves one in so many, a build server more of them,
# and `make prove` all, as before each release.
SAMPLE ?= $(if $(CI),24,25)

IMAGE ?= conform:dev
FUZZTIME ?= 1h

.PHONY: build conform image release test test-fast prove signatures trace stability hostile real fuzz lint bench clean help

## help: what make can do here
help:
	@sed -n 's/^## //p' Makefile

## build: bin/conform, one static binary
build: bin/conform

bin/conform: $(sources)
	@command -v $(GO) >/dev/null || { echo "conform: Go is missing; install Go 1.26 or later (https://go.dev/doc/install)" >&2; exit 2; }
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(linked)' -o bin/conform ./cmd/conform

## conform: judge TARGET=url [PROFILE=…] or TARGET_FILE=file, or without either the embedded reference servers
# An empty variable is not given on. The exit code of the command is the verdict; make turns every failure into 2, so
# a gate that wants the code runs bin/conform itself.
conform: bin/conform
	@room=$$(ulimit -v); [ "$$room" = unlimited ] || [ "$$room" -ge 2097152 ] || \
		{ echo "conform: a process may have $$((room / 1024)) MB of addresses here, and 2048 are needed; raise the limit (ulimit -v unlimited)" >&2; exit 2; }
	@bin/conform run --out '$(OUT)' --procs '$(PROCS)' $(if $(TARGET),--target '$(TARGET)') \
		$(if $(PROFILE),--profile '$(PROFILE)') $(if $(TARGET_FILE),--target-file '$(TARGET_FILE)') $(ARGS)

## image: the suite's own image, under the name IMAGE
image: bin/conform
	@.ci/image '$(IMAGE)' bin/conform

## release: dist/, an executable a platform (or PLATFORMS=os/arch,…) with all that goes with it; built twice, which has to give the same
PLATFORMS ?=
release:
	@$(GO) run ./cmd/release -version '$(VERSION)' -ldflags '$(linked)' $(if $(PLATFORMS),-platforms '$(PLATFORMS)') $(ARGS)

## test: everything that can be tested on this machine: a sample of the proof of the suite, a larger one where CI is set, then the tests
test: bin/conform
	@echo "proving the suite, one in $(SAMPLE): every fault must be caught, no variant blamed"
	@bin/conform prove --one-in '$(SAMPLE)' --out reports/run/proof >/dev/null || { tail -n 60 reports/run/proof/proof.txt; exit 1; }
	@tail -n 1 reports/run/proof/proof.txt
	$(GO) test -timeout 20m ./...

## test-fast: the tests that take no time, and one small run of each profile; make lint vets
test-fast:
	$(GO) test -short -vet=off ./...

## prove: every fault and every variant through the built command; the matrix, figures last; CONTRACT_ONLY=1 for what contracts catch alone
prove: bin/conform
	@bin/conform prove $(if $(CONTRACT_ONLY),--contract-only) $(ARGS)

## signatures: judge every fault by all checks, and write anew which story of a server breaks which of them; reports tell stories by that
signatures: bin/conform
	@bin/conform prove --full --signatures suites/signature/known.json

## trace: write the traceability page anew
trace: bin/conform
	@bin/conform trace > specs/TRACE.md.new && mv specs/TRACE.md.new specs/TRACE.md

## stability: the same verdicts 20 times, at several numbers of checks at a time and seeds; and of all faults, or one in ONE_IN=n, with one at a time and 64
ONE_IN ?= 1
stability: bin/conform
	$(GO) test ./cmd/conform -count 1 -timeout 30m -run '^TestStability$$' -stability 20
	@bin/conform prove --full --procs 1,64 --jobs 24 --one-in '$(ONE_IN)' $(ARGS)

## hostile: every kind of hostile server (or KINDS=a,b and PROFILES=a,b) against the built command: verdict, time, memory, secrets
KINDS    ?= all
PROFILES ?= all
hostile:
	@$(GO) test -C cmd/conform -count 1 -timeout 0 -run '^TestHostileServers$$' -hostile '$(KINDS)' -hostile-profiles '$(PROFILES)' $(ARGS) \
		| sed -u -E '/^(PASS|FAIL|ok |--- FAIL|exit status)/d' # so that the summary is last

## real: servers that nobody here wrote (or SERVERS=a,b), installed in REAL_DIR, against what is known of them (openapi/examples)
SERVERS  ?= all
REAL_DIR ?=
real:
	@$(GO) test -C cmd/conform -count 1 -timeout 0 -run '^TestRealServers$$' -real '$(SERVERS)' -real-dir '$(abspath $(REAL_DIR))'

## fuzz: every fuzz target in turn, FUZZTIME=1h in all, or FUZZEACH=30s for each; the first finding ends it
fuzz:
	@GO='$(GO)' .ci/fuzz $(if $(FUZZEACH),'$(FUZZEACH)' each,'$(FUZZTIME)')

## lint: formatting, vet, staticcheck, a tidy go.mod
lint:
	@unformatted="$$(gofmt -l $$(git ls-files --cached --others --exclude-standard '*.go'))"; \
		if [ -n "$$unformatted" ]; then echo "gofmt these files:" $$unformatted >&2; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) mod tidy -diff

## bench: the figures
bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

clean:
	rm -rf bin dist reports/run
