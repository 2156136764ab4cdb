# make x509-versus: our judgement of certificates beside OpenSSL's, GnuTLS's and Go's. FIRST= and N=: which chains.
VERSUS_LIBS := $(shell pkg-config --libs libcrypto gnutls 2>/dev/null)
FIRST ?= 1
N     ?= 20000
$(BUILD)/tests/versus/x509: $(patsubst tests/versus/%.c,$(BUILD)/tests/versus/%.o,$(filter-out tests/versus/crypto%,$(wildcard tests/versus/*.c))) \
    $(call objects,tests/lib) $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(QUICK_LINK) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(CHECK_LIBS) $(SODIUM_LIBS) $(VERSUS_LIBS)
# Go's judge, where Go is.
$(BUILD)/tests/versus/judge: tests/versus/judge.go
	$(call say,GO,$@)! command -v go >/dev/null || go build -o $@ $<
ifeq ($(VERSUS_LIBS),)
x509-versus:
	@echo "skipped: x509-versus: no libcrypto and libgnutls here that pkg-config knows"
else
x509-versus: $(BUILD)/tests/versus/x509 $(BUILD)/tests/versus/judge ## our judgement of 20,000 spoiled chains beside OpenSSL's, GnuTLS's and Go's
	@VERSUS_GO=$(BUILD)/tests/versus/judge $< $(FIRST) $(N)
test: $(BUILD)/tests/versus/x509 $(BUILD)/tests/versus/judge
endif

# make crypto-versus: our cryptography beside OpenSSL's, in each form. N= cases of each primitive (100,000), from case
# FIRST= on; WHAT="aes rsa-sign": of those whose names begin so.
$(BUILD)/tests/versus/crypto: $(patsubst tests/versus/%.c,$(BUILD)/tests/versus/%.o,$(wildcard tests/versus/crypto*.c)) \
    $(call objects,tests/lib) $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(QUICK_LINK) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(CHECK_LIBS) $(SODIUM_LIBS) -lcrypto
ifeq ($(wildcard /usr/include/openssl/evp.h),)
crypto-versus:
	@echo "skipped: crypto-versus: no libssl-dev"
else
crypto-versus: $(BUILD)/tests/versus/crypto ## our cryptography beside OpenSSL's, 100,000 cases of each primitive
	@$< $(if $(filter file,$(origin N)),100000,$(N)) $(FIRST) $(WHAT)
test: $(BUILD)/tests/versus/crypto
endif
.PHONY: x509-versus crypto-versus
