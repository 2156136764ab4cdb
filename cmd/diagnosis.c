#include "cmd/diagnosis.h"

static const char *in(const struct words *w, const char *layer, const char *id, const char *else_of)
{
    const char *found = words_find(w, layer, id);
    return found ? found : words_find(w, layer, else_of);
}

const char *diagnosis_sentence(const struct words *w, const struct cause *c)
{
    return in(w, "cause", c->id, "alert.other");
}

const char *diagnosis_cure(const struct words *w, const struct cause *c)
{
    return in(w, "cure", c->id, "alert.other");
}

static void markdown_row(FILE *f, const struct cause *c)
{
    const struct words *en = words_in("en");
    fprintf(f, "| `%s` | %s | %s | %s | %s | %s |\n", c->id, diagnosis_sentence(en, c), c->looks, diagnosis_cure(en, c),
            c->fatal ? "fails" : "suffers", c->rfc);
}

void diagnosis_table(FILE *f, bool markdown)
{
    if (markdown)
        fputs("# Causes\n\n"
              "What `vitrine explain` says of a connection that failed or suffered, without its keys. Made by\n"
              "`vitrine explain --causes --form markdown`. The rows are in order of how much they explain: the first\n"
              "that fires is the diagnosis, others are said behind it, one of a kind. A row fires only on packets\n"
              "that show it; one that \"suffers\" is about a connection that came through, and has a threshold that a\n"
              "person would notice. The rows about certificates want that the client turned away, by an alert or by\n"
              "leaving.\n"
              "\n| cause | what it is | what it looks for | what to do | it | where |\n|---|---|---|---|---|---|\n", f);
    for (size_t i = 0; i < n_causes; i++) {
        if (markdown)
            markdown_row(f, &causes[i]);
        else
            fprintf(f, "%-32s %s\n", causes[i].id, diagnosis_sentence(words_spoken(), &causes[i]));
    }
}
