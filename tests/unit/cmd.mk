# Unit tests of what lies in cmd/, which is no archive: these objects go into their link, too.
$(BUILD)/tests/unit/options: $(BUILD)/cmd/options.o $(BUILD)/cmd/help.o
$(BUILD)/tests/unit/words $(BUILD)/tests/unit/align: $(patsubst %.c,$(BUILD)/%.o,cmd/phrase.c cmd/fault_words.c $(wildcard cmd/words*.c))
