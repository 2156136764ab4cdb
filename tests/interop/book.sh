#!/bin/sh
# What the book and the guides show of a terminal is what a terminal shows (tests/tools/console): a line for each.
exec tests/tools/console docs/book/*/*.md
