#include "tests/versus/fields.h"

#include <string.h>

unsigned versus_choose(struct versus_choice *c, unsigned below)
{
    uint64_t z = c->state += 0x9e3779b97f4a7c15;      /* splitmix64 */
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (unsigned)((z ^ (z >> 31)) >> 33) % below;
}

#define TEXT(s) { (const uint8_t *)(s), sizeof (s) - 1 }
static const char *const hosts[][1] = {
    { "example.test" }, { "*.example.test" }, { "*.test" }, { "*" }, { "w*.example.test" }, { "www.*.test" },
    { "*.www.example.test" }, { "WWW.EXAMPLE.TEST" }, { "www.example.test." }, { ".example.test" }, { "" },
    { "www.example.test:443" }, { "www..example.test" }, { "www_1.example.test" }, { "-www.example.test" },
    { "xn--nxasmq6b.example.test" }, { "*.*.example.test" }, { "192.0.2.1" }, { "www.example.test/" },
};
static const char *const roles[][3] = {
    { "1.3.6.1.5.5.7.3.1" }, { "1.3.6.1.5.5.7.3.2" }, { "2.5.29.37.0" }, { "1.3.6.1.5.5.7.3.9" }, { "1.2.3.4" },
    { "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1" },
};
static const uint8_t net_v4[] = { 192, 0, 2, 0, 255, 255, 255, 0 }, odd_mask[] = { 192, 0, 2, 0, 255, 0, 255, 0 },
    one_v4[] = { 192, 0, 2, 1 }, five_octets[] = { 192, 0, 2, 1, 0 };
static const uint8_t directory[] = { 0x30, 0x10, 0x31, 0x0e, 0x30, 0x0c, 0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, 0x05,
                                     'T', 'e', 's', 't', 's' };
static const struct general_name bases[] = {
    { NAME_DNS, TEXT("example.test") }, { NAME_DNS, TEXT("www.example.test") }, { NAME_DNS, TEXT(".example.test") },
    { NAME_DNS, TEXT("other.test") }, { NAME_DNS, TEXT("") }, { NAME_DNS, TEXT("EXAMPLE.test") },
    { NAME_DNS, TEXT("*.example.test") }, { NAME_DNS, TEXT("a.www.example.test") }, { NAME_DNS, TEXT("xample.test") },
    { NAME_IP, { net_v4, sizeof net_v4 } }, { NAME_IP, { odd_mask, sizeof odd_mask } },
    { NAME_IP, { one_v4, sizeof one_v4 } }, { NAME_EMAIL, TEXT("example.test") }, { NAME_EMAIL, TEXT("a@example.test") },
    { NAME_URI, TEXT("example.test") }, { NAME_URI, TEXT(".example.test") }, { NAME_DIRECTORY, { directory, 18 } },
};
static const struct general_name alternatives[] = {
    { NAME_IP, { one_v4, sizeof one_v4 } }, { NAME_IP, { five_octets, sizeof five_octets } },
    { NAME_EMAIL, TEXT("a@example.test") }, { NAME_EMAIL, TEXT("not an address") }, { NAME_EMAIL, TEXT("a@other.test") },
    { NAME_URI, TEXT("https://www.example.test/") }, { NAME_URI, TEXT("https://other.test/") }, { NAME_URI, TEXT("www") },
    { NAME_DIRECTORY, { directory, 18 } }, { NAME_DNS, TEXT("other.test") }, { NAME_DNS, TEXT("\xff.test") },
    { NAME_DNS, TEXT("www.example.test\0.other.test") },
};
static const char *const policies[] = { "2.23.140.1.2.1", "2.5.29.32.0", "1.2.3.4.5" };
static const uint8_t null_octets[] = { 5, 0 }, empty_seq[] = { 0x30, 0 },
    ca_again[] = { 0x30, 3, 1, 1, 0xff }, staple[] = { 0x30, 3, 2, 1, 5 };
static const struct x509_extra extras[] = {
    { "1.2.3.4.5.6", true, { null_octets, 2 } }, { "1.2.3.4.5.6", false, { null_octets, 2 } },
    { "2.5.29.19", true, { ca_again, 5 } }, { "2.5.29.19", false, { empty_seq, 2 } },
    { "2.5.29.37", false, { empty_seq, 2 } }, { "2.5.29.17", false, { empty_seq, 2 } },
    { "1.3.6.1.5.5.7.1.1", false, { empty_seq, 2 } }, { "1.3.6.1.5.5.7.1.24", true, { staple, 5 } },
    { "2.5.29.36", true, { empty_seq, 2 } }, { "2.5.29.30", true, { empty_seq, 2 } },
    { "2.5.29.31", false, { null_octets, 2 } }, { "2.5.29.32", false, { empty_seq, 2 } },
};
#define PICK(choice, table) (&(table)[versus_choose(choice, sizeof (table) / sizeof *(table))])

static const char *dates(struct x509_issue *i, nsec at, struct versus_choice *c)
{
    const nsec day = 86400 * SECOND;
    switch (versus_choose(c, 8)) {
    case 0:  i->not_after = at - SECOND; return "expired a second ago";
    case 1:  i->not_after = at; return "valid until now";
    case 2:  i->not_before = at; return "valid from now";
    case 3:  i->not_before = at + SECOND; return "valid from a second on";
    case 4:  i->not_before = i->not_after + day; return "ends before it begins";
    case 5:  i->not_after = INT64_C(2600000000) * SECOND; return "until 2052";
    case 6:  i->not_before = -100 * day; return "from 1969";
    default: i->not_after = at + 4000 * day; return "for eleven years";
    }
}

static const char *usage(struct x509_issue *i, struct versus_choice *c)
{
    i->usage = versus_choose(c, 512);
    return "keyUsage";
}

static const char *authority(struct x509_issue *i, struct versus_choice *c)
{
    switch (versus_choose(c, 5)) {
    case 0:  i->ca = !i->ca; return "the CA bit turned";
    case 1:  i->path_len = (int)versus_choose(c, 3); i->ca = true; return "CA with pathLenConstraint";
    case 2:  i->path_len = (int)versus_choose(c, 3); return "pathLenConstraint";
    case 3:  i->leave_out |= X509_EXT_BASIC_CONSTRAINTS; return "no basicConstraints";
    default: i->turn_critical |= X509_EXT_BASIC_CONSTRAINTS; return "basicConstraints critical or not";
    }
}

static const char *serial(struct x509_issue *i, struct versus_choice *c)
{
    static const uint8_t serials[][20] = { { 0 }, { 0x80 }, { 0xff, 0xff }, { 1 } };
    memcpy(i->serial, *PICK(c, serials), sizeof i->serial);
    i->serial_n = versus_choose(c, 2) ? 1 : 20;
    return "serial number";
}

static const char *constraints(struct x509_issue *i, struct versus_choice *c)
{
    const bool permitted = versus_choose(c, 2);
    *(permitted ? &i->permitted : &i->excluded) = PICK(c, bases);
    *(permitted ? &i->n_permitted : &i->n_excluded) = 1;
    return permitted ? "permitted names" : "excluded names";
}

static const char *policy(struct x509_issue *i, struct versus_choice *c)
{
    static const struct x509_mapping mapping = { "2.23.140.1.2.1", "1.2.3.4.5" }, to_any = { "1.2.3.4.5", "2.5.29.32.0" };
    switch (versus_choose(c, 4)) {
    case 0:  i->policies = PICK(c, policies); i->n_policies = 1; return "a policy";
    case 1:  i->require_explicit = (struct x509_skip){ true, versus_choose(c, 3) }; return "requireExplicitPolicy";
    case 2:  i->inhibit_any = (struct x509_skip){ true, versus_choose(c, 2) }; return "inhibitAnyPolicy";
    default: i->mappings = versus_choose(c, 2) ? &mapping : &to_any; i->n_mappings = 1; return "a mapping";
    }
}

static const char *form(struct x509_issue *i, struct versus_choice *c)
{
    switch (versus_choose(c, 5)) {
    case 0:  i->version = 1; i->no_extensions = true; return "version 1";
    case 1:  i->version = 1; return "version 1 with extensions";
    case 2:  i->version = 2; return "version 2";
    case 3:  i->no_extensions = true; return "no extensions";
    default: i->subject_cn = i->subject_o = NULL; return "no subject";
    }
}

const char *versus_spoil_field(struct x509_issue *i, nsec at, struct versus_choice *c)
{
    switch (versus_choose(c, 14)) {
    case 0:  return dates(i, at, c);
    case 1:  return usage(i, c);
    case 2: case 3: return authority(i, c);
    case 4:  return serial(i, c);
    case 5: case 6: return constraints(i, c);
    case 7:  return policy(i, c);
    case 8:  return form(i, c);
    case 9:  i->dns = *PICK(c, hosts); i->n_dns = 1; return "another dNSName";
    case 10: i->alt_names = PICK(c, alternatives); i->n_alt_names = 1; return "one more name";
    case 11:
        i->server_auth = false;
        i->purposes = *PICK(c, roles);
        i->n_purposes = i->purposes[1] ? 2 : 1;
        return "extKeyUsage";
    case 12: i->extras = PICK(c, extras); i->n_extras = 1; return "one more extension";
    default:
        *(versus_choose(c, 2) ? &i->leave_out : &i->turn_critical) |= 1u << versus_choose(c, 17);
        return "an extension left out, or critical where it was not";
    }
}
