"""real_roots.py VITRINE DIR - `vitrine verify --json` beside `openssl x509 -nameopt RFC2253`: subject, issuer, serial, dates,
SHA-256 and extensions of every certificate in Debian's bundle, and of some made here to be difficult. (That every octet of
the roots has a name: tests/unit/cert.c.) Of many certificates libcrypto itself is asked, by the functions that openssl x509
calls: a start of openssl takes longer than all else here. Of the difficult ones both are."""
import ctypes, ctypes.util, json, os, re, subprocess, sys

VITRINE, DIR = sys.argv[1:]
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
PEM = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", re.S)
AT_ONCE = 40                                       # certificates that verify reads in one run

def openssl(pem):
    """What openssl says of it, as the members of our line."""
    said = subprocess.run(["openssl", "x509", "-noout", "-nameopt", "RFC2253", "-subject", "-issuer", "-serial", "-dates",
        "-fingerprint", "-sha256", "-text", "-certopt", "no_header,no_version,no_serial,no_signame,no_validity,no_subject,"
        "no_issuer,no_pubkey,no_sigdump,no_aux"], input=pem.encode(), capture_output=True, check=True).stdout.decode()
    one = dict(re.findall(r"^(subject|issuer|serial|notBefore|notAfter|sha256 Fingerprint)=(.*)$", said, flags=re.M))
    found = re.findall(r"^ {12}(\S.*?): ?(critical)?$", said, flags=re.M)
    return {"subject": one["subject"], "issuer": one["issuer"], "serial": one["serial"], "not_before": one["notBefore"],
            "not_after": one["notAfter"], "sha256": one["sha256 Fingerprint"],
            "extensions": ", ".join(name + (": critical" if critical else "") for name, critical in found)}

def library():
    """libcrypto with the types of what is called, or None"""
    path = ctypes.util.find_library("crypto")
    if not path:
        return None
    lib, p, n = ctypes.CDLL(path), ctypes.c_void_p, ctypes.c_int
    for name, result, *args in [("BIO_new_mem_buf", p, ctypes.c_char_p, n), ("BIO_s_mem", p), ("BIO_new", p, p),
            ("BIO_read", n, p, ctypes.c_char_p, n), ("BIO_free", n, p), ("PEM_read_bio_X509", p, p, p, p, p), ("X509_free", None, p),
            ("X509_get_subject_name", p, p), ("X509_get_issuer_name", p, p), ("X509_NAME_print_ex", n, p, p, n, ctypes.c_ulong),
            ("X509_get0_serialNumber", p, p), ("i2a_ASN1_INTEGER", n, p, p), ("X509_get0_notBefore", p, p),
            ("X509_get0_notAfter", p, p), ("ASN1_TIME_print", n, p, p), ("EVP_sha256", p),
            ("X509_digest", n, p, p, ctypes.c_char_p, ctypes.POINTER(ctypes.c_uint)), ("X509_get_ext_count", n, p),
            ("X509_get_ext", p, p, n), ("X509_EXTENSION_get_object", p, p), ("X509_EXTENSION_get_critical", n, p),
            ("i2a_ASN1_OBJECT", n, p, p)]:
        function = getattr(lib, name)
        function.restype, function.argtypes = result, args
    return lib

def libcrypto(lib, pem):
    """The same members as openssl() gives."""
    RFC2253 = 0x317 | 1 << 16 | 1 << 20 | 1 << 24   # XN_FLAG_RFC2253
    def said(function, *args):
        bio, text = lib.BIO_new(lib.BIO_s_mem()), ctypes.create_string_buffer(100000)
        function(bio, *args)
        size = lib.BIO_read(bio, text, len(text))
        lib.BIO_free(bio)
        return text.raw[:max(size, 0)].decode()
    octets = pem.encode()                            # the BIO reads from it
    source = lib.BIO_new_mem_buf(octets, len(octets))
    cert = lib.PEM_read_bio_X509(source, None, None, None)
    digest, size = ctypes.create_string_buffer(64), ctypes.c_uint()
    lib.X509_digest(cert, lib.EVP_sha256(), digest, ctypes.byref(size))
    extensions = [lib.X509_get_ext(cert, i) for i in range(lib.X509_get_ext_count(cert))]
    one = {"subject": said(lib.X509_NAME_print_ex, lib.X509_get_subject_name(cert), 0, RFC2253),
           "issuer": said(lib.X509_NAME_print_ex, lib.X509_get_issuer_name(cert), 0, RFC2253),
           "serial": said(lib.i2a_ASN1_INTEGER, lib.X509_get0_serialNumber(cert)),
           "not_before": said(lib.ASN1_TIME_print, lib.X509_get0_notBefore(cert)),
           "not_after": said(lib.ASN1_TIME_print, lib.X509_get0_notAfter(cert)),
           "sha256": ":".join("%02X" % c for c in digest.raw[:size.value]),
           "extensions": ", ".join(said(lib.i2a_ASN1_OBJECT, lib.X509_EXTENSION_get_object(e))
                                   + (": critical" if lib.X509_EXTENSION_get_critical(e) else "") for e in extensions)}
    lib.X509_free(cert)
    lib.BIO_free(source)
    return one

def ours(pems):
    path = os.path.join(DIR, "some.pem")
    lines = []
    for i in range(0, len(pems), AT_ONCE):
        with open(path, "w") as f:
            f.write("".join(pems[i:i + AT_ONCE]))
        said = subprocess.run([*VITRINE.split(), "verify", "--json", "--trust", path, path], capture_output=True).stdout
        lines += [one for one in map(json.loads, said.splitlines()) if one.get("source") == "sent"]
    return lines

def compare(what, pems, ask, who):
    have = ours(pems)
    if len(have) != len(pems):
        print(f"FAIL real_roots: {what}: {len(have)} of {len(pems)} certificates read")
        return False
    want = [ask(pem) for pem in pems]
    good = True
    for we, they in zip(have, want):
        for name, value in they.items():
            if we[name] != value:
                good = False
                print(f"    {they['subject']}: {name}: {who}: {value!r}, we: {we[name]!r}")
    print(f"{'ok' if good else 'FAIL'} real_roots: {what}: {len(pems)} certificates as {who} says them")
    return good

# subject, and what else `openssl req -x509` is asked
DIFFICULT = [
    ("/C=FR/O=Vitrine, the shop + more/OU=#1/CN= two ends ", []),
    ("/C=FR/O=a+OU=b+CN=c/L=\"quoted\" <angle>; back\\\\slash=", []),
    ("/CN=橱窗/L=Île-de-France", ["-utf8"]),
    ("/CN=#/O= /OU=  /ST=\x01\x7f", []),
    ("/1.2.3.4=unknown type/CN=x", []),
    ("/DC=org/DC=example/UID=me/emailAddress=me@example.org", []),
    ("/serialNumber=1/organizationIdentifier=VATFR-1/jurisdictionC=FR/businessCategory=b/title=t/SN=s/GN=g/street=s", []),
    ("/x500UniqueIdentifier=\x01\x02/dnQualifier=q/postalCode=1/mail=m/name=n/initials=i/pseudonym=p/description=d", []),
    ("/CN=negative", ["-set_serial", "-0x80"]),
    ("/CN=more negative", ["-set_serial", "-0x0100"]),
    ("/CN=zero", ["-set_serial", "0"]),
    ("/CN=long", ["-set_serial", "0x" + "8f" * 20]),
    ("/CN=late", ["-days", "2900000"]),
    ("/CN=extended", ["-addext", "certificatePolicies=1.2.3", "-addext", "tlsfeature=status_request", "-addext",
        "1.2.3.4=critical,DER:0500", "-addext", "noCheck=", "-addext", "nsComment=c", "-addext", "crlDistributionPoints=URI:http://c",
        "-addext", "nameConstraints=critical,permitted;DNS:a", "-addext", "subjectAltName=DNS:a", "-addext", "extendedKeyUsage=serverAuth",
        "-addext", "inhibitAnyPolicy=0", "-addext", "policyConstraints=requireExplicitPolicy:0", "-addext",
        "authorityInfoAccess=OCSP;URI:http://o", "-addext", "issuerAltName=DNS:i"]),
]
MASKS = ["utf8only", "MASK:0x800", "MASK:0x100", "MASK:0x4"]                # UTF8String, BMPString, UniversalString, TeletexString

def difficult():
    key, made = os.path.join(DIR, "key"), []
    subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key], check=True)
    jobs = [(subject, more, "utf8only") for subject, more in DIFFICULT]
    jobs += [("/CN=Île, 橱窗#" if mask != "MASK:0x4" else "/CN=Île, #", ["-utf8"], mask) for mask in MASKS]
    for subject, more, mask in jobs:
        config = os.path.join(DIR, "config")
        with open(config, "w") as f:
            f.write(f"[req]\ndistinguished_name = dn\nstring_mask = {mask}\n[dn]\n")
        done = subprocess.run(["openssl", "req", "-x509", "-config", config, "-key", key, "-multivalue-rdn", "-subj", subject,
                               *more], capture_output=True)
        if done.returncode:
            print(f"FAIL real_roots: openssl req: {subject}: {done.stderr.decode().strip().splitlines()[-1]}")
            sys.exit(1)
        made.append(done.stdout.decode())
    return made

good, lib = True, library()
by_library = (lambda pem: libcrypto(lib, pem)) if lib else openssl
if os.path.exists(BUNDLE):
    good &= compare("the roots of this machine", PEM.findall(open(BUNDLE).read()), by_library, "libcrypto" if lib else "openssl")
else:
    print(f"skipped: real_roots: {BUNDLE} is not there")
good &= compare("the vectors", PEM.findall(open("tests/vectors/x509/real.pem").read()), openssl, "openssl")
made = difficult()
good &= compare("difficult ones", made, openssl, "openssl")
if lib:
    good &= compare("difficult ones", made, by_library, "libcrypto")
sys.exit(0 if good else 1)
