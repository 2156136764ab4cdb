/* Words of the ladder, the step prompt and the page. */
#include "cmd/words_tables.h"

const struct words_row words_ui_rows[] = {
    { "ui", "sent again", "sent again: ", "重传：" },
    { "ui", "fault", "fault", "故障" },
    { NULL, NULL, NULL, NULL },
};
