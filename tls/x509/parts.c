#include "tls/x509/parts.h"

static struct bytes take_other_name(struct wire_in *in)
{
    struct wire_in other = der_open(in, "other_name", DER_CONTEXT_CONSTRUCTED | NAME_OTHER);
    struct bytes whole = { other.at, wire_left(&other) };
    der_take_oid(&other, "type_id");
    struct wire_in choice = der_open(&other, "value", DER_CONTEXT_CONSTRUCTED | 0);
    der_skip(&choice, "value", NULL);
    wire_close(&other, &choice);
    wire_close(in, &other);
    return whole;
}

static struct bytes take_directory_name(struct wire_in *in)
{
    struct wire_in choice = der_open(in, "directory_name", DER_CONTEXT_CONSTRUCTED | NAME_DIRECTORY);
    struct bytes name = x509_take_name(&choice, "name");
    wire_close(in, &choice);
    return name;
}

/* IA5String under an IMPLICIT tag: ASCII. */
static struct bytes take_ia5(struct wire_in *in, const char *name, unsigned tag)
{
    const uint8_t *start = in->at;
    struct bytes b = der_take_text(in, name, tag);
    x509_text_sound(&b, DER_IA5, in, start, name);
    return b;
}

static struct bytes take_registered_id(struct wire_in *in, unsigned tag)
{
    const uint8_t *start = in->at;
    struct bytes b = der_take(in, "registered_id", tag);
    if (!in->failed)
        der_oid_sound(&b, in, start, "registered_id");
    return b;
}

/* ORAddress, a SEQUENCE: named as deep as its tags tell. */
static struct bytes take_x400(struct wire_in *in)
{
    struct wire_in address = der_open(in, "x400_address", DER_CONTEXT_CONSTRUCTED | NAME_X400);
    struct bytes whole = { address.at, wire_left(&address) };
    while (address.at < address.end)
        der_skip(&address, "x400_address", NULL);
    wire_close(in, &address);
    return whole;
}

struct bytes x509_take_signature(struct wire_in *in, struct x509_signature *outer)
{
    *outer = x509_take_algorithm(in, "signature_algorithm");
    struct wire_in bits = der_open_bits(in, "signature_value");
    struct bytes signature = take_rest(&bits, "signature_value");
    wire_close(in, &bits);
    return signature;
}

struct bytes x509_take_string(struct wire_in *in, const char *name, const unsigned *tags)
{
    const uint8_t *start = in->at;
    while (*tags && !der_next_is(in, *tags))
        tags++;
    if (!*tags && in->at < in->end)
        wire_fail_at(in, NULL, name, "a string", "%s",
                     der_tag_words(in->at[0]) ? der_tag_words(in->at[0]) : "another tag");
    struct bytes b = der_take(in, name, *tags);
    x509_text_sound(&b, *tags, in, start, name);
    return b;
}

/* EDIPartyName: who assigns the names, if need be, and the name. */
static struct bytes take_edi(struct wire_in *in)
{
    static const unsigned kinds[] = { DER_UTF8, DER_PRINTABLE, DER_T61, DER_BMP, DER_UNIVERSAL, 0 };
    struct wire_in edi = der_open(in, "edi_party_name", DER_CONTEXT_CONSTRUCTED | NAME_EDI);
    struct bytes whole = { edi.at, wire_left(&edi) };
    if (der_next_is(&edi, DER_CONTEXT_CONSTRUCTED | 0)) {
        struct wire_in choice = der_open(&edi, "name_assigner", DER_CONTEXT_CONSTRUCTED | 0);
        x509_take_string(&choice, "name_assigner", kinds);
        wire_close(&edi, &choice);
    }
    struct wire_in choice = der_open(&edi, "party_name", DER_CONTEXT_CONSTRUCTED | 1);
    x509_take_string(&choice, "party_name", kinds);
    wire_close(&edi, &choice);
    wire_close(in, &edi);
    return whole;
}

struct general_name x509_take_general_name(struct wire_in *in)
{
    struct general_name g = { .choice = NAME_OTHER, .value = { in->at, 0 } };
    if (in->at == in->end)
        wire_fail_at(in, NULL, "general_name", "a name", "nothing is left");
    else if ((in->at[0] & 0xc0) != DER_CONTEXT || (in->at[0] & 0x1f) > NAME_OID)
        wire_fail_at(in, NULL, "general_name", "a tag of GeneralName (RFC 5280 §4.2.1.6)", "tag 0x%02x", in->at[0]);
    if (in->failed)
        return g;
    g.choice = (enum general_choice)(in->at[0] & 0x1f);
    unsigned tag = DER_CONTEXT | (unsigned)g.choice;
    switch (g.choice) {
    case NAME_OTHER:     g.value = take_other_name(in); break;
    case NAME_EMAIL:     g.value = take_ia5(in, "rfc822_name", tag); break;
    case NAME_DNS:       g.value = take_ia5(in, "dns_name", tag); break;
    case NAME_DIRECTORY: g.value = take_directory_name(in); break;
    case NAME_URI:       g.value = take_ia5(in, "uniform_resource_identifier", tag); break;
    case NAME_IP:        g.value = der_take(in, "ip_address", tag); break;
    case NAME_OID:       g.value = take_registered_id(in, tag); break;
    case NAME_X400:      g.value = take_x400(in); break;
    case NAME_EDI:       g.value = take_edi(in); break;
    }
    return g;
}
