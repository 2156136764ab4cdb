# make gdb: both ends of a visit in one gdb. A build of its own, for people: -Og -g3, so that variables are there, enums have
# names and macros are known; the commands lie beside the program, where gdb looks for them (docs/debugger.md).
#   ARGS="--kx rsa"      the visit's options
gdb: gdb-build ## a visit under gdb, stepped from packet to packet, forth and back; ARGS: the visit's options
	@gdb -q -iex 'add-auto-load-safe-path $(abspath $(BUILD))/gdb' --args $(BUILD)/gdb/vitrine visit $(ARGS)
gdb-build:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/gdb OPT=-Og CFLAGS="$(CFLAGS) -g3" $(BUILD)/gdb/vitrine
	@cp tests/gdb/vitrine.py $(BUILD)/gdb/vitrine-gdb.py
.PHONY: gdb gdb-build
