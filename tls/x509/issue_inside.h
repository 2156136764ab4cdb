/* issue_inside.h - inside of issuing: the extensions, which are written between the key and the signature. */
#ifndef TLS_X509_ISSUE_INSIDE_H
#define TLS_X509_ISSUE_INSIDE_H

#include "tls/x509/issue.h"

bool x509_issue_nameless(const struct x509_issue *);  /* is the subject an empty Name? */
void x509_put_issued_extensions(struct wire_out *, const struct x509_issue *);

#endif
