/* What others do to the lookup of a name, and to whoever believes it. */
#include "http/breaks.h"

static void spoof(struct spoils *s, const struct break_wish *w)
{
    spoil_act(s, w, ACT_DNS_SPOOF);
    s->attacker = ATTACKER_SERVES_OWN_NAME;
}

static void mitm(struct spoils *s, const struct break_wish *w)
{
    spoil_act(s, w, ACT_DNS_SPOOF);
    s->attacker = ATTACKER_SERVES_THEIR_NAME;
}

static void nxdomain(struct spoils *s, const struct break_wish *w) { spoil_act(s, w, ACT_DNS_NXDOMAIN); }
static void silent(struct spoils *s, const struct break_wish *w)
{
    spoil_act(s, w, ACT_SILENCE);
    s->resolver_silent = true;
}
static void cut(struct spoils *s, const struct break_wish *w)
{
    spoil_act(s, w, ACT_CUT);
    s->resolver_cuts = true;
}
static void hole(struct spoils *s, const struct break_wish *w)
{
    spoil_act(s, w, ACT_HOLE);
    s->ipv6_hole = true;
}
static void guess(struct spoils *s, const struct break_wish *w) { spoil_act(s, w, ACT_DNS_GUESS); }

const struct break_row breaks_of_dns[] = {
    { "dns:spoof", NULL, NULL, spoof,
      .notices = { "browser", "x509", EVENT_CHECK, NULL, "verdict", "refused" }, .fault = "x509.wrong_name",
      .answer = "alert: the resolver believes whoever is first, the certificate is for another name",
      .answered = { "browser", "x509", EVENT_FAULT, "x509.wrong_name", "answer", "alert" },
      .ends = "x509.wrong_name", .filter = "dns.a == 10.0.0.66" },
    { "dns:nxdomain", NULL, NULL, nxdomain,
      .notices = { "browser", "dns", EVENT_FAULT, .name = "dns.no_such_name" }, .fault = "dns.no_such_name",
      .answer = "none: whoever is first is believed, and nobody waits for the true answer",
      .answered = { "browser", "dns", EVENT_DNS, "failed", "came", "NXDOMAIN" },
      .ends = "dns.no_such_name", .filter = "dns.flags.rcode == 3" },
    { "dns:silent", NULL, NULL, silent,
      .notices = { "browser", "dns", .kind = EVENT_TIMER }, .fault = "dns.silent",
      .answer = "the query again, with a new id and from a new port, until patience ends",
      .answered = { "browser", "udp", .kind = EVENT_PACKET },
      .ends = "dns.silent", .filter = "dns.flags.response == 0 && frame.number > 1" },
    { "dns:guess", NULL, NULL, guess,
      .notices = { "browser", "dns", EVENT_CHECK, "dropped", "verdict", "dropped" },
      .answer = "none: wrong ids and a wrong source are dropped, the true answer is waited for",
      .answered = { "browser", "dns", EVENT_DNS, "answered", "address", "10.0.0.80" },
      .filter = "dns.a == 10.0.0.66" },
    { "dns:cut", NULL, NULL, cut,
      .answer = "the same question over TCP, where any answer fits",
      .answered = { "browser", "dns", EVENT_DNS, "asked", "over", "TCP" },
      .filter = "dns.flags.truncated == 1" },
    { "ipv6:hole", NULL, NULL, hole,
      .answer = "IPv4 is called, too, 250 ms later, and is first",
      .answered = { "browser", "happy", EVENT_MARK, "won", "address", "10.0.0.80" },
      .filter = "dns.qry.type == 28" },
    { "mitm", NULL, NULL, mitm,
      .notices = { "browser", "x509", EVENT_CHECK, "trust", "verdict", "refused" }, .fault = "x509.unknown_root",
      .answer = "alert unknown_ca: the certificate saves",
      .answered = { "browser", "x509", EVENT_FAULT, "x509.unknown_root", "answer", "unknown_ca" },
      .ends = "x509.unknown_root", .filter = "tls.alert_message.desc == 48" },
    { "mitm:http", NULL, NULL, mitm, .url = "http://www.example.test/",
      .answer = "none: without TLS the attacker's page is the page",
      .filter = "http.response && ip.src == 10.0.0.66" },
    { .what = NULL },
};
