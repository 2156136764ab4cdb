# Which tests there are, and the ways to run them. What a test is and how it is counted: tests/tools/run-tests.
UNIT := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*.c))
SIM  := $(call programs,sim)
RUN   = VITRINE=$(BUILD)/vitrine tests/tools/run-tests
# What the scripts below build with, they build with what this make was given.
export BUILD CC OPT CFLAGS LDFLAGS SAN DEPS V

# One program from one source, tests/lib and the floors.
define test_program
$(BUILD)/tests/$(1)/%: $(BUILD)/tests/$(1)/%.o $(call objects,tests/lib) $(LIBS)
	$$(call say,LD,$$@)$$(CC) $$(ALL_CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(CHECK_LIBS) $$(SODIUM_LIBS)
endef
$(foreach kind,unit sim,$(eval $(call test_program,$(kind))))

T ?= $(UNIT)
unit: $(T:%=$(BUILD)/tests/unit/%) ## unit tests alone; T=tcp: one of them
	@$(RUN) $^

# The longest first, so that they do not stand alone at the end.
HOUSE    := $(wildcard tests/house/*.sh)
INTEROP  := $(wildcard tests/interop/*.sh)
SIM_SH   := $(wildcard tests/sim/*.sh)
PROGRAMS := $(UNIT:%=$(BUILD)/tests/unit/%) $(SIM)
test: $(BUILD)/vitrine $(PROGRAMS) $(TEST_NEEDS) ## everything that can be tested here
	@$(RUN) make:asan make:ct make:sameness $(INTEROP) $(SIM) $(SIM_SH) $(TESTS) $(HOUSE) $(UNIT:%=$(BUILD)/tests/unit/%)

# Programs and visits, built or run in another way.
programs: $(BUILD)/vitrine $(PROGRAMS)
	@$(RUN) $(SIM) $(SIM_SH) $(UNIT:%=$(BUILD)/tests/unit/%)
asan: ## unit tests and visits with address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan SAN=1 programs
# Not kernel_host: it uses up all descriptors, and valgrind has some of its own.
valgrind: $(PROGRAMS) ## unit tests under valgrind: ten minutes
	@command -v valgrind >/dev/null || { echo "skipped: valgrind: no valgrind here"; exit; }; \
	RUN_UNDER="valgrind -q --error-exitcode=9 --leak-check=full" $(RUN) $(filter-out %/kernel_host,$(PROGRAMS))
coverage: ## lines that the tests reach, for each folder; fails below 85 in 100
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/coverage OPT=-O0 CFLAGS=--coverage measure
measure: $(BUILD)/vitrine $(PROGRAMS)
	@find $(BUILD) -name '*.gcda' -delete
	@$(RUN) $(INTEROP) $(SIM) $(SIM_SH) $(UNIT:%=$(BUILD)/tests/unit/%)
	@tests/tools/coverage-table $(BUILD) 85 trace crypto net tls http cmd

golden: $(BUILD)/vitrine ## writes down what visits are like now (tests/sim/golden.txt)
	@VITRINE=$(BUILD)/vitrine tests/sim/golden.sh --renew
sameness: ## the same octets from gcc -O0 and -O3, clang, aarch64 and s390x
	@tests/tools/same "gcc -O0" "gcc -O3" "clang -O2" arm64 s390x
cross: ## aarch64 and big-endian s390x alone
	@tests/tools/same arm64 s390x
.PHONY: unit test programs asan valgrind coverage measure golden sameness cross
