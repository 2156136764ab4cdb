#include "tls/x509/der.h"

#include <stdio.h>

struct date { int64_t year; unsigned month, day, hour, minute, second; };

/* Days from 1970-01-01 in the Gregorian calendar. The year is counted from March, so that the leap day is its
 * last; 400 of them have 146097 days; (153 m + 2) / 5 is the number of days before the m-th month from
 * March. */
static int64_t days_of(const struct date *d)
{
    int64_t year = d->month <= 2 ? d->year - 1 : d->year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400, month = (d->month + 9) % 12;
    int64_t of_year = (153 * month + 2) / 5 + d->day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(int64_t days, struct date *d)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t left = days - era * 146097;
    int64_t of_era = (left - left / 1460 + left / 36524 - left / 146096) / 365;
    int64_t of_year = left - (365 * of_era + of_era / 4 - of_era / 100);
    int64_t month = (5 * of_year + 2) / 153;
    d->day = (unsigned)(of_year - (153 * month + 2) / 5 + 1);
    d->month = (unsigned)(month < 10 ? month + 3 : month - 9);
    d->year = era * 400 + of_era + (d->month <= 2);
}

static bool date_sound(const struct date *d)
{
    static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = d->year % 4 == 0 && (d->year % 100 != 0 || d->year % 400 == 0);
    return d->month >= 1 && d->month <= 12 && d->day >= 1
        && d->day <= days[d->month - 1] + (d->month == 2 && leap)
        && d->hour <= 23 && d->minute <= 59 && d->second <= 59;    /* RFC 5280 has no leap seconds */
}

static nsec nsec_of(const struct date *d)
{
    if (d->year < 1678)
        return DER_TIME_MIN;
    if (d->year > 2261)
        return DER_TIME_MAX;
    return (days_of(d) * 86400 + d->hour * 3600 + d->minute * 60 + d->second) * SECOND;
}

static void split(nsec t, struct date *d)
{
    int64_t seconds = t / SECOND - (t % SECOND < 0), days = seconds / 86400 - (seconds % 86400 < 0);
    unsigned of_day = (unsigned)(seconds - days * 86400);
    date_of(days, d);
    d->hour = of_day / 3600;
    d->minute = of_day / 60 % 60;
    d->second = of_day % 60;
}

/* Digits at s[0..n-1] as a number; *sound becomes false at anything else. */
static unsigned number(const uint8_t *s, size_t n, bool *sound)
{
    unsigned v = 0;
    for (size_t i = 0; i < n; i++) {
        *sound &= s[i] >= '0' && s[i] <= '9';
        v = v * 10 + (s[i] - (unsigned)'0');
    }
    return v;
}

nsec der_take_time(struct wire_in *in, const char *name)
{
    const uint8_t *start = in->at;
    bool utc = der_next_is(in, DER_UTC_TIME);
    size_t year_digits = utc ? 2 : 4;
    struct bytes b = der_take(in, name, utc ? DER_UTC_TIME : DER_GENERALIZED_TIME);
    /* seconds are there, fractions and other zones are not */
    bool sound = b.n == year_digits + 11 && b.at[b.n - 1] == 'Z';
    struct date d = { 0 };
    if (sound) {
        const uint8_t *s = b.at + year_digits;
        d = (struct date){ number(b.at, year_digits, &sound), number(s, 2, &sound), number(s + 2, 2, &sound),
                           number(s + 4, 2, &sound), number(s + 6, 2, &sound), number(s + 8, 2, &sound) };
        if (utc)
            d.year += d.year >= 50 ? 1900 : 2000;                  /* RFC 5280 §4.1.2.5.1 */
    }
    if (!sound)
        wire_fail_at(in, start, name, utc ? "UTCTime as YYMMDDhhmmssZ (RFC 5280 §4.1.2.5.1)"
                                          : "GeneralizedTime as YYYYMMDDhhmmssZ (RFC 5280 §4.1.2.5.2)",
                     "\"%.*s\"", (int)(b.n < 40 ? b.n : 40), (const char *)b.at);
    else if (!date_sound(&d))
        wire_fail_at(in, start, name, "a day and a time that there are", "\"%.*s\"", (int)b.n, (const char *)b.at);
    if (in->failed)
        return 0;
    return nsec_of(&d);
}

char *der_time_text(nsec t, char out[DER_TIME_TEXT])
{
    struct date d;
    if (t >= DER_TIME_MAX || t <= DER_TIME_MIN) {
        snprintf(out, DER_TIME_TEXT, "%s", t > 0 ? "after 2261" : "before 1678");
        return out;
    }
    split(t, &d);
    snprintf(out, DER_TIME_TEXT, "%04u-%02u-%02u %02u:%02u:%02u UTC", (unsigned)d.year % 10000, d.month % 100,
             d.day % 100, d.hour % 100, d.minute % 100, d.second % 100);
    return out;
}

void put_der_time(struct wire_out *out, nsec t)
{
    struct date d;
    char text[24];
    split(t, &d);
    bool utc = d.year >= 1950 && d.year < 2050;
    int n = snprintf(text, sizeof text, "%0*u%02u%02u%02u%02u%02uZ", utc ? 2 : 4,
                     (unsigned)d.year % (utc ? 100 : 10000), d.month % 100, d.day % 100, d.hour % 100,
                     d.minute % 100, d.second % 100);
    put_der_bytes(out, utc ? DER_UTC_TIME : DER_GENERALIZED_TIME, text, (size_t)n);
}
