# The program that tests/interop/classroom_ca.sh starts.
CLASSROOM_FILES := $(BUILD)/tests/tools/classroom_files
TEST_NEEDS      += $(CLASSROOM_FILES)
$(CLASSROOM_FILES): $(BUILD)/tests/tools/classroom_files.o $(BUILD)/tests/lib/chance.o $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(SODIUM_LIBS)
# The one that tests/sim/verify_words.sh starts.
SPOILED_CHAINS := $(BUILD)/tests/tools/spoiled_chains
TEST_NEEDS     += $(SPOILED_CHAINS)
$(SPOILED_CHAINS): $(BUILD)/tests/tools/spoiled_chains.o $(BUILD)/tests/lib/chance.o $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(SODIUM_LIBS)
