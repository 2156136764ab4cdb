# Vitrine. `make help` lists what can be made.
#   BUILD=build/x   another folder for what is built
#   SAN=1           with address and undefined-behaviour sanitizers
BUILD   ?= build
CC      ?= cc
OPT     ?= -O2
SODIUM_CFLAGS := $(shell pkg-config --cflags libsodium 2>/dev/null)
SODIUM_LIBS   := $(or $(shell pkg-config --libs libsodium 2>/dev/null),-lsodium)
WARN    := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Werror
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
ALL_CFLAGS = -std=c11 $(OPT) -g $(WARN) -I. $(SODIUM_CFLAGS) -MMD -MP $(if $(SAN),$(SANITIZE)) $(CFLAGS)

# One archive for each floor; the order is the order of the link: highest first.
FOLDERS := http tls tls/x509 net crypto trace
LIBS    := $(foreach f,$(FOLDERS),$(BUILD)/lib$(subst /,-,$(f)).a)
objects  = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)/*.c))
UNIT    := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*.c))

all: vitrine
vitrine: $(BUILD)/vitrine
	cp $< $@
$(BUILD)/vitrine: $(call objects,cmd) $(LIBS)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(SODIUM_LIBS)
lib: $(LIBS)

define archive
$(BUILD)/lib$(subst /,-,$(1)).a: $(call objects,$(1))
	@mkdir -p $$(@D)
	rm -f $$@ && $$(AR) rcs $$@ $$^
endef
$(foreach f,$(FOLDERS),$(eval $(call archive,$(f))))

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(call objects,tests/lib) $(LIBS)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lcheck -lsubunit -lm -lrt -lpthread $(SODIUM_LIBS)

T ?= $(UNIT)
unit: $(T:%=$(BUILD)/tests/unit/%)
	@for t in $(T); do $(BUILD)/tests/unit/$$t || exit 1; done

clean:
	rm -rf $(BUILD) vitrine
.PHONY: all lib unit clean
-include tests/*/*.mk
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
