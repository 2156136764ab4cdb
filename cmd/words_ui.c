/* Words of the ladder, the step prompt and the page. */
#include "cmd/words_tables.h"

const struct words_row words_ui_rows[] = {
    { "ui", "refused", "Something was refused", "有什么被拒绝了" },
    { "ui", "refused about", "{lead} ({about})", "{lead}（{about}）" },
    { "ui", "nothing came", "nothing", "什么也没来" },
    { "ui", "refusal", "{lead}: expected {expected}; came: {came} ({rfc}).",
      "{lead}：期望：{expected}；实际：{came}（{rfc}）。" },
    { "ui", "refusal answered", "{lead}: expected {expected}; came: {came} ({rfc}); answered with {answer}.",
      "{lead}：期望：{expected}；实际：{came}（{rfc}）；以 {answer} 作答。" },
    { "ui", "sent again", "sent again: ", "重传：" },
    { "ui", "fault", "fault", "故障" },
    { NULL, NULL, NULL, NULL },
};
