#include "net/dns.h"

#include <string.h>

static const struct ground message_cut   = { "dns.message_cut", "RFC 1035 §4.1" };
static const struct ground header_cut    = { "dns.header_cut", "RFC 1035 §4.1.1" };
static const struct ground one_question  = { "dns.not_one_question", "RFC 9619 §4" };
static const struct ground address_size  = { "dns.address_size", "RFC 1035 §3.4.1" };
static const struct ground alias_size    = { "dns.alias_size", "RFC 1035 §3.3.1" };
static const struct ground soa_size      = { "dns.soa_size", "RFC 1035 §3.3.13" };
static const struct ground opt_twice     = { "dns.opt_twice", "RFC 6891 §6.1.1" };
static const struct ground opt_name      = { "dns.opt_name", "RFC 6891 §6.1.2" };

/* RFC 1035 §4.1.1: the second 16 bits of the header. */
enum {
    QR = 0x8000, OPCODE = 0x7800, AA = 0x0400, TC = 0x0200, RD = 0x0100, RA = 0x0080,
    Z = 0x0040, AD = 0x0020, CD = 0x0010, RCODE = 0x000f
};

const char *dns_type_words(unsigned type)
{
    static const struct { unsigned type; const char *words; } known[] = {
        { DNS_TYPE_A, "A" }, { DNS_TYPE_NS, "NS" }, { DNS_TYPE_CNAME, "CNAME" }, { DNS_TYPE_SOA, "SOA" },
        { 12, "PTR" }, { DNS_TYPE_MX, "MX" }, { DNS_TYPE_TXT, "TXT" }, { DNS_TYPE_AAAA, "AAAA" }, { 33, "SRV" },
        { DNS_TYPE_OPT, "OPT" }, { 43, "DS" }, { 46, "RRSIG" }, { 65, "HTTPS" }, { 255, "ANY" },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].type == type)
            return known[i].words;
    return NULL;
}

static const char *class_words(unsigned class)
{
    return class == DNS_CLASS_IN ? "IN" : NULL;
}

const char *dns_rcode_words(unsigned rcode)
{
    static const char *const words[] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED" };
    return rcode < sizeof words / sizeof *words ? words[rcode] : rcode == DNS_BADVERS ? "BADVERS" : NULL;
}

/* ---- reading ---- */

/* A message while it is read. */
struct reader { const uint8_t *base; struct dns_message *m; struct fault *why; };

static void read_flags(struct reader *r, struct wire_in *in)
{
    struct dns_message *m = r->m;
    unsigned flags = take_u16(in, "flags");
    m->response = flags & QR;
    m->opcode = (uint8_t)((flags & OPCODE) >> 11);
    m->authoritative = flags & AA;
    m->truncated = flags & TC;
    m->recursion_desired = flags & RD;
    m->recursion_available = flags & RA;
    m->rcode = (uint8_t)(flags & RCODE);
    wire_bits(in, "qr", 2, m->response, m->response ? "response" : "query");
    wire_bits(in, "opcode", 2, m->opcode, m->opcode ? NULL : "QUERY");
    wire_bits(in, "aa", 2, m->authoritative, NULL);
    wire_bits(in, "tc", 2, m->truncated, NULL);
    wire_bits(in, "rd", 2, m->recursion_desired, NULL);
    wire_bits(in, "ra", 2, m->recursion_available, NULL);
    wire_bits(in, "z", 2, (flags & Z) != 0, NULL);
    wire_bits(in, "ad", 2, (flags & AD) != 0, NULL);
    wire_bits(in, "cd", 2, (flags & CD) != 0, NULL);
    wire_bits(in, "rcode", 2, m->rcode, dns_rcode_words(m->rcode));
}

static void read_question(struct reader *r, struct wire_in *in)
{
    dns_read_name(in, r->base, r->m->question, r->m->spelled, r->why);
    r->m->question_type = take_code16(in, "qtype", dns_type_words);
    r->m->question_class = take_code16(in, "qclass", class_words);
}

/* RFC 1035 §3.4.1, RFC 3596 §2.2. */
static void read_address(struct reader *r, struct wire_in *in, unsigned length, struct dns_record *record)
{
    bool four = record->type == DNS_TYPE_A;
    if (length != (four ? 4u : 16u)) {
        if (four)
            refuse(r->why, &address_size, "4 octets of IPv4 address", "%u", length);
        else
            refuse(r->why, &address_size, "16 octets of IPv6 address", "%u", length);
        wire_fail(in, "rdlength");
        return;
    }
    record->addr.len = (uint8_t)length;
    take_bytes(in, four ? "address" : "ipv6_address", record->addr.octets, length);
}

static void read_alias(struct reader *r, struct wire_in *in, unsigned length, struct dns_record *record)
{
    struct wire_in block = take_block(in, "cname", length);
    if (dns_read_name(&block, r->base, record->target, NULL, r->why) && wire_left(&block))
        refuse(r->why, &alias_size, "a name as long as its length says", "%zu octets left over",
               wire_left(&block));
    wire_close(in, &block);
}

/* RFC 1035 §3.3.13. Its names may have any octets, and nobody needs them. */
static void read_soa(struct reader *r, struct wire_in *in, unsigned length, const struct dns_record *record, bool keep)
{
    struct dns_soa soa = { .here = true, .ttl = record->ttl };
    struct wire_in block = take_block(in, "soa", length);
    dns_skip_name(&block, r->base, r->why);
    dns_skip_name(&block, r->base, r->why);
    soa.serial = take_u32(&block, "serial");
    soa.refresh = take_u32(&block, "refresh");
    soa.retry = take_u32(&block, "retry");
    soa.expire = take_u32(&block, "expire");
    soa.minimum = take_u32(&block, "minimum");
    if (!block.failed && wire_left(&block))
        refuse(r->why, &soa_size, "two names and five numbers", "%zu octets left over", wire_left(&block));
    if (!block.failed && keep && !r->m->soa.here) {
        memcpy(soa.zone, record->name, sizeof soa.zone);
        r->m->soa = soa;
    }
    wire_close(in, &block);
}

/* The record that is none (RFC 6891 §6.1.2): its class is a size, its TTL is flags. Two are not allowed. */
static void read_opt(struct reader *r, struct wire_in *in, const struct dns_record *record)
{
    struct dns_edns *e = &r->m->edns;
    if (e->here || *record->name) {
        if (e->here)
            refuse(r->why, &opt_twice, "one OPT record", "a second one");
        else
            refuse(r->why, &opt_name, "an OPT record of the root", "%.60s", record->name);
        wire_fail(in, "type");
        return;
    }
    e->here = true;
    e->udp_size = take_u16(in, "udp_payload_size");
    r->m->rcode = (uint16_t)(r->m->rcode | take_u8(in, "extended_rcode") << 4);
    e->version = take_u8(in, "edns_version");
    e->dnssec_ok = take_u16(in, "edns_flags") & 0x8000;
    take_ref(in, "edns_options", take_u16(in, "rdlength"));
}

enum section { ANSWER, AUTHORITY, ADDITIONAL };

static bool is_kept(unsigned type) { return type == DNS_TYPE_A || type == DNS_TYPE_AAAA || type == DNS_TYPE_CNAME; }

/* True when it is of a kind that is kept as an answer. A TTL with the highest bit set counts as 0 (RFC 2181 §8). */
static bool read_record(struct reader *r, struct wire_in *in, enum section section, struct dns_record *record)
{
    dns_read_name(in, r->base, record->name, NULL, r->why);
    record->type = take_code16(in, "type", dns_type_words);
    if (record->type == DNS_TYPE_OPT && section == ADDITIONAL) {
        read_opt(r, in, record);
        return false;
    }
    unsigned class = take_code16(in, "class", class_words);
    record->ttl = take_u32(in, "ttl");
    record->ttl = record->ttl >> 31 ? 0 : record->ttl;
    unsigned length = take_u16(in, "rdlength");
    if (in->failed)
        return false;
    if (class == DNS_CLASS_IN && (record->type == DNS_TYPE_A || record->type == DNS_TYPE_AAAA))
        read_address(r, in, length, record);
    else if (class == DNS_CLASS_IN && record->type == DNS_TYPE_CNAME)
        read_alias(r, in, length, record);
    else if (class == DNS_CLASS_IN && record->type == DNS_TYPE_SOA)
        read_soa(r, in, length, record, section == AUTHORITY);
    else
        take_ref(in, "data", length);
    return !in->failed && class == DNS_CLASS_IN && is_kept(record->type);
}

/* A group is named before what is in it, so its length must be known first: with somebody watching it is read
 * once unwatched. */
static void name_question(const struct reader *r, const struct wire_in *in)
{
    struct dns_message unused;
    struct wire_in dry = wire_over(in->at, wire_left(in), NULL);
    read_question(&(struct reader){ .base = r->base, .m = &unused }, &dry);
    if (!dry.failed)
        wire_group(in, "question", (size_t)(dry.at - in->at));
}

static void name_record(const struct reader *r, const struct wire_in *in, enum section section)
{
    static const char *const names[] = { "answer", "authority", "additional" };
    struct dns_message unused = { 0 };
    struct dns_record record = { 0 };
    struct wire_in dry = wire_over(in->at, wire_left(in), NULL);
    read_record(&(struct reader){ .base = r->base, .m = &unused }, &dry, section, &record);
    if (!dry.failed)
        wire_group(in, names[section], (size_t)(dry.at - in->at));
}

/* The count is only a promise: reading ends where the octets end. */
static void read_section(struct reader *r, struct wire_in *in, enum section section, unsigned count)
{
    for (unsigned i = 0; i < count && !in->failed; i++) {
        struct dns_record record = { 0 };
        if (in->watch)
            name_record(r, in, section);
        if (read_record(r, in, section, &record) && section == ANSWER && r->m->n_answers < DNS_ANSWERS)
            r->m->answers[r->m->n_answers++] = record;
    }
}

bool dns_read(struct wire_in *in, struct dns_message *m, struct fault *why)
{
    struct reader r = { .base = in->at, .m = m, .why = why };
    memset(m, 0, sizeof *m);
    wire_group(in, "header", 12);
    m->id = take_u16(in, "id");
    read_flags(&r, in);
    unsigned questions = take_u16(in, "qdcount"), answers = take_u16(in, "ancount");
    unsigned authorities = take_u16(in, "nscount"), additional = take_u16(in, "arcount");
    if (!wire_whole(in, &header_cut, why))
        return false;
    /* RFC 9619 §4: a server that will not even look at the question need not repeat it */
    if (questions != 1 && (questions || !m->response || m->rcode == DNS_NOERROR || m->rcode == DNS_NXDOMAIN))
        return refuse(why, &one_question, "one question", "%u", questions);
    m->no_question = questions == 0;
    if (in->watch && questions)
        name_question(&r, in);
    if (questions)
        read_question(&r, in);
    read_section(&r, in, ANSWER, answers);
    read_section(&r, in, AUTHORITY, authorities);
    read_section(&r, in, ADDITIONAL, additional);
    return wire_end(in, &message_cut, why);
}

/* ---- writing ---- */

static unsigned flags_of(const struct dns_message *m)
{
    return (m->response ? QR : 0u) | ((unsigned)m->opcode << 11 & OPCODE) | (m->authoritative ? AA : 0u)
           | (m->truncated ? TC : 0u) | (m->recursion_desired ? RD : 0u) | (m->recursion_available ? RA : 0u)
           | (m->rcode & (unsigned)RCODE);
}

/* A name, or a pointer to offset 12, where the question's begins. */
static bool write_owner(struct wire_out *out, const struct dns_message *m, const char *name)
{
    enum { TO_QUESTION = 0xc000 | 12 };
    if (strcmp(name, m->question) != 0)
        return dns_write_name(out, name);
    put_u16(out, "compression_pointer", TO_QUESTION);
    return !out->failed;
}

static bool write_record(struct wire_out *out, const struct dns_message *m, const struct dns_record *record)
{
    if (!write_owner(out, m, record->name))
        return false;
    put_u16(out, "type", record->type);
    put_u16(out, "class", DNS_CLASS_IN);
    put_u32(out, "ttl", record->ttl);
    struct put_block rdata = put_open(out, "rdlength", 2);
    if (record->type == DNS_TYPE_A || record->type == DNS_TYPE_AAAA)
        put_bytes(out, "address", record->addr.octets, record->type == DNS_TYPE_A ? 4 : 16);
    else if (record->type != DNS_TYPE_CNAME || !dns_write_name(out, record->target))
        return false;
    put_close(out, rdata);
    return !out->failed;
}

static bool write_soa(struct wire_out *out, const struct dns_message *m)
{
    const struct dns_soa *s = &m->soa;
    if (!write_owner(out, m, s->zone))
        return false;
    put_u16(out, "type", DNS_TYPE_SOA);
    put_u16(out, "class", DNS_CLASS_IN);
    put_u32(out, "ttl", s->ttl);
    struct put_block rdata = put_open(out, "rdlength", 2);
    if (!dns_write_name(out, s->mname) || !dns_write_name(out, s->rname))
        return false;
    put_u32(out, "serial", s->serial);
    put_u32(out, "refresh", s->refresh);
    put_u32(out, "retry", s->retry);
    put_u32(out, "expire", s->expire);
    put_u32(out, "minimum", s->minimum);
    put_close(out, rdata);
    return !out->failed;
}

static void write_opt(struct wire_out *out, const struct dns_message *m)
{
    put_u8(out, "label_length", 0);
    put_u16(out, "type", DNS_TYPE_OPT);
    put_u16(out, "udp_payload_size", m->edns.udp_size);
    put_u8(out, "extended_rcode", m->rcode >> 4 & 0xffu);
    put_u8(out, "edns_version", m->edns.version);
    put_u16(out, "edns_flags", m->edns.dnssec_ok ? 0x8000 : 0);
    put_u16(out, "rdlength", 0);
}

size_t dns_write(const struct dns_message *m, uint8_t *room, size_t n)
{
    struct wire_out out = wire_into(room, n);
    char tidy[DNS_NAME];
    put_u16(&out, "id", m->id);
    put_u16(&out, "flags", flags_of(m));
    put_u16(&out, "qdcount", m->no_question ? 0 : 1);
    put_u16(&out, "ancount", m->n_answers);
    put_u16(&out, "nscount", m->soa.here);
    put_u16(&out, "arcount", m->edns.here);
    if (m->no_question)
        return out.failed || m->n_answers || m->soa.here || m->edns.here ? 0 : wire_written(&out);
    bool respelled = *m->spelled && dns_tidy_name(m->spelled, tidy, NULL) && strcmp(tidy, m->question) == 0;
    if (!dns_write_name(&out, respelled ? m->spelled : m->question))
        return 0;
    put_u16(&out, "qtype", m->question_type);
    put_u16(&out, "qclass", m->question_class);
    for (unsigned i = 0; i < m->n_answers; i++)
        if (!write_record(&out, m, &m->answers[i]))
            return 0;
    if (m->soa.here && !write_soa(&out, m))
        return 0;
    if (m->edns.here)
        write_opt(&out, m);
    return out.failed ? 0 : wire_written(&out);
}
