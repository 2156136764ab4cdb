/* A master file, and names of other letters, of any octets. */
#include "net/dns_zone.h"
#include "net/idn.h"

#include <stdlib.h>
#include <string.h>

static void names(const char *text)
{
    char name[DNS_NAME], tidy[DNS_NAME], reads[IDN_TEXT];
    uint32_t points[DNS_LABEL_MAX];
    size_t n;
    if (punycode_decode(text, strlen(text), points, DNS_LABEL_MAX, &n) && n > DNS_LABEL_MAX)
        abort();
    if (!idn_to_ascii(text, name, NULL))
        return;
    for (const char *c = name; *c; c++)
        if ((unsigned char)*c >= 0x80 && strcmp(name, text) != 0)
            abort();
    if (dns_tidy_name(name, tidy, NULL))
        idn_to_unicode(tidy, reads);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct zone zone;
    struct addr addr;
    char text[512];
    if (zone_read(&zone, (const char *)bytes, n, NULL)) {
        zone_address(&zone, "www.example.test", DNS_TYPE_A, &addr);
        zone_address(&zone, "", DNS_TYPE_AAAA, &addr);
        for (unsigned i = 0; i < zone.n && i < 8; i++)
            zone_address(&zone, zone.records[i].record.name, zone.records[i].record.type, &addr);
        zone_free(&zone);
    }
    n = n < sizeof text - 1 ? n : sizeof text - 1;
    if (n)
        memcpy(text, bytes, n);
    text[n] = '\0';
    names(text);
    return 0;
}
