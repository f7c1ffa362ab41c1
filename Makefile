.PHONY: run test check bench image
.NOTPARALLEL:

# A working provider on this machine: make run ARGS="--listen 127.0.0.1:8090"
run:
	@tests/install.sh build
	@tests/dev.sh $(ARGS)

# Everything, on both databases and in a browser. The last line says how it went.
test:
	@tests/install.sh build postgres browser
	@tests/run.sh

# What needs no running server: format, lints, licences, bans, layers.
check:
	@tests/install.sh build deny
	@tests/check.sh

bench:
	@tests/install.sh build postgres
	@tests/bench.sh $(ARGS)

image:
	@echo "the container image is not part of this release yet" >&2; exit 1
