/* diagnose_names.c - what CAs are called: words by which a proxy's, a root's and an intermediate's name is known. */
#include "http/diagnose_inside.h"
#include "trace/ascii.h"

#include <string.h>

/* Products that put themselves between, and what those who run one call their CA. */
static const char *const proxies[] = {
    "proxy", "mitm", "inspect", "intercept", "firewall", "web filter", "webfilter", "filter", "decrypt", "gateway",
    "zscaler", "fortinet", "fortigate", "fortios", "blue coat", "bluecoat", "symantec web", "sophos", "palo alto",
    "check point", "checkpoint", "kaspersky", "avast", "avg web", "eset ssl", "bitdefender", "mcafee", "trellix",
    "untangle", "squid", "charles", "fiddler", "portswigger", "burp", "netskope", "umbrella", "websense", "forcepoint",
    "barracuda", "sonicwall", "watchguard", "securly", "iboss", "lightspeed", "superfish", "adguard", "cisco secure",
    "ironport", "contentkeeper", "smoothwall", "sangfor", "ssl scan", "sslscan", "traffic", "untrusted", "antivirus",
    "anti-virus", "web security", "web protection", "corporate", "corp ", "enterprise", "middlebox", "dpi", NULL
};
static const char *const roots[] = { "root", "self", "private ca", "local ca", "test ca", "snakeoil", "authority",
                                    NULL };
static const char *const betweens[] = { "intermediate", "issuing", "inter", "subca", "sub ca", "subordinate",
                                       "level 2", "int ca", " ica", "=ica", "server ca", "tls ca", "ssl ca", "web ca",
                                       "signing ca", NULL };

static bool has_word(const char *name, const char *word)
{
    size_t n = strlen(word);
    for (; *name; name++) {
        size_t i = 0;
        while (i < n && name[i] && ascii_lower(name[i]) == word[i])
            i++;
        if (i == n)
            return true;
    }
    return false;
}

bool name_is_like(const struct bytes *name, enum name_like like)
{
    const char *const *words = like == LIKE_PROXY ? proxies : like == LIKE_ROOT ? roots : betweens;
    char text[X509_NAME_TEXT];
    x509_name_text(name, text, sizeof text);
    for (; *words; words++)
        if (has_word(text, *words))
            return true;
    return false;
}
