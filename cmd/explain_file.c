#include "cmd/explain.h"
#include "cmd/words.h"
#include "net/frame.h"
#include "tls/x509/der.h"

#include <inttypes.h>
#include <string.h>

void explain_file_head(const struct explain *x, FILE *out)
{
    const struct capture_facts *f = reading_facts(x->reading);
    char at[DER_TIME_TEXT], links[128] = "";
    for (unsigned i = 0; i < x->n_links; i++) {
        const char *words = link_words(x->links[i]);
        size_t n = strlen(links);
        if (words)
            snprintf(links + n, sizeof links - n, "%s%s", i ? ", " : "", words);
        else
            snprintf(links + n, sizeof links - n, "%sLINKTYPE %" PRIu32, i ? ", " : "", x->links[i]);
    }
    explain_say(out, 0, "%s: %s, frames: %" PRIu64 ", octets: %" PRIu64 ", link: %s", x->name, x->format,
                f->frames, f->octets, *links ? links : "-");
    if (f->frames && f->first_at) {
        uint64_t took = (uint64_t)(f->last_at - f->first_at);
        explain_say(out, 0, "from %s on, for %u.%03u s", der_time_text(f->first_at, at),
                    (unsigned)(took / 1000000000u), (unsigned)(took / 1000000u % 1000u));
    }
    explain_say(out, 0, "TCP segments: %" PRIu64 ", connections: %" PRIu64 ", with TLS: %" PRIu64, f->tcp,
                x->tally.connections, x->tally.tls);
    if (f->udp + f->icmp + f->fragments + f->not_ip)
        explain_say(out, 0, "UDP: %" PRIu64 ", ICMP: %" PRIu64 ", fragments: %" PRIu64 ", not IP: %" PRIu64, f->udp,
                    f->icmp, f->fragments, f->not_ip);
    if (f->cut)
        explain_say(out, 0, "the file ends within a block: %s, expected %s, and found %s", f->cut_fault.ground->id,
                    f->cut_fault.expected, f->cut_fault.came);
}
