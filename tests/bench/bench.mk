# make hook: what the event stream costs while nobody listens, in instructions, against a build in which nobody can
# (-DVITRINE_DEAF, trace/trace.h). Fails from 1 in 100 on.
$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(SODIUM_LIBS)
deaf: $(BUILD)/tests/bench/hook
hook: $(BUILD)/tests/bench/hook ## what the event stream costs while nobody listens: less than 1 in 100 instructions
	@$(MAKE) --no-print-directory -s BUILD=$(BUILD)/deaf DEBUG=-g0 CFLAGS="$(CFLAGS) -DVITRINE_DEAF" deaf
	@tests/bench/count-hook $(BUILD)/tests/bench/hook $(BUILD)/deaf/tests/bench/hook
.PHONY: hook deaf

# make bench-tcp: how fast our TCP is, over TUN and in the sealed world.
bench-tcp: vitrine $(addprefix $(BUILD)/tests/bench/,sealed_tcp tcp_peer bare) ## how fast our TCP is, by CPU time: over TUN, and both ends ours
	@VITRINE=./vitrine sh tests/bench/tcp.sh $(addprefix $(BUILD)/tests/bench/,sealed_tcp tcp_peer bare)
# make bench-kernel: our TCP and Linux's on the same bad wire.
bench-kernel: vitrine $(BUILD)/tests/bench/wire $(BUILD)/tests/bench/tcp_peer ## our TCP beside Linux's, on the same bad wire
	@VITRINE=./vitrine sh tests/bench/kernel.sh $(BUILD)/tests/bench/wire $(BUILD)/tests/bench/tcp_peer
# make bench-hostile: floods and scans.
bench-hostile: vitrine $(BUILD)/tests/bench/flood $(BUILD)/tests/bench/tcp_peer ## our server under floods of SYNs and scans
	@VITRINE=./vitrine sh tests/bench/hostile.sh $(BUILD)/tests/bench/tcp_peer $(BUILD)/tests/bench/flood
.PHONY: bench-tcp bench-kernel bench-hostile

LIBCRYPTO := $(shell pkg-config --libs libcrypto 2>/dev/null)
$(BUILD)/tests/bench/x509: %: %.o $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(SODIUM_LIBS) $(LIBCRYPTO)
# make bench-x509: certificates read beside libcrypto's d2i_X509 (where that is), what a judgement costs beside its
# signatures, a store of roots, and chains made to cost time.
bench-x509: $(if $(LIBCRYPTO),$(BUILD)/tests/bench/x509) $(BUILD)/tests/bench/x509_path $(BUILD)/tests/unit/x509_bounds ## certificates by CPU time
	@for bench in $(filter-out %_bounds,$^); do $$bench || missed=1; done; \
	    BOUNDS_TIME=1 $(BUILD)/tests/unit/x509_bounds || missed=1; $(if $(LIBCRYPTO),,echo "skipped: parse: no libcrypto here";) exit $${missed:-0}
.PHONY: bench-x509
# make bench-serve: our server under load, beside nginx.
bench-serve: vitrine $(BUILD)/tests/bench/load ## our server under load, by CPU time, beside nginx; 10,000 connections at once
	@VITRINE=./vitrine sh tests/bench/serve.sh $(BUILD)/tests/bench/load
.PHONY: bench-serve
# make bench: ours beside OpenSSL, GnuTLS, mbedTLS and BearSSL, by CPU time. Who is not here is left out, aloud.
BENCH_PEERS ?= openssl gnutls mbedtls bearssl
BENCH_HEADER_openssl := openssl/ssl.h
BENCH_HEADER_gnutls  := gnutls/gnutls.h
BENCH_HEADER_mbedtls := mbedtls/ssl.h
BENCH_HEADER_bearssl := bearssl.h
BENCH_LIBS_openssl := -lssl -lcrypto
BENCH_LIBS_gnutls  := -lgnutls
BENCH_LIBS_mbedtls := -lmbedtls -lmbedx509 -lmbedcrypto
BENCH_LIBS_bearssl := -lbearssl
bench_has   = $(shell printf '\043include <$(BENCH_HEADER_$(1))>\n' | $(CC) -E -x c - >/dev/null 2>&1 && echo $(1))
BENCH_HERE  = $(foreach peer,$(BENCH_PEERS),$(call bench_has,$(peer)))
$(BUILD)/tests/bench/peer_%: $(BUILD)/tests/bench/peer_%.o $(BUILD)/tests/bench/peer.o $(BUILD)/tests/bench/peer_heap.o
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(BENCH_LIBS_$*)
$(BUILD)/tests/bench/peer_vitrine: $(patsubst %,$(BUILD)/tests/bench/%.o,peer_vitrine peer peer_heap) $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(SODIUM_LIBS)
# Their headers are looked for when somebody asks, not each time make runs.
bench-peers: $(BUILD)/vitrine $(BUILD)/tests/bench/peer_vitrine
	@here="$(BENCH_HERE)"; for peer in $(BENCH_PEERS); do case " $$here " in *" $$peer "*) ;; \
	    *) echo "skipped: bench: no $$peer here (its -dev package)";; esac; done; \
	    [ -z "$$here" ] || $(MAKE) --no-print-directory $${here:+$$(printf '$(BUILD)/tests/bench/peer_%s ' $$here)}
BENCH_ROUNDS  ?= 5
BENCH_SECONDS ?= 0.25
BENCH_WHAT    ?=
bench_run = @python3 -B tests/bench/bench.py --kept $(BUILD)/bench.json $(if $(WRITE),--write docs/performance.md)
bench: bench-peers ## ours beside other TLS libraries, by CPU time, ten minutes; WRITE=1: into docs/performance.md; BENCH_WHAT=rsa,records BENCH_ROUNDS=5 BENCH_SECONDS=0.25
	$(bench_run) --rounds $(BENCH_ROUNDS) --seconds $(BENCH_SECONDS) --what "$(BENCH_WHAT)" \
	    $(BUILD)/vitrine $(BUILD)/tests/bench/peer_vitrine $(BENCH_HERE:%=$(BUILD)/tests/bench/peer_%)
bench-short: ## the same in a minute: what the goals are about, beside OpenSSL
	@$(MAKE) --no-print-directory bench BENCH_ROUNDS=3 BENCH_SECONDS=0.1 BENCH_WHAT=issue BENCH_PEERS=openssl
bench-table: ## the last whole run's table into docs/performance.md
	@python3 -B tests/bench/bench.py --kept $(BUILD)/bench.json --rounds 0 --write docs/performance.md - - >/dev/null
.PHONY: bench bench-peers bench-short bench-table

# make timing: does what is secret show in the time? Half an hour; TIMING_RUNS=100000 for less.
TIMING_RUNS ?= 1000000
$(BUILD)/tests/bench/timing: $(BUILD)/tests/bench/timing.o $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(SODIUM_LIBS) -lm
timing: $(BUILD)/tests/bench/timing ## statistics over 10^6 runs: padding, tags and keys do not show in the time; a planted leak does
	@$< $(TIMING_RUNS)
.PHONY: timing

# flow_marks: what net/flow.h makes of a capture (tests/interop/flow_marks.sh), or how fast it reads it.
$(BUILD)/tests/bench/flow_marks: %: %.o $(BUILD)/libtests.a $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) $(SODIUM_LIBS)
