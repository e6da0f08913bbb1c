/* What one run of the load generator is to do, from the command line (bench/runner/load.py writes it). */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stddef.h>

enum { OPENING_STEPS = 2, WATCHED_PROCESSES = 16, PORTS = 8 };

struct options {
    const char *scenario;      /* fanout | rate | connect | idle | ask | storm */
    int ports[PORTS];          /* of the server, or of several nodes that connections are dealt out to in turn */
    size_t port_count;
    const char *path;
    const char *origin;
    size_t connections;
    size_t opening_at_once;    /* connections in the middle of opening at any time */
    const char *first;         /* file: a line a connection, its opening frames parted by tabs */
    const char *ready[OPENING_STEPS]; /* what the answer to each opening frame holds */
    const char *seats;         /* file: a line a connection: room number, tab, template of what it sends */
    const char *event;         /* what an event frame holds */
    const char *mark;          /* what comes right before the tag in an event */
    const char *ack;           /* what an ack begins with, before the number; empty: no acks */
    const char *error;         /* what a refusal holds */
    const char *ping;          /* a text frame that asks for a sign of life; empty: none */
    const char *pong;          /* template of the answer to it */
    int by_order;              /* no tags, no numbers: what comes n-th belongs to what was sent n-th */
    size_t in_flight;          /* messages in flight per room */
    double rate;               /* messages a second (scenario rate) */
    unsigned nap_us;           /* pause between turns, so that what came meanwhile is read together; 0: none */
    double jitter;             /* storm: 1: waits are spread from 0 to the longest (full jitter); 0: all alike */
    double seconds;
    double warmup;
    int core;                  /* the server's core, watched; -1: none */
    int pids[WATCHED_PROCESSES]; /* the server's processes, watched */
    size_t pid_count;
};

/* Exits with a sentence on stderr when an option is unknown or a needed one is absent. */
void options_parse(struct options *options, int argc, char **argv);

/* The lines of a file, cut at newlines; exits when it cannot be read. */
char **lines_of(const char *path, size_t *count);

#endif
