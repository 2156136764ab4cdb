#include "trace/page_parts.h"

void page_chain(struct page *p)
{
    page_panel_begin(p, "chain");
    page_panel_end(p);
}
