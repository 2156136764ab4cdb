/* lab.h - the labs: small experiments in the sealed world that are drawn, on a terminal and as a page. */
#ifndef CMD_LAB_H
#define CMD_LAB_H

#include "cmd/files.h"
#include "http/link_lab.h"

/* A picture of a link lab: one curve for each flow, or one for all of them. `value`: of a flow between two samples. */
struct lab_curve {
    const char *name;                                 /* a phrase of the catalogue */
    uint64_t (*value)(const struct link_lab *, unsigned flow, unsigned from, unsigned to);
    bool one;
};
enum { LAB_CURVES = 4 };
extern const struct lab_curve lab_curves[LAB_CURVES];

/* The first number at which all of a picture's values fit below a round tick; never 0. */
uint64_t lab_top(const struct link_lab *, const struct lab_curve *, unsigned columns);
/* The samples that column `i` of so many stands for. */
struct lab_part { unsigned from, to; };
struct lab_part lab_part(const struct link_lab *, unsigned i, unsigned columns);

/* On the terminal, so many curves of the table. */
void lab_draw(FILE *, const struct link_lab *, const struct lab_curve *);
/* All as one page, in the language spoken; `title` is text. False: it could not be written. */
bool lab_page(struct sink *, const struct link_lab *, const char *title, const char *command);

#endif
