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

# make bench-pk: signatures and key exchanges beside libcrypto's, by CPU time.
LIBCRYPTO := $(shell pkg-config --libs libcrypto 2>/dev/null)
$(BUILD)/tests/bench/pk $(BUILD)/tests/bench/x509: %: %.o $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(SODIUM_LIBS) $(LIBCRYPTO)
ifeq ($(LIBCRYPTO),)
bench-pk:
	@echo "skipped: bench-pk: no libcrypto here that pkg-config knows"
else
bench-pk: $(BUILD)/tests/bench/pk ## signatures and key exchanges beside libcrypto's
	@$<
endif
# make bench-x509: certificates read beside libcrypto's d2i_X509 (where that is), what a judgement costs beside its
# signatures, a store of roots, and chains made to cost time.
bench-x509: $(if $(LIBCRYPTO),$(BUILD)/tests/bench/x509) $(BUILD)/tests/bench/x509_path $(BUILD)/tests/unit/x509_bounds ## certificates by CPU time
	@for bench in $(filter-out %_bounds,$^); do $$bench || missed=1; done; \
	    BOUNDS_TIME=1 $(BUILD)/tests/unit/x509_bounds || missed=1; $(if $(LIBCRYPTO),,echo "skipped: parse: no libcrypto here";) exit $${missed:-0}
.PHONY: bench-pk bench-x509
# make bench-serve: our server under load, beside nginx.
bench-serve: vitrine $(BUILD)/tests/bench/load ## our server under load, by CPU time, beside nginx; 10,000 connections at once
	@VITRINE=./vitrine sh tests/bench/serve.sh $(BUILD)/tests/bench/load
.PHONY: bench-serve
