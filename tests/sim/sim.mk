# make sim SEEDS=100000: two TCPs in bad weather, a plan a seed (tests/lib/storm.h); visits of a megabyte over bad wires.
sim: $(BUILD)/tests/sim/storms ## TCP in bad weather, many seeds; SEEDS=100000, SEEDS=5-9: these
	@SEEDS=$(SEEDS) $(BUILD)/tests/sim/storms
storm: $(BUILD)/tests/sim/storms ## one of them, packet by packet: PLAN="seed=7 loss=30"
	@$(BUILD)/tests/sim/storms --plan "$(PLAN)"
visits: $(BUILD)/tests/sim/visits ## visits over bad wires; SEEDS=1-200: these
	@SEEDS=$(SEEDS) $(BUILD)/tests/sim/visits
goodput: $(BUILD)/tests/sim/goodput ## writes down how fast text goes through in the sealed world (tests/sim/goodput.txt)
	@$(BUILD)/tests/sim/goodput --print > tests/sim/goodput.txt; cat tests/sim/goodput.txt
.PHONY: sim storm visits goodput
# make stream: what tests/sim/stream.sh asks, of every break with every suite.
stream: $(BUILD)/vitrine ## the stream of events, of every break with every suite
	@ALL=1 VITRINE=$(BUILD)/vitrine sh tests/sim/stream.sh
.PHONY: stream
