# Fuzz targets. With clang's libFuzzer they run for T seconds each under sanitizers (make fuzz T=60; F=url: that one alone). Without it,
# and in every make test, their seeds are tried (make replay). Seeds are made by a program, tests/tools/make_corpora.c and its parts.
# tls_versus compares us with OpenSSL, where that is.
HAVE_SSL := $(wildcard /usr/include/openssl/ssl.h)
F ?= $(filter-out $(if $(HAVE_SSL),,tls_versus),$(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c)))
SAY_SSL = $(if $(HAVE_SSL),,@echo "skipped: fuzz tls_versus: no libssl-dev")
SECONDS_EACH = $(if $(filter file default undefined,$(origin T)),5,$(T))

# Numbers and blocks of fixed sizes, whose way no input changes (make ct): a handshake spends its time there, so
# there they are fast and their branches no news to the fuzzer. The unit tests run them with sanitizers; there they are
# SWIFT, which is -O2 with them.
ARITHMETIC = bignum bignum_adx bignum_ifma inverse limbs_adx p256 p256_adx p256_ifma p256_order p384 p384_order p521 p521_order \
    bignum_public aes aes_ni aes_sbox aes_sliced gcm_ni gcm_vaes gcm_vaes512 ghash chacha20_ifma poly1305 poly1305_ifma \
    sha1 sha1_ni sha2 sha256_ni sha512_avx512 chacha20 curve_small field25519 x25519_ifma rsa_parts
$(SWIFT:%=$(BUILD)/crypto/%.o): override OPT := -O2
$(FAST:%=$(BUILD)/crypto/%.o): override OPT := -O2
$(FAST:%=$(BUILD)/crypto/%.o): override SAN :=
$(FAST:%=$(BUILD)/crypto/%.o): override CFLAGS :=

fuzz: ## every fuzz target for T seconds (5), with sanitizers: needs clang
	@if echo 'int LLVMFuzzerTestOneInput(const char *p, long n) { return !p && n; }' | \
	    clang -fsanitize=fuzzer,address,undefined -x c - -o /dev/null 2>/dev/null; then \
	    $(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang SAN=1 OPT=-O1 DEBUG=-g1 CFLAGS=-fsanitize=fuzzer-no-link \
	        F="$(F)" T=$(SECONDS_EACH) FAST="$(ARITHMETIC)" fuzz-here; \
	else echo "skipped: no clang libFuzzer"; fi

# Large blocks are kept for the next input: tests/fuzz/parked.
PARKED = -Wl,--wrap=calloc,--wrap=free
# tests/lib as an archive: each target takes what it needs.
$(BUILD)/libtests.a: $(call objects,tests/lib)
	$(call say,AR,$@)rm -f $@ && $(AR) rcs $@ $^
$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/parked/parked.o $(BUILD)/libtests.a $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(PARKED) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
	    $(CHECK_LIBS) $(SODIUM_LIBS)
$(BUILD)/tests/replays/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/replay/main.o $(BUILD)/libtests.a $(LIBS)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(CHECK_LIBS) $(SODIUM_LIBS)
$(foreach way,fuzz replays,$(BUILD)/tests/$(way)/tls_versus): SODIUM_LIBS += -lssl -lcrypto
$(foreach way,fuzz replays,$(BUILD)/tests/$(way)/session_file): $(patsubst %.c,$(BUILD)/%.o,cmd/session_file.c \
    cmd/files.c cmd/phrase.c $(wildcard cmd/fault_words*.c cmd/words*.c))
$(foreach way,fuzz replays,$(BUILD)/tests/$(way)/filter): $(patsubst %.c,$(BUILD)/%.o,cmd/filter_names.c \
    cmd/sieve.c cmd/sieve_facts.c cmd/sieve_paths.c cmd/wireshark_names.c cmd/phrase.c \
    $(wildcard cmd/fault_words*.c cmd/words*.c))
$(BUILD)/tests/tools/make_corpora: $(patsubst %.c,$(BUILD)/%.o,tests/tools/make_corpora.c $(wildcard tests/tools/corpora_*.c)) \
    $(BUILD)/libtests.a $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(CHECK_LIBS) $(SODIUM_LIBS)
$(BUILD)/corpora: $(BUILD)/tests/tools/make_corpora $(wildcard tests/fuzz/corpora/*.hex)
	@rm -rf $@ && $< $@ tests/fuzz/corpora
corpora: $(BUILD)/corpora ## seeds for the fuzz targets, in build/corpora

fuzz-here: $(BUILD)/corpora $(F:%=$(BUILD)/tests/fuzz/%)
	$(SAY_SSL)
	@tests/fuzz/run $(T) $(F:%=$(BUILD)/tests/fuzz/%)
replay: $(BUILD)/corpora $(F:%=$(BUILD)/tests/replays/%) ## the seeds of the fuzz targets, tried once
	$(SAY_SSL)
	@tests/fuzz/run 0 $(F:%=$(BUILD)/tests/replays/%)
TESTS      += make:replay
TEST_NEEDS += $(BUILD)/corpora $(F:%=$(BUILD)/tests/replays/%)
.PHONY: fuzz fuzz-here corpora replay
