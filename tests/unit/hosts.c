/* hosts files and resolv.conf, as people really write them. */
#include "net/hosts.h"
#include "tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

static const char HOSTS[] =
    "# a comment\n"
    "127.0.0.1 localhost\n"
    "  10.0.0.80\t\twww.example.test   www # the rest is www2.example.test\n"
    "10.0.0.81 Shop.Example.TEST\r\n"
    "::1 six.example.test localhost6\n"
    "10.0.0.256 broken.example.test\n"
    "10.0.0 short.example.test\n"
    "010.0.0.1 octal.example.test\n"
    "name.first.example.test 10.0.0.82\n"
    "10.0.0.83\n"
    "10.0.0.84#glued.example.test\n"
    "\n\n\f\v \n"
    "10.0.0.80 twice.example.test\n"
    "10.0.0.85 twice.example.test\n"
    "10.0.0.86 last.example.test";

static void finds(const char *name, const char *want)
{
    char text[ADDR_TEXT] = "none";
    struct addr a = { 0 };
    if (hosts_find(HOSTS, strlen(HOSTS), name, 4, &a, 1))
        addr_text(&a, text);
    ck_assert_msg(strcmp(text, want) == 0, "%s: %s instead of %s", name, text, want);
}

START_TEST(names_are_found)
{
    finds("localhost", "127.0.0.1");
    finds("www.example.test", "10.0.0.80");
    finds("www", "10.0.0.80");
    finds("shop.example.test", "10.0.0.81");
    finds("twice.example.test", "10.0.0.80");
    finds("last.example.test", "10.0.0.86");
}
END_TEST

START_TEST(what_no_line_gives_is_not_found)
{
    finds("www2.example.test", "none");
    finds("six.example.test", "none");
    finds("broken.example.test", "none");
    finds("short.example.test", "none");
    finds("octal.example.test", "none");
    finds("10.0.0.82", "none");
    finds("name.first.example.test", "none");
    finds("glued.example.test", "none");
    finds("www.example.tes", "none");
    finds("ww.example.test", "none");
    finds("", "none");
}
END_TEST

START_TEST(odd_octets_do_no_harm)
{
    static const char odd[] = "10.0.0.1 a\0b\n\0 10.0.0.2 c\n10.0.0.3 c\xff\n10.0.0.4 d";
    struct addr a = { 0 };
    ck_assert(!hosts_find(odd, sizeof odd - 1, "a", 4, &a, 1));
    ck_assert(!hosts_find(odd, sizeof odd - 1, "c", 4, &a, 1));
    ck_assert(hosts_find(odd, sizeof odd - 1, "d", 4, &a, 1));
    ck_assert_uint_eq(a.octets[3], 4);
    ck_assert(!hosts_find(NULL, 0, "a", 4, &a, 1));
}
END_TEST

START_TEST(a_cut_file_is_read_as_far_as_it_goes)
{
    for (size_t n = 0; n <= strlen(HOSTS); n++) {
        char *cut = malloc(n + 1);                      /* its own piece: the sanitizer sees a step too far */
        memcpy(cut, HOSTS, n);
        char *exact = realloc(cut, n ? n : 1);
        struct addr a;
        struct resolv_conf c;
        hosts_find(exact, n, "last.example.test", 4, &a, 1);
        resolv_read(exact, n, &c);
        free(exact);
    }
}
END_TEST

START_TEST(a_name_has_all_its_addresses)
{
    struct addr a[4];
    char text[ADDR_TEXT];
    ck_assert_uint_eq(hosts_find(HOSTS, strlen(HOSTS), "twice.example.test", 4, a, 4), 2);
    ck_assert_uint_eq(a[1].octets[3], 85);
    ck_assert_uint_eq(hosts_find(HOSTS, strlen(HOSTS), "twice.example.test", 4, a, 1), 1);
    ck_assert_uint_eq(hosts_find(HOSTS, strlen(HOSTS), "twice.example.test", 16, a, 4), 0);
    ck_assert_uint_eq(hosts_find(HOSTS, strlen(HOSTS), "six.example.test", 16, a, 4), 1);
    ck_assert_str_eq(addr_text(&a[0], text), "::1");
}
END_TEST

START_TEST(servers_of_resolv_conf)
{
    static const char conf[] =
        "; made by hand\n#nameserver 10.0.0.1\n"
        "search example.test\nnameserver 10.0.0.53\n nameserver\t10.0.0.54 # the other\n"
        "nameserver fe80::1%eth0\nnameserver 2001:db8::53\nnameserver\nnameserver nine\nnameserver10.0.0.9\n"
        "options ndots:1\nnameserver 10.0.0.55;\nnameserver 10.0.0.56";
    struct resolv_conf c;
    char text[ADDR_TEXT];
    resolv_read(conf, strlen(conf), &c);
    ck_assert_uint_eq(c.n_servers, RESOLV_SERVERS);
    ck_assert_str_eq(addr_text(&c.server[0], text), "10.0.0.53");
    ck_assert_str_eq(addr_text(&c.server[1], text), "10.0.0.54");
    ck_assert_str_eq(addr_text(&c.server[2], text), "2001:db8::53");
    resolv_read("", 0, &c);
    ck_assert_uint_eq(c.n_servers + c.n_search + c.attempts + c.timeout, 0);
    ck_assert_uint_eq(c.ndots, 1);
}
END_TEST

START_TEST(search_domains_and_options)
{
    static const char conf[] = "domain old.test\nsearch a.test  B.Test. bad..test c.test\noptions ndots:3 rotate timeout:2\n"
                               "options attempts:99 use-vc edns0 ndots:x timeout:";
    static const char many[] = "search a b c d e f g h\n";
    struct resolv_conf c;
    resolv_read(conf, strlen(conf), &c);
    ck_assert_uint_eq(c.n_search, 3);
    ck_assert_str_eq(c.search[0], "a.test");
    ck_assert_str_eq(c.search[1], "b.test");
    ck_assert_str_eq(c.search[2], "c.test");
    ck_assert_uint_eq(c.ndots, 3);
    ck_assert_uint_eq(c.timeout, 2);
    ck_assert_uint_eq(c.attempts, RESOLV_ATTEMPTS_MOST);
    ck_assert(c.use_vc);
    resolv_read(many, strlen(many), &c);
    ck_assert_uint_eq(c.n_search, RESOLV_SEARCH);
    resolv_read("domain x.test y.test", 20, &c);
    ck_assert_uint_eq(c.n_search, 1);
}
END_TEST

int main(void)
{
    return check_run("hosts", (const TTest *[]){
        names_are_found, what_no_line_gives_is_not_found, a_name_has_all_its_addresses, odd_octets_do_no_harm,
        a_cut_file_is_read_as_far_as_it_goes, servers_of_resolv_conf, search_domains_and_options, NULL });
}
