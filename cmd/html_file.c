#include "cmd/html_file.h"

#include "cmd/wireshark_names.h"
#include "cmd/words.h"
#include "crypto/hash.h"
#include "http/sealed_visit.h"
#include "net/tcp.h"
#include "tls/machine.h"

#include <sodium.h>
#include <string.h>

enum { BASE64 = 48 };

/* As a page's policy names a style or script that it allows. */
static const char *hash_in_base64(const char *text, char out[BASE64])
{
    uint8_t digest[HASH_MAX];
    hash_of(HASH_SHA256, text, strlen(text), digest, NULL);
    return sodium_bin2base64(out, BASE64, digest, hash_size(HASH_SHA256), sodium_base64_VARIANT_ORIGINAL);
}

bool html_file_write(struct file_sink *file, struct tape *tape, const struct page_options *about)
{
    char style[BASE64], script[BASE64];
    struct machine machines[4] = { 0 };
    tcp_machine(&machines[0]);
    tls_machine(false, &machines[1]);
    tls_machine(true, &machines[2]);
    tcp_congestion_machine(&machines[3]);
    const struct quiz_rules rules = { &machines[0], &machines[1], &machines[2], tcp_sayings(), SEALED_BROWSER,
                                      SEALED_WEB, about->seed };
    struct page_options o = *about;
    o.words[0] = words_in("en");
    o.words[1] = words_in("zh");
    o.machines = machines;
    o.n_machines = sizeof machines / sizeof *machines;
    o.quiz = about->seeded ? &rules : NULL;
    o.wireshark = wireshark_name;
    o.style_hash = hash_in_base64(page_style, style);
    o.script_hash = hash_in_base64(page_script, script);
    bool whole = page_write(&file->sink, tape, &o);
    if (!whole && !file->failed)
        complain("vitrine: the page is not whole: there was not enough memory for all of the run");
    return whole;
}
