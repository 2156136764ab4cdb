#include "trace/views.h"

void view_free(struct view *v)
{
    if (v)
        v->free(v);
}
