# Judges from outside. `make packetdrill-shim` builds our stack as the shared object that google/packetdrill can load
# in place of a kernel; `make packetdrill SUITE=DIR` runs its scripts, where DIR is a checkout in which its program has
# been made (nothing of it is in this tree). LIST: a file of scripts, or patterns; FLAGS: --neutral, -v ...
packetdrill-shim: ## our TCP as a shared object for packetdrill
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/pic CFLAGS="$(CFLAGS) -fPIC" $(BUILD)/pic/packetdrill-shim.so
$(BUILD)/packetdrill-shim.so: $(call objects,tests/conformance) $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -o $@ $(filter %.o,$^) $(filter %/libnet.a,$^) \
	    $(filter %/libcrypto.a,$^) $(filter %/libtrace.a,$^) $(SODIUM_LIBS) -lpthread
$(call objects,tests/conformance): ALL_CFLAGS += -D_GNU_SOURCE

LIST  ?=
FLAGS ?=
packetdrill: packetdrill-shim
	@tests/conformance/packetdrill --suite "$(SUITE)" --so $(BUILD)/pic/packetdrill-shim.so $(FLAGS) $(LIST)
.PHONY: packetdrill-shim packetdrill

# `make tlsfuzzer SUITE=DIR TOOL=FILE LIST=FILE`: the scripts of tlsfuzzer/tlsfuzzer against `vitrine serve`. DIR holds
# checkouts of tlsfuzzer, tlslite-ng and python-ecdsa; FILE runs a list against a server (tests/conformance/tlsfuzzer).
tlsfuzzer: $(BUILD)/vitrine
	@tests/conformance/tlsfuzzer --suite "$(SUITE)" --tool "$(TOOL)" --list "$(LIST)" --vitrine $(BUILD)/vitrine $(FLAGS)
.PHONY: tlsfuzzer

# `make bogo RUNNER=FILE`: the runner of google/boringssl, built by its user (go test -c in ssl/test/runner, which also
# has the certificates that it hands out: RESOURCES, where FILE lies unless said), against a shim of ours.
RESOURCES ?= $(dir $(RUNNER))
$(BUILD)/bogo-shim: $(call objects,tests/conformance/bogo) $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(SODIUM_LIBS)
$(call objects,tests/conformance/bogo): ALL_CFLAGS += -D_GNU_SOURCE
-include $(wildcard $(BUILD)/tests/conformance/bogo/*.d)
bogo: $(BUILD)/bogo-shim
	@tests/conformance/bogo/run "$(RUNNER)" "$(RESOURCES)" $(BUILD)/bogo-shim $(FLAGS)
.PHONY: bogo

# `make limbo FILE=limbo.json`: cases of C2SP/x509-limbo, each by a call of `vitrine verify`. FLAGS: --only PART, -v,
# --profile web (that one for all of them) ...
limbo: $(BUILD)/vitrine
	@python3 tests/conformance/limbo/run.py --vitrine $(BUILD)/vitrine $(FLAGS) "$(FILE)"
.PHONY: limbo
