# make ct: does any branch or index depend on a secret? Each tests/ct/*.c runs under valgrind (see ct.h there).
# The planted ones must make it complain, which ends them with 9; the others must end with 0.
# One of them alone: make ct CT=symmetric
# With clang, whose -g old valgrinds cannot read: make ct CC=clang CFLAGS=-gdwarf-4
CT ?= $(patsubst tests/ct/%.c,%,$(wildcard tests/ct/*.c))
VALGRIND ?= valgrind

$(BUILD)/tests/ct/%: $(BUILD)/tests/ct/%.o $(call objects,tests/lib) $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -Wl,--wrap=ct_tell -o $@ $^ $(CHECK_LIBS) $(SODIUM_LIBS)

ifeq ($(shell command -v $(VALGRIND)),)
ct:
	@echo "skipped: ct: no valgrind here"
else
ct: $(CT:%=$(BUILD)/tests/ct/%) ## constant time: secrets marked undefined, under valgrind
	@for t in $(CT); do \
	    case $$t in planted*) want=9 ;; *) want=0 ;; esac; \
	    $(VALGRIND) -q --error-exitcode=9 --suppressions=tests/ct/libsodium.supp \
	        $(BUILD)/tests/ct/$$t >$(BUILD)/tests/ct/$$t.log 2>&1; have=$$?; \
	    if [ $$have = $$want ]; then echo "ok ct: $$t ended with $$have, as it should"; \
	    else cat $(BUILD)/tests/ct/$$t.log; echo "FAIL ct: $$t ended with $$have, not $$want"; exit 1; fi; \
	done
endif
.PHONY: ct
