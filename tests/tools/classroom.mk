# The program that tests/interop/classroom_ca.sh starts.
CLASSROOM_FILES := $(BUILD)/tests/tools/classroom_files
TEST_NEEDS      += $(CLASSROOM_FILES)
$(CLASSROOM_FILES): $(BUILD)/tests/tools/classroom_files.o $(BUILD)/tests/lib/chance.o $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(SODIUM_LIBS)
