#include "trace/page_parts.h"

void page_keys(struct page *p)
{
    page_panel_begin(p, "keys");
    page_panel_end(p);
}
