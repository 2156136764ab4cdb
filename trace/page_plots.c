#include "trace/page_parts.h"

void page_plots(struct page *p)
{
    page_panel_begin(p, "plots");
    page_panel_end(p);
}
