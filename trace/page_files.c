/* The style sheet and the script: files of their own, made into strings by make. Those of the panels below the
 * inspector come behind those of the page (trace/page.panels.css, trace/page.panels.js). */
#include "trace/page.h"

const char page_style[] =
#include "trace/page.css.h"
#include "trace/page.panels.css.h"
    ;
const char page_script[] =
#include "trace/page.js.h"
#include "trace/page.panels.js.h"
    ;
