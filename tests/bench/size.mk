# make size: how large a client is that has TLS, X.509 and cryptography, and no TCP, HTTP or views of ours: small.c
# with our archives, stripped. libc is beside it, as on every system; libsodium is not in it. -DVITRINE_SMALL takes
# the forms of primitives that need the least room (crypto/cpu.h), and is without words for refusals, suites and
# object identifiers (trace/fault.h); -DVITRINE_DEAF is without the event stream (trace/trace.h), -DVITRINE_CLIENT
# without the server's half (tls/machine.h). No protocol, cipher, curve or check of a client's is missing. The whole
# program is compiled as one (-flto), and the compiler may trust that loops end: so what nobody reads, such as the
# names of fields, falls out. SIZE_KEPT, in KB, is what was reached: who makes it larger, says why.
SIZE_KEPT  := 151
SIZE_FLAGS := -DVITRINE_SMALL -DVITRINE_DEAF -DVITRINE_CLIENT -flto=auto -ffunction-sections -fdata-sections \
    -ffinite-loops -fno-asynchronous-unwind-tables -fno-stack-protector
SIZE_LINK  := -no-pie -Wl,--gc-sections,-z,norelro,-z,noseparate-code,--build-id=none,--hash-style=gnu
SIZE_MADE  := $(BUILD)/tests/bench/small
$(SIZE_MADE).whole: $(SIZE_MADE).o $(filter-out %libhttp.a %libnet.a,$(LIBS))
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(SIZE_LINK) -o $@ $^
$(SIZE_MADE): $(SIZE_MADE).whole
	@strip -s -R .comment -R '.note.*' -o $@ $<
size-client: $(SIZE_MADE)
	@wc -c <$< | awk '{ printf "%7.1f KB  the file; at most: $(SIZE_KEPT)\n", $$1 / 1000; \
	    exit $$1 > 1000 * $(SIZE_KEPT) }'
# What of each archive is in it: by names, which the ordinary archives tell.
size: $(LIBS) ## how large a client is: TLS, X.509 and cryptography, without libc
	@$(MAKE) --no-print-directory -s CC=gcc AR=gcc-ar BUILD=$(BUILD)/small OPT=-Oz DEBUG=-g0 \
	    CFLAGS="$(CFLAGS) $(SIZE_FLAGS)" size-client
	@{ nm -A $(filter-out %libhttp.a %libnet.a,$(LIBS)); size -A $(BUILD)/small/tests/bench/small; \
	    nm -S $(BUILD)/small/tests/bench/small.whole; } 2>/dev/null | awk -f tests/bench/size.awk
.PHONY: size size-client
