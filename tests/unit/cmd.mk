# Unit tests of what lies in cmd/, which is no archive: these objects go into their link, too.
CATALOGUE := $(patsubst %.c,$(BUILD)/%.o,cmd/phrase.c $(wildcard cmd/fault_words*.c cmd/words*.c))
$(BUILD)/tests/unit/options: $(BUILD)/cmd/options.o $(BUILD)/cmd/help.o $(BUILD)/cmd/wireshark_names.o \
    $(CATALOGUE)
$(BUILD)/tests/unit/words $(BUILD)/tests/unit/align $(BUILD)/tests/unit/compare $(BUILD)/tests/unit/break_words \
    $(BUILD)/tests/unit/glass $(BUILD)/tests/unit/diagnose: $(CATALOGUE)
$(BUILD)/tests/unit/wireshark_names: $(BUILD)/cmd/wireshark_names.o
$(BUILD)/tests/unit/sieve_paths: $(patsubst %,$(BUILD)/cmd/%.o,sieve_paths filter_names wireshark_names) $(CATALOGUE)
