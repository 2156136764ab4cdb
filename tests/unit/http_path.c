/* From a request's target to a clean path. */
#include "tests/lib/check.h"
#include "http/path.h"

#include <stdlib.h>
#include <string.h>

static const struct { const char *target, *path; } good[] = {
    { "/", "/" }, { "/a", "/a" }, { "/a/", "/a/" }, { "/a/b.html", "/a/b.html" }, { "/a?b", "/a" },
    { "/?/../..", "/" },
    { "//", "/" }, { "//a", "/a" }, { "/a//b", "/a/b" }, { "/a//", "/a/" }, { "///a///b///", "/a/b/" },
    { "/.", "/" }, { "/./", "/" }, { "/a/.", "/a/" }, { "/a/./b", "/a/b" }, { "/./a", "/a" },
    { "/a/..", "/" }, { "/a/../", "/" }, { "/a/../b", "/b" }, { "/a/b/..", "/a/" }, { "/a/b/../c", "/a/c" },
    { "/a/b/../../c", "/c" },
    { "/a//../b", "/b" }, { "/a/./../b", "/b" },
    { "/...", "/..." }, { "/..a", "/..a" }, { "/a..", "/a.." }, { "/.a", "/.a" }, { "/a./b", "/a./b" },
    { "/%61", "/a" }, { "/%7Ea", "/~a" }, { "/a%20b", "/a b" }, { "/%C3%A9", "/\xc3\xa9" }, { "/%25", "/%" },
    { "/%252e%252e/", "/%2e%2e/" },
    { "/%252f", "/%2f" }, { "/a%3Fb", "/a?b" }, { "/a/%2e%2e/b", "/b" }, { "/a/.%2E/b", "/b" },
    { "/%2e/a", "/a" }, { "/a\\b", "/a\\b" }, { "/a%5cb", "/a\\b" },
    { "/*", "/*" }, { "*", "*" },
    { "http://a.test", "/" }, { "http://a.test/", "/" }, { "http://a.test/x/../y?z", "/y" },
    { "https://a.test?x/y", "/" },
    { "http://[::1]:80/a", "/a" }, { "http://a.test//b", "/b" },
};

static const struct { const char *ground, *target; } bad[] = {
    { "http.path_climbs", "/.." }, { "http.path_climbs", "/../" }, { "http.path_climbs", "/../etc/passwd" },
    { "http.path_climbs", "/a/../.." },
    { "http.path_climbs", "/a/../../b" }, { "http.path_climbs", "//.." }, { "http.path_climbs", "/./.." },
    { "http.path_climbs", "/%2e%2e/a" },
    { "http.path_climbs", "/%2E./a" }, { "http.path_climbs", "/.%2e" }, { "http.path_climbs", "/a//../.." },
    { "http.path_climbs", "http://a.test/../x" },
    { "http.path_slash", "/a%2fb" }, { "http.path_slash", "/%2F" }, { "http.path_slash", "/..%2f..%2fetc" },
    { "http.path_character", "/%00" }, { "http.path_character", "/a%00.html" },
    { "http.path_character", "/%0a" }, { "http.path_character", "/%1b" },
    { "http.path_character", "/%7f" },
    { "http.path_percent", "/%" }, { "http.path_percent", "/%6" }, { "http.path_percent", "/%6g" },
    { "http.path_percent", "/%%41" },
    { "http.path_percent", "/%u0041" }, { "http.path_percent", "/% 1" }, { "http.path_percent", "/%?41" },
};

static bool clean(const char *target, char out[128], struct fault *why)
{
    size_t n = strlen(target);
    uint8_t *copy = malloc(n + 1);
    memcpy(copy, target, n);
    bool ok = http_path((struct bytes){ copy, n }, out, 128, why);
    free(copy);
    return ok;
}

START_TEST(cleans)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char out[128];
        struct fault why = { 0 };
        ck_assert_msg(clean(good[i].target, out, &why), "%s: %s", good[i].target,
                      why.ground ? why.ground->id : "");
        ck_assert_msg(strcmp(out, good[i].path) == 0, "%s: %s, should be %s", good[i].target, out,
                      good[i].path);
    }
}
END_TEST

START_TEST(refuses)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char out[128];
        struct fault why = { 0 };
        ck_assert_msg(!clean(bad[i].target, out, &why), "%s: %s", bad[i].target, out);
        ck_assert_msg(why.ground && strcmp(why.ground->id, bad[i].ground) == 0, "%s: %s", bad[i].target,
                      why.ground ? why.ground->id : "");
    }
}
END_TEST

/* Whatever comes: a slash in front, no part that is empty, "." or "..", and cleaning it again changes nothing
 * (but for percent signs). */
START_TEST(is_clean_whatever_comes)
{
    static const char *const parts[] = { "/", ".", "..", "a", "%2e", "//", "?", "b/" };
    for (unsigned k = 0; k < 8u * 8 * 8 * 8 * 8; k++) {
        char target[64] = "/", out[128], again[128];
        for (unsigned i = 0, left = k; i < 5; i++, left /= 8)
            strcat(target, parts[left % 8]);
        if (!clean(target, out, NULL))
            continue;
        ck_assert_msg(out[0] == '/', "%s: %s", target, out);
        ck_assert_msg(!strstr(out, "//") && !strstr(out, "/./") && !strstr(out, "/../"), "%s: %s", target,
                      out);
        size_t n = strlen(out);
        ck_assert_msg(!(n >= 2 && strcmp(out + n - 2, "/.") == 0)
                          && !(n >= 3 && strcmp(out + n - 3, "/..") == 0),
                      "%s: %s", target, out);
        ck_assert(clean(out, again, NULL));
        ck_assert_str_eq(again, out);
    }
}
END_TEST

START_TEST(fits_or_is_refused)
{
    char out[8];
    struct fault why = { 0 };
    ck_assert(http_path((struct bytes){ (const uint8_t *)"/abcde", 6 }, out, 8, &why));
    ck_assert(!http_path((struct bytes){ (const uint8_t *)"/abcdef", 7 }, out, 8, &why));
    ck_assert_str_eq(why.ground->id, "http.path_too_long");
}
END_TEST

int main(void)
{
    return check_run("http_path",
                     (const TTest *[]){ cleans, refuses, is_clean_whatever_comes, fits_or_is_refused, NULL });
}
