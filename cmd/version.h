/* version.h - which Vitrine this is: major.minor.patch, as docs/CHANGELOG.md tells it. */
#ifndef CMD_VERSION_H
#define CMD_VERSION_H

#define VITRINE_VERSION "0.1.0"

#endif
