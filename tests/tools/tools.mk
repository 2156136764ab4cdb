# Small programs that tests start: one source file each.
$(BUILD)/tests/tools/%: $(BUILD)/tests/tools/%.o $(call objects,tests/lib) $(LIBS)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lcheck -lsubunit -lm -lrt -lpthread $(SODIUM_LIBS)
