# Unit tests of what lies in cmd/, which is no archive: these objects go into their link, too.
CATALOGUE := $(patsubst %.c,$(BUILD)/%.o,cmd/phrase.c cmd/fault_words.c $(wildcard cmd/words*.c))
$(BUILD)/tests/unit/options: $(BUILD)/cmd/options.o $(BUILD)/cmd/help.o $(BUILD)/cmd/wireshark_names.o \
    $(CATALOGUE)
$(BUILD)/tests/unit/words $(BUILD)/tests/unit/align $(BUILD)/tests/unit/break_words \
    $(BUILD)/tests/unit/glass: $(CATALOGUE)
$(BUILD)/tests/unit/wireshark_names: $(BUILD)/cmd/wireshark_names.o
