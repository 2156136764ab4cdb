#include "trace/page_parts.h"

void page_yourself(struct page *p)
{
    page_panel_begin(p, "yourself");
    page_panel_end(p);
}
