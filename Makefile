# Vitrine. `make help` lists what can be made; the tests and their rules are in tests/*/*.mk.
#   BUILD=build/x      another folder for what is built         V=1    show whole commands
#   CC=clang OPT=-O0   another compiler, other optimization     SAN=1  with address and undefined-behaviour sanitizers
#   DEBUG=-g0          without what debuggers need: compiles faster
#   CFLAGS, LDFLAGS    yours, after ours
BUILD    ?= build
CC       ?= cc
OPT      ?= -O2
DEBUG    ?= -g
PREFIX   ?= /usr/local
# Libraries unpacked by tests/tools/need-packages where they cannot be installed. Absent folders cost nothing.
DEPS     ?= build/deps
SODIUM_LIBS = -L$(DEPS)/lib -lsodium
CHECK_LIBS  = -lcheck -lsubunit -lm -lrt -lpthread
WARN     := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Werror
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
ALL_CFLAGS = -std=c11 $(OPT) $(DEBUG) $(WARN) -I. -isystem $(DEPS)/include -MMD -MP $(if $(SAN),$(SANITIZE)) $(CFLAGS)
VERSION  := $(shell sed -n 's/.*VITRINE_VERSION "\(.*\)"/\1/p' cmd/version.h)
# A build that nobody gave a -j uses every processor.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif
# One short line for a command; with V=1 the command itself, with -s nothing.
say = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,@printf '  %-4s %s\n' $(1) $(2);)

# One archive for each floor; the order is the order of the link: highest first.
FOLDERS := http tls tls/x509 net crypto trace
LIBS    := $(foreach f,$(FOLDERS),$(BUILD)/lib$(subst /,-,$(f)).a)
objects  = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)/*.c))
programs = $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/$(1)/*.c))

all: vitrine ## the program (the default)
vitrine: $(BUILD)/vitrine
	@cp -f $< $@
$(BUILD)/vitrine: $(call objects,cmd) $(LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(SODIUM_LIBS)
lib: $(LIBS)

define archive
$(BUILD)/lib$(subst /,-,$(1)).a: $(call objects,$(1))
	$$(call say,AR,$$@)rm -f $$@ && $$(AR) rcs $$@ $$^
endef
$(foreach f,$(FOLDERS),$(eval $(call archive,$(f))))

$(BUILD)/%.o: %.c Makefile | $(DEPS)/sodium.here
	$(if $(wildcard $(@D)/.),,@mkdir -p $(@D))
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# The style and script of the page, as C strings.
$(BUILD)/trace/page_files.o: ALL_CFLAGS += -I$(BUILD)
$(BUILD)/trace/page_files.o: $(BUILD)/trace/page.css.h $(BUILD)/trace/page.js.h \
    $(BUILD)/trace/page.panels.css.h $(BUILD)/trace/page.panels.js.h
$(BUILD)/trace/page.%.h: trace/page.% Makefile
	@mkdir -p $(@D)
	@sed 's,^ *,,; /^\/\*.*\*\/$$/d; /^\/\//d; s/[\\"?]/\\&/g; s/.*/"&\\n"/' $< > $@

# The libraries are looked for once. Tests wait for both in turn: two apt-get at once stand in each other's way.
$(DEPS)/%.here:
	@CC="$(CC)" FLAGS="$(CFLAGS) $(LDFLAGS)" DEPS=$(DEPS) tests/tools/need-packages $* $(DEBIAN_ARCH)
	@touch $@
$(DEPS)/check.here: | $(DEPS)/sodium.here
$(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/*/*.c tests/*/*/*.c)): | $(DEPS)/check.here

demo: vitrine ## the story as it is always told, and as it is told today
	@tests/tools/demo

install: vitrine install-library ## the program, manual page, completion, TLS library; below PREFIX, DESTDIR before it
	install -D -m 755 vitrine $(DESTDIR)$(PREFIX)/bin/vitrine
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	./vitrine help --man > $(DESTDIR)$(PREFIX)/share/man/man1/vitrine.1
	./vitrine help --completion > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/vitrine

# TLS for other programs: what tls/library.h includes, and the floors that it stands on, as one archive.
TLS_OBJECTS := $(call objects,tls) $(call objects,tls/x509) $(call objects,crypto) $(call objects,trace)
$(BUILD)/libvitrine_tls.a: $(TLS_OBJECTS)
	$(call say,AR,$@)rm -f $@ && $(AR) rcs $@ $^
# Made anew each time, since PREFIX may be another.
$(BUILD)/vitrine_tls.pc: again
	@printf '%s\n' 'prefix=$(PREFIX)' 'Name: vitrine_tls' 'Description: TLS 1.2 as an engine without I/O' \
	    'Version: $(VERSION)' 'Requires: libsodium' 'Cflags: -I$${prefix}/include/vitrine' \
	    'Libs: -L$${prefix}/lib -lvitrine_tls' > $@
install-library: $(BUILD)/libvitrine_tls.a $(BUILD)/vitrine_tls.pc ## the TLS library alone, for pkg-config
	install -D -m 644 $(BUILD)/libvitrine_tls.a $(DESTDIR)$(PREFIX)/lib/libvitrine_tls.a
	install -D -m 644 $(BUILD)/vitrine_tls.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/vitrine_tls.pc
	@for header in $$($(CC) $(ALL_CFLAGS) -MM tls/library.h -MF - | tr -s ' \\\n' '\n' | grep '^[a-z].*\.h$$'); do \
	    install -D -m 644 $$header $(DESTDIR)$(PREFIX)/include/vitrine/$$header || exit 1; done

# The files git knows; in a tarball, which has no .git, all but what was made.
dist: ## build/vitrine-VERSION.tar.gz
	@mkdir -p $(BUILD)
	$(call say,TAR,$(BUILD)/vitrine-$(VERSION).tar.gz)if [ -e .git ]; then git ls-files; \
	    else find * .ci .gitignore -type f ! -path 'build/*' ! -path vitrine ! -path 'visit.*'; fi | LC_ALL=C sort | \
	    tar -czf $(BUILD)/vitrine-$(VERSION).tar.gz --owner=0 --group=0 --transform 's,^,vitrine-$(VERSION)/,' -T -

clean: ## away with all that was made
	rm -rf $(BUILD) vitrine
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1#\2/p' $(filter Makefile %.mk,$(MAKEFILE_LIST)) | \
	    awk -F'#' '{ printf "%-16s %s\n", $$1, $$2 }'
.PHONY: all lib again demo install install-library dist clean help
.SECONDARY:

-include tests/*/*.mk
-include $(wildcard $(patsubst %,$(BUILD)/%/*.d,$(FOLDERS) cmd $(wildcard tests/*)))
