# make explain-scenes: every scene of tests/interop/explain_scenes.py and explain_broken.py; KEEP=DIR: captures stay there.
explain-scenes: $(BUILD)/vitrine ## explain, over captures of other people's stacks: all of them; KEEP=DIR: they stay there
	@VITRINE=$(BUILD)/vitrine sh tests/interop/explain.sh --all $(if $(KEEP),--keep $(KEEP))
compare-pairs: $(BUILD)/vitrine ## compare, over pairs of captures of other people's stacks: all of them; KEEP=DIR
	@VITRINE=$(BUILD)/vitrine sh tests/interop/compare.sh --all $(if $(KEEP),--keep $(KEEP))
.PHONY: explain-scenes compare-pairs
# make explain-large: a capture of SIZE octets through a pipe, and captures and key logs that are made to cost memory.
SIZE ?= 10G
EXPLAIN_LARGE = $(addprefix $(BUILD)/tests/bench/,capture_many capture_hostile)
explain-large: $(BUILD)/vitrine $(EXPLAIN_LARGE) ## explain, over a capture of SIZE octets (10G) and hostile ones: time and memory
	@VITRINE=$(BUILD)/vitrine python3 -B tests/bench/explain_large.py $(BUILD)/tests/bench $(SIZE)
.PHONY: explain-large
