# Checks taken out one at a time, and the tests that must then fail: tests/museum/checks.txt. ROWS=6: so many of
# them; ROWS=padding: those that speak of it.
MUSEUM := $(sort $(shell sed -n 's/^test \([a-z0-9_]*\) .*/\1/p' tests/museum/checks.txt))
museum: $(MUSEUM:%=$(BUILD)/tests/unit/%) ## takes each check out that an old bug was about, and sees its test fail
	@CC="$(CC)" CFLAGS="$(filter-out -W% -MMD -MP $(OPT) $(DEBUG),$(ALL_CFLAGS)) -w -O1" BUILD=$(BUILD) \
	    LINK="$(QUICK_LINK) $(LDFLAGS)" LIBS="$(LIBS) $(CHECK_LIBS) $(SODIUM_LIBS)" tests/museum/take-out $(ROWS)
.PHONY: museum
