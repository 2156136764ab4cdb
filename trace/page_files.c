/* The style sheet and the script: files of their own (trace/page.css, trace/page.js), made into strings by make. */
#include "trace/page.h"

const char page_style[] =
#include "trace/page.css.h"
    ;
const char page_script[] =
#include "trace/page.js.h"
    ;
