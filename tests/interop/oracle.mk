# make oracle SEEDS=1-5: our readers held against tshark, each suite with each of these seeds.
oracle: $(BUILD)/vitrine ## our readers held against tshark; SEEDS=1-5: each suite with these
	@SEEDS=$(or $(SEEDS),1-5) VITRINE=$(BUILD)/vitrine sh tests/interop/oracle.sh
.PHONY: oracle
