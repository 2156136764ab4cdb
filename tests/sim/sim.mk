# make sim SEEDS=1-200: visits of a megabyte over bad wires, each seed one.
sim: $(BUILD)/tests/sim/visits ## visits over bad wires; SEEDS=1-200: these
	@SEEDS=$(SEEDS) $(BUILD)/tests/sim/visits
.PHONY: sim
# make stream: what tests/sim/stream.sh asks, of every break with every suite.
stream: $(BUILD)/vitrine ## the stream of events, of every break with every suite
	@ALL=1 VITRINE=$(BUILD)/vitrine sh tests/sim/stream.sh
.PHONY: stream
