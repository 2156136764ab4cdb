#include "cmd/explain_figures.h"
#include "cmd/words.h"

#include <inttypes.h>
#include <string.h>

enum { CELL = 24 };

/* "12.345": ms */
static char *ms(nsec t, char out[CELL])
{
    if (t > 0)
        snprintf(out, CELL, "%" PRId64 ".%03" PRId64, t / MILLISECOND, t / MICROSECOND % 1000);
    else
        snprintf(out, CELL, "-");
    return out;
}

/* "0.25": percent, of hundredths of it */
static char *percent(unsigned v, char out[CELL])
{
    snprintf(out, CELL, "%u.%02u", v / 100, v % 100);
    return out;
}

/* "1.2M", "930": how many, in three digits */
static char *short_of(uint64_t v, char out[CELL])
{
    static const char units[] = " kMGTPE";
    unsigned unit = 0;
    uint64_t tenths = 0;
    for (; v >= 10000 && units[unit + 1]; v /= 1000, unit++)
        tenths = v / 100 % 10;
    if (unit && v < 100)
        snprintf(out, CELL, "%" PRIu64 ".%" PRIu64 "%c", v, tenths, units[unit]);
    else if (unit)
        snprintf(out, CELL, "%" PRIu64 "%c", v, units[unit]);
    else
        snprintf(out, CELL, "%" PRIu64, v);
    return out;
}

/* Two of them, of what the client sent and the server. */
static void both(FILE *f, int width, char *(*say)(uint64_t, char[CELL]), uint64_t client, uint64_t server)
{
    char a[CELL], b[CELL], cell[2 * CELL];
    snprintf(cell, sizeof cell, "%s/%s", say(client, a), say(server, b));
    fprintf(f, " %*s", width, cell);
}

void figures_head(FILE *f)
{
    words_print(f, "In figures: times in ms; of two, what the client sent stands first, then the server's\n");
    fprintf(f, "%6s %9s %9s %9s %9s %9s %13s %13s %13s %13s %13s\n", "#", "SYN", "RTT min", "mean", "max", "TLS",
            "resent %", "segments", "octets", "records", "bit/s");
}

void figures_row(FILE *f, uint32_t id, const struct figures *v)
{
    char cell[CELL], other[CELL], lost[2 * CELL];
    if (id)
        fprintf(f, "%6" PRIu32, id);
    else
        fprintf(f, "%6s", "=");
    fprintf(f, " %9s", ms(v->rtt_syn, cell));
    fprintf(f, " %9s", ms(v->rtt_least, cell));
    fprintf(f, " %9s", ms(v->rtts ? v->rtt_sum / (nsec)v->rtts : 0, cell));
    fprintf(f, " %9s", ms(v->rtt_most, cell));
    fprintf(f, " %9s", ms(v->tls_took, cell));
    snprintf(lost, sizeof lost, "%s/%s", percent(figures_loss(v, FLOW_CLIENT), cell),
             percent(figures_loss(v, FLOW_SERVER), other));
    fprintf(f, " %13s", lost);
    both(f, 13, short_of, v->segments[0], v->segments[1]);
    both(f, 13, short_of, v->octets[0], v->octets[1]);
    both(f, 13, short_of, v->records[0], v->records[1]);
    both(f, 13, short_of, figures_rate(v, FLOW_CLIENT), figures_rate(v, FLOW_SERVER));
    fputc('\n', f);
}

static void put(struct json *j, const char *name, uint64_t v)
{
    json_name(j, name);
    json_number(j, v);
}

static void put_both(struct json *j, const char *name, const uint64_t v[2])
{
    json_name(j, name);
    json_open(j, '[');
    json_number(j, v[FLOW_CLIENT]);
    json_number(j, v[FLOW_SERVER]);
    json_close(j, ']');
}

void figures_json(struct json *j, const struct figures *v)
{
    const uint64_t rate[2] = { figures_rate(v, FLOW_CLIENT), figures_rate(v, FLOW_SERVER) };
    json_name(j, "figures");
    json_open(j, '{');
    put(j, "lasted_ns", (uint64_t)v->lasted);
    put(j, "rtt_syn_ns", (uint64_t)v->rtt_syn);
    put(j, "rtt_least_ns", (uint64_t)v->rtt_least);
    put(j, "rtt_mean_ns", v->rtts ? (uint64_t)v->rtt_sum / v->rtts : 0);
    put(j, "rtt_most_ns", (uint64_t)v->rtt_most);
    put(j, "rtts", v->rtts);
    put(j, "tls_ns", (uint64_t)v->tls_took);
    put_both(j, "segments", v->segments);
    put_both(j, "resent", v->again);
    put_both(j, "out_of_order", v->disordered);
    put_both(j, "octets", v->octets);
    put_both(j, "text", v->text);
    put_both(j, "said", v->said);
    put_both(j, "records", v->records);
    put_both(j, "sealed", v->sealed);
    put_both(j, "opened", v->opened);
    put_both(j, "bits_a_second", rate);
    json_close(j, '}');
}
