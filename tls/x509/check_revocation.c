#include "tls/x509/check.h"
#include "tls/x509/crl.h"
#include "tls/x509/ocsp.h"

#include <stdio.h>
#include <string.h>

static const struct ground revoked   = { "x509.revoked",  "RFC 5280 §3.3" };
static const struct ground budget    = { "x509.budget",   "RFC 5280 §6.1" };

/* ---- found out once ---- */

enum answer_kind { BY_OCSP, BY_CRL };

static bool same_way(const struct x509_kept *k, const struct x509_path *p, size_t i)
{
    return k->n == p->n - i && memcmp(k->way, p->certs + i, k->n * sizeof *k->way) == 0;
}

/* The answer for the certificate at i, as found out by `judge` and kept: told again it costs nothing, and neither does
 * another path that ends alike. */
static enum x509_verdict once(enum answer_kind kind, x509_judge *judge, const struct x509_path *p, size_t i,
                              struct x509_finding *f)
{
    struct x509_memo *m = p->memo;
    const bool quiet = f->quiet;
    for (size_t k = 0; m && k < m->n; k++)
        if (m->kept[k].kind == (unsigned)kind && same_way(&m->kept[k], p, i)) {
            *f = m->kept[k].finding;
            f->quiet = quiet;
            return m->kept[k].verdict;
        }
    f->quiet = false;                                  /* its words may be wanted another time */
    if (m && m->n == X509_KEPT_MAX) {
        x509_say(f, "a chain whose ways to the root need at most 64 answers about revocation", "more ways");
        return x509_refused_as(f, &budget);
    }
    enum x509_verdict verdict = judge(p, i, f);
    if (p->cost && p->cost->signatures == X509_SIGNATURES && verdict != X509_REFUSED) {
        x509_say(f, "a chain of which 64 signatures decide", "more of them");
        verdict = x509_refused_as(f, &budget);
    }
    if (!m)
        return verdict;
    struct x509_kept *k = &m->kept[m->n++];
    *k = (struct x509_kept){ .kind = kind, .n = p->n - i, .verdict = verdict, .finding = *f };
    memcpy(k->way, p->certs + i, k->n * sizeof *k->way);
    f->quiet = quiet;
    return verdict;
}

/* ---- OCSP ---- */

static const char *const a_response = "an OCSP response that vouches for the certificate";

static void say_revoked(struct x509_finding *f, nsec when, bool has_reason, unsigned reason)
{
    const char *expected = "a certificate that its CA stands by";
    char date[DER_TIME_TEXT];
    der_time_text(when, date);
    if (has_reason)
        x509_say(f, expected, "revoked at %s: %s", date, x509_reason_words(reason));
    else
        x509_say(f, expected, "revoked at %s", date);
}

static void say_ocsp(struct x509_finding *f, const struct x509_ocsp_answer *a)
{
    char date[DER_TIME_TEXT];
    der_time_text(a->when, date);
    switch (a->says) {
    case OCSP_NOT_ONE:    x509_say(f, a_response, "octets that are none"); break;
    case OCSP_UNANSWERED:
        x509_say(f, a_response, "none: the responder said %s", x509_ocsp_status_words(a->status));
        break;
    case OCSP_NOT_ABOUT:  x509_say(f, a_response, "one about another certificate"); break;
    case OCSP_CRITICAL:   x509_say(f, a_response, "one with a critical extension not known here: %s", a->unknown_oid);
                          break;
    case OCSP_WEAK:       x509_say(f, a_response, "one signed over SHA-1 or worse, which can be forged"); break;
    case OCSP_FORGED:
        x509_say(f, a_response, "one that neither the issuer nor anybody named by it has signed");
        break;
    case OCSP_TOO_OLD:    x509_say(f, a_response, "one that held until %s", date); break;
    case OCSP_TOO_NEW:    x509_say(f, a_response, "one that holds from %s", date); break;
    case OCSP_UNKNOWN:    x509_say(f, a_response, "one that knows nothing of it"); break;
    case OCSP_REVOKED:    say_revoked(f, a->when, a->has_reason, a->reason); break;
    case OCSP_GOOD:       x509_say(f, a_response, "good, as of %s", date); break;
    }
}

/* What was verified counts together with what the search for a path verifies; each answer has its own limit. */
static void count(const struct x509_path *p, unsigned signatures)
{
    while (signatures-- && x509_may_verify(p))
        ;
}

static struct x509_crl_answer ask_lists(const struct x509_path *p, size_t i, const struct x509_cert *cert)
{
    const struct x509_ask *ask = p->ask;
    const struct x509_crl_question q = {
        .cert = cert, .above = p->certs + i + 1, .n_above = p->n - i - 1, .crls = ask->crls, .n_crls = ask->n_crls,
        .untrusted = ask->untrusted, .at = ask->at, .strict = ask->profile == X509_WEB,
        .cpu = ask->cpu, .need_status = ask->need_status, .digests = p->memo ? &p->memo->digests : NULL };
    const struct x509_crl_answer a = x509_crl_judge(&q);
    count(p, a.signatures);
    return a;
}

/* The word of one response; NOT_ABOUT: none of this certificate. An anchor that is the leaf is its own issuer. Whom the
 * issuer named to sign may have been taken back since (§4.2.2.2.1): lists at hand are asked. */
static enum x509_ocsp hear(const struct x509_path *p, size_t i, struct bytes response, struct x509_finding *f)
{
    const struct x509_cert *issuer = p->certs[i + 1 < p->n ? i + 1 : i];
    const struct x509_ocsp_answer a = x509_ocsp_judge(response, p->certs[i], issuer, p->ask->at, p->ask->cpu);
    say_ocsp(f, &a);
    count(p, a.signatures);
    if (!a.delegated || i + 1 >= p->n || ask_lists(p, i, &a.signer).says != CRL_REVOKED)
        return a.says;
    x509_say(f, a_response, "one whose signer the issuer has taken back");
    return OCSP_FORGED;
}

/* What a server staples must vouch for its certificate (RFC 6066 §8). Of responses from elsewhere those count that are
 * about the certificate; what is no answer at all is held against the leaf. */
static enum x509_verdict judge_responses(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_ask *ask = p->ask;
    const bool stapled = i == 0 && ask->ocsp.n;
    bool good = false, flawed = false;
    for (size_t k = 0; k < ask->n_responses + stapled; k++) {
        const bool is_staple = stapled && k == 0;
        struct x509_finding own = { 0 };
        enum x509_ocsp says = hear(p, i, is_staple ? ask->ocsp : ask->responses[k - stapled], &own);
        if (says == OCSP_REVOKED) {
            *f = own;
            return x509_refused_as(f, &revoked);
        }
        if (!is_staple && (says == OCSP_NOT_ABOUT || (i > 0 && (says == OCSP_NOT_ONE || says == OCSP_UNANSWERED))))
            continue;
        if (says == OCSP_GOOD || !good || is_staple)
            *f = own;
        good |= says == OCSP_GOOD;
        flawed |= says != OCSP_GOOD;
        if (is_staple && flawed)
            return X509_REFUSED;
    }
    return good ? X509_ACCEPTED : flawed ? X509_REFUSED : X509_UNASKED;
}

enum x509_verdict x509_judge_ocsp(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const bool stapled = i == 0 && p->ask->ocsp.n;
    if (!stapled && (!p->ask->n_responses || i + 1 >= p->n))
        return X509_UNASKED;
    return once(BY_OCSP, judge_responses, p, i, f);
}

/* ---- lists ---- */

static const char *const a_list = "a list of its CA that holds now, without the certificate";

/* "cACompromise, superseded" */
static void reasons_text(unsigned reasons, char out[X509_SAY])
{
    size_t n = 0;
    out[0] = 0;
    /* ReasonFlags count like CRLReason up to certificateHold; the last two are one further there. */
    for (unsigned i = 1; i < 9 && n < X509_SAY; i++)
        if (reasons >> i & 1)
            n += (size_t)snprintf(out + n, X509_SAY - n, "%s%s", n ? ", " : "", x509_reason_words(i < 7 ? i : i + 2));
}

static void say_good(struct x509_finding *f, const struct x509_crl *crl)
{
    char from[DER_TIME_TEXT], until[DER_TIME_TEXT];
    der_time_text(crl->this_update, from);
    if (crl->has_next_update)
        x509_say(f, a_list, "not on the list of %s, which holds until %s", from,
                 der_time_text(crl->next_update, until));
    else
        x509_say(f, a_list, "not on the list of %s, which does not say until when it holds", from);
}

static void say_stale(struct x509_finding *f, const struct x509_crl *crl)
{
    char date[DER_TIME_TEXT];
    if (crl->has_next_update)
        x509_say(f, a_list, "a list that held until %s", der_time_text(crl->next_update, date));
    else
        x509_say(f, a_list, "a list of %s that does not say until when it holds",
                 der_time_text(crl->this_update, date));
}

/* Of a list that is about the certificate and is not used. */
static void say_useless(struct x509_finding *f, enum x509_crl_says says, const struct x509_crl *crl)
{
    static const char *const its_own = "a list signed by its CA";
    char text[OID_TEXT], date[DER_TIME_TEXT];
    switch (says) {
    case CRL_DELTA_ALONE: x509_say(f, a_list, "a delta list without the complete one that it changes"); break;
    case CRL_INDIRECT:    x509_say(f, "a list of its CA about its own certificates alone",
                                   "an indirect list, which is not read here"); break;
    case CRL_CRITICAL:    x509_say(f, "a list whose critical extensions are known here", "%s", crl->unknown_oid);
                          break;
    case CRL_NUMBER:
        if (crl->number.n)
            x509_say(f, "a list whose number is not critical", "a critical one");
        else
            x509_say(f, "a list with a number", "none");
        break;
    case CRL_EARLY:       x509_say(f, a_list, "a list that holds from %s", der_time_text(crl->this_update, date));
                          break;
    case CRL_STALE:       say_stale(f, crl); break;
    case CRL_ALGORITHM:   x509_say(f, "a list signed by one algorithm, known here", "%s",
                                   x509_oid_text(&crl->outer.oid, text)); break;
    case CRL_WEAK:        x509_say(f, a_list, "a list signed over SHA-1 or worse, which can be forged"); break;
    case CRL_NO_SIGN:     x509_say(f, "a list signed by a key that may sign lists", "keyUsage without cRLSign"); break;
    case CRL_SIGNER:      x509_say(f, its_own, "a signer of its name whom it does not stand by"); break;
    case CRL_FORGED:      x509_say(f, its_own, "a signature that no key of its name has made"); break;
    default:              x509_say(f, "at most 64 lists of a CA, 1024 names, 16 signatures", "more"); break;
    }
}

static void say_list(struct x509_finding *f, const struct x509_crl_answer *a)
{
    char text[X509_SAY];
    switch (a->says) {
    case CRL_NONE:      break;
    case CRL_NOT_ABOUT: x509_say(f, a_list, "lists about others of its certificates (kind, distribution point)"); break;
    case CRL_GOOD:      say_good(f, a->crl); break;
    case CRL_REVOKED:   say_revoked(f, a->entry.date, a->entry.has_reason, a->entry.reason); break;
    case CRL_SOME_REASONS:
        reasons_text(a->reasons, text);
        x509_say(f, "lists for every reason", "lists for some alone: %.70s", text);
        break;
    default:            say_useless(f, a->says, a->crl); break;
    }
}

static enum x509_verdict judge_lists(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_crl_answer a = ask_lists(p, i, p->certs[i]);
    say_list(f, &a);
    switch (a.says) {
    case CRL_GOOD:    return X509_ACCEPTED;
    case CRL_NONE:    return X509_UNASKED;
    case CRL_NOT_ABOUT: case CRL_SOME_REASONS: case CRL_DELTA_ALONE: return X509_SKIPPED;
    case CRL_REVOKED: return x509_refused_as(f, &revoked);
    default:          return X509_REFUSED;
    }
}

enum x509_verdict x509_judge_crl(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    if (!p->ask->n_crls || i + 1 >= p->n)
        return X509_UNASKED;
    return once(BY_CRL, judge_lists, p, i, f);
}

/* ---- and where nobody said anything ---- */

/* What could not be checked is said: always where it must be known; else to whoever brought lists or responses, or
 * wants to see everything. */
enum x509_verdict x509_judge_status(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    const struct x509_ask *ask = p->ask;
    struct x509_finding other = { 0 };
    char issuer[X509_NAME_TEXT];
    if (x509_is_anchor(p, i) || !(ask->need_status || ask->tell_search || ask->n_crls || ask->n_responses))
        return X509_UNASKED;
    const enum x509_verdict ocsp = x509_judge_ocsp(p, i, &other), crl = x509_judge_crl(p, i, &other);
    if (ocsp == X509_ACCEPTED || crl == X509_ACCEPTED ||
        (!ask->need_status && (crl != X509_UNASKED || ocsp == X509_REFUSED)))   /* both say so themselves */
        return X509_UNASKED;
    const char *expected = "a list or an OCSP response that says whether it is revoked";
    if (x509_crl_elsewhere(p->certs[i]))
        x509_say(f, expected, "its lists are another CA's (cRLIssuer), and indirect ones are not read here");
    else if (crl == X509_SKIPPED)
        x509_say(f, expected, "%s", other.found);
    else
        x509_say(f, expected, "none of %.80s", x509_name_short(&p->certs[i]->issuer, issuer, sizeof issuer));
    return ask->need_status ? X509_REFUSED : X509_SKIPPED;
}

/* RFC 7633 §4: who has the TLS feature status_request promises to staple, and (§4.2.2) its CA may ask the same of all
 * below it. Only who asked the server for a staple knows that there is none. */
enum x509_verdict x509_judge_must_staple(const struct x509_path *p, size_t i, struct x509_finding *f)
{
    struct x509_finding other = { 0 };
    size_t above = 1;
    if (i > 0)
        return X509_UNASKED;
    while (above < p->n && !p->certs[above]->must_staple)
        above++;
    if (above < p->n && !p->certs[0]->must_staple) {
        char name[X509_NAME_TEXT];
        x509_say(f, "the TLS feature status_request, as its CA has", "none, under %.80s",
                 x509_name_short(&p->certs[above]->subject, name, sizeof name));
        return X509_REFUSED;
    }
    if (!p->certs[0]->must_staple)
        return X509_UNASKED;
    const enum x509_verdict ocsp = x509_judge_ocsp(p, 0, &other);
    const char *expected = "an OCSP response brought along, as the certificate promises";
    if (ocsp == X509_ACCEPTED) {
        x509_say(f, expected, "it was");
        return X509_ACCEPTED;
    }
    if (p->ask->staple_asked && !p->ask->ocsp.n) {
        x509_say(f, expected, "none");
        return X509_REFUSED;
    }
    x509_say(f, expected, "no server was asked");
    return p->ask->tell_search || p->ask->n_responses ? X509_SKIPPED : X509_UNASKED;
}
