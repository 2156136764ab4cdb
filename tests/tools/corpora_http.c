#include "tests/tools/corpora.h"

#include <stddef.h>

static void urls(void)
{
    static const char *const texts[] = { "https://www.example.test/",
                                         "http://a.test:8080/a%20b?c[]=d#e",
                                         "www.example.test",
                                         "https://[2001:db8::1]:8443/x",
                                         "https://10.0.0.80",
                                         "https://0x7f.1/",
                                         "https://user@a.test/",
                                         "https://a_b.xn--bcher-kva.test.",
                                         "ftp://a.test/",
                                         NULL };
    write_texts("url", texts);
}

/* The first octet says how many octets come at a time. */
static void requests(void)
{
    static const char *const texts[] = {
        "\003GET / HTTP/1.1\r\nHost: www.example.test\r\nUser-Agent: x\r\n\r\n",
        "\001HEAD /a/../b//c?d HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\nHost: "
        "a.test\r\nConnection: close\r\n\r\n",
        "\007POST /a HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhelloOPTIONS * HTTP/1.1\r\nHost: "
        "a.test\r\n\r\n",
        "\011GET /ab HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: "
        "chunked\r\n\r\n5;a=\"b\"\r\nhello\r\n0\r\nX: y\r\n\r\n",
        "\002GET / HTTP/1.1\r\nHost: a.test:80\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
        "\100GET http://a.test/%61 HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "\005GET /%2e%2e HTTP/1.1\r\nHost: [::1]:1\r\n\r\n",
        "\005POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        NULL
    };
    write_texts("http_request", texts);
}

static void responses(void)
{
    static const char *const texts[] = {
        "\003HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello",
        "\001HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nTransfer-Encoding: "
        "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nA: b\r\n\r\n",
        "\007HTTP/1.0 200 OK\r\n\r\nuntil the end",
        "\211HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
        "\004HTTP/1.1 204\r\n\r\n",
        "\020HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nConnection: close\r\n\r\n",
        "\002SSH-2.0-x\r\n",
        NULL
    };
    write_texts("http_response", texts);
}

void corpora_of_http(void)
{
    urls();
    requests();
    responses();
}
