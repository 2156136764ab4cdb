/* The list of `vitrine speed`, and which forms a thing has: asked of its own module for every processor that this one
 * could pass for. */
#include "cmd/speed.h"

#include <string.h>

static bool known(const struct speed_form *forms, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(forms[i].name, name) == 0)
            return true;
    return false;
}

static size_t try(speed_form_name *name, unsigned which, struct cpu cpu, const char *best, struct speed_form *out,
                  size_t n)
{
    char form[SPEED_FORM];
    name(which, &cpu, form);
    if (n == SPEED_FORMS - 1 || strcmp(form, best) == 0 || known(out, n, form))
        return n;
    out[n].cpu = cpu;
    strcpy(out[n].name, form);
    return n + 1;
}

/* Passed for: one without anything, with each thing alone, with all but one thing. */
size_t speed_forms(const struct speed_list *l, speed_form_name *name, unsigned which,
                   struct speed_form out[SPEED_FORMS])
{
    struct speed_form best = { .cpu = l->cpu, .best = true };
    const char *word;
    unsigned bit;
    size_t n = 0;
    memset(out, 0, SPEED_FORMS * sizeof *out);
    name(which, &l->cpu, best.name);
    if (!l->forced) {
        struct cpu cpu = { 0 };
        n = try(name, which, cpu, best.name, out, n);
        for (size_t i = 0; (word = cpu_name(i, &bit)); i++)
            if (cpu_force(&cpu, word))
                n = try(name, which, cpu, best.name, out, n);
        for (size_t i = 0; cpu_name(i, &bit); i++)
            n = try(name, which, (struct cpu){ l->cpu.has & ~bit }, best.name, out, n);
    }
    out[n] = best;
    return n + 1;
}

void speed_add(struct speed_list *l, const struct speed_row *row)
{
    if (l->n < SPEED_ROWS)
        l->rows[l->n++] = *row;
}

void speed_add_forms(struct speed_list *l, struct speed_row row, speed_form_name *name,
                     const struct speed_column *columns)
{
    struct speed_form forms[SPEED_FORMS];
    size_t n = speed_forms(l, name, row.which, forms);
    for (size_t i = 0; i < n; i++)
        for (const struct speed_column *c = columns; c->op; c++) {
            row.cpu = forms[i].cpu;
            row.best = forms[i].best;
            strcpy(row.form, forms[i].name);
            row.op = c->op;
            row.work = c->work;
            row.size = c->size;
            speed_add(l, &row);
        }
}

void speed_add_best(struct speed_list *l, struct speed_row row, speed_form_name *name,
                    const struct speed_column *columns)
{
    const bool forced = l->forced;
    l->forced = true;
    speed_add_forms(l, row, name, columns);
    l->forced = forced;
}
