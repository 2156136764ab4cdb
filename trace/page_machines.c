#include "trace/page_parts.h"

void page_machines(struct page *p)
{
    page_panel_begin(p, "machines");
    page_panel_end(p);
}
