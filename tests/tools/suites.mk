# Which tests there are, and the ways to run them. What a test is and how it is counted: tests/tools/run-tests.
#
# What runs where. Everything runs once in the usual build (make test). What runs again, runs because another build can
# find something else in it:
#   asan      gcc's sanitizers: unit and simulation programs, visits by script. Not the judges below, who read what was
#             written, which is the same to the byte in each build (sameness); not named, which looks at what is told, nor
#             goodput, which only measures, on ways that storms and visits go, too. -O1 and line numbers alone: it
#             compiles in half the time.
#   coverage  asan with counters of lines, and what asan leaves out: scripts with peers, without which the live links and
#             `get` and `serve` are not reached, and the seeds of the fuzz targets. BRIEF=1 makes serve.sh and long rows
#             of numbers shorter. .ci/run, which runs it, sets SANITIZED to nothing, so that make test does not do the
#             same again.
#   sameness  other compilers, optimizations and machines: golden.sh alone.
#   fuzz      clang's sanitizers: tests/fuzz.
# CK_FORK=no: a program's tests run in one process. With sanitizers a fork a test took more time than the tests.
UNIT := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*.c))
RUN   = VITRINE=$(BUILD)/vitrine tests/tools/run-tests
# What the scripts below build with, they build with what this make was given.
export BUILD CC OPT DEBUG CFLAGS LDFLAGS SAN DEPS V

# Some hundred test programs are linked; GNU gold, where it is, takes half the time.
QUICK_LINK := $(if $(findstring Free Software,$(shell $(CC) --version 2>&1)),$(if $(shell command -v ld.gold),-fuse-ld=gold))
# One program from one source, tests/lib and the floors.
define test_program
$(BUILD)/tests/$(1)/%: $(BUILD)/tests/$(1)/%.o $(call objects,tests/lib) $(LIBS)
	$$(call say,LD,$$@)$$(CC) $$(ALL_CFLAGS) $$(QUICK_LINK) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) $$(filter %.a,$$^) \
	    $$(CHECK_LIBS) $$(SODIUM_LIBS)
endef
$(foreach kind,unit sim,$(eval $(call test_program,$(kind))))

T ?= $(UNIT)
unit: $(T:%=$(BUILD)/tests/unit/%) ## unit tests alone; T=tcp: one of them
	@$(RUN) $^

PROGRAMS := $(call programs,sim) $(call programs,unit)
SCRIPTS  := $(wildcard tests/interop/*.sh tests/sim/*.sh)
# Those that judge what was written, with other programs, page by page: one build's output is enough for them.
JUDGES   := $(patsubst %,tests/sim/%.sh,keys panels states stream verify_words widths words) \
            $(patsubst %,tests/interop/%.sh,bench book breaks captures gdb keys oracle page peers shell_lines)
# Other people's captures: they take long, and unit tests and explain_views reach the same lines.
FOREIGN  := $(patsubst %,tests/interop/%.sh,compare explain explain_large flow_marks)
# Refusals' sentences are reached by unit tests; load is serve's ways many times; library, size are builds of their own.
ONCE     := $(patsubst %,tests/interop/%.sh,refusals load library size crypto_versus x509_versus)
# Those that any build runs.
AGAIN    := $(filter-out %/goodput %/named,$(PROGRAMS))
# The longest first, so that they do not stand alone at the end. Other folders' rules may add to TESTS and TEST_NEEDS.
TEST_NEEDS += $(BUILD)/tests/bench/tcp_peer $(BUILD)/tests/bench/load $(BUILD)/tests/bench/flow_marks \
              $(addprefix $(BUILD)/tests/bench/,capture_many capture_hostile)
SANITIZED ?= make:asan
test: $(BUILD)/vitrine $(PROGRAMS) $(TEST_NEEDS) ## everything that can be tested here
	@$(RUN) $(SANITIZED) make:ct make:sameness $(TESTS) $(SCRIPTS) $(PROGRAMS) $(wildcard tests/house/*.sh)
live: vitrine ## a visit to nginx over our own TCP, and everybody's clients at our server, in namespaces of their own
	@tests/interop/live.sh show

live-rootless: vitrine $(BUILD)/tests/bench/tcp_peer ## the same without root, over passt
	@VITRINE=./vitrine PEER=$(BUILD)/tests/bench/tcp_peer tests/interop/rootless.sh show

# Programs and visits, built or run in another way.
programs: $(BUILD)/vitrine $(AGAIN)
	@$(RUN) $(filter-out $(JUDGES),$(wildcard tests/sim/*.sh)) $(AGAIN)
asan: ## unit tests and visits with address and undefined-behaviour sanitizers
	@CK_FORK=no $(MAKE) --no-print-directory BUILD=$(BUILD)/asan SAN=1 OPT=-O1 DEBUG=-g1 SWIFT="$(ARITHMETIC)" programs
# Not kernel_host: it uses up all descriptors, and valgrind has some of its own.
valgrind: $(AGAIN) ## unit tests under valgrind: ten minutes
	@command -v valgrind >/dev/null || { echo "skipped: valgrind: no valgrind here"; exit; }; \
	RUN_UNDER="valgrind -q --error-exitcode=9 --leak-check=full" $(RUN) $(filter-out %/kernel_host,$(AGAIN))
coverage: ## lines that the tests reach, for each folder, with sanitizers; fails below 85 in 100
	@CK_FORK=no $(MAKE) --no-print-directory BUILD=$(BUILD)/coverage SAN=1 OPT=-O1 DEBUG=-g1 CFLAGS=--coverage \
	    SWIFT="$(ARITHMETIC)" measure
measure: $(BUILD)/vitrine $(AGAIN) $(BUILD)/tests/bench/tcp_peer
	@find $(BUILD) -name '*.gcda' -delete
	@BRIEF=1 $(RUN) $(filter-out $(JUDGES) $(FOREIGN) $(ONCE),$(SCRIPTS)) make:replay $(AGAIN); code=$$?; \
	tests/tools/coverage-table $(BUILD) 85 trace crypto net tls http cmd && exit $$code

golden: $(BUILD)/vitrine ## writes down what visits are like now (tests/sim/golden.txt)
	@VITRINE=$(BUILD)/vitrine tests/sim/golden.sh --renew
book: $(BUILD)/vitrine ## writes into the book what a terminal shows now
	@VITRINE=$(BUILD)/vitrine tests/tools/console --renew docs/book/*/*.md
rfc-map: ## writes into docs/rfc-map-tls.md where the sources cite the RFCs now
	@tests/tools/rfc-citations --write .
WAYS ?= "gcc -O0" "gcc -O3" "clang -O2" "arm64 -O2" "s390x -O2"
sameness: ## the same octets from gcc -O0 and -O3, clang, aarch64 and s390x; WAYS='"clang -O1"': others
	@tests/tools/same $(WAYS)
cross: ## aarch64 and big-endian s390x alone: visits, and all test vectors of cryptography
	@tests/tools/same "arm64 -O2" "s390x -O2"
.PHONY: unit test live live-rootless programs asan valgrind coverage measure golden book rfc-map sameness cross
