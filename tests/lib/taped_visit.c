#include "tests/lib/taped_visit.h"
#include "tests/lib/check.h"

struct tape *taped_visit(struct sealed_visit_config *config, size_t room)
{
    struct fault why = { 0 };
    struct tape *tape = tape_new(room);
    struct trace *trace = config->trace = trace_new(SEALED_START);
    sealed_visit_name_hosts(trace);
    trace_attach(trace, tape_view(tape));
    struct sealed_visit *v = sealed_visit_new(config, &why);
    ck_assert_ptr_nonnull(v);
    while (sealed_visit_turn(v))
        ;
    sealed_visit_free(v);
    trace_free(trace);
    return tape;
}
