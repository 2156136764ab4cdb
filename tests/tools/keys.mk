# The programs that tests/interop/keys.sh starts: key_tool, and, where libssl-dev is, keys_versus.
KEY_TOOLS  := $(BUILD)/tests/tools/key_tool $(if $(wildcard /usr/include/openssl/evp.h),$(BUILD)/tests/tools/keys_versus)
TEST_NEEDS += $(KEY_TOOLS)
$(BUILD)/tests/tools/keys_versus: SODIUM_LIBS += -lcrypto
$(KEY_TOOLS): $(BUILD)/tests/tools/%: $(BUILD)/tests/tools/%.o $(BUILD)/tests/lib/chance.o $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(SODIUM_LIBS)
key-tools: $(KEY_TOOLS)
# make keys-versus N=200: so many keys of each kind, and a tenth of RSA.
keys-versus: $(KEY_TOOLS) ## our private keys against OpenSSL's, N=200 of each kind, both ways
	@if [ -x $(BUILD)/tests/tools/keys_versus ]; then $(BUILD)/tests/tools/keys_versus $(or $(N),200); \
	else echo "skipped: keys-versus: no libssl-dev"; fi
.PHONY: key-tools keys-versus
