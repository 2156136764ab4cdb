# Unit tests that stand in front of functions of ours: the linker leads whoever calls NAME to __wrap_NAME, where the
# test has one.
WRAPPING := tls_fail_safe tls_memory tls_wiped
$(WRAPPING:%=$(BUILD)/tests/unit/%): override LDFLAGS += \
    $$(nm $< 2>/dev/null | sed -n 's/.* [TDBR] __wrap_/-Wl,--wrap=/p')
