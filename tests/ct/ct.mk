# make ct: does any branch or index depend on a secret? Each tests/ct/*.c runs in every form (see ct.h there), under
# valgrind, which knows assembly but no AVX-512, VAES and SHA, and with MemorySanitizer of clang, which knows those and
# no assembly. The planted ones must make either complain, which ends them with 9; the others must end with 0.
# One of them alone: make ct CT=symmetric
# make ct-all: the same of what gcc makes with -O0, -O2, -O3, and of what clang makes.
CT ?= $(patsubst tests/ct/%.c,%,$(wildcard tests/ct/*.c))
VALGRIND ?= valgrind
WATCHED = $(CT:%=$(BUILD)/tests/ct/%)
# Those with a form's instructions in plain C, for valgrind; MemorySanitizer sees the form itself.
CT_PLAIN = p256_ifma rsa_ifma sha1_ni sha256_ni sha512_avx512 x25519
# clang's -g is not what old valgrinds can read
CT_WIDE = CC=clang OPT=-O1 CFLAGS="-gdwarf-4 -fsanitize=memory -DCT_MSAN -DCT_HIDE_PLAIN -DLIMBS_PLAIN" CT_FOLLOWED="-include tests/ct/msan.h"

$(if $(CT_FOLLOWED),$(BUILD)/crypto/%.o: override ALL_CFLAGS += $(CT_FOLLOWED))
$(BUILD)/tests/ct/%: $(BUILD)/tests/ct/%.o $(filter %libtls.a %tls-x509.a %crypto.a %trace.a,$(LIBS))
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -Wl,--wrap=ct_tell -o $@ $^ $(SODIUM_LIBS)

# How to run what is watched, and who watches, for people.
watch = for t in $(CT); do \
	    case $$t in planted*) want=9 ;; *) want=0 ;; esac; \
	    $(1) $(BUILD)/tests/ct/$$t >$(BUILD)/tests/ct/$$t.log 2>&1; have=$$?; \
	    if [ $$have = $$want ]; then echo "ok ct: $$t, $(2), ended with $$have, as it should; $$(grep '^run:' $(BUILD)/tests/ct/$$t.log)"; \
	    else cat $(BUILD)/tests/ct/$$t.log; echo "FAIL ct: $$t, $(2), ended with $$have, not $$want"; exit 1; fi; \
	done
CT_BY = $(notdir $(CC)) $(OPT)
ifeq ($(shell command -v $(VALGRIND)),)
ct-valgrind:
	@echo "skipped: ct: no valgrind here"
else
ct-valgrind: $(WATCHED)
	@$(call watch,$(VALGRIND) -q --error-exitcode=9 --suppressions=tests/ct/libsodium.supp,valgrind and $(CT_BY))
endif
ct-msan: $(WATCHED)
	@$(call watch,MSAN_OPTIONS=exit_code=9,MemorySanitizer)
ifeq ($(shell echo 'int main(void) { return 0; }' | clang -fsanitize=memory -x c -o /dev/null - 2>/dev/null && echo yes),)
ct-wide:
	@echo "skipped: ct: no clang with MemorySanitizer here"
else
ct-wide:
	@$(MAKE) --no-print-directory -s BUILD=$(BUILD)/msan $(CT_WIDE) CT="$(filter-out $(CT_PLAIN),$(CT))" ct-msan
endif
ct: ct-valgrind ct-wide ## constant time: secrets marked undefined, under valgrind and MemorySanitizer
ct-all: ct-wide ## the same of other compilers and optimizations
	@for o in 0 2 3; do $(MAKE) --no-print-directory -s BUILD=$(BUILD)/ct-O$$o OPT=-O$$o ct-valgrind || exit 1; done
	@for o in 0 2 3; do $(MAKE) --no-print-directory -s BUILD=$(BUILD)/ct-clang-O$$o CC=clang OPT=-O$$o CFLAGS=-gdwarf-4 ct-valgrind || exit 1; done
.PHONY: ct ct-all ct-wide ct-msan ct-valgrind
