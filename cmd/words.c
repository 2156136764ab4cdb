#include "cmd/words.h"
#include "cmd/fault_words.h"
#include "trace/show.h"

#include <string.h>

static const struct { const char *layer, *name, *en; } sentences[] = {
    { "title", "name", "The name" },
    { "title", "open", "TCP opens" },
    { "title", "hello", "The hellos" },
    { "title", "certificate", "The certificate" },
    { "title", "keys", "The keys" },
    { "title", "finished", "Finished" },
    { "title", "page", "The page" },
    { "title", "close", "The close" },
    { "x509", "certificate", "{label}: {why}" },
    { "story", "name", "{domain} is {addr}: {how}." },
    { "story", "open",
      "SYN, SYN-ACK, ACK: port {own_port} here and port {port} of {addr} now count each other's octets." },
    { "story", "hello", "Of what the browser offered, the server chose TLS 1.2 with {suite}." },
    { "story", "certificate", "The chain of {leaf} leads to a root that we trust, {anchor}: {verdict}." },
    { "story", "keys_rsa",
      "The browser drew a secret and sent it encrypted under the key in the server's certificate; from it both "
      "made the same keys. Whoever gets that key later can read all of this." },
    { "story", "keys_ecdhe",
      "Each end sent one half of a key agreement ({group}) made for this visit alone; both made the same secret "
      "from it, and nobody can make it again later." },
    { "story", "finished",
      "Each end proved, with {octets} octets, that it saw the same messages and has the same keys." },
    { "story", "page",
      "GET {target}: {status} {reason}, {octets} octets (answers on this connection: {answers})." },
    { "story", "close", "{notified}; then FIN and ACK, both ways: {verdict}." },
};

const char *words_find(const char *layer, const char *name)
{
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (strcmp(sentences[i].layer, layer) == 0 && strcmp(sentences[i].name, name) == 0)
            return sentences[i].en;
    return NULL;
}

enum { TEXT = 512, GENERAL = 56 };

/* The lead, with what it is about in the place of {about}, or behind it. */
static void print_lead(FILE *f, const struct fault *why)
{
    const struct fault_words *w = fault_words_of(why->ground->id);
    const char *lead = w ? w->en : "Something was refused", *at = strstr(lead, "{about}");
    char about[TEXT];
    show_string(why->about, about, sizeof about);
    if (at)
        fprintf(f, "%.*s%s%s", (int)(at - lead), lead, about, at + strlen("{about}"));
    else
        fprintf(f, *about ? "%s (%s)" : "%s", lead, about);
}

void words_fault(FILE *f, const struct fault *why)
{
    char expected[TEXT], came[TEXT];
    if (!why->ground)
        return;
    fprintf(f, "vitrine: ");
    print_lead(f, why);
    fprintf(f, ": expected %s; came: %s (%s)", show_string(why->expected, expected, sizeof expected),
            *why->came ? show_string(why->came, came, sizeof came) : "nothing", why->ground->rfc);
    fprintf(f, why->answer ? "; answered with %s.\n" : ".\n", why->answer);
}

int words_exit(const struct fault *why)
{
    const struct fault_words *w = why->ground ? fault_words_of(why->ground->id) : NULL;
    return w ? w->code : GENERAL;
}
