/* How busy the server's core, the server's processes and this load generator were during the measured time. */
#ifndef WATCH_H
#define WATCH_H

#include "options.h"

struct watch {
    double wall;           /* seconds, monotonic */
    double own;            /* CPU seconds of this process */
    double server;         /* CPU seconds of the watched processes */
    double core_busy;      /* seconds the watched core did anything but wait */
    double core_stolen;    /* seconds the host gave to others */
};

struct shares {
    double seconds, own, server, core, stolen;
};

void watch_read(struct watch *watch, const struct options *options);
struct shares watch_shares(const struct watch *start, const struct watch *end);

#endif
