# make sim SEEDS=1-200: visits of a megabyte over bad wires, each seed one.
sim: $(BUILD)/tests/sim/visits ## visits over bad wires; SEEDS=1-200: these
	@SEEDS=$(SEEDS) $(BUILD)/tests/sim/visits
.PHONY: sim
